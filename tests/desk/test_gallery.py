"""The proof sheets in the documentation: one for each template, none that is older than its template."""

from __future__ import annotations

from desk.commands.proof import GALLERY
from desk.designing import open_studio, template_names
from desk.gallery import PAGE, page_of, sheet_name
from desk.place import HOUSE, Place

MOST = 6_000_000  # bytes: the gallery must not weigh on every clone


def test_every_template_has_its_sheet_and_the_page_shows_the_version_of_today() -> None:
    place = Place(root=HOUSE)
    studio = open_studio(place, template_names(place))
    stale = "a template or the brand has changed: look at ./loa proof, then run ./loa proof --docs"
    assert (GALLERY / PAGE).read_text(encoding="utf-8") == page_of(studio.templates), stale
    sheets = {file.name for file in GALLERY.glob("*.webp")}
    assert sheets == {sheet_name(name) for name in studio.templates}, stale
    assert sum(file.stat().st_size for file in GALLERY.iterdir()) < MOST
