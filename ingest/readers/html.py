"""Saved web pages → `Page`. (Placeholder walk follows.)"""

from __future__ import annotations

import re

from ingest.page import Page

_HTML = re.compile(r"\s*(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body)\b", re.IGNORECASE | re.DOTALL)


def looks_like_html(text: str) -> bool:
    return _HTML.match(text[:4096]) is not None


def read(decoded: str, data: bytes, encoding: str) -> Page:
    raise NotImplementedError("html")
