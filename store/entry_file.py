"""When an entry goes out, as its file writes it: changed there and nothing else, not a comment, not a blank."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from editorial.problem import BadInput, Problem
from reading.amending import Value, amended
from reading.key_path import KeyPath
from store.entry_reading import WrittenEntry
from store.entry_text import EntryText, Overtaken, read_entry_text, write_entry_text
from store.file_swap import create


@dataclass(frozen=True, kw_only=True)
class Moments:
    """The entry's date rule, and the rules of channels that have their own."""

    when: str
    moments: Mapping[str, str] = field(default_factory=dict)

    def with_rules(self, rules: Mapping[str, str]) -> Moments:
        """Return these with other rules: "" is the entry's own, and an empty rule takes a channel's away."""
        own = {channel: rule for channel, rule in {**self.moments, **rules}.items() if channel and rule}
        return Moments(when=rules.get("", self.when), moments=own)


@dataclass(frozen=True, kw_only=True)
class EntryFile:
    """The file as it was read, with its translations."""

    root: Path
    text: EntryText
    written: WrittenEntry

    @property
    def moments(self) -> Moments:
        """Return when it says that it goes out."""
        return Moments(when=self.written.entry.when, moments=self.written.entry.moments)

    @property
    def name(self) -> str:
        """Return the file as people name it."""
        return f"content/{self.text.name}.md"

    @property
    def digest(self) -> str:
        """Return what tells whether anybody has changed it since."""
        return self.text.digest


def entry_path(root: Path, id: str) -> Path:
    """Return where the file of an entry, or of a series, lies or would lie."""
    return root / "content" / f"{id}.md"


def open_entry(root: Path, id: str) -> EntryFile:
    """Read an entry's file; raise BadInput where it cannot be read or does not hold together."""
    text = read_entry_text(root, id)
    return EntryFile(root=root, text=text, written=text.read())


def write_moments(file: EntryFile, wanted: Moments, *, meanwhile: Callable[[], None] = lambda: None) -> str:
    """Write when the entry goes out and return the new text's digest.

    Raise BadInput, with the file as it was, where somebody has changed it meanwhile, or where it is written in a way that only a
    person can change. `meanwhile` runs before the new file counts.
    """
    made = amended(file.text.texts["vi"], file.name, _changes(file.moments, wanted))
    after = replace(file.text, texts={**file.text.texts, "vi": made})
    meant = replace(file.written.entry, when=wanted.when, moments=dict(wanted.moments))
    if after.read().entry != meant:  # never a file that says anything else than what was meant
        message = "không tự ghi được vào đây; hãy mở tệp và tự sửa when, moments"
        raise BadInput(Problem(rule="cannot-write", file=file.name, key="when", message=message))
    try:
        write_entry_text(file.root, file.text, after, meanwhile=meanwhile)
    except Overtaken as error:
        message = "có người vừa đổi tệp này; chưa ghi gì, hãy xem lại rồi làm lại"
        raise BadInput(Problem(rule="stale-write", file=file.name, message=message)) from error
    return after.digest


def create_entry(root: Path, id: str, text: str) -> None:
    """Put a new entry's file where none is; raise BadInput where one is."""
    create(entry_path(root, id), text, root)


def _changes(now: Moments, wanted: Moments) -> dict[KeyPath, Value]:
    """Return what differs, as the file's key paths."""
    changes: dict[KeyPath, Value] = {("when",): wanted.when} if wanted.when != now.when else {}
    for channel in (*now.moments, *wanted.moments):
        rule = wanted.moments.get(channel)
        if rule != now.moments.get(channel):
            changes["moments", channel] = rule
    return changes
