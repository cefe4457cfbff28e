"""`cli.py` that notes what it embeds: `python -m evaluate.torture.counted FILE ARGUMENTS…`.

Appends a line with the number of passages to FILE before each batch, so that work which a kill
cost, and which is done again, is counted although nothing of it was kept.
"""

from __future__ import annotations

import runpy
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.settings import Settings
from index.encoding import encoder

if TYPE_CHECKING:
    from index.encoding.encoder import Encoder, EncoderSource, Vectors

CLI = Path(__file__).resolve().parents[2] / "cli.py"


@dataclass(frozen=True, slots=True)
class _Counting:
    encoder: Encoder
    file: Path

    def encode(self, texts: Sequence[str]) -> Vectors:
        with self.file.open("a", encoding="utf-8") as noted:
            noted.write(f"{len(texts)}\n")
        return self.encoder.encode(texts)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.encoder, name)


def main(file: Path, arguments: Sequence[str]) -> None:
    """Ends as the command line does."""
    real = encoder.encoder_source

    def counted(settings: Settings) -> EncoderSource | None:
        source = real(settings)
        return source and replace(source, load=lambda: _Counting(source.load(), file))

    encoder.encoder_source = counted  # before the modules that take it by name are loaded
    sys.argv = [str(CLI), *arguments]
    runpy.run_path(sys.argv[0], run_name="__main__")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
