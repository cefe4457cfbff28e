"""A system that ranks documents by shared words, for tests of the harness: no packages, no model.

It writes to standard output while it works, repeats documents, and dies where it is asked "crash".
"""

import os
import sys

from evaluate.peers_run.serve import serve


class FakePeer:
    def __init__(self, encoder, store):
        self._store = store
        self._documents = {}

    def index(self, documents):
        os.write(1, b"a library's greeting on standard output\n")
        self._documents = documents
        (self._store / "models").mkdir()
        (self._store / "models" / "encoder").write_bytes(b"x" * 1_000_000)
        (self._store / "texts").write_bytes(b"x" * 300_000)
        return 2 * len(documents)

    def search(self, query):
        if query == "crash":
            sys.exit("the fake peer gave up")
        words = set(query.split())
        ranking = sorted(
            self._documents, key=lambda i: -len(words & set(self._documents[i][1].split()))
        )
        with (self._store.parent / "order").open("a") as file:
            file.write(f"{self._store.name} {query}\n")
        return [identity for identity in ranking for _ in range(2)]

    def close(self):
        (self._store / "closed").write_bytes(b"x" * 200_000)


if __name__ == "__main__":
    serve(FakePeer)
