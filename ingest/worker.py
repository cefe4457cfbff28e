"""The reading process: `python -m ingest.worker MAX_TEXT_BYTES`.

Parsers meet hostile files here, away from the index: a file that hangs a parser, crashes it or
eats memory ends this process, not the run. Says {"ready": true}; then takes one JSON line per
file, {"path": …, "ocr": whether pictures of pages are read, "folder": which no link may lead
out of, "seconds": its time}, and gives one line per reading and {"end": true}; {"page": true} in
between says that it is at work. Each line has that time. Writes nothing.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from math import ceil
from typing import Any

from core import lifeline
from ingest import wire
from ingest.read import read_all
from ingest.readers import ocr

SPARE_SECONDS = 5  # the asking process, if it lives, is to end us first: it says why
MEMORY_BYTES = 3 * 1024**3  # address space; the largest page of the tests needs a third


def main(max_text_bytes: int) -> int:
    lifeline.end_with_parent()
    _limit_memory()
    # Each thread of numpy's algebra reserves address space, and none is used here.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # Only our lines may reach the pipe: a library that prints must not break them.
    # Text may hold lone surrogates, which the asking side's JSON takes as they are.
    pipe = os.fdopen(
        os.dup(sys.stdout.fileno()), "w", encoding="utf-8", errors="surrogatepass", newline="\n"
    )
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    tesseract: ocr.Ocr | None = None
    seconds = 0.0

    def at_work() -> None:
        _give(pipe, {"page": True})
        _limit_time(seconds)

    _give(pipe, {"ready": True})
    for line in sys.stdin:
        asked = json.loads(line)
        seconds = asked["seconds"]
        _limit_time(seconds)
        if asked["ocr"] and tesseract is None:
            tesseract = ocr.find(at_work)
        wanted = tesseract if asked["ocr"] else None
        for reading in read_all(asked["path"], max_text_bytes, wanted, asked["folder"]):
            _give(pipe, {"reading": wire.to_value(reading)})
            _limit_time(seconds)
        _limit_time(0)
        _give(pipe, {"end": True})
    return 0


def _give(pipe: Any, message: dict[str, Any]) -> None:
    pipe.write(json.dumps(message, ensure_ascii=False))  # escapes take twice the memory
    pipe.write("\n")
    pipe.flush()


def _limit_time(seconds: float) -> None:
    """End this process if it is still at work then; 0: it may wait. A parser that hangs
    doesn't notice that its input was closed, and would outlive a run that was killed."""
    if hasattr(signal, "alarm"):  # Windows has none
        signal.alarm(ceil(seconds) + SPARE_SECONDS if seconds else 0)


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows: the time limit of the asking process remains
        return
    most = resource.getrlimit(resource.RLIMIT_AS)[1]  # nobody but root may raise it
    limit = MEMORY_BYTES if most == resource.RLIM_INFINITY else min(MEMORY_BYTES, most)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
