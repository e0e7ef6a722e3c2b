"""A clip laid out in time: scenes, what lies over them, what is said, and which moment stands for it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from editorial.problem import BadInput, Problem
from studio.allowance import memory_bytes
from studio.colour import parse_colour
from studio.display import Box, Counter, DisplayList, Item, Motion
from studio.duration import duration_problems
from studio.expression import holds, print_text
from studio.layer import SubtitleLayer
from studio.motion import FRAMES_A_SECOND
from studio.node import Context, Node, fill_in, row_context
from studio.pacing import filled, overlap, scene_frames, wordiest, words_read
from studio.recording import Passage, Voice, find_voice, heard, passages, voice_source
from studio.sampling import SAMPLES_A_SECOND
from studio.scene import Stage
from studio.subtitle import Cue, cues
from studio.template import Scene
from studio.transition import CROSSFADE, Transition
from studio.tree import Layer
from studio.words import normal

_MOST_SECONDS = 1800  # of all scenes together: more is a slip, and hours of rendering
_SOUND_BYTES = 3_000_000  # a second of sound while it is mixed and brought to its loudness, as measured
_SOUND_SHARE = 0.75  # of the memory of a worker, for the sound
_BREATH = 0.2  # seconds between a scene and its voice, before and after


@dataclass(frozen=True, kw_only=True)
class Shot:
    """A scene on the clip's clock, in frames; its first `crossfade` frames overlap the shot before, whatever the transition."""

    id: str
    start: int
    frames: int
    crossfade: int
    display: DisplayList
    transition: Transition = CROSSFADE

    @property
    def end(self) -> int:
        """Return the first frame after the shot."""
        return self.start + self.frames


@dataclass(frozen=True, kw_only=True)
class Overlay:
    """An item over all shots, shown from frame `start` to `end`, except in `hidden` stretches of frames."""

    item: Item
    start: int
    end: int
    hidden: tuple[tuple[int, int], ...] = ()

    def is_shown(self, number: int) -> bool:
        """Tell whether the item is there in a frame."""
        return self.start <= number < self.end and not any(start <= number < end for start, end in self.hidden)


@dataclass(frozen=True, kw_only=True)
class Bed:
    """The music under a clip."""

    path: Path
    volume: float
    fade_in: float
    fade_out: float


@dataclass(frozen=True, kw_only=True)
class Film:
    """Everything that a clip shows and plays, resolved."""

    width: int
    height: int
    shots: tuple[Shot, ...]
    overlays: tuple[Overlay, ...]
    cues: tuple[Cue, ...]
    bed: Bed | None
    poster: int
    problems: tuple[Problem, ...]
    safe: Box | None = None
    voice: Voice | None = None

    @property
    def is_heard(self) -> bool:
        """Tell whether it has a sound."""
        return self.bed is not None or self.voice is not None

    @property
    def frames(self) -> int:
        """Return how many frames it has."""
        return self.shots[-1].end

    @property
    def seconds(self) -> float:
        """Return how long it is."""
        return self.frames / FRAMES_A_SECOND


@dataclass(frozen=True, kw_only=True)
class _Take:
    """A scene with one row of data, not yet on the clock."""

    scene: Scene
    context: Context
    said: str
    words: str
    nodes: tuple[Node, ...]
    frames: int
    read: tuple[int, int] | None = None  # its stretch of the recording

    @property
    def lead(self) -> float:
        """Return the seconds before its voice at which the scene is all there."""
        transition = self.scene.spec.transition
        return _BREATH + (0.0 if transition.move == "cut" else transition.seconds)


