"""A look at a template that is being drawn beside the page: begun, followed, and let be once another is asked for."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial

from desk.errands import Errand, Errands
from desk.rendering import HowFar
from desk.showroom import Exhibit
from desk.template_look import SHOWN_WIDTH, Shot, draw_frame, placed, shoot_all
from desk.web.views.template_look import LookView, look_view, problem_line
from editorial.digest import digest_of
from editorial.problem import BadInput, Problem
from scheduler.engines.contract import Engine
from studio.rendition import Recipe
from studio.size import SIZES
from studio.studio import Studio
from studio.template import Template

GLANCE = 0.3  # seconds that a page waits for an errand before it shows how far it has come
Wanted = Callable[[], bool]
KEPT = 200  # pages whose last wish is remembered


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a designer wants to see: some data in a theme; the data is a sample's unless it was `edited` on the page."""

    sample: str
    theme: str
    data: Mapping[str, object] = field(default_factory=dict)
    is_edited: bool = False


class Wishes:
    """What each page has asked for last, and the clips on it; a look that nobody waits for is not drawn to its end."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._latest: OrderedDict[str, str] = OrderedDict()
        self._clips: OrderedDict[str, tuple[Studio, Recipe]] = OrderedDict()

    def note(self, page: str, key: str) -> None:
        """Remember what a page waits for now."""
        with self._lock:
            self._latest[page] = key
            self._latest.move_to_end(page)
            while len(self._latest) > KEPT:
                self._latest.popitem(last=False)

    def wants(self, key: str) -> bool:
        """Tell whether some page waits for this."""
        with self._lock:
            return key in self._latest.values()


    def offer(self, studio: Studio, recipes: Iterable[Recipe]) -> None:
        """Take note of clips of which a page may ask for any frame."""
        with self._lock:
            for recipe in recipes:
                self._clips[recipe.digest] = studio, recipe
                self._clips.move_to_end(recipe.digest)
            while len(self._clips) > KEPT:
                self._clips.popitem(last=False)

    def clip(self, digest: str) -> tuple[Studio, Recipe] | None:
        """Return a clip that was offered."""
        with self._lock:
            return self._clips.get(digest)


def chosen_wish(template: Template, sample: str, theme: str) -> Wish:
    """Return what an address asks for; a name that the template has not is its first instead, as after a change of the file."""
    known = sample if sample in template.samples else next(iter(template.samples), "")
    colours = theme if theme in template.themes else template.themes[0]
    return Wish(sample=known, theme=colours, data=template.samples.get(known, {}))


def begin_look(errands: Errands, wishes: Wishes, exhibit: Exhibit, wish: Wish, person: str) -> LookView:
    """Have every size drawn, and return what is there already."""
    if exhibit.studio is None or exhibit.template is None:
        return LookView()
    recipes = recipes_of(exhibit, wish)
    key = digest_of(" ".join((wish.sample, *(recipe.digest for recipe in recipes.values()))))
    wishes.note(f"{person} {exhibit.id}", key)
    if exhibit.template.kind == "clip":
        wishes.offer(exhibit.studio, recipes.values())
    work = partial(_draw, exhibit, wish, recipes, partial(wishes.wants, key))
    try:
        errand = errands.begin(f"look/{key}", work, page=f"/templates/{exhibit.id}", again=False)
    except BadInput as error:
        return LookView(refused=tuple(problem_line(each) for each in error.problems))
    errand.wait(GLANCE)
    return seen(errand, f"/templates/{exhibit.id}")


def recipes_of(exhibit: Exhibit, wish: Wish) -> dict[str, Recipe]:
    """Return the recipe of each size, from tall to wide."""
    assert exhibit.studio is not None
    assert exhibit.template is not None
    sizes = sorted(exhibit.template.sizes, key=lambda size: SIZES[size].width / SIZES[size].height)
    return {size: exhibit.studio.recipe(exhibit.id, wish.data, size, wish.theme) for size in sizes}


def seen(errand: Errand, page: str) -> LookView:
    """Return what an errand has drawn, or how far it has come."""
    if not errand.over:
        return LookView(errand=errand, address=f"{page}/looks/{errand.id}")
    if errand.refusal is not None:
        return LookView(refused=tuple(problem_line(each) for each in errand.refusal.problems))
    shots = errand.outcome if isinstance(errand.outcome, tuple) else ()
    return look_view(shots, {shot.size: _addresses(shot) for shot in shots})


def _addresses(shot: Shot) -> tuple[str, str]:
    whole = picture_address(shot.digest) if not shot.frames else picture_address(shot.digest, SHOWN_WIDTH)
    return picture_address(shot.digest, SHOWN_WIDTH), whole


def picture_address(digest: str, width: int = 0) -> str:
    """Return where a picture of the cache is served, whole or at a width at which it is kept."""
    return f"/template-pictures/{digest}/{f'small-{width}' if width else 'whole'}.jpg"


def as_it_stands(errand: Errand | None) -> tuple[Errand | None, BadInput | None, object]:
    """Return the errand where it is under way, why it has come to nothing, and what came of it: all of one moment.

    Between two questions it may end, and a page would show neither that it goes on nor what came of it.
    """
    if errand is None:
        return None, None, None
    return (None, errand.refusal, errand.outcome) if errand.over else (errand, None, None)


def begin_frame(errands: Errands, studio: Studio, recipe: Recipe, number: int) -> Errand:
    """Have a frame of a clip drawn into the cache; raise BadInput where nothing is rendered here yet."""
    work = partial(_frame, studio, recipe, number)
    return errands.begin(f"frame/{recipe.digest}/{number}", work, page=f"/templates/{recipe.template_id}")


def _frame(studio: Studio, recipe: Recipe, number: int, engine: Engine, progress: HowFar) -> None:
    engine.render(draw_frame, studio, recipe, number).result()


def _draw(
    exhibit: Exhibit, wish: Wish, recipes: Mapping[str, Recipe], wanted: Wanted, engine: Engine, progress: HowFar
) -> tuple[Shot, ...]:  # fmt: skip
    assert exhibit.studio is not None
    assert exhibit.template is not None
    shots = shoot_all(exhibit.studio, recipes, engine, progress, wanted=wanted)
    if len(shots) < len(recipes):
        raise BadInput(Problem(rule="superseded", message="bạn đã xem tiếp bản khác nên bản này không vẽ hết; hãy bấm Xem"))
    folder, root = exhibit.template.folder, exhibit.template.root
    return tuple(placed(shot, folder, root, wish.sample) for shot in shots)
