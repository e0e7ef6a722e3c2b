"""Where an office that is made up to be measured may lie: nowhere that anything real does."""

from __future__ import annotations

from pathlib import Path

from editorial.problem import BadInput, Problem
from store.store import Store

MARK = "van-phong-gia.txt"  # in the folder of an office that was made up


def refuse_other(root: Path) -> None:
    """Raise BadInput where something else lies in a folder than an office that was made up."""
    if root.is_dir() and any(root.iterdir()) and not (root / MARK).is_file():
        message = "thư mục này đã có dữ liệu khác; hãy chọn một thư mục trống, hoặc thư mục của lần đo trước"
        raise BadInput(Problem(rule="not-empty", key="--folder", message=message))


def refuse_filled(store: Store) -> None:
    """Raise BadInput where a database has an office already."""
    if store.delivery_tally.counts() or store.entries.all():
        message = "kho này đã có dữ liệu; hãy chỉ một kho PostgreSQL trống, vì phép đo ghi vào đó một văn phòng giả"
        raise BadInput(Problem(rule="not-empty", key="--database", message=message))
