"""The only file that knows Milvus: passages' vectors in a collection on a server.

An optional extra (requirements-milvus.txt), used only where the user has configured an
address. library.db stays the truth: texts, spans and vectors are read from there, the
collection only proposes candidates, with dates and outlet as fields it can filter by. It
is derived: lost or emptied, it is filled again without embedding.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from core.errors import LibraryError
from core.records import Filters
from index.store import Library, text_sha256
from index.vectors import stored_vectors as vectors
from index.vectors import vector_files

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vector = NDArray[np.float32]
    Ids = NDArray[np.int64]

MOST_RESULTS = 16_384  # Milvus gives no more to one search
MOST_LISTED_IDS = 10_000  # in one filter expression
TIMEOUT_SECONDS = 20.0
MARGIN = 1e-3  # what a server's quantization may change in a cosine
NEVER, ALWAYS = -1, 99_999_999  # days as numbers: 20250712

_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


@dataclass(frozen=True, slots=True)
class MilvusIndex:
    library: Library
    encoder_key: str

    @property
    def covered_id(self) -> int:
        return self._known().covered_id

    @property
    def passages(self) -> int:
        return self._known().passages

    def current(self) -> vector_files.Generation | None:
        """What this library has put on this server, as it has noted it."""
        return vector_files.current(self.library, self.encoder_key, f"{self._server}*")

    def opened(self) -> MilvusIndex | None:
        """Itself; None where the server has no such collection yet, or no longer."""
        generation = self.current()
        if generation is None:
            return None
        with self._asked() as client:
            return self if client.has_collection(_collection(generation)) else None

    def search(
        self, query: Vector, count: int, filters: Filters, only: Ids | None
    ) -> list[tuple[int, float]]:
        """Filters by date and outlet on the server; a path is left to the caller."""
        with self._asked() as client:
            (hits,) = client.search(
                _collection(self._known()),
                data=[query.tolist()],
                limit=min(count, MOST_RESULTS),
                filter=expression(filters, only),
                output_fields=["passage_id"],
            )
        return [(int(hit["passage_id"]), float(hit["distance"])) for hit in hits]

    def margin(self, query: Vector) -> float:
        return MARGIN

    def is_stale(self) -> bool:
        generation = self.current()
        if generation is None or self.opened() is None:
            return vector_files.has_vectors(self.library, self.encoder_key)
        return vector_files.lacks_much(self.library, generation)

    def publish(self) -> None:
        """Put in what is newer than the collection and take out what is gone. Cut short,
        it leaves what the next run overwrites."""
        generation = self.current()
        if generation is not None and self.opened() is None:
            generation = None
        name = _collection(generation) if generation else f"sourcebook_{secrets.token_hex(8)}"
        covered = generation.covered_id if generation else 0
        with self._asked() as client, self.library.snapshot():
            if generation is not None and generation.deleted:
                self._remove_dead(client, name)
            for ids, matrix in vectors.stream(self.library, self.encoder_key, covered):
                if not client.has_collection(name):
                    _create(client, name, matrix.shape[1])
                client.upsert(name, self._rows(ids, matrix))
                covered = int(ids[-1])
            (passages,) = self.library.connection.execute(
                "SELECT count(*) FROM passages WHERE passage_id <= ?", (covered,)
            ).fetchone()
        if covered:
            self._note(name, covered, passages)

    def _note(self, name: str, covered: int, passages: int) -> None:
        """Name the collection in one commit; those of older encoders go with that."""
        execute = self.library.connection.execute
        with self.library.transaction():
            older = execute(
                "SELECT file_name FROM generations WHERE file_name GLOB ? AND file_name != ?",
                (f"{self._server}*", self._server + name),
            ).fetchall()
            execute("DELETE FROM generations WHERE file_name GLOB ?", (f"{self._server}*",))
            execute(
                "INSERT INTO generations (encoder_key, file_name, file_sha256, covered_id,"
                " passages, verified) VALUES (?, ?, '', ?, ?, ?)",
                (self.encoder_key, self._server + name, covered, passages, time.time()),
            )
        with self._asked() as client:
            for (file_name,) in older:
                client.drop_collection(file_name.removeprefix(self._server))

    def _remove_dead(self, client: Any, name: str) -> None:
        alive = {
            passage_id
            for (passage_id,) in self.library.connection.execute("SELECT passage_id FROM passages")
        }
        rows = client.query_iterator(
            name, batch_size=1000, filter="passage_id >= 0", output_fields=["passage_id"]
        )
        dead: list[int] = []
        while batch := rows.next():
            dead += [row["passage_id"] for row in batch if row["passage_id"] not in alive]
        rows.close()
        for start in range(0, len(dead), 1000):
            client.delete(name, ids=dead[start : start + 1000])

    def _rows(self, ids: Ids, matrix: NDArray[np.float32]) -> list[dict[str, object]]:
        about = self.library.connection.execute(
            "SELECT passage_id, published, outlet FROM passages CROSS JOIN articles"
            " USING (article_id) WHERE passage_id BETWEEN ? AND ?",
            (int(ids[0]), int(ids[-1])),
        )
        known = {passage_id: (published, outlet) for passage_id, published, outlet in about}
        rows: list[dict[str, object]] = []
        for passage_id, vector in zip(ids.tolist(), matrix, strict=True):
            published, outlet = known[passage_id]
            first, last = days(published)
            rows.append(
                {
                    "passage_id": passage_id,
                    "vector": vector.tolist(),
                    "first_day": first,
                    "last_day": last,
                    "outlet": outlet_key(outlet),
                }
            )
        return rows

    def _known(self) -> vector_files.Generation:
        generation = self.current()
        if generation is None:
            raise LibraryError("This library is not in Milvus yet. Run: python cli.py sync")
        return generation

    @property
    def _server(self) -> str:
        """Before the collection's name in a generation: another server is another one."""
        return f"milvus:{text_sha256(self.library.settings.milvus or '')[:16]}:"

    @contextmanager
    def _asked(self) -> Iterator[Any]:
        """The client; what goes wrong there is said as our own error."""
        address = self.library.settings.milvus or ""
        client = _client(address, self.library.settings.milvus_token or "")
        from pymilvus.exceptions import MilvusException

        try:
            yield client
        except MilvusException as error:
            raise LibraryError(
                f"The Milvus server {address} did not do what it was asked: {error.message}. "
                "Check that it runs, or unset SOURCEBOOK_MILVUS to search on this machine."
            ) from error


