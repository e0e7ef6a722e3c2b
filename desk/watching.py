"""The open desk follows the workspace's files: pages show what is written now, and what changed under a signature is noticed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from concurrent.futures import BrokenExecutor
from dataclasses import replace
from pathlib import Path

from desk.file_stamps import Fingerprint, Stamp, fingerprint
from desk.mourning import declare_from_calendar
from desk.noticing import Finding, notice, void_until_now
from desk.workbench import Workbench
from desk.workspace import read_workspace
from editorial.clock import OFFICE_ZONE
from editorial.entry import Entry
from editorial.problem import BadInput
from scheduler.engines.contract import Engine
from store.workspace_files import EntryFiles


class Watch:
    """Look at the files again and again; `show` gets each new workbench, `tell` what was noticed or is wrong.

    A workspace with a mistake in it changes nothing: the desk goes on with the last one that could be read.
    """

    def __init__(
        self, bench: Workbench, engine: Engine, show: Callable[[Workbench], None], tell: Callable[[tuple[str, ...]], None]
    ) -> None:  # fmt: skip
        self._bench = bench
        self._engine = engine
        self._show = show
        self._tell = tell
        self._seen: Fingerprint = frozenset()
        self._settled: Fingerprint = frozenset()
        self._others = True  # something else than entries has changed since all of them were looked at
        self._files = EntryFiles()

    def look(self) -> None:
        """Read the workspace anew once its files have changed and then stood still from one look to the next."""
        place = self._bench.workspace.place
        now = fingerprint((place.root / "content", place.calendars, place.templates, place.assets))
        if now == self._seen and now != self._settled:
            self._others |= not all(map(self._is_entry, now ^ self._settled))
            self._settled = now
            self._read()
        self._seen = now

    def _is_entry(self, stamp: Stamp) -> bool:
        """Tell whether a file says one entry alone; any other may change what every entry's posts say."""
        path = Path(stamp[0])
        return path.suffix == ".md" and path.parent == self._bench.root / "content"

    def _read(self) -> None:
        try:
            fresh = replace(self._bench, workspace=read_workspace(self._bench.workspace.place, self._files))
        except BadInput as error:
            self._tell(tuple(f"Tệp có lỗi, đang dùng bản trước: {problem}" for problem in error.problems))
            return
        before, self._bench = self._bench.content.entries, fresh
        self._show(fresh)
        declare_from_calendar(fresh.store, fresh.catalogue, fresh.clock.now().astimezone(OFFICE_ZONE).date())
        self._tell(self._noticed(None if self._others else _changed(before, fresh.content.entries)))

    def _noticed(self, changed: Collection[str] | None) -> tuple[str, ...]:
        try:
            found = notice(self._bench, self._engine, changed=changed)
            self._others = False
            return tuple(map(str, (*void_until_now(self._bench), *(each for each in found if each.what is not Finding.VOID))))
        except BadInput as error:
            return tuple(map(str, error.problems))
        except BrokenExecutor:  # the person pressed Ctrl-C in the middle of a picture
            return ()


def _changed(before: Mapping[str, Entry], now: Mapping[str, Entry]) -> frozenset[str]:
    """Return the entries that say otherwise; and those after which another goes, since its posts know the first ones' keys."""
    changed = {id for id, entry in now.items() if id not in before or before[id].revision != entry.revision}
    changed |= before.keys() - now.keys()
    return frozenset(changed | {id for id, entry in now.items() if entry.after in changed})
