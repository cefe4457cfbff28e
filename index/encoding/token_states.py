"""What an encoder makes of each word of a text: tokens, where they stand, and their vectors.

The value type and the protocol; the adapters are in index/encoding/encoder.py and
index/encoding/fast_encoder.py. A token's vector depends on the whole text around it, so "bank"
of a river and of money differ. Not every encoder gives them: `read` then gives None.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class TokenStates:
    """One text's tokens, without the encoder's own marks at both ends."""

    places: tuple[tuple[int, int], ...]  # start and end in the text, in characters
    vectors: Vectors  # float32, shape (len(places), dimensions), rows of unit length


class TokenEncoder(Protocol):
    def token_states(self, texts: Sequence[str]) -> list[TokenStates] | None: ...


def read(encoder: object, texts: Sequence[str]) -> list[TokenStates] | None:
    """Per text its tokens' states; None where this encoder doesn't give any."""
    if not hasattr(encoder, "token_states"):
        return None
    return cast("TokenEncoder", encoder).token_states(texts)


def from_rows(places: Sequence[tuple[int, int]], rows: Vectors) -> TokenStates:
    """From an encoder's last layer. Marks of its own (no characters wide) are left out."""
    import numpy as np

    kept = [place for place, (start, end) in enumerate(places) if end > start]
    vectors = np.asarray(rows, dtype=np.float32)[kept]
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return TokenStates(
        tuple(places[place] for place in kept), vectors / np.maximum(lengths, np.float32(1e-9))
    )
