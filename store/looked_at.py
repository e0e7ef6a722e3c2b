"""Conditions that no index begins with."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement


def looked_at(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a column of text as a value that no index has: each row that the other conditions find is looked at.

    SQLite keeps no count of what a table holds, and would take an index by which half of it is found.
    """
    return column.concat("")