def make_film(stage: Stage) -> Film:
    """Return the clip of a template with data."""
    takes = _filled(stage, _voiced(stage, tuple(_takes(stage))))
    if not takes:
        message = "với dữ liệu này không cảnh nào hiện ra; hãy xem lại visible_if và repeat của các cảnh"
        raise BadInput(Problem(rule="no-scene", key=stage.template.id, message=message))
    seconds = sum(take.frames for take in takes) / FRAMES_A_SECOND
    if seconds > _MOST_SECONDS:
        message = f"với dữ liệu này clip dài quá {_MOST_SECONDS // 60} phút; hãy bớt dòng hoặc rút ngắn các cảnh"
        raise BadInput(Problem(rule="too-long-clip", key=stage.template.id, message=message))
    sounding = stage.template.music is not None or stage.template.voice is not None
    if sounding and seconds * _SOUND_BYTES > memory_bytes() * _SOUND_SHARE:
        most = int(memory_bytes() * _SOUND_SHARE / _SOUND_BYTES)
        message = f"máy này chỉ trộn được {most} giây âm thanh; hãy rút ngắn clip, hoặc tăng LOA_MEMORY_MB nếu máy còn bộ nhớ"
        raise BadInput(Problem(rule="too-long-clip", key=stage.template.id, message=message))
    shots = tuple(_shots(stage, takes))
    voice = _voice(stage, takes, shots)
    said = tuple(_said(takes, shots))
    overlays, problems = _overlays(stage, shots, said)
    lasting = duration_problems(
        stage.template.length, shots[-1].end / FRAMES_A_SECOND, voiced=voice is not None, key=_wordiest(takes)
    )
    return Film(
        width=stage.canvas.width,
        height=stage.canvas.height,
        shots=shots,
        overlays=overlays,
        cues=said,
        bed=_bed(stage),
        voice=voice,
        poster=_poster(stage, shots),
        safe=shots[0].display.safe if shots else None,
        problems=tuple(dict.fromkeys((*(problem for shot in shots for problem in shot.display.problems), *problems, *lasting))),
    )


def _bed(stage: Stage) -> Bed | None:
    music = stage.template.music
    if music is None:
        return None
    path = stage.brand.music[music.themes.get(stage.theme, music.track)]
    return Bed(path=path, volume=music.volume, fade_in=music.fade_in, fade_out=music.fade_out)


def _takes(stage: Stage) -> Iterator[_Take]:
    design = stage.template.designs[stage.size]
    for scene in design.scenes:
        for context in scene_contexts(scene, stage.context):
            nodes = fill_in((*design.background, *scene.layers), context)
            said = normal(print_text(scene.spec.say, context)) if scene.spec.say else ""
            words = words_read(said, nodes)
            frames = scene_frames(scene.spec, words)
            yield _Take(scene=scene, context=context, said=said, words=words, nodes=nodes, frames=frames)


def _filled(stage: Stage, takes: tuple[_Take, ...]) -> tuple[_Take, ...]:
    """Return the scenes, longer where the template promises a longer clip."""
    promised = stage.template.length
    if promised is None:
        return takes
    frames = filled([take.scene.spec for take in takes], [take.frames for take in takes], promised.least)
    return tuple(replace(take, frames=count) for take, count in zip(takes, frames, strict=True))


def _wordiest(takes: tuple[_Take, ...]) -> str | None:
    """Return the field to shorten first: the one with most words of the scene that waits longest for its words."""
    waiting = sorted((take for take in takes if take.scene.spec.seconds == "reading"), key=lambda take: -take.frames)
    named = (wordiest(take.words, take.context, take.scene.spec.repeat) for take in waiting)
    return next((name for name in named if name is not None), None)


def _voiced(stage: Stage, takes: tuple[_Take, ...]) -> tuple[_Take, ...]:
    """Return the scenes each with its stretch of the recording, and as long as it takes to read it aloud."""
    spec, path = stage.template.voice, _voice_path(stage)
    if spec is None or path is None or not takes:
        return takes
    letters = [len(take.said) for take in takes]
    letters = letters if any(letters) else [1]
    spoken = [index for index, count in enumerate(letters) if count]
    stretches = passages(heard(path, spec.most), [letters[index] for index in spoken])
    read = dict(zip(spoken, stretches, strict=True))
    return tuple(_as_long_as_its_voice(take, read[index]) if index in read else take for index, take in enumerate(takes))


def _as_long_as_its_voice(take: _Take, read: tuple[int, int]) -> _Take:
    needed = take.lead + (read[1] - read[0]) / SAMPLES_A_SECOND + _BREATH
    return replace(take, read=read, frames=max(take.frames, math.ceil(needed * FRAMES_A_SECOND)))


def _voice_path(stage: Stage) -> Path | None:
    return find_voice(stage.template, stage.brand, voice_source(stage.template, stage.context))


def _voice(stage: Stage, takes: tuple[_Take, ...], shots: tuple[Shot, ...]) -> Voice | None:
    spec, path = stage.template.voice, _voice_path(stage)
    if spec is None or path is None:
        return None
    pairs = zip(takes, shots, strict=True)
    heard_at = tuple(passage for take, shot in pairs if (passage := _passage(take, shot)) is not None)
    return Voice(path=path, most=spec.most, passages=heard_at, duck=spec.duck, attack=spec.attack, release=spec.release)


def _passage(take: _Take, shot: Shot) -> Passage | None:
    if take.read is None:
        return None
    start, end = take.read
    return Passage(start=start, end=end, at=(shot.start + shot.crossfade) / FRAMES_A_SECOND + _BREATH)


