"""Any frame of a film, composed straight in I420 from cutouts that were made once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, takewhile

import cv2
import numpy as np
from PIL import Image

from studio.crossing import pass_over
from studio.display import Bar, Box, Counter, Item, KenBurns, Motion, Picture, Reel
from studio.film import Film, Overlay, Shot
from studio.motion import AT_REST, FRAMES_A_SECOND, Pose, pose
from studio.paint import Easel, Sprite
from studio.plane import Cutout, Frame, Plane, blend, cutout, frame_of
from studio.reel import ReelCutouts
from studio.zoom import RIM, Zoom, zoom_of

_MOST_SETS = 6  # a set is some 20 MB
_WASTE = 1.6  # items are joined into one cutout while it is at most so much larger than they are together

State = tuple[Pose, int]


@dataclass(frozen=True, kw_only=True, eq=False)
class Part:
    """What is blended in one go: cutouts (one for each step of a counter, or frame of a reel) that share their motion."""

    cutouts: Sequence[Cutout]
    motions: tuple[Motion, ...]
    delay: float | None = None  # seconds after which its cutouts follow one another, one a frame
    zoom: Zoom | None = None

    def state(self, moment: float) -> State:
        """Return all that can change in this part: its pose and its step."""
        return pose(self.motions, moment), self._step(moment)

    def _step(self, moment: float) -> int:
        if self.zoom is not None:
            return round(moment * FRAMES_A_SECOND)
        if self.delay is None:
            return 0
        frame = int((moment - self.delay) * FRAMES_A_SECOND + 1e-6)
        return min(len(self.cutouts) - 1, max(0, frame))


@dataclass(frozen=True, kw_only=True, eq=False)
class Set:
    """A shot made ready: a ground painted once, and the parts that move or lie over what moves."""

    ground: Frame
    parts: tuple[Part, ...]


@dataclass(kw_only=True, eq=False)
class Shown:
    """A set as it is shown, frame after frame, by one projector."""

    ground: Frame
    parts: tuple[Part, ...]
    last: tuple[State, ...] | None = None
    composed: Frame = field(init=False)

    def __post_init__(self) -> None:
        self.composed = Frame.blank(self.ground.width, self.ground.height, RIM)

    def at(self, moment: float) -> Frame:
        """Return the shot `moment` seconds after its start; the same frame again while nothing changes."""
        states = self._states(moment)
        if states != self.last:
            self._compose(self.composed, states, moment)
            self.last = states
        return self.composed

    def draw(self, target: Frame, moment: float) -> None:
        """Turn a frame that has RIM px round it into the shot; what moves all the time is not composed elsewhere first."""
        states = self._states(moment)
        if self._hides_ground(states) is not None:
            self._compose(target, states, moment)
        else:
            target.copy_from(self.at(moment))

    def _states(self, moment: float) -> tuple[State, ...]:
        return tuple(part.state(moment) for part in self.parts)

    def _compose(self, target: Frame, states: Sequence[State], moment: float) -> None:
        parts = zip(self.parts, states, strict=True)
        if (zoom := self._hides_ground(states)) is not None:
            zoom.fill(target, moment)
            next(parts)
        else:
            target.copy_from(self.ground)
        for part, state in parts:
            _put(target, part, state, moment)

    def _hides_ground(self, states: Sequence[State]) -> Zoom | None:
        """Return the picture at the back where nothing of the ground can be seen beside or through it."""
        first = self.parts[0].zoom if self.parts else None
        return first if first is not None and first.covers(self.ground) and states[0][0].opacity >= 1.0 else None


class Scenery:
    """The sets of a film, each made once for all projectors that show it at the same time; the oldest go first."""

    def __init__(self, film: Film, easel: Easel) -> None:
        cv2.setNumThreads(1)  # a stretch per core; threads of its own would only fight over the second
        self.film = film
        self.overlays = list(_overlay_parts(film.overlays, easel))
        self._easel = easel
        self._sets: OrderedDict[int, Set] = OrderedDict()
        self._turns = [threading.Lock() for _ in film.shots]

    def set_of(self, index: int) -> Set:
        """Return a shot made ready."""
        with self._turns[index]:
            made = self._sets.get(index) or _make_set(self.film.shots[index], self._easel)
            self._sets[index] = made
            while len(self._sets) > _MOST_SETS:
                self._sets.popitem(last=False)
            return made


class Projector:
    """Show a film frame by frame, in any order; several at the same time may share one scenery."""

    def __init__(self, film: Film, easel: Easel, scenery: Scenery | None = None) -> None:
        self._film = film
        self._scenery = scenery or Scenery(film, easel)
        self._sets: dict[int, Shown] = {}
        self._frame: Frame | None = None

    @property
    def film(self) -> Film:
        """Return what is shown."""
        return self._film

    def frame(self, number: int) -> Frame:
        """Return a frame; valid until the next call."""
        if self._frame is None:
            self._frame = Frame.blank(self._film.width, self._film.height, RIM)
        self.show(number, self._frame)
        return self._frame

    def show(self, number: int, target: Frame) -> None:
        """Compose a frame where it is wanted, such as in the picture that is encoded; the target has RIM px round it."""
        shots = [index for index, shot in enumerate(self._film.shots) if shot.start <= number < shot.end]
        for index in [index for index in self._sets if index < shots[0]]:
            del self._sets[index]
        self._shown(shots[0]).draw(target, self._moment(shots[0], number))
        if len(shots) > 1:
            shot = self._film.shots[shots[1]]
            share = (number - shot.start + 1) / (shot.crossfade + 1)
            above = self._shown(shots[1]).at(self._moment(shots[1], number))
            pass_over(target, above, shot.transition, share)
        for overlay, part in self._scenery.overlays:
            self._lay_over(target, overlay, part, number)

    def _shown(self, index: int) -> Shown:
        if index not in self._sets:
            made = self._scenery.set_of(index)
            self._sets[index] = Shown(ground=made.ground, parts=made.parts)
        return self._sets[index]

    def _moment(self, index: int, number: int) -> float:
        return (number - self._film.shots[index].start) / FRAMES_A_SECOND

    def _lay_over(self, target: Frame, overlay: Overlay, part: Part, number: int) -> None:
        if not overlay.start <= number < overlay.end or any(start <= number < end for start, end in overlay.hidden):
            return
        moment = (number - overlay.start) / FRAMES_A_SECOND
        standing, step = part.state(moment)
        if isinstance(overlay.item.live, Bar):
            standing = Pose(opacity=standing.opacity, shown=_grown(overlay.item.live, (number + 1) / self._film.frames))
        _put(target, part, (standing, step), moment)


def _grown(bar: Bar, share: float) -> Box:
    box = bar.full.box
    if bar.horizontal:
        return Box(left=box.left, top=box.top, width=box.width * share, height=box.height)
    return Box(left=box.left, top=box.top + box.height * (1 - share), width=box.width, height=box.height * share)


def _overlay_parts(overlays: Sequence[Overlay], easel: Easel) -> Iterator[tuple[Overlay, Part]]:
    """Yield what lies over all shots, each with when it is there: a subtitle and what it stands on are one part."""
    for _, same in groupby(overlays, _shown_together):
        together: list[Overlay] = []
        for overlay in same:
            if together and not _worth_joining([one.item for one in together], overlay.item, easel):
                yield together[0], _still_part([one.item for one in together], easel)
                together = []
            if isinstance(overlay.item.live, Counter | Reel):
                yield overlay, _moving(overlay.item, easel)
            else:
                together.append(overlay)
        if together:
            yield together[0], _still_part([one.item for one in together], easel)


def _shown_together(overlay: Overlay) -> object:
    """Return what is equal of overlays that may be joined: of one layer, for else it would depend on the rest of the film."""
    item = overlay.item
    return item.id, overlay.start, overlay.end, overlay.hidden, item.motions, item.live


def _make_set(shot: Shot, easel: Easel) -> Set:
    """Paint what stands still at the back into the ground, and make parts of the rest."""
    items = list(shot.display.items)
    still = list(takewhile(lambda item: not item.motions and item.live is None, items))
    parts = tuple(_parts(items[len(still) :], easel, shot.frames / FRAMES_A_SECOND))
    return Set(ground=_ground(shot, still, easel), parts=parts)


def _ground(shot: Shot, items: Sequence[Item], easel: Easel) -> Frame:
    width, height = shot.display.width, shot.display.height
    if not items:  # a photo that moves hides it all
        return Frame.white(width, height)
    ground = Image.new("RGB", (width, height), "white")
    for item in items:
        sprite = easel.paint(item.drawing)
        ground.paste(sprite.image, (sprite.left, sprite.top), sprite.mask(item.opacity))
    return frame_of(ground)


def _parts(items: Sequence[Item], easel: Easel, seconds: float) -> Iterator[Part]:
    joined: list[Item] = []
    for item in items:
        if joined and (item.live is not None or item.motions != joined[0].motions or not _worth_joining(joined, item, easel)):
            yield _still_part(joined, easel)
            joined = []
        if isinstance(item.live, KenBurns) and isinstance(item.drawing, Picture):
            yield Part(cutouts=(), motions=item.motions, zoom=zoom_of(item, item.live, seconds))
        elif isinstance(item.live, Counter | Reel):
            yield _moving(item, easel)
        else:
            joined.append(item)
    if joined:
        yield _still_part(joined, easel)


def _worth_joining(joined: Sequence[Item], item: Item, easel: Easel) -> bool:
    sprites = [easel.paint(one.drawing) for one in (*joined, item)]
    left, top, right, bottom = _around(sprites)
    together = sum(sprite.image.width * sprite.image.height for sprite in sprites)
    return (right - left) * (bottom - top) <= together * _WASTE


def _around(sprites: Sequence[Sprite]) -> tuple[int, int, int, int]:
    return (
        min(sprite.left for sprite in sprites),
        min(sprite.top for sprite in sprites),
        max(sprite.left + sprite.image.width for sprite in sprites),
        max(sprite.top + sprite.image.height for sprite in sprites),
    )


def _still_part(items: Sequence[Item], easel: Easel) -> Part:
    sprites = [easel.paint(item.drawing) for item in items]
    if len(items) == 1:
        only = cutout(sprites[0].left, sprites[0].top, sprites[0].see_through(), items[0].opacity)
        return Part(cutouts=(only,), motions=items[0].motions)
    left, top, right, bottom = _around(sprites)
    image = Image.new("RGBA", (right - left, bottom - top), (0, 0, 0, 0))
    for item, sprite in zip(items, sprites, strict=True):
        image.alpha_composite(sprite.see_through(item.opacity), (sprite.left - left, sprite.top - top))
    return Part(cutouts=(cutout(left, top, image),), motions=items[0].motions)


def _moving(item: Item, easel: Easel) -> Part:
    if isinstance(item.live, Reel):
        return Part(cutouts=ReelCutouts(item.live, item.opacity), motions=item.motions, delay=0.0)
    assert isinstance(item.live, Counter)
    sprites = {step: easel.paint(step) for step in item.live.steps}  # a small figure stands on a number for several frames
    made = {step: cutout(one.left, one.top, one.see_through(), item.opacity) for step, one in sprites.items()}
    return Part(cutouts=tuple(made[step] for step in item.live.steps), motions=item.motions, delay=item.live.delay)


def _put(frame: Frame, part: Part, state: State, moment: float) -> None:
    """Blend a part into a frame as its state says."""
    standing, step = state
    if standing.opacity <= 0.002:
        return
    if part.zoom is not None:
        part.zoom.put(frame, moment, standing.opacity)
        return
    piece = part.cutouts[step]
    dx, dy = round(standing.dx), round(standing.dy)
    if standing.scale != AT_REST.scale:
        piece = _scaled(piece, standing)
    _blend_cutout(frame, piece, piece.left + dx, piece.top + dy, standing)


def _scaled(piece: Cutout, standing: Pose) -> Cutout:
    """Return a cutout smaller or larger about a point, on even px."""
    about_x, about_y = standing.about
    left = about_x + (piece.left - about_x) * standing.scale
    top = about_y + (piece.top - about_y) * standing.scale
    height, width = piece.y.shape
    size = (max(2, round(width * standing.scale / 2) * 2), max(2, round(height * standing.scale / 2) * 2))
    half = (size[0] // 2, size[1] // 2)
    return Cutout(
        round(left / 2) * 2,
        round(top / 2) * 2,
        _resized(piece.y, size),
        _resized(piece.u, half),
        _resized(piece.v, half),
        _resized(piece.rest, size),
        _resized(piece.rest_half, half),
    )


def _resized(plane: Plane, size: tuple[int, int]) -> Plane:
    return np.asarray(cv2.resize(plane, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _blend_cutout(frame: Frame, piece: Cutout, left: int, top: int, standing: Pose) -> None:
    height, width = piece.y.shape
    x0, y0, x1, y1 = _clip(frame, left, top, width, height, standing.shown)
    if x1 <= x0 or y1 <= y0:
        return
    here = (slice(y0, y1), slice(x0, x1))
    there = (slice(y0 - top, y1 - top), slice(x0 - left, x1 - left))
    blend(frame.y[here], piece.y[there], piece.rest[there], standing.opacity)
    half_left, half_top = left // 2, top // 2
    tall, wide = piece.u.shape
    u0, v0 = max(x0 // 2, half_left, 0), max(y0 // 2, half_top, 0)
    u1, v1 = min((x1 + 1) // 2, half_left + wide, frame.width // 2), min((y1 + 1) // 2, half_top + tall, frame.height // 2)
    if u1 <= u0 or v1 <= v0:
        return
    here = (slice(v0, v1), slice(u0, u1))
    there = (slice(v0 - half_top, v1 - half_top), slice(u0 - half_left, u1 - half_left))
    blend(frame.u[here], piece.u[there], piece.rest_half[there], standing.opacity)
    blend(frame.v[here], piece.v[there], piece.rest_half[there], standing.opacity)


def _clip(frame: Frame, left: int, top: int, width: int, height: int, shown: Box | None) -> tuple[int, int, int, int]:
    x0, y0, x1, y1 = max(0, left), max(0, top), min(frame.width, left + width), min(frame.height, top + height)
    if shown is not None:
        reach = 64  # px beyond its box that a shadow or a mark may reach: only the moving edge cuts
        x0 = max(x0, round(shown.left) - (reach if shown.left <= left + reach else 0))
        y0 = max(y0, round(shown.top) - (reach if shown.top <= top + reach else 0))
        x1, y1 = min(x1, round(shown.right)), min(y1, round(shown.bottom))
    return x0, y0, x1, y1
