"""Sentences and passages of a clean text. Pure.

Takes an article's clean text (paragraphs separated by blank lines); gives
offsets. A sentence never crosses a paragraph; a passage is a run of whole
sentences, so every passage boundary is a sentence boundary.
"""

from __future__ import annotations

import re

from core.records import Article, Passage
from ingest import dates

# MiniLM reads 256 tokens, about 1,100 characters of English; 900 leaves room for the
# title. Other sizes have not been compared.
PASSAGE_CHARS = 900
# A "sentence" without an end (tables, verse, code) is cut at white space here.
SENTENCE_CHARS_LIMIT = 1500

# Full stops of many scripts; the Greek question mark looks like a semicolon.
# A match begins with one character of a set, which is fast to search for, and no part of a
# run of full stops is tried again: a long run costs no more than other text.
_STOPS = ".!?…؟۔।॥։።"
_WIDE_STOPS = "。！？｡"
_CLOSED = r"[\"'”’»)\]]*+(?=\s|$)"  # quotes and brackets, then white space
_END = re.compile(
    f"[{_STOPS}{_WIDE_STOPS};\u037e]"
    f"(?:(?<=[{_STOPS}])(?<![{_STOPS}]{{2}})[{_STOPS}]*+{_CLOSED}"
    f"|(?<=[\u0370-\u03ff\u1f00-\u1fff][;\u037e]){_CLOSED}"
    f"|(?<=[{_WIDE_STOPS}])[{_WIDE_STOPS}]*+[」』”’）]*+)"
)
# What ends the word before a full stop, which is read backwards from there.
_BEFORE_WORD = re.compile(r"[\s\"'“‘’”(\[]")
LONGEST_WORD = 64  # a longer one is neither an abbreviation nor initials
_INITIALS = re.compile(r"^(?:[^\W\d_]\.)+[^\W\d_]?\.?$")
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof rev hon sen rep gov gen col lt sgt capt cmdr adm maj pres st mt ft jr sr"
    " vs etc inc ltd corp co dept no nos vol fig al ca cf approx est jan feb mar apr jun jul aug"
    " sep sept oct nov dec mon tue wed thu fri sat sun ave blvd rd univ assn bros messrs mme mlle"
    " e.g i.e u.s.c a.m p.m".split()
)
# Of other languages: before a name or an example, and before a number. Those that often end
# a sentence ("usw.", "млн.") are none of them, nor is any English word.
_OTHER_ABBREVIATIONS = frozenset(
    "bzw vgl evtl ggf inkl exkl bspw sog geb zzgl dipl ing z.b d.h u.a i.d.r s.o s.u v.a z.t"
    " mgr p.ex sra srta dra p.ej dott avv dhr mevr drs bijv inż ul tzw np m.in"
    " ул пр-т просп пл пер наб обл р-н корп им напр акад проф доц гос св т.е т.н"
    " вул просп буд ім т.зв тзв δρ καθ λ.χ π.χ δηλ".split()
)
_NUMBERED = frozenset(
    "nr bd tel abb núm pág págs pag blz č čís стр ст рис табл гл тел д кв αρ σελ".split()
)
# A day is "9. Juli" in many languages; these months' names are English words as well.
_ENGLISH_MONTHS = frozenset("april august september november may mar march".split())
_MONTHS = frozenset(name for name in dates.MONTHS if len(name) > 2)
_ORDINAL = re.compile(r"\d{1,3}")
_GERMAN_LEADS = frozenset(
    "am im vom zum beim der das dem den des eine einen einem einer seit".split()
)
# Abbreviations that often end a sentence too: only a typical opener after them splits.
_OPENERS = frozenset(
    "the a an it he she they we i in on at but and this that these those his her their its after"
    " as when while if for however since there no not one some many more most what why how who"
    " last earlier later meanwhile also by with from both among according".split()
)
_NEXT_WORD = re.compile(r"\s+[\"'“‘(\[]*([^\W\d_]+)?")


