"""The tutorial's pipeline in LangChain: chunks of 1,000 characters, one flat FAISS index.

Its own splitter, its sentence-transformers embeddings and its FAISS store, at their
defaults. No keyword search. Runs in the environment of langchain.txt.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from evaluate.peers_run.serve import Documents, serve

CHUNK_CHARS = 1000
OVERLAP_CHARS = 200
COUNT = 30  # chunks, so that ten documents are among them


class LangChain:
    def __init__(self, encoder_folder: Path, store: Path) -> None:
        from langchain_huggingface import HuggingFaceEmbeddings

        self._store = store
        self._embeddings = HuggingFaceEmbeddings(
            model_name=str(encoder_folder), model_kwargs={"device": "cpu"}
        )
        self._vectors: Any = None

    def index(self, documents: Documents) -> int:
        from langchain_community.vectorstores import FAISS
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        splitter = RecursiveCharacterTextSplitter(
            chunk_size=CHUNK_CHARS, chunk_overlap=OVERLAP_CHARS
        )
        chunks = splitter.create_documents(
            [f"{title}\n{text}" for title, text in documents.values()],
            [{"document": identity} for identity in documents],
        )
        self._vectors = FAISS.from_documents(chunks, self._embeddings)
        self._vectors.save_local(str(self._store))
        return len(chunks)

    def search(self, query: str) -> list[str]:
        found = self._vectors.similarity_search(query, k=COUNT)
        return [chunk.metadata["document"] for chunk in found]

    def close(self) -> None:
        """Everything was saved when it was indexed."""


if __name__ == "__main__":
    serve(LangChain)
