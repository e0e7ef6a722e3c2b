"""Render what is asked for, each recipe once, on every core, with word of how far it has come."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context

from studio.rendition import Rendition
from studio.studio import Recipe, Studio

from desk.workspace import Workspace
from scheduler.production import RenderOrder

Progress = Callable[[int, int], None]  # done, total


def render_all(workspace: Workspace, orders: Iterable[RenderOrder], progress: Progress | None = None) -> dict[str, Rendition]:
    """Return every rendition by its recipe's digest; what is in the cache is not rendered again.

    Ctrl-C between two renditions leaves those that are done in the cache, whole.
    """
    recipes = {order.recipe.digest: order.recipe for order in orders}
    done = {digest: found for digest, recipe in recipes.items() if (found := workspace.studio.cached(recipe))}
    tell = progress or (lambda _done, _total: None)
    tell(len(done), len(recipes))
    wanted = [recipe for digest, recipe in recipes.items() if digest not in done]
    for digest, rendition in _rendered(workspace.studio, sorted(wanted, key=_heaviest_first)):
        done[digest] = rendition
        tell(len(done), len(recipes))
    return done


def _heaviest_first(recipe: Recipe) -> tuple[bool, str]:
    """Order clips before pictures, so that no core waits for a clip that another began last."""
    return not recipe.template.startswith("clip/"), recipe.digest


def _rendered(studio: Studio, recipes: list[Recipe]) -> Iterable[tuple[str, Rendition]]:
    workers = min(os.cpu_count() or 1, len(recipes))
    if workers < 2:
        yield from ((recipe.digest, studio.render(recipe)) for recipe in recipes)
        return
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_open_worker, initargs=(studio,))
    with pool:
        try:
            futures = {pool.submit(_render_in_worker, recipe): recipe.digest for recipe in recipes}
            for future in as_completed(futures):
                yield futures[future], future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


_STUDIO: Studio | None = None  # of a worker process; set once when it starts


def _open_worker(studio: Studio) -> None:
    global _STUDIO  # a process pool hands each worker its tools only through module state
    _STUDIO = studio


def _render_in_worker(recipe: Recipe) -> Rendition:
    assert _STUDIO is not None
    return _STUDIO.render(recipe)
