"""Documents that are zip archives of XML (docx, odt, epub): their parts, safely.

Sizes are counted while unpacking, not believed; entities are never expanded, files
outside the archive never opened, nesting is bounded. Raises ValueError with the
reason where an archive or a part is bad.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import Any

MOST_PART_BYTES = 64 * 2**20
MOST_BYTES = 128 * 2**20  # of all the parts that were read
_ENTITY = re.compile(rb"<!ENTITY|<\x00!\x00E\x00N\x00T\x00I\x00T\x00Y|\x00<\x00!\x00E\x00N\x00T")
ZIP_MARK = b"PK\x03\x04"


class Archive:
    """An open archive which counts what is taken out of it."""

    def __init__(self, data: bytes, kind: str) -> None:
        self.kind = kind
        self.bytes_read = 0
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            self.names = frozenset(self._zip.namelist())
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise ValueError(f"damaged {kind} (no archive, or cut off)") from error

    def part(self, name: str) -> bytes | None:
        """The unpacked part; None where the archive has none of that name."""
        if name not in self.names:
            return None
        most = min(MOST_PART_BYTES, MOST_BYTES - self.bytes_read)
        try:
            with self._zip.open(name) as stream:
                data = stream.read(most + 1)
        except RuntimeError as error:  # zipfile's word for "a password is needed"
            if "encrypted" in str(error) or "password" in str(error):
                raise ValueError("encrypted, a password is needed") from error
            raise ValueError(f"damaged {self.kind} ({name})") from error
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
            raise ValueError(f"damaged {self.kind} ({name})") from error
        if len(data) > most:
            raise ValueError(f"too large unpacked (the limit is {most // 2**20} MB)")
        self.bytes_read += len(data)
        return data

    def tree(self, name: str) -> Any:
        """The root element of an XML part, tags without namespaces; None for no such part."""
        data = self.part(name)
        return None if data is None else parse(data, f"{self.kind} ({name})")


def parse(data: bytes, what: str) -> Any:
    """XML → its root element, tags and attribute names without their namespaces."""
    from lxml import etree

    if _ENTITY.search(data):
        raise ValueError(f"damaged {what}: declares entities")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ValueError(f"damaged {what}: no well-formed XML") from error
    if next(root.iter(etree.Entity), None) is not None:
        raise ValueError(f"damaged {what}: unknown characters")
    for element in root.iter("*"):
        element.tag = local(element.tag)
    return root


def local(name: str) -> str:
    """A tag or attribute name without its namespace."""
    return name.rpartition("}")[2]


def attribute(element: Any, name: str) -> str:
    """The attribute of that name in whatever namespace; "" where it has none."""
    for key, value in element.attrib.items():
        if local(key) == name:
            return str(value)
    return ""


def child_text(root: Any, tag: str) -> str:
    """The text of the first element of that tag; "" where there is none."""
    found = next(root.iter(tag), None) if root is not None else None
    return " ".join("".join(found.itertext()).split()) if found is not None else ""


def looks_like(data: bytes, mimetype: bytes, part: str) -> bool:
    """By content: an archive that begins with this mimetype or holds this part; a
    damaged archive is judged by the names that stand in its bytes."""
    if not data.startswith(ZIP_MARK):
        return False
    if mimetype and data[30 : 38 + len(mimetype)] == b"mimetype" + mimetype:
        return True
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return part in archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return not mimetype and part.encode("ascii") in data
