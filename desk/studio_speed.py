"""How fast are pictures and clips: ratios of runs that took turns on this machine, beside what was promised."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from desk.rivals import Rivals, Spent, spend
from desk.studio_trials import CORES, raw_of

Measured = Mapping[str, float]
Told = Callable[[str, int, int], None]  # the part that begins, what is done and what there is, in seconds as they are foreseen


@dataclass(frozen=True, kw_only=True)
class Target:
    """One figure with what was promised of it."""

    group: str
    key: str
    label: str
    limit: float | None = None  # None: told beside the others, nothing was promised
    at_most: bool = True

    def met(self, value: float) -> bool:
        """Tell whether a measured value keeps the promise."""
        if self.limit is None:
            return True
        return value <= self.limit if self.at_most else value >= self.limit


TARGETS = (
    Target(group="clip", key="cpu_ratio_to_encode_only", label="Clip: CPU so với chỉ nén hình", limit=1.20),
    Target(group="clip", key="wall_ratio_cold", label="Clip: thời gian, tiến trình mới", limit=1.20),
    Target(group="clip", key="wall_ratio_warm", label="Clip: thời gian, tiến trình đã chạy", limit=1.05),
    Target(group="clip", key="cpu_ratio_to_encode_alike", label="  CPU so với chỉ nén, cùng tập lệnh bộ xử lý"),
    Target(group="clip", key="cpu_ratio_to_two_halves", label="  CPU so với nén hai nửa song song"),
    Target(group="clip", key="wall_ratio_cold_to_two_halves", label="  thời gian, tiến trình mới, so với hai nửa"),
    Target(group="clip", key="wall_ratio_warm_to_two_halves", label="  thời gian, đã chạy, so với hai nửa"),
    Target(group="clip", key="wall_speedup_over_moviepy", label="Clip: nhanh hơn MoviePy (lần)", limit=15, at_most=False),
    Target(group="clip", key="cpu_speedup_over_moviepy", label="Clip: ít CPU hơn MoviePy (lần)", limit=10, at_most=False),
    Target(group="clip", key="one_scene_changed_ratio", label="Clip: sửa một cảnh trong năm", limit=0.40),
    Target(group="clip", key="two_clips_on_two_cores", label="Hai clip trên hai nhân (lần)", limit=1.8, at_most=False),
    Target(group="clip", key="peak_mb", label="Clip: bộ nhớ cao nhất một tiến trình (MB)", limit=450),
    Target(group="clip", key="peak_two_cores_mb", label="  khi một tiến trình nén bằng hai nhân (MB)"),
    Target(group="still", key="warm_ms", label="Ảnh: đổi một dòng chữ (ms)", limit=25),
    Target(group="still", key="cold_ms", label="Ảnh: từ ảnh chụp 12 MP mới (ms)", limit=120),
    Target(group="still", key="png_speedup_over_default", label="PNG nhanh hơn mặc định (lần)", limit=20, at_most=False),
    Target(group="still", key="png_size_ratio", label="PNG: cỡ tệp so với mặc định", limit=1.20),
    Target(group="still", key="six_sizes_seconds", label="Một nội dung, sáu khổ (giây)", limit=1.0),
    Target(group="still", key="speedup_over_chromium", label="Ảnh: nhanh hơn Chromium (lần)", limit=5, at_most=False),
    Target(group="wards", key="seconds", label="126 xã, phường x 3 ảnh (giây)", limit=20),
)


@dataclass(frozen=True, kw_only=True)
class StudioSpeed:
    """The figures by group and name, the runs behind each, and why some were not measured."""

    figures: Mapping[str, Mapping[str, float]]
    runs: Mapping[str, Sequence[Measured]]
    not_run: Mapping[str, str] = field(default_factory=dict)

    @property
    def good(self) -> bool:
        """Tell whether every figure that was measured keeps its promise."""
        return all(target.met(value) for target in TARGETS if (value := self.value(target)) is not None)

    def value(self, target: Target) -> float | None:
        """Return what was measured of a target; None where it was not."""
        return self.figures.get(target.group, {}).get(target.key)


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of the measuring as its bar names it, and about how many seconds a round of it takes on two cores."""

    words: str
    seconds: int
    once: bool = False


