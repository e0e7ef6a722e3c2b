"""Short texts of a drawing, such as a chart's labels: set at one size, and placed line by line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from studio.colour import Colour
from studio.display import Box, Run, Words
from studio.fit import Block, Setting, fit
from studio.font import advance

_LEADING = 1.18
_CAPITALS = 0.7  # em: what the eye takes for a line's height


@dataclass(frozen=True, kw_only=True)
class Hand:
    """How a kind of text in a drawing is written."""

    font: Path
    colour: Colour

    def width(self, text: str, size: float) -> float:
        """Return how wide a text is on one line, in px."""
        return advance(self.font, text) * int(size)

    def block(self, text: str, size: float, width: float, lines: int) -> Block:
        """Return the text set at this size in at most so many lines; it says itself whether it fits."""
        setting = Setting(
            text=text,
            font=self.font,
            largest=size,
            smallest=size,
            max_lines=lines,
            leading=_LEADING,
            tracking=0.0,
            balance=True,
            emphasis=False,
            ellipsis=False,
            figure=False,
        )
        return fit(setting, width, None, size)

    def words(self, block: Block, box: Box, align: float = 0.0) -> Words:
        """Return a block at the top of a box; `align` is 0 for left, 0.5 for the middle, 1 for right."""
        runs = tuple(
            Run(
                text=" ".join(piece.text for piece in line.pieces),
                x=round(box.left + (box.width - line.width) * align),
                y=round(box.top) + round(line.baseline),
                colour=self.colour,
            )
            for line in block.lines
        )
        left = box.left + (box.width - block.width) * align
        return Words(
            box=Box(left=left, top=box.top, width=block.width, height=block.height), runs=runs, font=self.font, size=block.size
        )

    def centred(self, block: Block, box: Box, middle: float, align: float = 0.0) -> Words:
        """Return a block between the sides of a box, its letters' middle on a height."""
        letters = block.lines[0].baseline - _CAPITALS * block.size, block.lines[-1].baseline
        top = middle - sum(letters) / 2
        return self.words(block, Box(left=box.left, top=top, width=box.width, height=block.height), align)
