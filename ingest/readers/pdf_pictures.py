"""A page of a PDF → the picture that it shows, as a scanner left it, for OCR.

Takes pypdf's page, gives PNG bytes with their resolution. Pictures that lie on one
page (strips, layers) are put together as the page places them; the darker dot wins, so
no layer hides another one's text. Draws no text, no lines and no shapes.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

MOST_DOTS = 100_000_000  # of one page; A3 at 600 dpi has 70 million
MOST_PICTURES = 2_000  # on one page
SMALLEST_DOTS = 24  # on each side; smaller ones are rules and bullets
POINTS_PER_INCH = 72.0
UNKNOWN_DOTS_PER_INCH = 300.0  # where a picture is drawn at no place that we can see


@dataclass(frozen=True, slots=True)
class Picture:
    png: bytes
    dots_per_inch: float


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    image: Any  # PIL.Image.Image, grey
    matrix: tuple[float, ...] | None  # from the unit square to the page; None: not known


def pictures(page: Any) -> Iterator[Picture]:
    """What the page shows in pictures: first one of all whose places are known, then the
    others. ValueError: one cannot be decoded, or is too large."""
    drawn = _drawn(page)
    turned = -(int(page.rotation or 0) % 360)
    placed = [one for one in drawn if one.matrix is not None and _is_flat(one.matrix)]
    if len(placed) == 1 and _is_upright(placed[0].matrix or ()):
        yield _picture(placed[0].image, _resolution(placed), turned)
    elif placed:
        yield _picture(*_composed(placed), turned)
    for one in drawn:
        if one not in placed:
            yield _picture(one.image, UNKNOWN_DOTS_PER_INCH, turned)


def _picture(image: Any, dots_per_inch: float, turned: int) -> Picture:
    stream = io.BytesIO()
    shown = image.rotate(turned, expand=True) if turned else image
    shown.save(stream, "PNG", compress_level=1)
    return Picture(stream.getvalue(), dots_per_inch)


def _drawn(page: Any) -> list[_Drawn]:
    """The page's pictures in the order of their names, each time they are drawn."""
    places: dict[str, list[tuple[float, ...]]] = {}

    def note(operator: bytes, operands: Sequence[Any], matrix: Sequence[float], _: object) -> None:
        if operator == b"Do" and operands:
            places.setdefault(str(operands[0]), []).append(tuple(map(float, matrix)))

    page.extract_text(visitor_operand_before=note)
    names = list(page.images.keys())
    if len(names) > MOST_PICTURES:
        raise ValueError(f"its {len(names)} pictures are too many for Tesseract")
    found = []
    for name in names:
        image = _grey(page.images[name])
        if image is not None:
            known = places.get(name, []) if isinstance(name, str) else []
            found += [_Drawn(image, matrix) for matrix in known] or [_Drawn(image, None)]
    return found


def _grey(file: Any) -> Any:
    """The decoded picture, white where it is transparent; None: too small to hold text."""
    from PIL import Image

    image = file.image
    if image is None:
        raise ValueError("its picture cannot be decoded for Tesseract")
    if min(image.size) < SMALLEST_DOTS:
        return None
    if image.width * image.height > MOST_DOTS:
        raise ValueError(f"its picture of {image.width} × {image.height} dots is too large for "
                         "Tesseract")  # fmt: skip
    if "A" in image.getbands() or "transparency" in image.info:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image)
    return image.convert("L")


def _composed(placed: Sequence[_Drawn]) -> tuple[Any, float]:
    """All pictures on one sheet, and its resolution."""
    from PIL import Image, ImageChops

    corners = [corner for one in placed for corner in _corners(one.matrix or ())]
    left, right = min(x for x, _ in corners), max(x for x, _ in corners)
    low, top = min(y for _, y in corners), max(y for _, y in corners)
    scale = _resolution(placed) / POINTS_PER_INCH  # dots per point
    scale = min(scale, math.sqrt(MOST_DOTS / max((right - left) * (top - low), 1e-6)))
    size = (max(1, math.ceil((right - left) * scale)), max(1, math.ceil((top - low) * scale)))
    sheet = Image.new("L", size, 255)
    for one in placed:
        box, coefficients = _transformation(one, scale, (left, top))
        box = (box[0], box[1], min(box[2], size[0]), min(box[3], size[1]))
        part = one.image.transform(
            (max(1, box[2] - box[0]), max(1, box[3] - box[1])),
            Image.Transform.AFFINE,
            coefficients,
            resample=Image.Resampling.BILINEAR,
            fillcolor=255,
        )
        under = sheet.crop((box[0], box[1], box[0] + part.width, box[1] + part.height))
        sheet.paste(ImageChops.darker(under, part), box[:2])
    return sheet, scale * POINTS_PER_INCH


def _transformation(
    one: _Drawn, scale: float, origin: tuple[float, float]
) -> tuple[tuple[int, int, int, int], tuple[float, ...]]:
    """The picture's box on the sheet, and how a dot of the box is found in the picture."""
    a, b, c, d, e, f = one.matrix or ()
    across = [(x - origin[0]) * scale for x, _ in _corners((a, b, c, d, e, f))]
    down = [(origin[1] - y) * scale for _, y in _corners((a, b, c, d, e, f))]
    box = (round(min(across)), round(min(down)), round(max(across)), round(max(down)))
    # A dot (X, Y) of the box is the page's x = left + X/scale, y = top - Y/scale; the matrix
    # backwards gives its place in the unit square, whose top is the picture's first row.
    x0, y0 = origin[0] + box[0] / scale - e, origin[1] - box[1] / scale - f
    area = a * d - b * c
    width, height = one.image.size
    u = (d / scale, c / scale, d * x0 - c * y0)
    v = (-b / scale, -a / scale, a * y0 - b * x0)
    horizontal = tuple(width * part / area for part in u)
    vertical = tuple(-height * part / area for part in v)
    return box, (*horizontal, *vertical[:2], vertical[2] + height)


def _resolution(placed: Sequence[_Drawn]) -> float:
    """Dots per inch of the finest picture, within reason."""
    finest: float = max(
        one.image.width / math.hypot(*(one.matrix or ())[:2]) * POINTS_PER_INCH for one in placed
    )
    return min(max(finest, POINTS_PER_INCH), 600.0) if len(placed) > 1 else finest


def _corners(matrix: Sequence[float]) -> list[tuple[float, float]]:
    a, b, c, d, e, f = matrix
    return [(e, f), (e + a, f + b), (e + c, f + d), (e + a + c, f + b + d)]


def _is_upright(matrix: Sequence[float]) -> bool:
    a, b, c, d = matrix[:4]
    return a > 0 and d > 0 and abs(b) < 0.01 * a and abs(c) < 0.01 * d


def _is_flat(matrix: Sequence[float]) -> bool:
    """Whether the matrix gives the picture a size at all."""
    a, b, c, d = matrix[:4]
    return all(map(math.isfinite, matrix)) and abs(a * d - b * c) > 1