PARTS = {
    "frames": Part(words="Mốc chỉ nén", seconds=6, once=True),
    "cold": Part(words="Clip, tiến trình mới", seconds=28),
    "worker": Part(words="Bộ nhớ một tiến trình", seconds=30, once=True),
    "warm": Part(words="Clip, đã chạy", seconds=22),
    "side_by_side": Part(words="Hai clip cùng lúc", seconds=20),
    "stills": Part(words="Ảnh", seconds=16),
    "wards": Part(words="126 xã, phường", seconds=18),
    "moviepy": Part(words="MoviePy", seconds=120, once=True),
}


@dataclass(kw_only=True)
class Way:
    """Tell how far the measuring has come."""

    told: Told
    runs: int
    parts: Collection[str]
    done: int = 0

    def begin(self, name: str, *, round_by_round: bool = False) -> None:
        """Tell that a part, or one round of it, begins now."""
        part = PARTS[name]
        self.told(part.words, self.done, sum(self._seconds(PARTS[each]) for each in self.parts))
        self.done += part.seconds if round_by_round else self._seconds(part)

    def _seconds(self, part: Part) -> int:
        return part.seconds * (1 if part.once else self.runs)


def measure(root: Path, runs: int, rivals: Rivals, without: Collection[str], told: Told) -> StudioSpeed:
    """Measure everything in the workspace at root, our runs and the others' in turn."""
    way = Way(told=told, runs=runs, parts=[name for name in PARTS if name not in without])
    behind: dict[str, list[Measured]] = {}
    try:
        way.begin("frames")
        _trial(root, "frames", 1)
        behind["cold"] = list(_cold_rounds(root, runs, way))
        way.begin("worker")
        behind["worker"] = [{"peak_mb": _trial(root, "worker", 1).peak_mb} for _ in range(2)]
        way.begin("warm")
        behind["warm"] = _trial(root, "warm", runs).lines
        way.begin("side_by_side")
        behind["side_by_side"] = _trial(root, "side_by_side", runs).lines
    finally:
        raw_of(root).unlink(missing_ok=True)
    behind["stills"], behind["chromium"] = _still_rounds(root, runs, rivals, "chromium" in without, way)
    way.begin("wards")
    behind["wards"] = _trial(root, "wards", runs).lines
    if "moviepy" not in without:
        way.begin("moviepy")
        behind["moviepy"] = [*rivals.moviepy_round(root, lambda: _trial(root, "cold", 1))]
    told("Xong", way.done, way.done)
    return StudioSpeed(figures=_figures(behind), runs=behind, not_run=_not_run(behind, without))


def _trial(root: Path, name: str, runs: int) -> Spent:
    return spend(["-m", "desk.studio_trials", name, str(root), str(runs)])


def _cold_rounds(root: Path, runs: int, way: Way) -> Iterator[Measured]:
    for _ in range(runs):
        way.begin("cold", round_by_round=True)
        whole, parts, alike = (
            spend(["-m", "studio.ceiling", str(raw_of(root)), "1080", "1920", str(root / "ceiling.mp4"), how]).lines[0]
            for how in ("0", str(CORES), "alike")
        )
        clip = _trial(root, "cold", 1)
        yield {
            "ceiling_whole": whole["wall"],
            "ceiling_whole_cpu": whole["cpu"],
            "ceiling_parts": parts["wall"],
            "ceiling_parts_cpu": parts["cpu"],
            "ceiling_alike_cpu": alike["cpu"],
            "clip": clip.wall,
            "clip_cpu": clip.cpu,
            "peak_mb": clip.peak_mb,
        }


def _still_rounds(root: Path, runs: int, rivals: Rivals, alone: bool, way: Way) -> tuple[list[Measured], list[Measured]]:
    ours: list[Measured] = []
    theirs: list[Measured] = []
    for _ in range(runs):
        way.begin("stills", round_by_round=True)
        here = _trial(root, "stills", 5).lines
        ours += here
        there = () if alone else rivals.chromium_run(root, 5)
        if there:
            warm, page = median(_column(here, "warm")), median(_column(there, "seconds"))
            theirs.append({"warm": warm, "page": page, "speedup": page / warm})
    return ours, theirs


def _column(lines: Sequence[Measured], key: str) -> list[float]:
    return [line[key] for line in lines]


def _ratio(lines: Sequence[Measured], upper: str, lower: str) -> float:
    """Return the median, over the rounds, of one measurement to another of the same round."""
    return median(line[upper] / line[lower] for line in lines)


