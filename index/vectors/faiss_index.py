"""The only file that knows FAISS: vectors as int8 in inverted lists, and searches over them.

Takes arrays of ids and unit vectors; gives candidates with approximate cosines, which the
caller scores again from the stored vectors. Small libraries have one list and every search
reads it all; larger ones read the lists nearest to the query, or all of them on request.
Knows no library.db and no file names.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vector = NDArray[np.float32]
    Vectors = NDArray[np.float32]
    Ids = NDArray[np.int64]

# Up to here all vectors are compared: 100,000 took 2 to 4 ms of one core, and found what
# float32 finds (mixtures of MiniLM vectors; float32 took 6 ms and four times the memory).
LISTS_FROM = 200_000
PASSAGES_PER_LIST = 1000
# Share of the lists that a search without filters reads. Same data, 100,000 vectors in
# 1,024 lists, recall@10: 0.974 for 1/32, 0.989 for 1/16, 0.996 for 1/8. HNSW reached that
# in the same time and took seven times as long to build; product quantization 0.98.
PROBED_SHARE = 1 / 8
SAMPLE_PER_LIST = 40
TRAINING_ROUNDS = 8
SEED = 1
# Rounding errors are uniform and as good as independent, so a cosine's error has tails no
# heavier than a normal one's: beyond this many steps of both scales once in 10^15 times
# (0.007 for MiniLM; the largest of 330,000 errors was 0.004).
MARGIN_STEPS = 2.5
LARGEST_CODE = 127
HEADROOM = 1.1  # of the scale over the sample's largest component


class OutOfScale(Exception):
    """A vector has a larger component than the scale was made for."""

    def __init__(self, largest: float) -> None:
        super().__init__(f"component {largest}")
        self.largest = largest


@dataclass(frozen=True, slots=True)
class Int8Index:
    """`faiss`: an IndexIVFScalarQuantizer over `rint(vector * scale)`."""

    faiss: Any
    scale: float

    @property
    def passages(self) -> int:
        return int(self.faiss.ntotal)

    @property
    def lists(self) -> int:
        return int(self.faiss.nlist)


def lists_for(passages: int) -> int:
    """How many inverted lists so many passages get; a power of two."""
    if passages < LISTS_FROM:
        return 1
    return int(2 ** round(math.log2(passages / PASSAGES_PER_LIST)))


def scale_for(largest: float) -> float:
    return LARGEST_CODE / (largest * HEADROOM or 1.0)


def trained(sample: Vectors, lists: int, scale: float) -> Int8Index:
    """An empty index. `sample`: at least as many vectors as lists; the same sample gives
    the same index."""
    faiss = _faiss()
    dimensions = sample.shape[1]
    index = faiss.IndexIVFScalarQuantizer(
        faiss.IndexFlatIP(dimensions),
        dimensions,
        lists,
        faiss.ScalarQuantizer.QT_8bit_direct_signed,
        faiss.METRIC_INNER_PRODUCT,
        False,  # the vectors themselves, not what is left beside their list's centre
    )
    index.cp.seed = SEED
    index.cp.niter = TRAINING_ROUNDS
    index.cp.spherical = True
    index.cp.min_points_per_centroid = 1
    index.cp.max_points_per_centroid = SAMPLE_PER_LIST
    index.train(_codes(sample, scale))
    return Int8Index(index, scale)


def add(index: Int8Index, batches: Iterable[tuple[Ids, Vectors]]) -> int | None:
    """Put vectors in; gives the last id. Raises OutOfScale, the index is then of no use."""
    last = None
    for ids, vectors in batches:
        index.faiss.add_with_ids(_codes(vectors, index.scale), ids)
        last = int(ids[-1])
    return last


def remove(index: Int8Index, alive: Ids) -> None:
    """Keep only these ids."""
    import numpy as np

    faiss = _faiss()
    lists = index.faiss.invlists
    held = [
        faiss.rev_swig_ptr(lists.get_ids(number), lists.list_size(number)).copy()
        for number in range(index.lists)
        if lists.list_size(number)
    ]
    dead = np.setdiff1d(np.concatenate(held), alive) if held else np.zeros(0, np.int64)
    if len(dead):
        index.faiss.remove_ids(faiss.IDSelectorBatch(dead))


def search(
    index: Int8Index, query: Vector, count: int, every_list: bool, only: Ids | None = None
) -> list[tuple[int, float]]:
    """(id, approximate cosine), best first: at most `count`, fewer only where there are no
    more in the lists that were read. `only`: the ids to choose from."""
    import numpy as np

    faiss = _faiss()
    probed = index.lists if every_list else max(1, round(index.lists * PROBED_SHARE))
    parameters = faiss.SearchParametersIVF(nprobe=probed)
    if only is not None:
        chosen = np.zeros(int(only.max(initial=0)) + 1, dtype=bool)
        chosen[only] = True
        bits = np.packbits(chosen, bitorder="little")
        parameters = faiss.SearchParametersIVF(nprobe=probed, sel=faiss.IDSelectorBitmap(bits))
    scale = scale_for(float(np.abs(query).max()))
    code = _codes(query.reshape(1, -1), scale)
    similarities, ids = index.faiss.search(code, min(count, index.passages), params=parameters)
    found = ids[0] >= 0
    cosines = similarities[0][found] / (scale * index.scale)
    return list(zip(ids[0][found].tolist(), cosines.tolist(), strict=True))


def margin(index: Int8Index, query: Vector) -> float:
    """How far an approximate cosine may be from the exact one."""
    import numpy as np

    own = scale_for(float(np.abs(query).max()))
    return float(MARGIN_STEPS * np.hypot(1 / own, 1 / index.scale))


def write(index: Int8Index, put: Callable[[bytes], object]) -> None:
    """Hand the index's bytes to `put`, piece by piece."""
    faiss = _faiss()

    def counted(data: bytes) -> int:
        put(data)
        return len(data)

    faiss.write_index(index.faiss, faiss.PyCallbackIOWriter(counted))


def read(path: Path, scale: float, mapped: bool) -> Int8Index:
    """`mapped`: left in the file and read from there, for searches only. The caller has
    verified the file. Raises OSError or RuntimeError where it can't be read."""
    faiss = _faiss()
    if mapped:
        index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP)
        # Threads that read ahead cost more than they bring, and outlive the search.
        faiss.downcast_InvertedLists(index.invlists).prefetch_nthread = 0
        return Int8Index(index, scale)
    with path.open("rb") as file:
        return Int8Index(faiss.read_index(faiss.PyCallbackIOReader(file.read)), scale)


def _codes(vectors: Vectors, scale: float) -> Vectors:
    import numpy as np

    codes: Vectors = np.rint(vectors * np.float32(scale))
    largest = float(np.abs(codes).max(initial=0.0))
    if largest > LARGEST_CODE:
        raise OutOfScale(largest / scale)
    return codes


def _faiss() -> Any:
    import faiss

    # One thread: on a busy machine OpenMP's barriers cost more than they bring, and
    # training gives the same centres each time.
    faiss.omp_set_num_threads(1)
    return faiss
