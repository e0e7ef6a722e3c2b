"""A template to start from: a folder that works, to be changed into what the designer means."""

from __future__ import annotations

import re
import shutil
import uuid
from pathlib import Path

from editorial.problem import BadInput, Problem
from studio.template import KINDS

_SKELETONS = Path(__file__).with_name("starter")
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_MARK = "TEN-MAU"
_LONGEST = 40


def new_template(templates: Path, template_id: str) -> Path:
    """Make the folder of a new template and return it, whole or not at all; raise BadInput for a wrong or taken name."""
    refuse_wrong_name(template_id, template_id)
    kind, _, name = template_id.partition("/")
    target = templates / kind / name
    if target.exists():
        message = f"đã có mẫu “{template_id}”; hãy chọn tên khác, hoặc sửa tệp trong templates/{template_id}"
        raise BadInput(Problem(rule="taken", key=template_id, message=message))
    part = target.with_name(f".{name}.{uuid.uuid4().hex}")
    try:
        _fill(part, kind, name)
        part.rename(target)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return target


def _fill(folder: Path, kind: str, name: str) -> None:
    folder.mkdir(parents=True)
    for skeleton in sorted((_SKELETONS / kind).iterdir()):
        text = skeleton.read_text(encoding="utf-8").replace(_MARK, name)
        (folder / skeleton.name).write_text(text, encoding="utf-8")


def refuse_wrong_name(template_id: str, key: str) -> None:
    """Raise BadInput, at `key`, for what cannot be the id of a template."""
    kind, _, name = template_id.partition("/")
    if kind in KINDS and NAME.fullmatch(name) and len(name) <= _LONGEST:
        return
    message = (
        "tên mẫu gồm loại và tên, chữ thường không dấu, chữ số và gạch nối, nhiều nhất 40 ký tự,"
        " ví dụ infographic/cau-hoi hoặc clip/dem-nguoc"
    )
    raise BadInput(Problem(rule="wrong-name", key=key, message=message))
