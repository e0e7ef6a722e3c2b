"""What the pictures of a folder show, told in words beside them: descriptions.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field

from reading.document import Record, read_yaml
from studio.brand import Names
from studio.digest import file_digest

FILE = "descriptions.yaml"


class Descriptions(Record):
    """What descriptions.yaml says; a picture is named without its ending."""

    schema_: Literal[1] = Field(alias="schema")
    pictures: dict[str, Names]


def described(picture: Path, language: str, root: Path) -> str | None:
    """Return what a picture shows; None where nobody has told; raise BadInput where the file cannot be read."""
    path = picture.parent / FILE
    if not path.is_file():
        return None
    names = _read(path, root, file_digest(path)).get(picture.stem)
    return None if names is None else (names.en or None) if language == "en" else names.vi


@lru_cache(maxsize=16)
def _read(path: Path, root: Path, digest: str) -> Mapping[str, Names]:
    return read_yaml(path, Descriptions, root).value.pictures
