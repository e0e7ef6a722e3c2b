"""A name said in part: Ông An for Nguyễn Văn An, Lý Thái Tổ for Vườn hoa Lý Thái Tổ."""

from __future__ import annotations

import re
from collections.abc import Iterator

from editorial.claims.wording import clean, folded

_TITLE = (
    r"(?:ông|bà|anh|chị|cô|chú|bác|thầy|cụ|em|cháu|đồng chí|đ/c|bác sĩ|giáo sư|tiến sĩ|nsnd|nsưt|gs\.?|pgs\.?|ts\.?|ths\.?|"
    r"mr\.?|mrs\.?|ms\.?|dr\.?)"
)
_EVERYWHERE = frozenset(("ha noi", "viet nam"))  # they end half of the office's names


def said_in_part(text: str, old: str, new: str) -> str:
    """Return the first words of a text that are a part of the old name and not of the new one; "" where there are none."""
    text = re.sub(re.escape(new), lambda found: "\n" * len(found.group()), clean(text), flags=re.IGNORECASE)
    for part, titled in _parts(old):
        if re.search(rf"(?<!\w){re.escape(folded(part))}(?!\w)", folded(new)):
            continue
        lead = rf"(?<!\w)(?i:{_TITLE}) " if titled else r"(?<!\w)"
        for form in dict.fromkeys((part, folded(part).title())):  # An, and as English writes it
            found = re.search(rf"{lead}{re.escape(form)}(?!\w| [A-ZĐÀ-Ỹ])", text)
            if found is not None:
                return found.group()
    return ""


def _parts(name: str) -> Iterator[tuple[str, bool]]:
    """Yield the ends of a person's name, the longest first, and the proper end of another; True for what needs a title before."""
    words = clean(name).split()
    small = next((place for place in range(len(words), 0, -1) if not words[place - 1][0].isupper()), 0)
    proper = words[small:]
    if small:
        if len(proper) > 1 and folded(" ".join(proper)) not in _EVERYWHERE:
            yield " ".join(proper), False
        return
    for left_out in range(1, len(proper)):
        yield " ".join(proper[left_out:]), len(proper) - left_out == 1
