"""Sourcebook among its peers: the app's own index and search, as `eval retrieval` runs them."""

from __future__ import annotations

from pathlib import Path

from core.errors import ModelError
from core.settings import Settings
from evaluate.peers_run.serve import Documents, serve
from evaluate.retrieval import index_documents, ranked_documents
from index.encoding.encoder import prepare_encoder
from index.store import open_library


class Sourcebook:
    """A library in a folder of its own. The encoder is the installed one."""

    def __init__(self, encoder_folder: Path, store: Path) -> None:
        settings = Settings(home=store)
        source = prepare_encoder(settings)
        if source is None:
            raise ModelError(f"The encoder in {encoder_folder} is not installed here.")
        self._source = source
        self._encoder = source.load()
        self._library = open_library(settings)

    def index(self, documents: Documents) -> int:
        rows = {identity: (title, text) for identity, (title, text) in documents.items()}
        index_documents(self._library, rows, self._source)
        return self._library.counts()["passages"]

    def search(self, query: str) -> list[str]:
        return ranked_documents(self._library, self._encoder, query)

    def close(self) -> None:
        self._library.close()


if __name__ == "__main__":
    serve(Sourcebook)
