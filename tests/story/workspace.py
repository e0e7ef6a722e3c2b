"""A small office for stories: this repo's calendars, templates, brand and facts, and a few of its entries."""

from __future__ import annotations

import functools
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]
ENTRIES = ("giai-phong-thu-do", "phu-nu-viet-nam", "ngay-phap-luat", "ngay-nha-giao", "di-san-van-hoa", "quoc-khanh")


def make_workspace(folder: Path, entries: Iterable[str] = ENTRIES) -> Path:
    """Copy the office into `folder` with these entries only; renditions already made here are taken over."""
    for name in ("calendars", "templates", "assets"):
        shutil.copytree(HOUSE / name, folder / name)
    content = folder / "content"
    content.mkdir()
    shutil.copy(HOUSE / "content" / "office.yaml", content)
    shutil.copytree(HOUSE / "content" / "facts", content / "facts")
    for entry in entries:
        for path in (HOUSE / "content").glob(f"{entry}*.md"):
            shutil.copy(path, content)
    _take_over_renditions(folder)
    return folder


def _take_over_renditions(folder: Path) -> None:
    """Use the checkout's cache where a demo has filled it: a rendition's name says what it is made from, so none can be stale."""
    made = _beside_the_tests()
    if made is not None:
        shutil.copytree(made, folder / ".loa" / "renditions", copy_function=_link)


@functools.cache
def _beside_the_tests() -> Path | None:
    """Copy the checkout's cache once to where the tests' folders are: a link does not reach from one file system to another."""
    made = HOUSE / ".loa" / "renditions"
    return Path(shutil.copytree(made, Path(tempfile.mkdtemp(prefix="loa-made-")) / made.name)) if made.is_dir() else None


def _link(source: str, target: str) -> None:
    try:
        Path(target).hardlink_to(source)
    except OSError:
        shutil.copy2(source, target)
