"""Who acts: a person of the office, with the right to do it."""

from __future__ import annotations

from pathlib import Path

from desk.commands.memory import said
from editorial.role import Person, Right, person_of, require


def acting(root: Path, id: str, right: Right, key: str = "--by") -> Person:
    """Return the person whom the office knows by this id; raise BadInput for a stranger, or for one who may not."""
    from store.workspace_files import read_office

    person = person_of(read_office(root).people, said(id, key), key)
    require(person, right)
    return person
