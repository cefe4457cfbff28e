"""The control words of RTF that the reader knows, and its code pages. Pure tables."""

from __future__ import annotations

import codecs

# Groups without running text. Those that begin with \* are left out as well, but for
# shapes, whose text boxes are shown.
SKIPPED = frozenset(
    "colortbl pict objdata filetbl listtable listoverridetable revtbl rsidtbl generator "
    "fldinst datafield bkmkstart bkmkend themedata colorschememapping latentstyles datastore "
    "xmlnstbl mmathPr pntext listtext nonshppict sp userprops docvar ftnsep ftnsepc ftncn aftnsep "
    "aftnsepc aftncn annotation atnid atnauthor atrfstart atrfend xe tc rxe txe private pgptbl "
    "company manager category keywords comment doccomm hlinkbase subject creatim revtim "
    "printim buptim".split()
)
SHOWN_ANYWAY = frozenset(("shpinst", "shpgrp"))
NOTES = frozenset(("footnote", "shptxt"))  # shown after the body; text boxes too
ITEM_MARKS = frozenset(("pntext", "listtext", "pn"))  # the mark before a list's item
FRAMES = frozenset("header headerl headerr headerf footer footerl footerr footerf".split())
STATED = {"title": "title", "author": "author", "fonttbl": "fonts", "stylesheet": "styles"}
SIGNS = {
    "tab": "\t", "line": "\n", "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’",
    "ldblquote": "“", "rdblquote": "”", "bullet": "•", "emspace": "\u2003", "enspace": "\u2002",
    "qmspace": "\u2005", "zwj": "\u200d", "zwnj": "\u200c", "page": " ", "column": " ",
}  # fmt: skip
SYMBOLS = {b"~": "\u00a0", b"-": "\u00ad", b"_": "\u2011", b"\\": "\\", b"{": "{", b"}": "}"}
# Code pages by the number of a font's character set.
CHARSETS = {
    0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gbk",
    136: "cp950", 161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256",
    186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250", 255: "cp850",
}  # fmt: skip
DOCUMENT_SETS = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
DESTINATIONS = NOTES | FRAMES | SKIPPED | frozenset(STATED)


def codec_name(name: str) -> str:
    """The codec of that name; "" where there is none."""
    try:
        return codecs.lookup({"cp10000": "mac_roman", "cp65001": "utf-8"}.get(name, name)).name
    except LookupError:
        return ""
