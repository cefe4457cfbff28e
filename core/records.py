"""The value types of Sourcebook. Read this file first.

Everything that moves between the packages is one of these: frozen, slotted,
made of plain values and tuples. No I/O, no vectors, no behaviour beyond what
follows from the fields.

Offsets count Unicode code points, end exclusive; lines and pages start at 1.
Two texts exist side by side: *source text* is what stands in the file, *clean
text* is what a reader sees after repair and removal. `Article.spans` ties them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# Between a container's path and what is in it: a.zip!/b.html
MEMBER_MARK = "!/"

FileStatus = Literal["indexed", "empty", "skipped", "failed"]
Verdict = Literal["supported", "unsupported"]
AnswerStatus = Literal["answered", "not_found"]


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file as the last scan saw it. `reason` says why it isn't `indexed`."""

    path: str  # absolute
    size: int  # bytes
    mtime_ns: int
    sha256: str  # of the file's bytes; "" where they could not be read
    encoding: str  # "" where nothing was decoded; "tesseract:eng" where pictures were read
    kind: str  # "text", "html", "pdf", "mail", …; "" where unknown
    status: FileStatus
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SpanRun:
    """Clean characters and the source characters they stand for.

    Equal lengths on both sides mean character for character. Unequal lengths
    are a repair or a folded white space and map as a whole. Runs cover the
    clean text without holes; a hole on the source side is a removed range.
    """

    clean_start: int
    clean_end: int
    source_start: int
    source_end: int


@dataclass(frozen=True, slots=True)
class Removed:
    """A source range that ingest left out, and why."""

    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True)
class Article:
    article_id: str  # identity is path and ordinal, never content
    path: str
    ordinal: int  # position on its page, from 0
    title: str
    outlet: str | None
    author: str | None
    published: str | None  # ISO 8601, possibly only a year or a month
    url: str | None
    language: str | None  # ISO 639-1
    text: str  # clean text; paragraphs are separated by a blank line
    spans: tuple[SpanRun, ...]
    story_id: str | None = None  # near-copies of one story share it


@dataclass(frozen=True, slots=True)
class Reading:
    """What ingest found in one file."""

    file: SourceFile
    source_text: str
    articles: tuple[Article, ...]
    removed: tuple[Removed, ...]
    page_starts: tuple[int, ...] = ()  # where each printed page begins in the source text
    # Invisible and misleading characters of the source text that no article shows: (kind, count)
    unfit: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    passage_id: int  # 64-bit, never reused; 0 before it is stored
    article_id: str
    text: str
    start: int  # in the article's clean text
    end: int


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search is limited to: what every field that is set admits. Dates are inclusive
    ISO 8601 prefixes."""

    after: str | None = None
    before: str | None = None
    outlet: str | None = None  # compared after case folding
    path: str | None = None  # glob on the absolute path
    language: str | None = None  # ISO 639-1
    folders: tuple[str, ...] = ()  # absolute; what lies in any of them
    articles: tuple[str, ...] = ()  # ids; any of them

    def active(self) -> bool:
        return self != Filters()


@dataclass(frozen=True, slots=True)
class Hit:
    passage: Passage
    article: Article
    score: float  # higher is better
    dense_rank: int | None  # from 1; None where that list does not have it
    keyword_rank: int | None
    also_in: tuple[str, ...] = ()  # paths of other copies of the story


@dataclass(frozen=True, slots=True)
class Evidence:
    """A run of neighbouring sentences that bears on the question."""

    article: Article
    start: int  # in the article's clean text
    end: int
    text: str
    relevance: float  # 0..1


@dataclass(frozen=True, slots=True)
class Citation:
    """Exact words in a file. `source_text[start:end] == source_quote` and
    `clean(source_quote) == quote`; both are checked when it is made."""

    number: int  # from 1; the same words never carry two numbers
    path: str
    page: int | None
    line: int
    start: int  # in the source text
    end: int
    source_quote: str
    quote: str
    title: str
    outlet: str | None
    published: str | None
    source_sha256: str  # of the source text, UTF-8


@dataclass(frozen=True, slots=True)
class Claim:
    text: str
    support: float  # 0..1
    verdict: Verdict
    citations: tuple[int, ...]
    reason: str = ""  # why it was left out; "" where it is supported
    # What it gives as the answer ("118 leaves"), where the sources differ; else ""
    value: str = ""
    earlier: bool = False  # a source of the same answer with a later date gives another value


@dataclass(frozen=True, slots=True)
class NearHit:
    """A search hit as it is shown and printed: one place in one file."""

    path: str
    title: str
    outlet: str | None
    published: str | None
    line: int
    start: int  # in the source text
    end: int
    text: str
    score: float
    also_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Timings:
    retrieval_seconds: float
    first_sentence_seconds: float | None
    total_seconds: float


@dataclass(frozen=True, slots=True)
class Answer:
    answer_id: str
    created: str  # ISO 8601, UTC
    question: str
    resolved_question: str
    filters: Filters
    status: AnswerStatus
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    nearest: tuple[NearHit, ...]
    model: str | None  # None: the answer is made of quotations
    timings: Timings
    notes: tuple[str, ...] = ()  # what a reader should know: model missing, stopped, …
    shortfall: str = ""  # what the nearest passages lack, where there is no answer
    shortfalls: tuple[str, ...] = ()  # the same for each of them
    differs: str = ""  # that the sources give different answers, and which; else ""
    confidence: float = 0.0  # 0..1, calibrated: that the library answers this question
    encoder: str | None = None  # the key of the encoder that found the passages; None: keywords
    follows: str | None = None  # the answer_id of the question that this one was asked after
    asked_model: str | None = None  # the one that was to write, also where `model` is None