def _collection(generation: vector_files.Generation) -> str:
    return generation.file_name.rpartition(":")[2]


def expression(filters: Filters, only: Ids | None) -> str:
    """The filters as Milvus writes conditions; numbers and hashes only, no user's text."""
    parts = []
    if filters.after:
        parts.append(f"last_day >= {days(filters.after)[0]}")
    if filters.before:
        parts.append(f"first_day <= {days(filters.before)[1]}")
    if filters.outlet:
        parts.append(f'outlet == "{outlet_key(filters.outlet.strip())}"')
    if only is not None and len(only) <= MOST_LISTED_IDS:
        parts.append(f"passage_id in {only.tolist()}")
    return " and ".join(parts)


def days(published: str | None) -> tuple[int, int]:
    """The first and the last day that a date may mean, as numbers: all of 2025 for `2025`.
    Undated: no day. A date that can't be read: any day."""
    if published is None:
        return ALWAYS, NEVER
    found = _DATE.match(published)
    if not found:
        return NEVER, ALWAYS
    year, month, day = found.groups()
    first = int(year + (month or "00") + (day or "00"))
    return first, int(year + (month or "99") + (day or "99"))


def outlet_key(outlet: str | None) -> str:
    """A short hash: spellings that fold alike have one, and nothing in it needs quoting."""
    return text_sha256(outlet.casefold())[:16] if outlet is not None else ""


def _create(client: Any, name: str, dimensions: int) -> None:
    from pymilvus import DataType

    schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field("passage_id", DataType.INT64, is_primary=True)
    schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dimensions)
    schema.add_field("first_day", DataType.INT64)
    schema.add_field("last_day", DataType.INT64)
    schema.add_field("outlet", DataType.VARCHAR, max_length=16)
    index = client.prepare_index_params()
    index.add_index("vector", index_type="AUTOINDEX", metric_type="IP")
    # Strong: what `publish` has put in is found by every search after it.
    client.create_collection(name, schema=schema, index_params=index, consistency_level="Strong")


@lru_cache(maxsize=2)
def _client(address: str, token: str) -> Any:
    try:
        from pymilvus import MilvusClient
        from pymilvus.exceptions import MilvusException
    except ImportError as error:
        raise LibraryError(
            "SOURCEBOOK_MILVUS is set, but pymilvus is not installed. "
            "Run: pip install -r requirements-milvus.txt"
        ) from error
    try:
        return MilvusClient(uri=address, token=token, timeout=TIMEOUT_SECONDS)
    except MilvusException as error:
        raise LibraryError(
            f"The Milvus server {address} can't be reached: {error.message}. "
            "Check that it runs, or unset SOURCEBOOK_MILVUS to search on this machine."
        ) from error
