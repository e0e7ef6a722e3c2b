"""A text made ready for reading: one Unicode form, plain spaces and dashes, with shadows of equal length in lower case."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

BLANK = "\x00"  # stands for what has been read: no pattern matches across it

_FANCY = re.compile("[\U0001d400-\U0001d7ff\uff01-\uff5e]")  # mathematical and full-width letters, loved by social media
_DROPPED = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff\u202a-\u202e]")
_PLAIN = str.maketrans(
    dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-")
    | dict.fromkeys("\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", "\u00a0")
    | {"\t": " ", "\r": " ", "\u2028": "\n", "\u2029": "\n", "²": "2", "³": "3", "\u2044": "/", "\u2019": "'"}
)
_SPECIAL = re.compile(  # all that clean() replaces
    "[\x00\t\r\u00ad\u00b2\u00b3\u2000-\u2019\u2028-\u202f\u2044\u205f\u2060\u2212\u3000\ufeff]"
)
_TONES = {  # òa and oà are one spelling; the second is kept
    "òa": "oà", "óa": "oá", "ỏa": "oả", "õa": "oã", "ọa": "oạ", "òe": "oè", "óe": "oé", "ỏe": "oẻ", "õe": "oẽ", "ọe": "oẹ",
    "ùy": "uỳ", "úy": "uý", "ủy": "uỷ", "ũy": "uỹ", "ụy": "uỵ",
}  # fmt: skip
_TONE = re.compile("|".join(_TONES) + r"(?![a-zà-ỹ])")


def _markless() -> dict[int, str]:
    table = {ord("đ"): "d", ord("Đ"): "d"}
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFD", chr(code))[0]
        if base.isascii() and base.isalpha():
            table[code] = base.lower()
    return table


_MARKLESS = _markless()


@dataclass(frozen=True, kw_only=True)
class Wording:
    """One text in three forms of the same length, so that a place in one is the same place in the others."""

    text: str

    @cached_property
    def lower(self) -> str:
        """Return the text in lower case."""
        return lowered(self.text)

    @cached_property
    def folded(self) -> str:
        """Return the text in lower case without Vietnamese marks."""
        return folded(self.text)


def clean(text: str) -> str:
    """Return the text in NFC with plain dashes and spaces; invisible characters are gone."""
    if text.isascii():
        return text.translate(_PLAIN) if "\t" in text or "\r" in text else text
    if not unicodedata.is_normalized("NFC", text) or _FANCY.search(text):
        text = unicodedata.normalize("NFKC" if _FANCY.search(text) else "NFC", text)
    return _DROPPED.sub("", text).translate(_PLAIN).replace(BLANK, " ") if _SPECIAL.search(text) else text


def lowered(text: str) -> str:
    """Return the text in lower case, of the same length."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(each.lower() if len(each.lower()) == 1 else each for each in text)


def folded(text: str) -> str:
    """Return the text in lower case without Vietnamese marks, of the same length."""
    return lowered(text).translate(_MARKLESS)


def spelled(text: str) -> str:
    """Return the text in lower case with each tone mark on the same vowel, whichever school of spelling it follows."""
    return _TONE.sub(lambda match: _TONES[match.group()], lowered(text))


def blanked(text: str, start: int, stop: int) -> str:
    """Return the text with a part marked as read."""
    return text[:start] + BLANK * (stop - start) + text[stop:]
