"""The ceiling that clips are measured against: frames that lie ready in memory, encoded and nothing else."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from time import perf_counter, process_time

import av
import numpy as np

from studio.encoder import encoder_options

_OPTIONS = {"preset": "veryfast", "crf": "20"}


def encode_whole(raw: Path, size: tuple[int, int], path: Path, *, alike: bool = False) -> None:
    """Encode all frames with one encoder that uses every core as x264 sees fit: what the ffmpeg command does.

    `alike`: with the processor's instructions that the studio allows itself, where x264 knows faster ones that do not give the
    same bytes twice.
    """
    _encode(raw, size, path, 0, _count(raw, size), "0", alike)


def encode_parts(raw: Path, size: tuple[int, int], path: Path, parts: int) -> None:
    """Encode the frames in equal parts side by side, an encoder of one thread for each; nothing is joined."""
    count = _count(raw, size)
    edges = [count * part // parts for part in range(parts + 1)]
    with ThreadPoolExecutor(parts) as pool:
        jobs = [
            pool.submit(_encode, raw, size, path.with_suffix(f".{part}.mp4"), start, end, "1")
            for part, (start, end) in enumerate(pairwise(edges))
        ]
        for job in jobs:
            job.result()


def _count(raw: Path, size: tuple[int, int]) -> int:
    return raw.stat().st_size // (size[0] * size[1] * 3 // 2)


def _encode(raw: Path, size: tuple[int, int], path: Path, start: int, end: int, threads: str, alike: bool = False) -> None:
    wide, tall = size
    options = {**(encoder_options() if alike else _OPTIONS), "threads": threads}
    frames = np.memmap(raw, dtype=np.uint8, mode="r").reshape(-1, wide * tall * 3 // 2)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=30, options=options)
        stream.width, stream.height, stream.pix_fmt = wide, tall, "yuv420p"
        stream.codec_context.thread_count = int(threads)
        for number in range(start, end):
            frame = av.VideoFrame.from_numpy_buffer(frames[number].reshape(tall * 3 // 2, wide), format="yuv420p")
            frame.pts, frame.time_base = number - start, Fraction(1, 30)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def main(arguments: Sequence[str]) -> None:
    """Encode in a process of its own: raw file, width, height, target, parts.

    Parts is 0 for one encoder with threads of its own, "alike" for one with the studio's instructions.

    Print the seconds of the encoding alone, on the clock and of the processor: starting Python is no part of the ceiling.
    """
    raw, wide, tall, target, parts = arguments
    size = int(wide), int(tall)
    start, cpu = perf_counter(), process_time()
    if parts in ("0", "alike"):
        encode_whole(Path(raw), size, Path(target), alike=parts == "alike")
    else:
        encode_parts(Path(raw), size, Path(target), int(parts))
    sys.stdout.write(json.dumps({"wall": perf_counter() - start, "cpu": process_time() - cpu}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
