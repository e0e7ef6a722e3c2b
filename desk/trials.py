"""Which pictures of a template are looked at: each size with each of its samples, in each of its themes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desk.designing import refuse_what_it_lacks
from studio.rendition import Recipe
from studio.size import SIZES
from studio.studio import Studio
from studio.template import Template

SAMPLES = {"worst": "dài nhất", "typical": "thường gặp", "shortest": "ngắn nhất"}
THEMES = {"light": "sáng", "dark": "tối", "solemn": "trang nghiêm", "festive": "lễ hội"}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What of a template is to be proved; nothing named means all of it."""

    sizes: Sequence[str] = ()
    themes: Sequence[str] = ()
    samples: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One picture or clip of a proof."""

    template: Template
    sample: str
    theme: str
    size: str
    recipe: Recipe


def trials(studio: Studio, wanted: Wanted) -> tuple[Trial, ...]:
    """Return every picture of the studio's templates that is wanted: themes, then samples, then sizes from tall to wide.

    Raise BadInput where a template has no picture of that kind at all.
    """
    for template in studio.templates.values():
        refuse_what_it_lacks(template, sizes=wanted.sizes, themes=wanted.themes, samples=wanted.samples)
    return tuple(
        Trial(template=template, sample=sample, theme=theme, size=size,
              recipe=studio.recipe(template.id, template.samples[sample], size, theme))
        for template in studio.templates.values()
        for theme in template.themes if not wanted.themes or theme in wanted.themes
        for sample in SAMPLES if sample in template.samples and (not wanted.samples or sample in wanted.samples)
        for size in sorted(template.sizes, key=_tallest_first) if not wanted.sizes or size in wanted.sizes
    )  # fmt: skip


def _tallest_first(size: str) -> float:
    return SIZES[size].width / SIZES[size].height
