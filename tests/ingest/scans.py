"""PDFs of pictures, made in code, and a small program in Tesseract's place."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

DOTS_PER_INCH = 150
HEAD = (
    "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"
)

# It says what stands in a file beside it, page by page, and notes how it was called.
PROGRAM = """#!{python}
import os, pathlib, sys, time
here = pathlib.Path({folder!r})
if "--list-langs" in sys.argv:
    print("List of available languages (3):")
    print("deu\\neng\\nosd")
    sys.exit()
picture = sys.stdin.buffer.read()
assert picture.startswith(b"\\x89PNG"), picture[:8]
calls = here / "calls"
with calls.open("a") as file:
    file.write(" ".join(sys.argv[1:]) + " OMP=" + os.environ.get("OMP_THREAD_LIMIT", "") + "\\n")
number = len(calls.read_text().splitlines())
page = here / f"page-{{number}}.tsv"
said = page.read_bytes() if page.exists() else b""
if said == b"hang":
    time.sleep(600)
if said == b"fail":
    sys.exit(3)
sys.stdout.buffer.write(said)
"""


def install(folder: Path, pages: Sequence[Sequence[str] | str]) -> None:
    """A `tesseract` in `folder` that reads these rows of words, one list per page."""
    folder.mkdir(exist_ok=True)
    (folder / "calls").unlink(missing_ok=True)
    for number, rows in enumerate(pages, 1):
        said = rows if isinstance(rows, str) else table(rows)
        (folder / f"page-{number}.tsv").write_text(said)
    program = folder / "tesseract"
    program.write_text(PROGRAM.format(python=sys.executable, folder=str(folder)))
    program.chmod(0o755)


def table(rows: Sequence[str]) -> str:
    """Rows as Tesseract's TSV has them: one line under the other, "" leaves a blank one."""
    lines = [HEAD, "1\t1\t0\t0\t0\t0\t0\t0\t1240\t1754\t-1\t"]
    for line, row in enumerate(rows):
        left = 100
        for number, word in enumerate(row.split(), 1):
            place = f"{left}\t{120 + 40 * line}\t{14 * len(word)}\t26"
            lines.append(f"5\t1\t1\t1\t{line}\t{number}\t{place}\t95.5\t{word}")
            left += 14 * len(word) + 10
    return "\n".join(lines) + "\n"


def drawn(rows: Sequence[str], size: tuple[int, int] = (1240, 1754)) -> Any:
    """A grey picture of a page at 150 dots per inch, with rows of text."""
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("L", size, 255)
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(30)
    for number, row in enumerate(rows):
        draw.text((100, 120 + 44 * number), row, font=font, fill=0)
    return image


def pdf(images: Sequence[Any]) -> bytes:
    stream = io.BytesIO()
    images[0].save(
        stream, "PDF", resolution=DOTS_PER_INCH, save_all=True, append_images=list(images[1:])
    )
    return stream.getvalue()


def striped(image: Any, strips: int, rotation: int = 0) -> bytes:
    """The picture cut into strips that the page puts one under the other; their names are
    in another order."""
    import pypdf
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, NumberObject

    writer = pypdf.PdfWriter()
    page = writer.add_blank_page(
        image.width * 72 / DOTS_PER_INCH, image.height * 72 / DOTS_PER_INCH
    )
    objects = DictionaryObject()
    content = []
    height = -(-image.height // strips)
    for number in range(strips):
        strip = image.crop(
            (0, number * height, image.width, min(image.height, height * (number + 1)))
        )
        stream = DecodedStreamObject()
        stream.set_data(strip.tobytes())
        stream.update({
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Image"),
            NameObject("/Width"): NumberObject(strip.width),
            NameObject("/Height"): NumberObject(strip.height),
            NameObject("/ColorSpace"): NameObject("/DeviceGray"),
            NameObject("/BitsPerComponent"): NumberObject(8),
        })  # fmt: skip
        name = f"/Im{strips - number}"
        objects[NameObject(name)] = writer._add_object(stream.flate_encode())
        scale = 72 / DOTS_PER_INCH
        low = (image.height - number * height - strip.height) * scale
        content.append(f"q {strip.width * scale} 0 0 {strip.height * scale} 0 {low} cm {name} Do Q")
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): objects})
    drawing = DecodedStreamObject()
    drawing.set_data("\n".join(content).encode())
    page[NameObject("/Contents")] = writer._add_object(drawing)
    if rotation:
        page.rotate(rotation)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
