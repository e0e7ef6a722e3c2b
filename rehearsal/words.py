"""The words of a page without its markup."""

from __future__ import annotations

import re
from html import unescape

_BLOCK_END = re.compile(r"(?i)<br\s*/?>|</(p|div|h[1-6]|li|figure|figcaption|tr|blockquote)>")
_TAG = re.compile(r"<[^>]*>")
_BLANK = re.compile(r"[ \t]*\n\s*")


def plain(html: str) -> str:
    """Read markup as a visitor would: words only, a line per block."""
    return _BLANK.sub("\n", unescape(_TAG.sub("", _BLOCK_END.sub("\n", html)))).strip()
