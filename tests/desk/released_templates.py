"""Which templates come with Loa, by the digest of their own files: what an office has of them unchanged needs no approval there.

`.venv/bin/python -m tests.desk.released_templates` adds what was agreed to since. Nothing is ever taken out: an office may still
have the template of an older release.
"""

from __future__ import annotations

from desk.place import HOUSE
from desk.template_standing import RELEASED, released
from studio.brand import Brand
from studio.template import load_templates


def missing() -> list[str]:
    """Return the lines of the templates of this checkout that the list does not have."""
    templates = load_templates(HOUSE / "templates", Brand.load(HOUSE / "assets"), HOUSE)
    return [f"{each.id} {each.own}" for each in templates.values() if (each.id, each.own) not in released()]


def main() -> None:
    """Add what is missing."""
    with RELEASED.open("a", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in missing())


if __name__ == "__main__":
    main()
