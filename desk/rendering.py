"""Render what is asked for, each recipe once, on every core, with word of how far it has come."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import as_completed
from pathlib import Path

from scheduler.engines.contract import Engine
from scheduler.production import RenderOrder
from studio.rendition import Recipe, Rendition
from studio.studio import Studio, render_in_worker

HowFar = Callable[[int, int], None]  # done, total


def render_all(
    studio: Studio, orders: Iterable[RenderOrder], engine: Engine, progress: HowFar | None = None
) -> dict[str, Rendition]:
    """Return every rendition by its recipe's digest; what is in the cache is not rendered again.

    Ctrl-C between two renditions leaves those that are done in the cache, whole.
    """
    recipes = {order.recipe.digest: order.recipe for order in orders}
    done = {digest: found for digest, recipe in recipes.items() if (found := studio.find(recipe))}
    tell = progress or (lambda _done, _total: None)
    tell(len(done), len(recipes))
    wanted = [recipe for digest, recipe in recipes.items() if digest not in done]
    for digest, rendition in _rendered(studio, sorted(wanted, key=_heaviest_first), engine):
        done[digest] = rendition
        tell(len(done), len(recipes))
    return done


def _heaviest_first(recipe: Recipe) -> tuple[bool, str]:
    """Order clips before pictures, so that no core waits for a clip that another began last."""
    return not recipe.template_id.startswith("clip/"), recipe.digest


def _rendered(studio: Studio, recipes: list[Recipe], engine: Engine) -> Iterator[tuple[str, Rendition]]:
    futures = {engine.render(render_in_worker, studio, recipe): recipe.digest for recipe in recipes}
    for future in as_completed(futures):
        yield futures[future], future.result()


def copy_out(rendition: Rendition, target: Path) -> tuple[Path, ...]:
    """Copy a rendition, its subtitles and its poster beside `target`, each whole or not at all; return what was written."""
    captions = rendition.subtitles and rendition.subtitles.with_suffix(".vtt")
    sides = (rendition.path, rendition.subtitles, captions, rendition.poster)
    return tuple(_copy(side, target.with_name(target.name + side.suffix)) for side in sides if side is not None)


def _copy(source: Path, target: Path) -> Path:
    part = target.with_name(f"{target.name}.part")
    try:
        shutil.copyfile(source, part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return target
