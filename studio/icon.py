"""The open icon set in assets/icons: one SVG an icon, painted in one colour."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

PREFIX = "icon:"  # how a picture's source names an icon


def icon_file(name: str, assets: Path) -> Path | None:
    """Return the file of an icon, None when there is none of that name."""
    path = assets / "icons" / f"{name}.svg"
    return path if path.parent == assets / "icons" and path.is_file() else None


def icon_advice(name: str, assets: Path) -> str:
    """Return what to tell about an icon that is not there: the nearest names, else a few of those that are."""
    known = sorted(path.stem for path in (assets / "icons").glob("*.svg"))
    near = get_close_matches(name, known, n=3, cutoff=0.5) or [one for one in known if name and name in one][:3]
    if near:
        return f"không có biểu tượng “{name}”; có phải: {', '.join(near)}?"
    return f"không có biểu tượng “{name}” trong assets/icons; ví dụ: {', '.join(known[:8])}"
