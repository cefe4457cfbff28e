"""Pictures of text → rows of words, through the Tesseract program where it is installed.

Takes PNG bytes, gives `Row`s with their place, in the order of Tesseract's layout
analysis. It is a program of the machine, not a dependency: without it files of scans
stay empty and their reason says what to install. Runs with a time limit, in one thread
and within the memory limit of the process that asks. Knows nothing of PDFs.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import median

from core import lifeline
from core.records import SourceFile
from ingest.readers.pdf_layout import Row

PROGRAM = "tesseract"
SECONDS_PER_PICTURE = 90.0  # 480 words at 300 dots per inch took 11 s on a slow, busy core
MOST_LANGUAGES = 4  # each one more makes Tesseract slower
LARGE_LINE = 1.5  # of the usual height of a line: a headline
POINTS_PER_INCH = 72
NO_LANGUAGE = ("osd", "equ", "snum")  # models that know no language
ORIENTATION = "osd"

# Why a file of pictures has no text. All but the first name Tesseract, which tells
# `is_outdated` that a reading depends on it.
NO_TEXT_LAYER = "no text layer"
MISSING = f"{NO_TEXT_LAYER}; to read its pictures install Tesseract (package tesseract-ocr)"
NO_WORDS = f"{NO_TEXT_LAYER}, and Tesseract finds no words in its pictures"
_WORD_LEVEL = "5"
_FIELDS = 12  # of a row of Tesseract's TSV


@dataclass(frozen=True, slots=True)
class Ocr:
    """The installed program; `program` is "" where there is none."""

    program: str
    languages: tuple[str, ...] = ()
    turns_pages: bool = False  # it can tell which way up a page is
    on_page: Callable[[], None] = lambda: None  # called after each page: we are at work

    @property
    def encoding(self) -> str:
        """What a `SourceFile` says of a text that was read from pictures."""
        return f"{PROGRAM}:{'+'.join(self.languages)}"


def find(on_page: Callable[[], None] = lambda: None) -> Ocr:
    """Tesseract on this machine, with the languages it is to look for: those installed,
    English first."""
    program = shutil.which(PROGRAM)
    if program is None:
        return Ocr("")
    try:
        listed = _run([program, "--list-langs"], b"").split()
    except ValueError:
        return Ocr("")
    known = {name for name in listed if re.fullmatch(r"[a-z]{3}(_\w+)?", name)}
    languages = sorted(known - set(NO_LANGUAGE), key=lambda name: (name != "eng", name))
    if not languages:
        return Ocr("")
    return Ocr(program, tuple(languages[:MOST_LANGUAGES]), ORIENTATION in known, on_page)


def rows(ocr: Ocr, png: bytes, dots_per_inch: float) -> list[Row]:
    """The rows of one picture. ValueError: Tesseract fails or takes too long."""
    resolution = round(min(max(dots_per_inch, 70), 2400))
    command = [ocr.program, "stdin", "stdout", "-l", "+".join(ocr.languages)]
    command += ["--psm", "1" if ocr.turns_pages else "3", "--dpi", str(resolution), "tsv"]
    found = _lines(_run(command, png))
    ocr.on_page()
    return [_row(words, POINTS_PER_INCH / resolution) for words in found]


def levelled(pages: Sequence[Sequence[Row]]) -> list[list[Row]]:
    """Rows of one size but for headlines: a line's height depends on its letters."""
    sizes = [row.size for page in pages for row in page if row.size]
    usual = median(sizes) if sizes else 0.0
    return [
        [replace(row, size=usual) if 0 < row.size < LARGE_LINE * usual else row for row in page]
        for page in pages
    ]


def is_outdated(file: SourceFile, is_on: bool) -> bool:
    """Whether a file as it was read would be read otherwise, with OCR on or off."""
    if not is_on:
        return file.encoding.startswith(PROGRAM) or "Tesseract" in file.reason
    if file.reason == MISSING:
        return bool(shutil.which(PROGRAM))
    return file.reason == NO_TEXT_LAYER


_Words = list[tuple[float, float, float, float, str]]  # left, top, width, height, text


def _lines(table: str) -> Iterable[_Words]:
    """The words of each line, in Tesseract's order."""
    found: dict[tuple[str, ...], _Words] = {}
    for line in table.splitlines()[1:]:
        fields = line.split("\t")
        if len(fields) != _FIELDS or fields[0] != _WORD_LEVEL or not fields[-1].strip():
            continue
        try:
            left, top, width, height = map(float, fields[6:10])
        except ValueError:
            continue
        words = found.setdefault(tuple(fields[1:5]), [])
        words.append((left, top, width, height, " ".join(fields[-1].split())))
    return found.values()


def _row(words: _Words, scale: float) -> Row:
    """Place and size in points, y upwards. A line that runs down the page has no place."""
    text = " ".join(word[-1] for word in words)
    left = min(word[0] for word in words)
    across = max(word[0] + word[2] for word in words) - left
    down = max(word[1] + word[3] for word in words) - min(word[1] for word in words)
    if len(text) > 3 and down > across:
        return Row(text)
    # Most words stand on the line: the middle of their ends is where it is.
    base = median(word[1] + word[3] for word in words)
    return Row(text, left * scale, -base * scale, max(word[3] for word in words) * scale)


def _run(command: Sequence[str], given: bytes) -> str:
    """What the program prints. Its messages stay with it; one thread is faster for one
    page, and gives equal results on every machine."""
    wanted = ("PATH", "TESSDATA_PREFIX", "SYSTEMROOT", "LD_LIBRARY_PATH", "TMPDIR", "TEMP")
    environment = {name: os.environ[name] for name in wanted if name in os.environ}
    environment["OMP_THREAD_LIMIT"] = "1"
    try:
        done = subprocess.run(
            command,
            input=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS_PER_PICTURE,
            env=environment,
            check=False,
            preexec_fn=lifeline.tied("SIGKILL"),
        )
    except subprocess.TimeoutExpired:
        raise ValueError(f"Tesseract took longer than {SECONDS_PER_PICTURE:.0f} s") from None
    except OSError as error:
        raise ValueError(f"Tesseract cannot be started ({error.strerror})") from error
    if done.returncode:
        raise ValueError(f"Tesseract failed (exit code {done.returncode})")
    return done.stdout.decode("utf-8", "replace")
