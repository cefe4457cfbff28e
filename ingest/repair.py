"""Mojibake: UTF-8 that was once read as a one-byte encoding.

Takes a text and gives the places where a few characters stand for one ("Ã©" for
"é", "â€™" for "’"), each with that one character. Works unit by unit: a unit is
judged from its own characters, at most with the character before it, so a text
cut at white space is repaired the same as the whole. Never straightens good
quotes, never guesses at single odd letters.

The lead and continuation bytes of UTF-8 are looked up in cp1252 (with latin-1's
controls in its gaps), cp1250 and cp1257, the three that real scrapes show.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache

CODECS = ("cp1252", "cp1250", "cp1257")

# Continuations that also stand in good text right after a letter: CAFÉ», NÃO… .
COMMON = frozenset("’”“‘»«›‹…–—•™¡¿\u00a0")

# Lead bytes of two-byte units, per codec: what the scripts met in news need.
# É (C9) and its like are left out: they only lead to phonetic letters.
PAIR_LEADS = {
    "cp1252": frozenset([*range(0xC2, 0xC6), *range(0xCE, 0xD4), *range(0xD7, 0xDC)]),
    "cp1250": frozenset([0xC2, 0xC3, 0xC4, 0xC5, 0xD0, 0xD1]),
    "cp1257": frozenset([0xC2, 0xC3, 0xC4, 0xC5]),
}
# The last byte of ” (9D) has no character in cp1252, so it is often gone.
LOST_LAST_BYTE = {"ā€": "”", "â€": "”"}


@lru_cache(maxsize=1)
def _tables() -> tuple[tuple[str, dict[str, int]], ...]:
    tables: list[tuple[str, dict[str, int]]] = []
    for codec in CODECS:
        table: dict[str, int] = {}
        for byte in range(0x80, 0x100):
            character = bytes([byte]).decode(codec, errors="ignore") or chr(byte)
            table.setdefault(character, byte)
            if codec == "cp1252":
                table.setdefault(chr(byte), byte)
        if tables:
            # Real text mixes them: "ā" of cp1257 before "€œ" of cp1252.
            for character, byte in tables[0][1].items():
                if byte < 0xC0:
                    table.setdefault(character, byte)
        tables.append((codec, table))
    return tuple(tables)


@lru_cache(maxsize=1)
def candidate() -> re.Pattern[str]:
    """Finds every place where a unit may begin."""
    leads: set[str] = set()
    continuations: set[str] = set()
    for codec, table in _tables():
        for character, byte in table.items():
            if 0x80 <= byte <= 0xBF:
                continuations.add(character)
            elif (
                byte in PAIR_LEADS[codec]
                or byte == 0xE2
                or (codec == "cp1252" and 0xE0 <= byte <= 0xF4)
            ):
                leads.add(character)
    lead = re.escape("".join(sorted(leads)))
    continuation = re.escape("".join(sorted(continuations)))
    return re.compile(f"[{lead}][{continuation}]")


def units(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, character) of every broken character, in order.

    What was encoded twice comes back as one unit: the units of the first pass
    are read again until nothing changes, three times at most.
    """
    pattern = candidate()
    if pattern.search(text) is None:
        return
    found = list(_scan(text, pattern))
    starts = [(start, end) for start, end, _ in found]
    for _ in range(2):
        again = _second_pass(text, found, pattern)
        if [(start, end) for start, end, _ in again] == starts:
            break
        found, starts = again, [(start, end) for start, end, _ in again]
    yield from found


def _scan(text: str, pattern: re.Pattern[str]) -> Iterator[tuple[int, int, str]]:
    position = 0
    last_end = -1
    while match := pattern.search(text, position):
        start = match.start()
        unit = _unit_at(text, start, start == last_end)
        if unit is None:
            position = start + 1
            continue
        length, character = unit
        position = start + length
        # A repaired space ends a word: what follows is judged as after any space.
        last_end = position if _visible(character) else -1
        yield start, position, character