def _figures(behind: Mapping[str, Sequence[Measured]]) -> dict[str, dict[str, float]]:
    cold, warm, stills = behind["cold"], behind["warm"], behind["stills"]
    clip = {
        "cpu_ratio_to_encode_only": _ratio(cold, "clip_cpu", "ceiling_whole_cpu"),
        "wall_ratio_cold": _ratio(cold, "clip", "ceiling_whole"),
        "wall_ratio_warm": _ratio(warm, "clip", "ceiling_whole"),
        "cpu_ratio_to_encode_alike": _ratio(cold, "clip_cpu", "ceiling_alike_cpu"),
        "cpu_ratio_to_two_halves": _ratio(cold, "clip_cpu", "ceiling_parts_cpu"),
        "wall_ratio_cold_to_two_halves": _ratio(cold, "clip", "ceiling_parts"),
        "wall_ratio_warm_to_two_halves": _ratio(warm, "clip", "ceiling_parts"),
        "one_scene_changed_ratio": _ratio(warm, "one_scene", "clip"),
        "two_clips_on_two_cores": median(_column(behind["side_by_side"], "speedup")),
        "peak_mb": max(_column(behind["worker"], "peak_mb")),
        "peak_two_cores_mb": max(_column(cold, "peak_mb")),
    }
    for line in behind.get("moviepy", ()):
        clip |= {"wall_speedup_over_moviepy": line["moviepy"] / line["clip"]}
        clip |= {"cpu_speedup_over_moviepy": line["moviepy_cpu"] / line["clip_cpu"]}
    still = {
        "warm_ms": median(_column(stills, "warm")) * 1000,
        "cold_ms": median(_column(stills, "cold")) * 1000,
        "png_speedup_over_default": _ratio(stills, "png_default_seconds", "png_seconds"),
        "png_size_ratio": _ratio(stills, "png_byte_size", "png_default_byte_size"),
        "six_sizes_seconds": median(_column(stills, "sizes")),
    }
    if behind["chromium"]:
        still["speedup_over_chromium"] = median(_column(behind["chromium"], "speedup"))
    return {"clip": clip, "still": still, "wards": {"seconds": median(_column(behind["wards"], "seconds"))}}


def _not_run(behind: Mapping[str, Sequence[Measured]], without: Collection[str]) -> dict[str, str]:
    reasons = {"moviepy": "không tạo được môi trường MoviePy 2.2.1", "chromium": "máy không có playwright hoặc Chromium"}
    return {
        name: "được bỏ qua theo yêu cầu" if name in without else reason
        for name, reason in reasons.items()
        if not behind.get(name)
    }


def speed_values(found: StudioSpeed) -> dict[str, object]:
    """Return the figures as JSON has them; null stands for what was not measured."""
    groups: dict[str, dict[str, object]] = {}
    for target in TARGETS:
        value = found.value(target)
        groups.setdefault(target.group, {})[target.key] = None if value is None else round(value, 4)
    limits = {
        f"{target.group}.{target.key}": f"{'<=' if target.at_most else '>='} {target.limit:g}"
        for target in TARGETS
        if target.limit is not None
    }
    return {**groups, "targets": limits, "runs": found.runs, "not_run": found.not_run}


def speed_lines(found: StudioSpeed) -> list[str]:
    """Return the figures as people read them."""
    rows = [f"{'':<46}{'đo được':>10}{'mục tiêu':>12}"]
    for target in TARGETS:
        value = found.value(target)
        limit = "" if target.limit is None else f"{'≤' if target.at_most else '≥'} {_number(target.limit)}"
        mark = "" if value is None or not limit else "đạt" if target.met(value) else "CHƯA ĐẠT"
        shown = "không đo" if value is None else _number(value)
        rows.append(f"{target.label:<46}{shown:>10}{limit:>12}  {mark}".rstrip())
    rows += [f"{name}: {reason}" for name, reason in found.not_run.items()]
    return [*rows, "Mỗi tỷ số là trung vị của các lượt chạy xen kẽ trên máy này; việc khác chạy cùng lúc làm thời gian dao động."]


def _number(value: float) -> str:
    return f"{value:.3g}".replace(".", ",") if value < 1000 else f"{value:.0f}"