def scene_contexts(scene: Scene, context: Context) -> Iterator[Context]:
    """Yield a scene's data each time that it is shown: once, once a row, or never."""
    if not holds(scene.spec.visible_if, context):
        return
    if scene.spec.repeat is None:
        yield context
        return
    rows = context.get(scene.spec.repeat)
    rows = rows if isinstance(rows, list) else []
    for index, row in enumerate(rows):
        yield row_context(context, row, index, len(rows))


def _shots(stage: Stage, takes: tuple[_Take, ...]) -> Iterator[Shot]:
    end = 0
    for index, take in enumerate(takes):
        shared = overlap(take.scene.spec.transition, takes[index - 1].frames, take.frames) if index else 0
        display = stage.display_nodes(take.nodes, take.frames / FRAMES_A_SECOND)
        yield Shot(
            id=take.scene.spec.id,
            start=end - shared,
            frames=take.frames,
            crossfade=shared,
            display=display,
            transition=_transition(stage, take),
        )
        end += take.frames - shared


def _transition(stage: Stage, take: _Take) -> Transition:
    spec = take.scene.spec.transition
    return Transition(move=spec.move, side=spec.from_, colour=parse_colour(spec.colour, stage.brand.colours[stage.theme]))


def _said(takes: tuple[_Take, ...], shots: tuple[Shot, ...]) -> Iterator[Cue]:
    for index, (take, shot) in enumerate(zip(takes, shots, strict=True)):
        passage = _passage(take, shot)
        if take.said and passage is not None:
            yield from cues(take.said, passage.at, passage.until + _BREATH)
        elif take.said:
            following = shots[index + 1].crossfade if index + 1 < len(shots) else 0
            start = (shot.start + shot.crossfade / 2) / FRAMES_A_SECOND
            yield from cues(take.said, start, (shot.end - following / 2) / FRAMES_A_SECOND)


def _overlays(stage: Stage, shots: tuple[Shot, ...], said: tuple[Cue, ...]) -> tuple[tuple[Overlay, ...], tuple[Problem, ...]]:
    end = shots[-1].end
    overlays: list[Overlay] = []
    problems: list[Problem] = []
    for layer in stage.template.designs[stage.size].layers:
        hidden = tuple((shot.start, shot.end) for shot in shots if shot.id in layer.spec.hide_in)
        for start, until, display in _layer_over_time(stage, layer, said, end):
            overlays += (Overlay(item=item, start=start, end=until, hidden=hidden) for item in display.items)
            problems += display.problems
    return tuple(overlays), tuple(problems)


def _layer_over_time(stage: Stage, layer: Layer, said: tuple[Cue, ...], end: int) -> Iterator[tuple[int, int, DisplayList]]:
    if not isinstance(layer.spec, SubtitleLayer):
        yield 0, end, stage.display((layer,), stage.context, end / FRAMES_A_SECOND)
        return
    for cue in said:
        display = stage.display((layer,), {**stage.context, "subtitle": cue.text}, cue.end - cue.start)
        yield round(cue.start * FRAMES_A_SECOND), round(cue.end * FRAMES_A_SECOND), display


def _poster(stage: Stage, shots: tuple[Shot, ...]) -> int:
    wanted = stage.template.poster
    if isinstance(wanted, int | float):
        return min(shots[-1].end - 1, max(0, round(wanted * FRAMES_A_SECOND)))
    index = next((index for index, shot in enumerate(shots) if shot.id == wanted), 0)
    return rest_frame(shots, index)


def rest_frame(shots: tuple[Shot, ...], index: int) -> int:
    """Return the frame in the middle of the time that a shot stands still: all is there, nothing goes yet."""
    shot = shots[index]
    following = shots[index + 1].crossfade if index + 1 < len(shots) else 0
    settled = max((_settled(item) for item in shot.display.items), default=0.0)
    leaving = min((motion.start for item in shot.display.items for motion in item.motions if not motion.entering), default=1e9)
    first = max(shot.crossfade, round(settled * FRAMES_A_SECOND))
    last = min(shot.frames - following - 1, round(leaving * FRAMES_A_SECOND) - 1)
    return shot.start + max(0, min(shot.frames - 1, (first + max(first, last)) // 2))


def _settled(item: Item) -> float:
    counted = item.live.delay + item.live.seconds if isinstance(item.live, Counter) else 0.0
    return max([counted, *(_arrived(motion) for motion in item.motions)])


def _arrived(motion: Motion) -> float:
    return motion.start + motion.seconds if motion.entering else 0.0
