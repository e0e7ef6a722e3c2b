"""How a version of a template looks beside another: every size rendered with both, and a picture of where they differ."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from desk.place import Place
from desk.rendering import HowFar
from desk.showroom import Exhibit
from desk.template_saving import FILE, tried_out
from editorial.digest import digest_of
from editorial.problem import BadInput, Problem
from scheduler.engines.contract import Engine, RendererDied
from store.template_folder import TemplateFiles
from studio.identity import renderer_identity
from studio.rendition import Recipe
from studio.studio import Studio, frames_folder

AROUND = 2  # lines that stay beside a changed one


@dataclass(frozen=True, kw_only=True)
class SizeDifference:
    """One size in both versions; `picture` shows before, now and the places that differ, where there are any."""

    size: str
    same: bool = False
    places: int = 0
    digest: str = ""
    picture: str = ""
    why: str = ""  # why there is nothing to compare


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Two versions of a template."""

    sizes: tuple[SizeDifference, ...]


def compare_versions(place: Place, before: TemplateFiles, after: Exhibit, engine: Engine, progress: HowFar) -> Comparison:
    """Return how the template of today differs from an earlier version; raise BadInput where that cannot be drawn any more."""
    if after.template is None or after.studio is None:
        raise BadInput(*after.problems)
    with tried_out(place, before) as tried:
        old = tried.exhibit
        if old.template is None or old.studio is None:
            message = "bản này không dựng lại được với màu, phông chữ và họ mẫu hiện nay"
            raise BadInput(Problem(rule="not-drawn", message=message), *tried.problems)
        name = digest_of(f"{before.digest} {old.template.version} {after.template.version} {renderer_identity()}")
        both = [size for size in after.template.sizes if size in old.template.sizes]
        futures = {
            size: engine.render(
                hold, (old.studio, _recipe(old, size)), (after.studio, _recipe(after, size)), place.memory, name, size
            )
            for size in both
        }
        found = []
        for done, (size, future) in enumerate(futures.items()):
            progress(done, len(futures))
            try:
                found.append(future.result())
            except BadInput as bad:
                found.append(SizeDifference(size=size, why=bad.problems[0].message))
            except (RendererDied, MemoryError):
                found.append(SizeDifference(size=size, why="máy không dựng nổi khổ này; hãy thử lại khi máy rảnh"))
        found += [SizeDifference(size=size, why="khổ mới") for size in after.template.sizes if size not in both]
        found += [SizeDifference(size=size, why="khổ đã bỏ") for size in old.template.sizes if size not in both]
    return Comparison(sizes=tuple(found))


def _recipe(exhibit: Exhibit, size: str) -> Recipe:
    """Return a picture of a version's own usual data, in its first theme."""
    assert exhibit.studio is not None
    assert exhibit.template is not None
    data: Mapping[str, object] = exhibit.template.samples.get("typical", {})
    return exhibit.studio.recipe(exhibit.id, data, size, exhibit.template.themes[0])


def hold(
    before: tuple[Studio, Recipe], after: tuple[Studio, Recipe], memory: Path, name: str, size: str
) -> SizeDifference:  # fmt: skip
    """Render one size of both and draw where they differ, as golden pictures do; run in a rendering process."""
    from studio.golden import held_against, write_difference

    verdict = held_against(before, after, size)
    if verdict.same:
        return SizeDifference(size=size, same=True)
    picture = f"difference-{size}.png"
    write_difference(verdict, after[0].brand, frames_folder(memory, name) / picture)
    return SizeDifference(size=size, places=len(verdict.difference.boxes), digest=name, picture=picture)


def file_changes(before: TemplateFiles, after: TemplateFiles) -> tuple[tuple[str, str], ...]:
    """Return the lines of template.yaml that differ, each with " ", "-", "+" or "@" for a gap before it."""
    lines = difflib.unified_diff(before.text(FILE).split("\n"), after.text(FILE).split("\n"), lineterm="", n=AROUND)
    shown = list(lines)[2:]  # without the names of the files
    return tuple((line[:1], line[1:] if line[:1] in "+- " else line.strip("@ ")) for line in shown)


def changed_files(before: TemplateFiles, after: TemplateFiles) -> tuple[tuple[str, str], ...]:
    """Return the files besides template.yaml that differ, each with what became of it."""
    names = sorted({*before.files, *after.files} - {FILE})
    words = {True: "bỏ", False: "đổi"}
    return tuple(
        (name, "thêm" if name not in before.files else words[name not in after.files])
        for name in names
        if before.files.get(name) != after.files.get(name)
    )
