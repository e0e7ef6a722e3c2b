"""What the desk has drawn while people write, and the entries that are on their way into review.

Drawing and rendering run in processes of their own; no page waits for a clip.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TypeVar, cast

from fastapi import FastAPI

from desk.approving import posts_to_come, submit
from desk.errands import failure
from desk.workbench import Workbench
from editorial.problem import BadInput, Problem
from editorial.role import Person
from scheduler.engines.embedded import EmbeddedEngine
from studio.rendition import Recipe
from studio.studio import Studio

KEPT = 400  # recipes that somebody's page may still ask for
REMEMBERED = 32  # looks at what somebody is typing: another channel of the same words costs nothing
CLIP_WIDTH = 720  # px of a clip's still on the page
_NOTHING_LEFT = "mục này không còn bài nào chưa đăng; muốn nói lại điều đã rút, hãy viết một mục mới"

Look = TypeVar("Look")


@dataclass(frozen=True, kw_only=True)
class HandIn:
    """How far the handing in of an entry has come; frames and pictures are counted."""

    entry: str
    done: int = 0
    total: int = 0
    ended: bool = False
    problems: tuple[Problem, ...] = ()


class Press:
    """Draw what is typed, on demand, and hand entries in, one at a time each. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._engine: EmbeddedEngine | None = None
        self._recipes: OrderedDict[str, tuple[Studio, Recipe]] = OrderedDict()
        self._jobs: dict[str, HandIn] = {}
        self._looks: OrderedDict[Hashable, tuple[object, object]] = OrderedDict()
        self._way = ThreadPoolExecutor(1, thread_name_prefix="hand-in")  # a clip uses every core as it is

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

    def draw(self, digest: str) -> bytes | None:
        """Return a picture, or the still of a clip, as JPEG; None where nobody offered it. Raise BadInput where it cannot be."""
        with self._lock:
            found = self._recipes.get(digest)
        if found is None:
            return None
        studio, recipe = found
        made = studio.find(recipe)
        if made is not None and (still := made.poster or (None if made.seconds else made.path)):
            return still.read_bytes()
        return self._engine_at_work().render(_still, studio, recipe).result()

    def hand_in(self, bench: Workbench, entry: str, person: Person) -> None:
        """Render what the entry needs and hand it in, beside everything else; one that is on its way already goes on as it is."""
        with self._lock:
            if entry in self._jobs and not self._jobs[entry].ended:
                return
            self._jobs[entry] = HandIn(entry=entry)
        self._way.submit(self._hand_in, bench, entry, person)

    def job(self, entry: str) -> HandIn | None:
        """Return how far an entry has come; None where nobody has begun to hand it in."""
        with self._lock:
            return self._jobs.get(entry)

    def close(self) -> None:
        """Let go of the processes."""
        with self._lock:
            engine, self._engine = self._engine, None
        if engine is not None:
            engine.stop()
        self._way.shutdown(cancel_futures=True)

    def _hand_in(self, bench: Workbench, entry: str, person: Person) -> None:
        try:
            posts = posts_to_come(bench, entry, self._engine_at_work(), lambda now, whole: self._note(entry, now, whole))
            if not posts:
                raise BadInput(Problem(rule="nothing-to-publish", message=_NOTHING_LEFT))
            submit(bench, entry, posts, person)
        except BadInput as error:
            self._end(entry, error.problems)
        except Exception as error:  # nobody waits for this thread: what went wrong is told on the page and in the log
            self._end(entry, (failure(error),))
        else:
            self._end(entry, ())

    def _note(self, entry: str, done: int, total: int) -> None:
        with self._lock:
            self._jobs[entry] = replace(self._jobs[entry], done=done, total=total)

    def _end(self, entry: str, problems: tuple[Problem, ...]) -> None:
        with self._lock:
            self._jobs[entry] = replace(self._jobs[entry], ended=True, problems=problems)

    def _engine_at_work(self) -> EmbeddedEngine:
        with self._lock:
            if self._engine is None:
                self._engine = EmbeddedEngine(threads=1)
            return self._engine


@asynccontextmanager
async def at_work(app: FastAPI) -> AsyncIterator[None]:
    """Let go of the press's processes when the application ends."""
    yield
    app.state.press.close()


def _still(studio: Studio, recipe: Recipe) -> bytes:
    """Draw in a process of its own: a picture is kept like any other, a clip is looked at and not rendered."""
    if not recipe.template_id.startswith("clip/"):
        return studio.render(recipe).path.read_bytes()
    screen = studio.screen(recipe, CLIP_WIDTH)
    return screen.frame(screen.film.poster)
