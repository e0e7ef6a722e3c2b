"""Render what is asked for, each recipe once, on every core, with word of how far it has come."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, wait
from dataclasses import asdict
from functools import partial
from pathlib import Path

from desk.tally import Tally, open_tally
from editorial.problem import BadInput, Problem
from scheduler.engines.contract import Engine, Lane, RendererDied, Ticket
from scheduler.production import RenderOrder
from studio.motion import FRAMES_A_SECOND
from studio.rendition import Recipe, Rendition
from studio.studio import Studio

HowFar = Callable[[int, int], None]  # frames done, frames in all; a picture is one frame
_A_GLANCE = 0.25  # seconds between two looks at how far the workers have come


def render_all(
    studio: Studio, orders: Iterable[RenderOrder], engine: Engine, progress: HowFar | None = None
) -> dict[str, Rendition]:
    """Return every rendition by its recipe's digest; what is in the cache is not rendered again.

    Ctrl-C leaves those that are done in the cache, whole, and nothing else. Raises BadInput, once the others are done, for what
    keeps killing the process that renders it.
    """
    recipes = {order.recipe.digest: order.recipe for order in orders}
    done = {digest: found for digest, recipe in recipes.items() if (found := studio.find(recipe))}
    wanted = sorted((recipe for digest, recipe in recipes.items() if digest not in done), key=_heaviest_first)
    kept = sum(_frames_of(rendition) for rendition in done.values())
    frames = {recipe.digest: studio.frame_count(recipe) if progress else 1 for recipe in wanted}
    whole = kept + sum(frames.values())
    with open_tally() as tally:
        jobs = {
            engine.render_anywhere(
                ticket_of(recipe), partial(studio.fetch, recipe), _render_counted, studio, recipe, frames[recipe.digest], tally
            ): recipe.digest
            for recipe in wanted
        }  # fmt: skip
        waiting, given_up = set(jobs), list[Problem]()
        while waiting:
            if progress:
                progress(min(whole, kept + tally.frames), whole)
            ended, waiting = wait(waiting, timeout=_A_GLANCE if progress else None, return_when=FIRST_COMPLETED)
            for job in ended:
                try:
                    done[jobs[job]] = job.result()
                except (RendererDied, MemoryError):
                    given_up.append(too_heavy(recipes[jobs[job]]))
    if given_up:
        raise BadInput(*given_up)
    if progress:
        progress(whole, whole)
    return done


def too_heavy(recipe: Recipe) -> Problem:
    """Return the problem of what no process could render to its end."""
    message = (
        f"mẫu “{recipe.template_id}”, khổ {recipe.size}: tiến trình dựng bị ngắt giữa chừng, thường vì máy hết bộ nhớ; hãy đóng"
        " bớt chương trình rồi chạy lại, hoặc dùng ảnh và clip nhỏ hơn"
    )
    return Problem(rule="renderer-died", message=message)


def ticket_of(recipe: Recipe) -> Ticket:
    """Return the ticket that asks for a rendition."""
    return Ticket(lane=Lane.RENDER, subject=json.dumps(asdict(recipe), ensure_ascii=False, sort_keys=True))


def _heaviest_first(recipe: Recipe) -> tuple[bool, str]:
    """Order clips before pictures, so that no core waits for a clip that another began last."""
    return not recipe.template_id.startswith("clip/"), recipe.digest


def _frames_of(rendition: Rendition) -> int:
    return round(rendition.seconds * FRAMES_A_SECOND) if rendition.seconds else 1


def _render_counted(studio: Studio, recipe: Recipe, frames: int, tally: Tally) -> Rendition:
    """Render in a worker process, which counts its frames where the process that waits can see them."""
    with tally.counting(frames) as count:
        return studio.render(recipe, count)


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