def sentences(text: str) -> list[tuple[int, int]]:
    """(start, end) of each sentence, in order, without surrounding white space."""
    spans: list[tuple[int, int]] = []
    for paragraph in re.finditer(r"[^\n]+", text):
        spans.extend(_sentences_of(text, paragraph.start(), paragraph.end()))
    return spans


def split(article: Article, passage_chars: int = PASSAGE_CHARS) -> list[Passage]:
    """The article's passages, `passage_id` 0, in order and without overlap.

    Sentences are packed greedily up to `passage_chars`; a passage prefers to
    end with a paragraph once it is more than half full.
    """
    passages: list[Passage] = []
    start = end = -1
    for low, high in sentences(article.text):
        if start >= 0 and _full(article.text, start, end, (low, high), passage_chars):
            passages.append(_passage(article, start, end))
            start = -1
        if start < 0:
            start = low
        end = high
    if start >= 0:
        passages.append(_passage(article, start, end))
    return passages


def _full(text: str, start: int, end: int, following: tuple[int, int], passage_chars: int) -> bool:
    if following[1] - start > passage_chars:
        return True
    paragraph_ends = "\n" in text[end : following[0]]
    if not paragraph_ends or end - start <= passage_chars // 2:
        return False
    next_end = text.find("\n", following[0])
    return (next_end if next_end >= 0 else len(text)) - start > passage_chars


def _passage(article: Article, start: int, end: int) -> Passage:
    return Passage(0, article.article_id, article.text[start:end], start, end)


def _sentences_of(text: str, start: int, end: int) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    position = start
    for match in _END.finditer(text, start, end):
        if _ends_sentence(text, position, match, end) and not _goes_on(text, position, match):
            spans.extend(_trimmed(text, position, match.end()))
            position = match.end()
    spans.extend(_trimmed(text, position, end))
    return spans


def _ends_sentence(text: str, start: int, match: re.Match[str], end: int) -> bool:
    if match.group()[0] in "。！？｡":
        return True
    following = _NEXT_WORD.match(text, match.end(), end)
    if following is None:
        return True
    word = following.group(1)
    if word is not None and word[0].islower():
        return False
    if match.group() != ".":
        return True
    token = _word_before(text, start, match.start()).rstrip(".").lower()
    if token in _ABBREVIATIONS:
        return False
    if token and _INITIALS.match(token + "."):
        return word is not None and word.lower() in _OPENERS and len(token) > 1
    return True


def _goes_on(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether a full stop belongs to an ordinal or an abbreviation that is not English."""
    if match.group() != ".":
        return False
    before = _word_before(text, start, match.start())
    folded = before.casefold()
    if folded in _OTHER_ABBREVIATIONS:
        return True
    if folded in _NUMBERED:
        return text[match.end() : match.end() + 2].strip().isdigit()
    following = _NEXT_WORD.match(text, match.end())
    word = (following[1] or "").casefold() if following else ""
    if not word or not _ORDINAL.fullmatch(before):
        return False
    if word in _MONTHS and word not in _ENGLISH_MONTHS:
        return True
    lead = _word_before(text, start, match.start() - len(before) - 1)
    return lead.casefold() in _GERMAN_LEADS


def _word_before(text: str, start: int, end: int) -> str:
    """The word that ends at `end`; "" where it is longer than any that counts."""
    backwards = text[max(start, end - LONGEST_WORD - 1) : end][::-1]
    edge = _BEFORE_WORD.search(backwards)
    if edge is None and len(backwards) > LONGEST_WORD:
        return ""
    return (backwards[: edge.start()] if edge else backwards)[::-1]


def _trimmed(text: str, start: int, end: int) -> list[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    spans = []
    while end - start > SENTENCE_CHARS_LIMIT:
        cut = text.rfind(" ", start + 1, start + SENTENCE_CHARS_LIMIT)
        cut = cut if cut > start else start + SENTENCE_CHARS_LIMIT
        spans.append((start, cut))
        start = cut + (1 if text[cut] == " " else 0)
    return [*spans, (start, end)] if end > start else spans
