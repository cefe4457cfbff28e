"""One target, fuzzed for some seconds: `python -m evaluate.torture.fuzz_child NAME SECONDS FOLDER`.

FOLDER/corpus keeps inputs that reach new code, so that the next run goes on from them; an input
that breaks the target is written to FOLDER as a file whose name begins with `crash-`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["answer", "core", "index", "ingest"]):
    from evaluate.torture import fuzz_targets


def main(name: str, seconds: str, folder: Path) -> None:
    """Never returns: the fuzzer ends the process, with 0 unless an input broke the target."""
    target = fuzz_targets.TARGETS[name]

    def one(data: bytes) -> None:
        try:
            target(data)
        except fuzz_targets.DECIDED:
            return

    (folder / "corpus").mkdir(parents=True, exist_ok=True)
    arguments = [
        sys.argv[0], f"-max_total_time={seconds}", f"-artifact_prefix={folder}/",
        "-max_len=4096", "-rss_limit_mb=2048", "-timeout=20", str(folder / "corpus"),
    ]  # fmt: skip
    atheris.Setup(arguments, one)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
