"""The office's look: colours by role and theme, fonts, sizes and spaces, read from assets/brand.yaml."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from editorial.problem import BadInput, Problem
from reading.document import Document, Record, read_yaml
from studio.colour import Colour, parse_colour
from studio.font import VIETNAMESE, missing_glyphs

THEMES = ("light", "dark", "solemn", "festive")
ROLES = ("background", "surface", "text", "muted", "primary", "on_primary", "accent", "on_accent", "line")
FONT_ROLES = ("display", "heading", "body", "strong")
Hex = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]


class Names(Record):
    """A name in Vietnamese, and in English where there is one."""

    vi: str
    en: str = ""


class BrandFile(Record):
    """What assets/brand.yaml says."""

    schema_: Literal[1] = Field(alias="schema")
    name: Names
    colours: dict[str, dict[str, Hex]]
    fonts: dict[str, str]
    type: dict[str, float]
    spaces: dict[str, float]
    radii: dict[str, float] = Field(default_factory=dict)
    art: dict[str, str] = Field(default_factory=dict)
    music: dict[str, str] = Field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Brand:
    """The look that every template shares; sizes are in units of 1/1080 of a canvas's short side."""

    assets: Path
    name: Names
    colours: Mapping[str, Mapping[str, Colour]]
    fonts: Mapping[str, Path]
    type: Mapping[str, float]
    spaces: Mapping[str, float]
    radii: Mapping[str, float]
    art: Mapping[str, Path]
    music: Mapping[str, Path]
    digest: str

    @classmethod
    def load(cls, assets: Path) -> Brand:
        """Return the brand of an assets folder; raise BadInput with every mistake in its brand.yaml."""
        document = read_yaml(assets / "brand.yaml", BrandFile, assets.parent)
        problems = tuple(_mistakes(document, assets))
        if problems:
            raise BadInput(*problems)
        return cls._of(document.value, assets)

    @classmethod
    def _of(cls, value: BrandFile, assets: Path) -> Brand:
        return cls(
            assets=assets,
            name=value.name,
            colours={
                theme: {role: parse_colour(hexed, {}) for role, hexed in roles.items()} for theme, roles in value.colours.items()
            },
            fonts={role: assets / name for role, name in value.fonts.items()},
            type=value.type,
            spaces=value.spaces,
            radii=value.radii,
            art={name: assets / file for name, file in value.art.items()},
            music={name: assets / file for name, file in value.music.items()},
            digest=hashlib.sha256(value.model_dump_json(by_alias=True).encode()).hexdigest(),
        )

    @property
    def roles(self) -> frozenset[str]:
        """Return the colour roles, the same in every theme."""
        return frozenset(next(iter(self.colours.values())))


def _mistakes(document: Document[BrandFile], assets: Path) -> Iterator[Problem]:
    yield from _colour_mistakes(document)
    for role in FONT_ROLES:
        if role not in document.value.fonts:
            yield document.problem("missing-key", f"thiếu phông chữ cho vai trò “{role}”", "fonts")
    for role, name in document.value.fonts.items():
        yield from _font_mistakes(document, assets / name, "fonts", role)
    for section, files in (("art", document.value.art), ("music", document.value.music)):
        for name, file in files.items():
            if not (assets / file).is_file():
                yield document.problem("missing-asset", f"không có tệp assets/{file}", section, name)


def _colour_mistakes(document: Document[BrandFile]) -> Iterator[Problem]:
    colours = document.value.colours
    for theme in THEMES:
        if theme not in colours:
            yield document.problem("missing-key", f"thiếu bảng màu “{theme}”", "colours")
    wanted = set(ROLES).union(*colours.values())
    for theme, roles in colours.items():
        for role in sorted(wanted - set(roles)):
            yield document.problem("missing-key", f"thiếu màu “{role}”; mọi bảng màu phải có cùng các vai trò", "colours", theme)


def _font_mistakes(document: Document[BrandFile], path: Path, *key: str) -> Iterator[Problem]:
    if not path.is_file():
        yield document.problem("missing-font", f"không có tệp phông chữ {path.name}", *key)
        return
    try:
        missing = missing_glyphs(path, VIETNAMESE)
    except ValueError:
        yield document.problem("missing-font", f"{path.name} không phải phông chữ TrueType hoặc OpenType", *key)
        return
    if missing:
        yield document.problem("missing-glyph", f"phông chữ thiếu {len(missing)} chữ tiếng Việt: {missing[:12]}", *key)