def _second_pass(
    text: str, found: list[tuple[int, int, str]], pattern: re.Pattern[str]
) -> list[tuple[int, int, str]]:
    """Read the repaired text again and carry what it finds back to `text`."""
    parts: list[str] = []
    places: list[int] = []  # of each unit's character in the repaired text
    position = shift = 0
    for start, end, character in found:
        parts += (text[position:start], character)
        places.append(start - shift)
        shift += end - start - 1
        position = end
    repaired = "".join([*parts, text[position:]])

    def range_of(place: int) -> tuple[int, int]:
        """The range in `text` of one character of `repaired`."""
        number = bisect_right(places, place) - 1
        if number < 0:
            return place, place + 1
        start, end, _ = found[number]
        behind = place - places[number]
        return (end + behind - 1, end + behind) if behind else (start, end)

    wider = [(range_of(s)[0], range_of(e - 1)[1], c) for s, e, c in _scan(repaired, pattern)]
    if not wider:
        return found
    taken = {start for low, high, _ in wider for start in range(low, high)}
    return sorted([*wider, *(unit for unit in found if unit[0] not in taken)])


def _unit_at(text: str, start: int, chained: bool, ahead: bool = True) -> tuple[int, str] | None:
    """The length of the unit at `start` and the character it stands for.

    `chained`: a unit ends where this one starts. `ahead`: the next unit may speak
    for this one too.
    """
    part = text[start : start + 4]
    in_word = chained or (start > 0 and ahead and text[start - 1].islower())
    unit = _judge(part, in_word)
    if unit is None and ahead and not in_word:
        loose = _judge(part, True)
        end = start + (loose[0] if loose else 0)
        following = _unit_at(text, end, False, False) if loose and end < len(text) else None
        unit = loose if following and _visible(following[1]) else None
    if unit is None and (lost := LOST_LAST_BYTE.get(part[:2])):
        unit = (2, lost)
    return unit


@lru_cache(maxsize=20_000)
def _judge(part: str, in_word: bool) -> tuple[int, str] | None:
    """The unit that up to four characters begin with, by the first table that has one."""
    for codec, table in _tables():
        lead = table.get(part[0])
        if lead is None or not 0xC2 <= lead <= 0xF4:
            continue
        length = 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4
        character = _decode([table.get(c, 0) for c in part[:length]], length)
        if character and _plausible(codec, lead, part[:length], in_word):
            return length, character
    return None


def _visible(character: str) -> bool:
    return character != "" and unicodedata.category(character)[0] not in "ZC"


def _decode(values: list[int], length: int) -> str:
    """The character of these UTF-8 bytes; "" where there is none that text would hold."""
    if len(values) < length or any(not 0x80 <= value <= 0xBF for value in values[1:]):
        return ""
    try:
        character = bytes(values).decode("utf-8")
        if ord(character) < 0xA0:
            character = bytes([ord(character)]).decode("cp1252")
    except UnicodeDecodeError:
        return ""
    return "" if unicodedata.category(character) in ("Cn", "Co", "Cc") else character


def _plausible(codec: str, lead: int, part: str, in_word: bool) -> bool:
    """`in_word`: a lower-case letter or another unit stands right beside, where
    a capital letter with an accent is no good text."""
    odd = [c for c in part[1:] if c not in COMMON]
    signs = [c for c in odd if not c.isalpha() or c in "ªºµƒ"]
    if lead == 0xE2:
        return part[1] == "€" or bool(signs)
    if lead < 0xE0:
        if lead not in PAIR_LEADS[codec]:
            return False
        # After Ã and Â no good text opens a quotation or a Spanish sentence.
        if (part[0] in "ÃÂ" and part[1] in "¡¿‘“„") or (lead in (0xD0, 0xD1) and odd):
            return True
        return bool(signs) or in_word or (lead == 0xC3 and bool(odd) and odd[0].islower())
    if codec != "cp1252":
        return False
    return part == "ï»¿" or lead >= 0xF0 or bool(signs)
