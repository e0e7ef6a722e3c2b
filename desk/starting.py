"""A workspace of somebody's own: what this checkout shows as its sample, to be changed into what the office means."""

from __future__ import annotations

import shutil
import uuid
from pathlib import Path

from desk.place import HOUSE, Place
from editorial.problem import BadInput, Problem

PARTS = ("calendars", "content", "templates", "assets")
_LEFT_OUT = shutil.ignore_patterns("__pycache__", ".*")


def new_workspace(folder: Path) -> Place:
    """Copy the sample into a folder that is new or empty, whole or not at all; raise BadInput where something lies there."""
    target = folder.resolve()
    if target.is_relative_to(HOUSE):
        message = f"“{folder}” nằm trong bản mã nguồn của Loa; hãy chọn một thư mục bên ngoài"
        raise BadInput(Problem(rule="taken", key="DIR", message=message))
    is_there = target.exists()
    below_a_file = any(each.exists() and not each.is_dir() for each in (target, *target.parents))
    if below_a_file or (is_there and any(target.iterdir())):
        message = f"“{folder}” đã có tệp bên trong hoặc không phải thư mục; hãy chọn một tên thư mục chưa có"
        raise BadInput(Problem(rule="taken", key="DIR", message=message))
    part = (target if is_there else target.parent) / f".loa-{uuid.uuid4().hex}"
    try:
        for name in PARTS:
            shutil.copytree(HOUSE / name, part / name, ignore=_LEFT_OUT)
        if is_there:
            for name in PARTS:  # the folder itself stays: somebody stands in it
                (part / name).rename(target / name)
        else:
            part.rename(target)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return Place(root=target)
