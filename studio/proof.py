"""A proof sheet: a template's pictures side by side with what is wrong in them, for a designer to judge."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from editorial.problem import Severity
from studio.brand import Brand
from studio.font import face
from studio.mark import Mark
from studio.packing import Place, pack
from studio.still import jpeg, png
from studio.whole_file import write_whole

PHONE = 390  # px: the width of a phone's screen, on which most people see what the office says
MOST_PIXELS = 120_000_000  # beyond it a sheet is drawn smaller

_PAPER, _INK, _QUIET, _LINE = "#eceef0", "#1d2730", "#5c6872", "#c9ced3"
_RED, _AMBER = "#d11a2a", "#b86a00"
_GAP, _BETWEEN, _MARGIN, _CAPTION, _BAND, _TITLE, _REMARK = 24, 72, 40, 46, 54, 96, 34


@dataclass(frozen=True, kw_only=True)
class Shot:
    """One picture of a sheet and its caption; without a file it is a place where nothing could be drawn."""

    caption: str
    width: int
    height: int
    path: Path | None
    marks: tuple[Mark, ...] = ()
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Strip:
    """Pictures under one heading."""

    heading: str
    shots: tuple[Shot, ...]


@dataclass(frozen=True, kw_only=True)
class Part:
    """Strips under one another, as those of a theme; a sheet has two parts side by side."""

    strips: tuple[Strip, ...]


@dataclass(frozen=True, kw_only=True)
class Proof:
    """Everything that a sheet shows; `remarks` are its problems in words, each with whether it is an error."""

    title: str
    subtitle: str
    parts: tuple[Part, ...]
    remarks: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Scale:
    """How large pictures stand on a sheet: `width` px for a canvas 1080 px wide, or every picture exactly so wide.

    `across` is for how many canvases 1080 px wide a line has room.
    """

    width: int = PHONE
    each: bool = False
    across: int = 6

    @property
    def room(self) -> int:
        """Return the px of a line."""
        return self.across * (self.width + _GAP)

    def for_clips(self) -> Scale:
        """Return a scale at which the scenes of a clip stand in one line."""
        return self if self.each else replace(self, width=self.width * 2 // 3, across=self.across * 3 // 2)

    def of(self, shot: Shot) -> tuple[int, int]:
        """Return the px of a picture on the sheet; canvases larger than a screen stand as large as 1080 px ones."""
        whole = shot.width if self.each else max(1080, min(shot.width, shot.height))
        share = self.width / whole
        return max(1, round(shot.width * share)), max(1, round(shot.height * share))


@dataclass(frozen=True, kw_only=True)
class _Pen:
    """The sheet's own type: the brand's, for it has every Vietnamese letter."""

    body: Path
    strong: Path

    def font(self, size: int, *, strong: bool = False) -> ImageFont.FreeTypeFont:
        return face(self.strong if strong else self.body, size)

    def short(self, text: str, size: int, room: int) -> str:
        """Return as much of a text as a line of `room` px holds."""
        font = self.font(size)
        if font.getlength(text) <= room:
            return text
        while text and font.getlength(text + "…") > room:
            text = text[:-1]
        return text.rstrip() + "…"


@dataclass(frozen=True, kw_only=True)
class _Piece:
    """A strip laid out: where its pictures stand below its heading."""

    strip: Strip
    sizes: tuple[tuple[int, int], ...]
    places: tuple[Place, ...]
    width: int
    height: int


@dataclass(frozen=True, kw_only=True)
class _Block:
    """A part laid out: short strips stand beside one another."""

    pieces: tuple[_Piece, ...]
    places: tuple[Place, ...]
    width: int
    height: int


def write_proof(proof: Proof, brand: Brand, scale: Scale, path: Path) -> None:
    """Write the sheet as PNG, or WebP or JPEG where the name asks for it; the file is there whole or not at all."""
    sheet = draw_proof(proof, brand, scale)
    match path.suffix.lower():
        case ".png":
            write_whole(path, png(sheet))
        case ".webp":
            write_whole(path, _webp(sheet))
        case _:
            write_whole(path, jpeg(sheet))


def _webp(sheet: Image.Image) -> bytes:
    stream = io.BytesIO()
    sheet.save(stream, "WEBP", quality=80, method=4)
    return stream.getvalue()


def draw_proof(proof: Proof, brand: Brand, scale: Scale) -> Image.Image:
    """Return the sheet."""
    pen = _Pen(body=brand.fonts["body"], strong=brand.fonts["strong"])
    blocks = tuple(_block(part, scale, pen) for part in proof.parts)
    across = max(block.width for block in blocks)
    down = [max(block.height for block in blocks[row : row + 2]) for row in range(0, len(blocks), 2)]
    wide = max(900, across * min(2, len(blocks)) + (_BETWEEN if len(blocks) > 1 else 0)) + 2 * _MARGIN
    remarks = sum(len(_remark_lines(text, wide, pen)) for text, _ in proof.remarks) or 1
    tall = _TITLE + sum(down) + _REMARK * remarks + 2 * _MARGIN
    if wide * tall > MOST_PIXELS and scale.width > 120:
        return draw_proof(proof, brand, replace(scale, width=scale.width * 3 // 4))
    sheet = Image.new("RGB", (wide, tall), _PAPER)
    _write_title(sheet, proof, pen)
    for number, block in enumerate(blocks):
        corner = (_MARGIN + number % 2 * (across + _BETWEEN), _TITLE + sum(down[: number // 2]))
        _draw_block(sheet, block, corner, pen)
    _write_remarks(sheet, proof.remarks, _TITLE + sum(down), pen)
    return sheet


def _block(part: Part, scale: Scale, pen: _Pen) -> _Block:
    pieces = tuple(_lay(strip, scale) for strip in part.strips)
    headings = (round(pen.font(24, strong=True).getlength(piece.strip.heading)) for piece in pieces)
    sizes = [(max(piece.width, heading), piece.height) for piece, heading in zip(pieces, headings, strict=True)]
    places, width, height = pack(sizes, _GAP, scale.room)
    return _Block(pieces=pieces, places=places, width=width, height=height)


def _lay(strip: Strip, scale: Scale) -> _Piece:
    sizes = tuple(scale.of(shot) for shot in strip.shots)
    places, width, height = pack([(wide, tall + _CAPTION) for wide, tall in sizes], _GAP, scale.room)
    return _Piece(strip=strip, sizes=sizes, places=places, width=width, height=_BAND + height)


def _write_title(sheet: Image.Image, proof: Proof, pen: _Pen) -> None:
    draw = ImageDraw.Draw(sheet)
    draw.text((_MARGIN, 30), proof.title, _INK, pen.font(34, strong=True))
    width = pen.font(34, strong=True).getlength(proof.title)
    draw.text((_MARGIN + width + 24, 40), pen.short(proof.subtitle, 22, round(sheet.width - width - 120)), _QUIET, pen.font(22))


def _draw_block(sheet: Image.Image, block: _Block, corner: tuple[int, int], pen: _Pen) -> None:
    for piece, at in zip(block.pieces, block.places, strict=True):
        left, top = corner[0] + at.left, corner[1] + at.top
        ImageDraw.Draw(sheet).text((left, top + 10), piece.strip.heading, _INK, pen.font(24, strong=True))
        for shot, size, place in zip(piece.strip.shots, piece.sizes, piece.places, strict=True):
            _draw_shot(sheet, shot, size, (left + place.left, top + _BAND + place.top), pen)


def _draw_shot(sheet: Image.Image, shot: Shot, size: tuple[int, int], corner: tuple[int, int], pen: _Pen) -> None:
    draw = ImageDraw.Draw(sheet)
    left, top = corner
    if shot.path is None:
        draw.rectangle((left, top, left + size[0], top + size[1]), "#ffffff", _RED, 3)
        _write_block(draw, shot.note, (left + 16, top + 14), size[0] - 32, pen)
    else:
        with Image.open(shot.path) as picture:
            if picture.format == "JPEG":
                picture.draft("RGB", (size[0] * 2, size[1] * 2))
            sheet.paste(picture.convert("RGB").resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0), corner)
        for mark in shot.marks:
            _draw_mark(draw, mark, corner, size[0] / shot.width, size, pen)
    wrong = any(mark.problem.severity is Severity.ERROR for mark in shot.marks) or shot.path is None
    colour = _RED if wrong else _AMBER if shot.marks else _QUIET
    draw.text((left, top + size[1] + 8), pen.short(_caption(shot), 18, size[0]), colour, pen.font(18))


def _caption(shot: Shot) -> str:
    count = len(dict.fromkeys(mark.problem for mark in shot.marks))
    return f"{shot.caption} · {count} vướng mắc" if count else shot.caption


def _draw_mark(
    draw: ImageDraw.ImageDraw, mark: Mark, corner: tuple[int, int], share: float, size: tuple[int, int], pen: _Pen
) -> None:
    """Frame the layer and name it; a problem of no layer is told in words only."""
    if mark.box is None:
        return
    colour = _RED if mark.problem.severity is Severity.ERROR else _AMBER
    x0, y0 = max(0.0, mark.box.left * share - 4), max(0.0, mark.box.top * share - 4)
    x1, y1 = min(size[0] - 1.0, mark.box.right * share + 4), min(size[1] - 1.0, mark.box.bottom * share + 4)
    x1, y1 = max(x0 + 6, x1), max(y0 + 6, y1)
    left, top = corner
    draw.rectangle((left + x0 - 2, top + y0 - 2, left + x1 + 2, top + y1 + 2), None, "#ffffff", 7)
    draw.rectangle((left + x0, top + y0, left + x1, top + y1), None, colour, 3)
    name, font = mark.problem.key or mark.problem.rule, pen.font(15, strong=True)
    wide = font.getlength(name) + 10
    tag_left = left + max(0.0, min(x0, size[0] - wide))
    tag_top = top + (y0 - 22 if y0 >= 22 else y0)
    draw.rectangle((tag_left - 2, tag_top - 2, tag_left + wide + 2, tag_top + 23), colour, "#ffffff", 2)
    draw.text((tag_left + 5, tag_top + 16), name, "#ffffff", font, anchor="ls")


def _write_block(draw: ImageDraw.ImageDraw, text: str, corner: tuple[int, int], room: int, pen: _Pen) -> None:
    for number, line in enumerate(_lines(text, pen.font(18), room)):
        draw.text((corner[0], corner[1] + number * 26), line, _RED, pen.font(18))


def _lines(text: str, font: ImageFont.FreeTypeFont, room: int) -> Iterator[str]:
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and font.getlength(longer) > room:
            yield line
            longer = word
        line = longer
    yield line


def _write_remarks(sheet: Image.Image, remarks: Sequence[tuple[str, bool]], top: int, pen: _Pen) -> None:
    draw = ImageDraw.Draw(sheet)
    draw.line((_MARGIN, top, sheet.width - _MARGIN, top), _LINE, 2)
    y = top + 20
    if not remarks:
        draw.text((_MARGIN, y), "Không thấy vướng mắc nào.", _QUIET, pen.font(20))
    for text, wrong in remarks:
        draw.ellipse((_MARGIN, y + 5, _MARGIN + 14, y + 19), _RED if wrong else _AMBER)
        for line in _remark_lines(text, sheet.width, pen):
            draw.text((_MARGIN + 26, y), line, _INK, pen.font(20))
            y += _REMARK


def _remark_lines(text: str, wide: int, pen: _Pen) -> tuple[str, ...]:
    return tuple(_lines(text, pen.font(20), wide - 2 * _MARGIN - 26))
