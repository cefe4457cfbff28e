"""Lines of a mail → which are quoted mail or signature. Pure.

A forwarded text is what the mail is about: only the header block above it goes.
Where nothing else is left, the quotation stays: it is all the mail says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

SIGNATURE_LINES = 12  # more after "-- " are no signature
LOOSE_SIGNATURE_LINES = 6  # the same after "--", which also parts sections
ATTRIBUTION_LINES = 3  # over so many lines mailers break it
BLOCK_LINES = 8

_QUOTED = re.compile(r"\s?>|\s{0,3}(?:[A-Z]{1,3}>)\s")
_WROTE = re.compile(
    r"^(?:On|Am|Le|El|Il|Op|Em|On the|Den|Dnia)\b.{4,300}?"
    r"(?:\bwrote|\bschrieb\b.{0,120}|a écrit|\bescribió|ha scritto|\bschreef\b.{0,120}|\bescreveu"
    r"|\bskrev\b.{0,120}|\bnapisał\(?a?\)?)\s?:\s*$",
    re.DOTALL,
)
# An attribution in running text ("On Monday she wrote:") names neither.
_STAMP = re.compile(r"\d{1,2}[:.h]\d\d\b|\S+@\S+")
_ORIGINAL = re.compile(
    r"^\s*-{2,}\s*(?:Original Message|Original-Nachricht|Ursprüngliche Nachricht"
    r"|Message d'origine|Mensaje original|Messaggio originale|Oorspronkelijk bericht)\s*-{2,}\s*$",
    re.IGNORECASE,
)
_FORWARDED = re.compile(
    r"^\s*(?:-{2,}\s*(?:Forwarded message|Weitergeleitete Nachricht|Message transféré"
    r"|Mensaje reenviado|Messaggio inoltrato)\b.*-{2,}|Begin forwarded message:)\s*$",
    re.IGNORECASE,
)
_FIELD = re.compile(
    r"^\s*\*{0,2}(?P<from>From|Von|De|Da|Van)?(?P<when>Sent|Date|Gesendet|Datum|Envoyé|Enviado"
    r"|Inviato|Data|Fecha)?(?P<other>To|Cc|Subject|Reply-To|An|Betreff|À|Objet|Para|Asunto|A"
    r"|Oggetto|Aan|Onderwerp)?\*{0,2}\s?:\s?\S",
)
_RULE = re.compile(r"^\s*_{10,}\s*$")
_ARMOUR = re.compile(r"^-----BEGIN PGP (?:SIGNATURE|PUBLIC KEY BLOCK)-----")
_ARMOUR_HEAD = re.compile(r"^-----BEGIN PGP SIGNED MESSAGE-----")


def dropped(texts: Sequence[str], forward: bool = False) -> list[bool]:
    """Per line whether it is a quotation, its attribution or a signature. `forward`:
    the subject says that the mail passes another one on."""
    marks = [_QUOTED.match(text) is not None for text in texts]
    _attributions(texts, marks)
    _blocks(texts, marks, forward)
    _signature(texts, marks)
    if _speaks(texts, marks):
        return marks
    marks = [False] * len(texts)  # no word of the sender's own
    _signature(texts, marks)
    return marks if _speaks(texts, marks) else [False] * len(texts)


def _speaks(texts: Sequence[str], marks: Sequence[bool]) -> bool:
    pairs = zip(texts, marks, strict=True)
    return any(not gone and re.search(r"[^\W_]", text) for text, gone in pairs)


def _attributions(texts: Sequence[str], marks: list[bool]) -> None:
    for index in range(len(texts)):
        if marks[index] or not texts[index].strip():
            continue
        for end in range(index + 1, min(index + ATTRIBUTION_LINES, len(texts)) + 1):
            whole = "\n".join(text.strip() for text in texts[index:end])
            if not whole.endswith(":") or not _WROTE.match(whole):
                continue
            after = next((n for n in range(end, len(texts)) if texts[n].strip()), len(texts))
            if after < len(texts) and marks[after]:
                marks[index:end] = [True] * (end - index)
            elif _STAMP.search(whole):  # quoted without marks: all that follows
                marks[index:] = [True] * (len(texts) - index)
                return
            break


def _blocks(texts: Sequence[str], marks: list[bool], forward: bool) -> None:
    """Headers of replied or forwarded mails, as mailers write them into the text."""
    index = 0
    while index < len(texts):
        text = texts[index]
        if _ARMOUR.match(text) or _ARMOUR_HEAD.match(text):
            index = _armour(texts, marks, index)
            continue
        original = _ORIGINAL.match(text) is not None
        passed_on = forward or _FORWARDED.match(text) is not None
        opens = original or _FORWARDED.match(text) is not None or _RULE.match(text) is not None
        end = _fields_end(texts, index + opens)
        found = original or _FORWARDED.match(text) is not None or end > index + opens
        if found and not marks[index]:
            end = max(end, index + 1) if passed_on else len(texts)
            marks[index:end] = [True] * (end - index)
            index = end
        else:
            index += 1


def _armour(texts: Sequence[str], marks: list[bool], index: int) -> int:
    """Mark a PGP block (or the few lines above signed text); the index after it."""
    if _ARMOUR_HEAD.match(texts[index]):
        end = index + 1
        while end < len(texts) and texts[end].strip() and end < index + 4:
            end += 1
    else:
        end = len(texts)
        for n in range(index + 1, len(texts)):
            if texts[n].startswith("-----END PGP"):
                end = n + 1
                break
    marks[index:end] = [True] * (end - index)
    return end


def _fields_end(texts: Sequence[str], start: int) -> int:
    """Where a block with a sender, a date and one field more ends; `start` if none is there."""
    seen: set[str] = set()
    end = start
    for index in range(start, min(start + BLOCK_LINES, len(texts))):
        text = texts[index]
        if not text.strip() and (not seen or index == start):
            continue
        match = _FIELD.match(text)
        kind = match.lastgroup if match else None
        if kind is None or (not seen and kind == "other"):
            break
        seen.add(kind)
        end = index + 1
    return end if len(seen) == 3 else start


def _signature(texts: Sequence[str], marks: list[bool]) -> None:
    """From "-- " to the end, where only a few lines follow."""
    following = 0  # lines below that say something and are no quotation
    begins = len(texts)
    for index in range(len(texts) - 1, -1, -1):
        text = texts[index].rstrip("\r")
        if text.rstrip() == "--":
            most = SIGNATURE_LINES if text == "-- " else LOOSE_SIGNATURE_LINES
            begins = index if following <= most else begins
        following += bool(text.strip()) and not marks[index]
        if following > SIGNATURE_LINES:
            break
    marks[begins:] = [True] * (len(texts) - begins)
