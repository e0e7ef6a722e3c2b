"""A template that is nothing but its contract."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from studio.brand import Names
from studio.contract import FieldSpec
from studio.template import Template


def template_of(fields: Mapping[str, FieldSpec]) -> Template:
    """Return a template with these fields that draws nothing."""
    return Template(
        id="infographic/thu", kind="infographic", name=Names(vi="Thử"), family=None, fields=fields, themes=("light",), designs={},
        music=None, voice=None, length=None, poster=None, samples={}, folder=Path("thu"), root=Path(), version="0" * 64,
    )  # fmt: skip
