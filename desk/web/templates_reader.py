"""What the pages of templates show, gathered from the files as they are now and from what was drawn of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from desk.designing import template_pictures
from desk.errands import Errand, Errands
from desk.place import Place
from desk.rendering import HowFar
from desk.sample_form import form_fields
from desk.showroom import Exhibit, Showroom
from desk.template_look import draw_small
from desk.template_standing import Stand, stands
from desk.trials import SAMPLES, THEMES
from desk.web.bench import Bench
from desk.web.looking import Wish, picture_address
from desk.web.prose import headline
from desk.web.views.template_look import LookView, called, problem_line, shape_of
from desk.web.views.template_stand import STAND_MARKS, STAND_WORDS
from desk.web.views.templates import KIND_WORDS, Card, GalleryPage, Head, Option, TemplatePage
from editorial.digest import digest_of
from editorial.problem import BadInput
from scheduler.engines.contract import Engine
from studio.rendition import Recipe
from studio.size import SIZES
from studio.studio import Studio, small_picture
from studio.template import Template

GLANCE = 0.3  # seconds that a page waits for an errand before it shows how far it has come
CARD_WIDTH = 360  # px of a picture of the gallery
MOST_USES = 12  # entries that a page names


def read_gallery(bench: Bench, place: Place, room: Showroom, errands: Errands, kind: str = "") -> GalleryPage:
    """Return every template with its picture; those that have none yet are being drawn."""
    exhibits = room.all(place)
    faces = {exhibit.id: _face(exhibit) for exhibit in exhibits}
    missing = [face for face in faces.values() if face and not _small(place, face[1]).is_file()]
    errand = _draw_faces(errands, missing) if missing else None
    uses = uses_of_all(bench)
    known = stands(bench.store, [each.template for each in exhibits if each.template])
    cards = tuple(
        _card(place, exhibit, faces[exhibit.id], len(uses.get(exhibit.id, ())), known.get(exhibit.id, Stand.NOT_SIGNED))
        for exhibit in exhibits
        if kind in ("", exhibit.id.partition("/")[0])
    )
    kinds = (("", "Tất cả"), *KIND_WORDS.items())
    options = tuple(Option(value=value, words=words, chosen=value == kind) for value, words in kinds)
    under_way = errand if errand is not None and not errand.over else None
    return GalleryPage(cards=cards, errand=under_way, kinds=options, total=len(exhibits))


def _draw_faces(errands: Errands, missing: Sequence[tuple[Studio, Recipe]]) -> Errand | None:
    key = digest_of(" ".join(recipe.digest for _, recipe in missing))
    try:
        errand = errands.begin(f"faces/{key}", partial(_faces, tuple(missing)), page="/templates", again=False)
    except BadInput:  # nothing is rendered here yet: a page without pictures is better than none
        return None
    errand.wait(GLANCE)
    return errand


def _faces(missing: Sequence[tuple[Studio, Recipe]], engine: Engine, progress: HowFar) -> int:
    futures = [engine.render(draw_small, studio, recipe, CARD_WIDTH) for studio, recipe in missing]
    for done, future in enumerate(futures):
        progress(done, len(futures))
        future.exception()  # what cannot be drawn has no picture: the template's own page says why
    return len(futures)


def _face(exhibit: Exhibit) -> tuple[Studio, Recipe] | None:
    """Return the picture that stands for a template: its usual data in the size that most people see."""
    if exhibit.studio is None or exhibit.template is None or not exhibit.template.samples:
        return None
    template = exhibit.template
    size = "portrait" if "portrait" in template.sizes else template.sizes[0]
    return exhibit.studio, exhibit.studio.recipe(template.id, template.samples["typical"], size, template.themes[0])


def _small(place: Place, recipe: Recipe) -> Path:
    return small_picture(place.memory, recipe.digest, CARD_WIDTH)


def _card(place: Place, exhibit: Exhibit, face: tuple[Studio, Recipe] | None, uses: int, stand: Stand) -> Card:
    kind = KIND_WORDS[exhibit.id.partition("/")[0]]
    template = exhibit.template
    if template is None:
        return Card(id=exhibit.id, name=exhibit.id.partition("/")[2], kind=kind, problems=len(exhibit.problems), uses=uses)
    picture, shape = "", "tall"
    if face is not None:
        recipe, size = face[1], SIZES[face[1].size]
        shape = shape_of(size.width, size.height)
        picture = picture_address(recipe.digest, CARD_WIDTH) if _small(place, recipe).is_file() else ""
    return Card(
        id=exhibit.id, name=called(template), kind=kind, sizes=template.sizes, picture=picture, shape=shape, uses=uses,
        stand=STAND_WORDS[stand], stand_mark=STAND_MARKS[stand],
    )  # fmt: skip


def uses_of_all(bench: Bench) -> Mapping[str, tuple[str, ...]]:
    """Return the entries that show each template, by template."""
    found: dict[str, dict[str, None]] = {}
    for entry in bench.content.entries.values():
        for order in entry.media:
            found.setdefault(order.template, {})[entry.series or entry.id] = None
    return {template: tuple(entries) for template, entries in found.items()}


def read_head(bench: Bench, exhibit: Exhibit) -> Head:
    """Return what stands on top of each page of one template."""
    template, content = exhibit.template, bench.content
    uses = uses_of_all(bench).get(exhibit.id, ())
    named = tuple((id, headline(content, content.entries[id]) if id in content.entries else id) for id in uses[:MOST_USES])
    version = template.version if template else ""
    stand = stands(bench.store, [template])[exhibit.id] if template else Stand.NOT_SIGNED
    return Head(
        id=exhibit.id,
        name=called(template) if template else exhibit.id.partition("/")[2],
        kind=KIND_WORDS[exhibit.id.partition("/")[0]],
        version=version,
        is_usable=template is not None,
        uses=named,
        more_uses=len(uses) - len(named),
        stand=STAND_WORDS[stand] if template else "",
        stand_mark=STAND_MARKS[stand],
    )


def read_template(bench: Bench, place: Place, exhibit: Exhibit, wish: Wish, look: LookView) -> TemplatePage:
    """Return a template as its page shows it."""
    head = read_head(bench, exhibit)
    template = exhibit.template
    if template is None:
        return TemplatePage(head=head, look=look, file_problems=tuple(problem_line(each) for each in exhibit.problems))
    return TemplatePage(
        head=head,
        look=look,
        themes=tuple(Option(value=each, words=THEMES.get(each, each), chosen=each == wish.theme) for each in template.themes),
        samples=tuple(_sample_options(template, wish.sample)),
        fields=form_fields(template, wish.data),
        pictures=tuple(template_pictures(template)),
        icons=tuple(sorted(path.stem for path in (place.assets / "icons").glob("*.svg"))),
        edited=wish.is_edited,
    )


def _sample_options(template: Template, chosen: str) -> Iterator[Option]:
    for sample, words in SAMPLES.items():
        if sample in template.samples:
            yield Option(value=sample, words=words, chosen=sample == chosen)
