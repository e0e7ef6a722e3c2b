"""Single measurements of the studio, each in the process that it needs: fresh, or warm and long-lived."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING, ParamSpec

from studio.ceiling import encode_parts, encode_whole
from studio.studio import Studio
from studio.trial import CLIP, POSTER, WARD_PICTURES, Trial, make_workspace, open_trial, time_png, write_frames

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

CORES = 2  # what the targets are set for
WARDS = 126
Measured = dict[str, float]
Trials = Iterator[Measured]
Given = ParamSpec("Given")


def _seconds(work: Callable[Given, object], *args: Given.args, **kwargs: Given.kwargs) -> float:
    start = perf_counter()
    work(*args, **kwargs)
    return perf_counter() - start


def _processes(count: int) -> ProcessPoolExecutor:
    from concurrent.futures import ProcessPoolExecutor  # here: a render in a fresh process, which is measured too, needs none
    from multiprocessing import get_context

    return ProcessPoolExecutor(count, mp_context=get_context("spawn"))


@contextmanager
def _cache(root: Path, name: str) -> Iterator[str]:
    """Yield the name of an empty cache; it is gone afterwards."""
    shutil.rmtree(root / name, ignore_errors=True)
    yield name
    shutil.rmtree(root / name, ignore_errors=True)


def prepared(root: Path, templates: Path, assets: Path) -> None:
    """Fill the workspace, in a process of its own.

    Photos made by arithmetic take 650 MB, and a child's peak memory is at least what its parent's was when it was begun.
    """
    with _processes(1) as pool:
        pool.submit(make_workspace, root, templates, assets).result()


def frames(root: Path, runs: int) -> Trials:
    """Write the clip's frames to memory, for the ceiling."""
    write_frames(open_trial(root).film(), raw_of(root))
    yield {}


def raw_of(root: Path) -> Path:
    """Return where the clip's frames lie: in memory where the machine has a folder for that."""
    memory = Path("/dev/shm")
    return (memory if memory.is_dir() else root) / f"loa-bench-{root.name}.yuv"


def cold(root: Path, runs: int) -> Trials:
    """Render the clip once, in a process that has done nothing yet."""
    trial = open_trial(root)
    with _cache(root, "cold") as cache:
        studio = trial.studio(cache, cores=CORES)
        rendition = studio.render(studio.recipe(CLIP, trial.data(CLIP), "story"))
        yield {"mb": rendition.byte_size / 1e6}


def worker(root: Path, runs: int) -> Trials:
    """Render the clip once on one core, as each worker of a batch does."""
    trial = open_trial(root)
    with _cache(root, "worker") as cache:
        studio = trial.studio(cache)
        yield {"mb": studio.render(studio.recipe(CLIP, trial.data(CLIP), "story")).byte_size / 1e6}


def warm(root: Path, runs: int) -> Trials:
    """Encode the frames alone, render the clip, render it with one scene changed, in turn, in a process that is warm."""
    trial = open_trial(root)
    raw, size, target = raw_of(root), (1080, 1920), root / "ceiling.mp4"
    _warm_pair(trial, 0)
    for run in range(1, runs + 1):
        whole = _seconds(encode_whole, raw, size, target)
        parts = _seconds(encode_parts, raw, size, target, CORES)
        yield {"ceiling_whole": whole, "ceiling_parts": parts, **_warm_pair(trial, run)}


def _warm_pair(trial: Trial, number: int) -> Measured:
    with _cache(trial.root, "warm") as cache:
        studio = trial.studio(cache, cores=CORES)
        start, cpu = perf_counter(), process_time()
        studio.render(studio.recipe(CLIP, trial.data(CLIP), "story"))
        clip, clip_cpu = perf_counter() - start, process_time() - cpu
        changed = studio.recipe(CLIP, trial.edited(number), "story")
        return {"clip": clip, "clip_cpu": clip_cpu, "one_scene": _seconds(studio.render, changed)}


