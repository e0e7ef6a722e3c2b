"""Whether what was laid out will be seen whole, large and sharp, judged by its boxes alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from editorial.problem import Problem, Severity
from studio.display import Box, Code, Item, KenBurns, Picture, Words
from studio.font import ink
from studio.picture import shown_px

SMALL = 0.5  # of the size that its designer drew: smaller, and the picture does not look as it was meant to
SHARP = 0.8  # source px for each px shown: with fewer, a photo is visibly soft
_SLACK = 2.0  # px by which round letters and whole px may stand out


def legibility_problems(items: Iterable[Item], safe: Box | None) -> tuple[Problem, ...]:
    """Return the texts set too small, the photos shown too large, and what stands where platforms cover it."""
    found = (problem for item in items for problem in (*_shrunk(item), *_soft(item), *_uncovered(item, safe)))
    return tuple(dict.fromkeys(found))


def _shrunk(item: Item) -> Iterator[Problem]:
    words = item.drawing
    if isinstance(words, Words) and item.asked and words.size < SMALL * item.asked:
        share = round(100 * words.size / item.asked)
        message = f"chữ phải thu còn {share} % cỡ đã thiết kế cho vừa khung; hãy viết ngắn hơn"
        yield Problem(rule="text-shrunk", key=item.id, message=message, severity=Severity.WARNING)


def _soft(item: Item) -> Iterator[Problem]:
    picture = item.drawing
    if not isinstance(picture, Picture) or picture.path.suffix.lower() == ".svg" or picture.blur > 0:
        return
    width, height = shown_px(picture.path, picture.box.width / picture.box.height, picture.fit)
    zoom = max(item.live.start, item.live.end) if isinstance(item.live, KenBurns) else 1.0
    wanted = _wanted(picture, zoom)
    share = min(width / wanted[0], height / wanted[1]) if picture.fit != "contain" else max(width / wanted[0], height / wanted[1])
    if share < SHARP:
        message = (
            f"hình “{picture.path.name}” chỉ còn {round(width)} x {round(height)} điểm ảnh để hiện ở "
            f"{wanted[0]} x {wanted[1]} nên sẽ mờ; hãy dùng hình lớn hơn"
        )
        yield Problem(rule="low-resolution", key=item.id, message=message, severity=Severity.WARNING)


def _wanted(picture: Picture, zoom: float) -> tuple[int, int]:
    return max(1, round(picture.box.width * zoom)), max(1, round(picture.box.height * zoom))


def _uncovered(item: Item, safe: Box | None) -> Iterator[Problem]:
    box = _vital(item)
    if safe is None or box is None:
        return
    sides = {
        "trên": safe.top - box.top,
        "dưới": box.bottom - safe.bottom,
        "trái": safe.left - box.left,
        "phải": box.right - safe.right,
    }
    side, most = max(sides.items(), key=lambda pair: pair[1])
    if most > _SLACK:
        message = f"lấn {round(most)} điểm ảnh vào mép {side}, nơi nền tảng có thể che hoặc cắt; hãy dời vào trong vùng an toàn"
        yield Problem(rule="outside-safe-area", key=item.id, message=message)


def _vital(item: Item) -> Box | None:
    """Return where a text's ink, a code or a locked emblem lies; None for what may run off the edge."""
    drawing = item.drawing
    if isinstance(drawing, Words):
        return _ink_box(drawing)
    if isinstance(drawing, Code) or (isinstance(drawing, Picture) and item.locked):
        return drawing.box
    return None


def _ink_box(words: Words) -> Box | None:
    reaches = [(run, ink(words.font, words.size, run.text)) for run in words.runs if run.text.strip()]
    if not reaches:
        return None
    left = min(run.x + reach.left for run, reach in reaches)
    top = min(run.y + reach.top for run, reach in reaches)
    right = max(run.x + reach.right + words.tracking * (len(run.text) - 1) for run, reach in reaches)
    bottom = max(run.y + reach.bottom for run, reach in reaches)
    return Box(left=left, top=top, width=right - left, height=bottom - top)
