"""The reading process: `python -m ingest.worker MAX_TEXT_BYTES`.

Parsers meet hostile files here, away from the index: a file that hangs a parser,
crashes it or eats memory ends this process, not the run. Takes one JSON line per
file, {"path": …, "ocr": whether pictures of pages are read}, gives one line per reading
and then {"end": true}; {"page": true} in between says that it is at work. Writes nothing.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from ingest import wire
from ingest.read import read_all
from ingest.readers import ocr

MEMORY_BYTES = 3 * 1024**3  # address space; the largest page of the tests needs a third


def main(max_text_bytes: int) -> int:
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
    for line in sys.stdin:
        asked = json.loads(line)
        if asked["ocr"] and tesseract is None:
            tesseract = ocr.find(lambda: _give(pipe, {"page": True}))
        wanted = tesseract if asked["ocr"] else None
        for reading in read_all(asked["path"], max_text_bytes, wanted):
            _give(pipe, {"reading": wire.to_value(reading)})
        _give(pipe, {"end": True})
    return 0


def _give(pipe: Any, message: dict[str, Any]) -> None:
    pipe.write(json.dumps(message, ensure_ascii=False))  # escapes take twice the memory
    pipe.write("\n")
    pipe.flush()


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows: the time limit of the asking process remains
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
