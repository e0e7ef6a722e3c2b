"""An alt text put into an entry's file at its picture, and nothing else of the file changed: not a comment, not a blank."""

from __future__ import annotations

import json
from pathlib import Path

from editorial.problem import BadInput, Problem
from reading.amending import amended
from reading.front_matter import page_of, read_page
from reading.key_path import KeyPath
from reading.source import relative_name
from store.content_records import EntryRecord, TranslationRecord
from store.file_swap import one_at_a_time, swap, written_text


def write_alt(path: Path, root: Path, medium: str, text: str) -> None:
    """Write the alt text of a medium that has none into `<entry>.md` or `<entry>.en.md`.

    Raise BadInput, with the file as it was, where the medium is written in a way that only a person can add to.
    """
    translated = path.name.count(".") > 1
    with one_at_a_time(path.parent):
        key = ("alt", medium) if translated else _key(path, root, medium)
        try:
            made = amended(written_text(path, root), relative_name(path, root), {key: text})
            said = _said(made, medium, translated=translated)
        except BadInput as error:
            raise BadInput(_by_hand(path, root, medium, text)) from error
        if said != text:
            raise BadInput(_by_hand(path, root, medium, text))
        swap(path, made, root)


def _key(path: Path, root: Path, medium: str) -> KeyPath:
    media = read_page(path, EntryRecord, root).head.value.media
    return ("media", next(index for index, each in enumerate(media) if each.id == medium), "alt")


def _said(text: str, medium: str, *, translated: bool) -> str | None:
    """Return the alt text that a page says: what is written must be what was meant."""
    if translated:
        return page_of(text, "", TranslationRecord).head.value.alt.get(medium)
    return next(each.alt for each in page_of(text, "", EntryRecord).head.value.media if each.id == medium)


def _by_hand(path: Path, root: Path, medium: str, text: str) -> Problem:
    message = f"không tự ghi được vào đây; hãy tự thêm cho media {medium}: alt: {json.dumps(text, ensure_ascii=False)}"
    return Problem(rule="cannot-write", file=relative_name(path, root), line=1, message=message)
