"""What the desk draws while people write: pictures on demand, in a process that renders; no page waits for a clip."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TypeVar, cast

from desk.errands import Errands
from studio.rendition import Recipe
from studio.studio import Studio

KEPT = 2000  # recipes that somebody's page may still ask for
REMEMBERED = 128  # looks at what somebody is typing: another channel of the same words costs nothing
CLIP_WIDTH = 720  # px of a clip's still on the page

Look = TypeVar("Look")


class Press:
    """Draw what is typed, on demand. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._recipes: OrderedDict[str, tuple[Studio, Recipe]] = OrderedDict()
        self._looks: OrderedDict[Hashable, tuple[object, object]] = OrderedDict()

    def offer(self, studio: Studio, recipe: Recipe) -> str:
        """Take note of a picture that a page will ask for; return its address."""
        with self._lock:
            self._recipes[recipe.digest] = (studio, recipe)
            self._recipes.move_to_end(recipe.digest)
            while len(self._recipes) > KEPT:
                self._recipes.popitem(last=False)
        return f"/sketches/{recipe.digest}.jpg"

    def remember(self, of: object, key: Hashable, make: Callable[[], Look]) -> Look:
        """Return what was made of this very object under this key, or make it; the oldest of many is forgotten."""
        with self._lock:
            known = self._looks.get(key)
        if known is not None and known[0] is of:
            return cast(Look, known[1])
        made = make()
        with self._lock:
            self._looks[key] = (of, made)
            self._looks.move_to_end(key)
            while len(self._looks) > REMEMBERED:
                self._looks.popitem(last=False)
        return made

    def draw(self, digest: str, errands: Errands) -> bytes | None:
        """Return a picture, or the still of a clip, as JPEG; None where nobody offered it. Raise BadInput where it cannot be.

        It is drawn by the engine that renders for the pages.
        """
        with self._lock:
            found = self._recipes.get(digest)
        if found is None:
            return None
        studio, recipe = found
        made = studio.find(recipe)
        if made is not None and (still := made.poster or (None if made.seconds else made.path)):
            return still.read_bytes()
        return errands.engine.render(_still, studio, recipe).result()


def _still(studio: Studio, recipe: Recipe) -> bytes:
    """Draw in a process of its own: a picture is kept like any other, a clip is looked at and not rendered."""
    if not recipe.template_id.startswith("clip/"):
        return studio.render(recipe).path.read_bytes()
    screen = studio.screen(recipe, CLIP_WIDTH)
    return screen.frame(screen.film.poster)
