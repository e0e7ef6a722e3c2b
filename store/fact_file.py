"""One fact's value changed in its file, and nothing else of the file: not a comment, not a blank."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from editorial.fact import Fact
from editorial.problem import BadInput, Problem
from reading.document import Document, read_yaml
from reading.source import read_text, relative_name
from store.content_records import LedgerRecord
from store.fact_values import read_facts

_LINE = re.compile(r"""^(?P<start>\s*(?P<key>\w+):\s*)(?P<value>"[^"]*"|'[^']*'|[^#]*?)(?P<rest>\s*(?:#.*)?)$""")


@dataclass(frozen=True, kw_only=True)
class FactLine:
    """Where the value of a shared fact stands."""

    path: Path
    file: str
    line: int  # from 1
    text: str


def find_fact(root: Path, fact_id: str) -> FactLine:
    """Return the line of a shared fact's value; raise BadInput when no file of content/facts has the fact."""
    for path in sorted((root / "content" / "facts").glob("*.yaml")):
        document: Document[LedgerRecord] = read_yaml(path, LedgerRecord, root)
        if fact_id in document.value.facts:
            _, line, _ = document.place("facts", fact_id, "value")
            text = read_text(path, root).split("\n")[line - 1]
            return FactLine(path=path, file=relative_name(path, root), line=line, text=text)
    raise BadInput(Problem(rule="unknown-fact", message=f"không có dữ kiện “{fact_id}” trong content/facts/"))


def write_value(root: Path, fact: Fact, written: str) -> FactLine:
    """Put the value into the fact's file and return its line; raise BadInput, with the file as it was, when it cannot be done.

    `written` is the value as YAML has it. The file is read back whole before it takes the old one's place.
    """
    return write_fact(root, fact, {"value": written})


def write_fact(root: Path, fact: Fact, written: Mapping[str, str]) -> FactLine:
    """Put some of a fact's keys into its file as `write_value` does; a key that is not there yet comes below the value."""
    found = find_fact(root, fact.id)
    document: Document[LedgerRecord] = read_yaml(found.path, LedgerRecord, root)
    lines = read_text(found.path, root).split("\n")
    added = []
    for key, value in written.items():
        if key != "value" and getattr(document.value.facts[fact.id], key) is None:
            added.append(f"{_indented(found)}{key}: {value}")
            continue
        _, line, _ = document.place("facts", fact.id, key)
        lines[line - 1] = _changed(found, lines[line - 1], key, value)
    text = lines[found.line - 1]
    lines[found.line : found.line] = added
    _replace(found, "\n".join(lines), root, fact, written)
    return FactLine(path=found.path, file=found.file, line=found.line, text=text)


def _changed(found: FactLine, text: str, key: str, value: str) -> str:
    parts = _LINE.match(text)
    if parts is None or parts["key"] != key:
        message = f"không tự sửa được dòng này; hãy sửa tay thành {key}: {value}"
        raise BadInput(Problem(rule="cannot-write", file=found.file, line=found.line, message=message))
    return f"{parts['start']}{value}{parts['rest']}"


def _indented(found: FactLine) -> str:
    """Return the space before the fact's keys."""
    if not (parts := _LINE.match(found.text)):
        raise BadInput(_not_written(found))
    return parts["start"][: len(parts["start"]) - len(parts["start"].lstrip())]


def _replace(found: FactLine, text: str, root: Path, fact: Fact, written: Iterable[str]) -> None:
    handle, name = tempfile.mkstemp(dir=found.path.parent, prefix=".fact-", suffix=".tmp")
    part = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        document = read_yaml(part, LedgerRecord, root)
        facts, problems = read_facts(document.value.facts, document, ("facts",))
        made = next((each for each in facts if each.id == fact.id), None)
        if problems or made is None or any(getattr(made, key) != getattr(fact, key) for key in written):
            raise BadInput(*problems, _not_written(found))
        part.chmod(found.path.stat().st_mode & 0o777)
        part.replace(found.path)
    finally:
        part.unlink(missing_ok=True)


def _not_written(found: FactLine) -> Problem:
    message = "giá trị mới không đọc lại được như ý; tệp giữ nguyên, hãy sửa tay"
    return Problem(rule="cannot-write", file=found.file, line=found.line, message=message)
