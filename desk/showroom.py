"""The templates of a workspace as their files are now: each read anew when one of its files has changed, the broken ones too."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from desk.designing import template_names
from desk.place import Place
from editorial.problem import BadInput, Problem
from studio.brand import Brand
from studio.studio import Studio
from studio.template import Template, load_template

Stamp = tuple[tuple[str, int, int], ...]  # path, time of change and size of each file


@dataclass(frozen=True, kw_only=True)
class Exhibit:
    """A template as it stands: a studio over it alone, or what is wrong in its files."""

    id: str
    studio: Studio | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def template(self) -> Template | None:
        """Return the template; None where its files cannot be used."""
        return self.studio.templates[self.id] if self.studio else None


class Showroom:
    """Keep what was read for as long as its files stay as they are. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._brand: tuple[Stamp, Brand | tuple[Problem, ...]] | None = None
        self._known: dict[Path, tuple[Stamp, object, Exhibit]] = {}

    def all(self, place: Place) -> tuple[Exhibit, ...]:
        """Return every template of the workspace, pictures before clips."""
        with self._lock:
            brand = self._brand_of(place)
            return tuple(self._exhibit(place, name, brand) for name in template_names(place))

    def find(self, place: Place, name: str) -> Exhibit | None:
        """Return one template; None where there is no such folder."""
        with self._lock:
            is_there = name in template_names(place)
            return self._exhibit(place, name, self._brand_of(place)) if is_there else None

    def _brand_of(self, place: Place) -> Brand | tuple[Problem, ...]:
        stamp = stamp_of(place.assets)
        if self._brand is None or self._brand[0] != stamp:
            try:
                self._brand = stamp, Brand.load(place.assets)
            except BadInput as bad:
                self._brand = stamp, bad.problems
        return self._brand[1]

    def _exhibit(self, place: Place, name: str, brand: Brand | tuple[Problem, ...]) -> Exhibit:
        if not isinstance(brand, Brand):
            return Exhibit(id=name, problems=brand)
        folder = place.templates / name
        stamp = (*stamp_of(folder), *stamp_of(place.templates / "families.yaml"))
        known = self._known.get(folder)
        if known is None or known[0] != stamp or known[1] is not brand:
            known = self._known[folder] = stamp, brand, read_exhibit(place, folder, brand)
        return known[2]


def read_exhibit(place: Place, folder: Path, brand: Brand) -> Exhibit:
    """Return the template of a folder, or every mistake in it."""
    id = f"{folder.parent.name}/{folder.name}"
    try:
        template = load_template(folder, brand, place.root)
    except BadInput as bad:
        return Exhibit(id=id, problems=bad.problems)
    return Exhibit(id=id, studio=Studio(templates={id: template}, brand=brand, cache=place.memory))


def stamp_of(path: Path) -> Stamp:
    """Return what tells whether a file, or one of a folder's, was written since."""
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    return tuple(_stamps(files))


def _stamps(files: list[Path]) -> Iterator[tuple[str, int, int]]:
    for file in files:
        try:
            found = file.stat()
        except OSError:  # an editor has just put another file in its place
            continue
        yield str(file), found.st_mtime_ns, found.st_size
