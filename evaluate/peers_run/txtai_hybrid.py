"""txtai: one row a document, its own hybrid (dense and BM25, equal weights), text kept.

All else at its defaults. Runs in the environment of txtai.txt.
"""

from __future__ import annotations

from pathlib import Path

from evaluate.peers_run.serve import Documents, serve

COUNT = 10  # rows are documents; the hybrid then weighs 100 of each kind


class Txtai:
    """`maxlength`: as long as the encoder's own folder says, as the others do."""

    def __init__(self, encoder_folder: Path, store: Path) -> None:
        from txtai import Embeddings

        self._store = store
        self._embeddings = Embeddings(
            path=str(encoder_folder), maxlength=True, hybrid=True, content=True, gpu=False
        )

    def index(self, documents: Documents) -> int:
        self._embeddings.index(
            (identity, f"{title}\n{text}", None) for identity, (title, text) in documents.items()
        )
        self._embeddings.save(str(self._store / "index"))
        return int(self._embeddings.count())

    def search(self, query: str) -> list[str]:
        return [row["id"] for row in self._embeddings.search(query, COUNT)]

    def close(self) -> None:
        self._embeddings.close()


if __name__ == "__main__":
    serve(Txtai)
