"""An alt text put into an entry's file at its picture, and nothing else of the file changed: not a comment, not a blank."""

from __future__ import annotations

import json
import os
import re
import tempfile
from pathlib import Path

from editorial.problem import BadInput, Problem
from reading.front_matter import read_page
from reading.source import read_text, relative_name
from store.content_records import EntryRecord, TranslationRecord

_TEMPLATE = re.compile(r"^(?P<indent>\s*(?:- )?)template:\s*[\w/-]+\s*(?:#.*)?$")


def write_alt(path: Path, root: Path, medium: str, text: str) -> None:
    """Write the alt text of a medium that has none into `<entry>.md` or `<entry>.en.md`.

    Raise BadInput, with the file as it was, where the medium is written in a way that only a person can add to.
    """
    translated = path.name.count(".") > 1
    lines = read_text(path, root).split("\n")
    at, new = (_added_to_translation if translated else _added)(path, root, lines, medium, text)
    _replace(path, root, "\n".join([*lines[:at], *new, *lines[at:]]), medium, text, translated=translated)


def _added(path: Path, root: Path, lines: list[str], medium: str, text: str) -> tuple[int, list[str]]:
    """Return where the new lines go, below the medium's template, and the lines."""
    head = read_page(path, EntryRecord, root).head
    index = next(index for index, each in enumerate(head.value.media) if each.id == medium)
    line = head.lines.get(("media", index, "template"), 0)
    style = _TEMPLATE.match(lines[line - 1]) if line else None
    if style is None:
        raise BadInput(_by_hand(path, root, line or 1, medium, text))
    return line, [f"{' ' * len(style['indent'])}alt: {_quoted(text)}"]


def _added_to_translation(path: Path, root: Path, lines: list[str], medium: str, text: str) -> tuple[int, list[str]]:
    page = read_page(path, TranslationRecord, root)
    line = page.head.lines.get(("alt",))
    if line is None:
        return page.fence_line - 1, ["alt:", f"  {medium}: {_quoted(text)}"]
    if lines[line - 1].strip() != "alt:":
        raise BadInput(_by_hand(path, root, line, medium, text))
    return line, [f"  {medium}: {_quoted(text)}"]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # a JSON string is a YAML string


def _replace(path: Path, root: Path, text: str, medium: str, alt: str, *, translated: bool) -> None:
    """Let the new text take the file's place once it has been read back and says what was meant."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".alt-", suffix=path.name)
    part = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        if _read_back(part, root, medium, translated=translated) != alt:
            raise BadInput(_by_hand(path, root, 1, medium, alt))
        part.chmod(path.stat().st_mode & 0o777)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _read_back(path: Path, root: Path, medium: str, *, translated: bool) -> str | None:
    if translated:
        return read_page(path, TranslationRecord, root).head.value.alt.get(medium)
    return next(each.alt for each in read_page(path, EntryRecord, root).head.value.media if each.id == medium)


def _by_hand(path: Path, root: Path, line: int, medium: str, text: str) -> Problem:
    message = f"không tự ghi được vào đây; hãy tự thêm cho media {medium}: alt: {_quoted(text)}"
    return Problem(rule="cannot-write", file=relative_name(path, root), line=line, message=message)
