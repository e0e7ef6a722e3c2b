"""The files of one entry as text: read, told apart by what they say, and written where nobody was faster."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from editorial.problem import BadInput, Problem
from store.entry_reading import TRANSLATIONS, WrittenEntry, entry_of
from store.file_swap import one_at_a_time, swap, written_text


@dataclass(frozen=True, kw_only=True)
class EntryText:
    """What an entry's files say, by language; "vi" is `content/<name>.md`."""

    name: str
    texts: Mapping[str, str]

    @property
    def digest(self) -> str:
        """Return what tells this text from every other: whoever changed a letter since has another digest."""
        return hashlib.sha256(self.as_json().encode()).hexdigest()

    def as_json(self) -> str:
        """Return the texts as the memory keeps them."""
        return json.dumps(dict(sorted(self.texts.items())), ensure_ascii=False)

    def read(self) -> WrittenEntry:
        """Return the entry that these texts say; raise BadInput with every mistake at its file, line and key."""
        return entry_of(self.texts, self.name)


class Overtaken(Exception):
    """Somebody changed the files after they were read; `now` is what they say."""

    def __init__(self, now: EntryText) -> None:
        super().__init__(now.name)
        self.now = now


def read_entry_text(root: Path, name: str) -> EntryText:
    """Return an entry's files; raise BadInput where its own is gone or cannot be read."""
    paths = _paths(root, name)
    if not paths["vi"].is_file():
        message = "tệp của mục này không còn trong content/; hãy trả lại tệp rồi mở lại trang"
        raise BadInput(Problem(rule="no-file", file=f"content/{name}.md", message=message))
    texts = {language: written_text(path, root) for language, path in paths.items() if path.is_file()}
    return EntryText(name=name, texts=texts)


def write_entry_text(
    root: Path, before: EntryText, after: EntryText, *, meanwhile: Callable[[], None] = lambda: None
) -> None:  # fmt: skip
    """Write the files that read otherwise; raise Overtaken, with nothing written, where they do not say `before` any more.

    `meanwhile` runs once nothing but the writing is left to do.
    """
    with one_at_a_time(root / "content"):
        _refuse_newer(root, before)
        meanwhile()
        _refuse_newer(root, before)
        paths = _paths(root, before.name)
        for language, text in after.texts.items():
            if text != before.texts.get(language):
                swap(paths[language], text, root)


def _refuse_newer(root: Path, before: EntryText) -> None:
    now = read_entry_text(root, before.name)
    if now.digest != before.digest:
        raise Overtaken(now)


def _paths(root: Path, name: str) -> dict[str, Path]:
    folder = root / "content"
    return {"vi": folder / f"{name}.md"} | {language: folder / f"{name}.{language}.md" for language in TRANSLATIONS}
