"""What somebody has filled in a form of an entry and not saved yet: kept as the words of an entry are while they are typed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from secrets import token_hex

from desk.web.kept import CSRF
from desk.web.moment_words import clock_words, moment_words
from desk.web.presence import Presence
from desk.workbench import Workbench
from editorial.role import Person
from store.drafts import Draft
from store.entry_text import read_entry_text

Pairs = tuple[tuple[str, str], ...]  # a form as it is sent: a name comes as often as it has values
NONE = "-"  # the draft that nobody wants: the file is shown
_OURS = frozenset({CSRF, "do", "of", "tab", "took", "changed"})
_TAB = re.compile(r"[a-z0-9-]{8,40}")


@dataclass(frozen=True, kw_only=True)
class Held:
    """Under which name a page keeps what is typed in it, and that of the page whose draft it goes on with."""

    tab: str
    took: str = ""
    restored: str = ""  # when the draft was typed that the page shows


def held_of(form: Mapping[str, object]) -> Held:
    """Return the names that a form was sent with; a new one where it has none."""
    tab, took = str(form.get("tab", "")), str(form.get("took", ""))
    return Held(tab=tab if _TAB.fullmatch(tab) else token_hex(8), took=took if _TAB.fullmatch(took) else "")


@dataclass(frozen=True, kw_only=True)
class FormDrafts:
    """One person's drafts of one form: `place` tells it from the other forms of the entry's file."""

    bench: Workbench
    presence: Presence
    file: str
    person: Person
    place: str

    def all(self) -> tuple[Draft, ...]:
        """Return the person's drafts, the newest first."""
        return tuple(each for each in self.bench.store.drafts.of(self._name) if each.person == self.person.id)

    def keep(self, form: Iterable[tuple[str, object]], held: Held) -> str:
        """Keep what a page holds in the place of what it held before; return when that was, in words."""
        pairs = [(name, value) for name, value in form if isinstance(value, str) and name not in _OURS]
        fields = {"form": json.dumps(pairs, ensure_ascii=False)}
        at = self.bench.store.drafts.keep(self._name, self.person.id, held.tab, fields=fields, base={}, digest="")
        if held.took not in ("", held.tab):  # a draft goes on in this page: it is one draft
            self.bench.store.drafts.drop(self._name, self.person.id, held.took)
        return clock_words(at)

    def told(self, form: Mapping[str, object], pairs: Iterable[tuple[str, object]]) -> dict[str, object]:
        """Keep what an open page sends; return what it says of that: when, who else is at it, whether the file is another one."""
        held = held_of(form)
        is_new = form.get("changed") and not self.presence.is_settled(held.tab)
        at = self.keep(pairs, held) if is_new else None
        people = self.bench.content.office.people
        others = self.presence.see(self.file, self.person.id, held.tab, self.bench.clock.now())
        now = read_entry_text(self.bench.root, self.file)
        return {
            "kept": at, "others": [people[each].name for each in others if each in people],
            "overtaken": now.digest != form.get("digest"),
        }  # fmt: skip

    def settle(self, held: Held) -> None:
        """Take note that what a page held is in the file, or was given up."""
        self.presence.settle(held.tab)
        for tab in {held.tab, held.took} - {""}:
            self.bench.store.drafts.drop(self._name, self.person.id, tab)

    @property
    def _name(self) -> str:
        return f"{self.file}/{self.place}"


def pairs_of(draft: Draft) -> Pairs:
    """Return the form that a draft keeps; nothing where it is of a form that is kept no more."""
    try:
        return tuple((str(name), str(value)) for name, value in json.loads(draft.fields.get("form", "[]")))
    except (ValueError, TypeError):
        return ()


def going_on(draft: Draft) -> Held:
    """Return under which names a page goes on with a draft."""
    return Held(tab=token_hex(8), took=draft.tab, restored=moment_words(draft.saved_at))