def side_by_side(root: Path, runs: int) -> Trials:
    """Render two clips one after the other on one core, then side by side on two."""
    with _processes(CORES) as pool:
        _clips(pool, root, CORES)
        for _ in range(runs):
            alone = _seconds(_clips, pool, root, 1)
            together = _seconds(_clips, pool, root, CORES)
            yield {"alone": alone, "together": together, "speedup": CORES * alone / together}


def _clips(pool: ProcessPoolExecutor, root: Path, count: int) -> None:
    list(pool.map(_one_clip, [root] * count, [f"side{number}" for number in range(count)]))


def _one_clip(root: Path, name: str) -> None:
    trial = _opened(root)
    with _cache(root, name) as cache:
        studio = trial.studio(cache)
        studio.render(studio.recipe(CLIP, trial.data(CLIP), "story"))


@lru_cache(maxsize=1)
def _opened(root: Path) -> Trial:
    return open_trial(root)


def stills(root: Path, runs: int) -> Trials:
    """Render the poster with another headline, with another photo, in six sizes; and write it as PNG in two ways."""
    trial = open_trial(root)
    with _cache(root, "stills") as cache:
        studio = trial.studio(cache)
        sizes = tuple(trial.templates[POSTER].sizes)
        _posters(studio, trial, "đầu tiên", "photos/5.jpg", sizes)
        for run in range(runs):
            name = f"lần {run}"
            photo = _copied_photo(root, run)
            yield {
                "cold": _seconds(_posters, studio, trial, name, photo, ["portrait"]),
                "warm": _seconds(_posters, studio, trial, f"{name} nữa", photo, ["portrait"]),
                "sizes": _seconds(_posters, studio, trial, name, _copied_photo(root, -1 - run), sizes),
                "size_count": len(sizes),
                **{f"png_{key}": value for key, value in vars(time_png(trial)).items()},
            }


def _copied_photo(root: Path, number: int) -> str:
    """Return a photo that no cache has seen: the same pixels in another file."""
    path = root / "photos" / f"fresh{number}.jpg"
    if not path.is_file():
        path.write_bytes((root / "photos" / "2.jpg").read_bytes() + str(number).encode())
    return f"photos/{path.name}"


def _posters(studio: Studio, trial: Trial, words: str, photo: str, sizes: Iterable[str]) -> None:
    data = {**trial.data(POSTER), "headline": f"Kỷ niệm 72 năm Ngày Giải phóng Thủ đô, {words}", "photo": photo}
    for size in sizes:
        studio.render(studio.recipe(POSTER, data, size))


def wards(root: Path, runs: int) -> Trials:
    """Render three pictures for each ward, of which only one line differs, in one batch on two cores."""
    with _processes(CORES) as pool:
        list(pool.map(_opened, [root] * CORES))
        for _ in range(runs):
            with _cache(root, "wards") as cache:
                yield {"seconds": _seconds(_wards, pool, root, cache), "pictures": len(list((root / cache).rglob("picture.jpg")))}


def _wards(pool: ProcessPoolExecutor, root: Path, cache: str) -> None:
    jobs = [pool.submit(_ward_part, root, cache, picture, part) for picture in WARD_PICTURES for part in range(CORES)]
    for job in jobs:
        job.result()


def _ward_part(root: Path, cache: str, picture: str, part: int) -> None:
    trial = _opened(root)
    studio = trial.studio(cache)
    slot = "kicker" if picture == POSTER else "ward"
    for ward in range(1 + part, 1 + WARDS, CORES):
        studio.render(studio.recipe(picture, {**trial.data(picture), slot: f"Xã, phường số {ward}"}, "portrait"))


TRIALS: Mapping[str, Callable[[Path, int], Trials]] = {
    job.__name__: job for job in (frames, cold, worker, warm, side_by_side, stills, wards)
}


def main(arguments: Sequence[str]) -> None:
    """Print what a trial measured, one JSON object a line: trial, workspace, runs."""
    name, root, runs = arguments
    for measured in TRIALS[name](Path(root), int(runs)):
        sys.stdout.write(json.dumps(measured) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
