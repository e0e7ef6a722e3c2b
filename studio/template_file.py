"""What a designer may write in template.yaml, sample.yaml and families.yaml; docs/templates.md is the reference."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from reading.document import Record
from studio.brand import Names
from studio.contract import FieldSpec

Side = Literal["top", "right", "bottom", "left"]


class SizeSpec(Record):
    """What one size changes; `like` names another size whose changes it starts from."""

    like: str | None = None
    safe: dict[Side, float] = Field(default_factory=dict)
    layers: dict[str, dict[str, object]] = Field(default_factory=dict)


class TransitionSpec(Record):
    """How a scene comes in over the one before it; `from` is its side, `colour` what a dip goes through."""

    move: Literal["crossfade", "cut", "slide", "push", "wipe", "dip"] = "crossfade"
    from_: Literal["left", "right", "top", "bottom"] = Field(default="right", alias="from")
    colour: str = "background"
    seconds: Annotated[float, Field(gt=0, le=3)] = 0.5


class SceneSpec(Record):
    """A part of a clip."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9_-]+$")]
    seconds: Annotated[float, Field(gt=0, le=120)] | Literal["reading"] = "reading"
    least: Annotated[float, Field(gt=0, le=120)] = 2.5
    most: Annotated[float, Field(gt=0, le=120)] = 8.0
    say: str | None = None
    repeat: str | None = None
    visible_if: str | None = None
    transition: TransitionSpec = TransitionSpec()
    layers: list[dict[str, object]]


class MusicSpec(Record):
    """The music bed; `themes` names another track for a theme."""

    track: str
    themes: dict[str, str] = Field(default_factory=dict)
    volume: float = -16.0
    fade_in: Annotated[float, Field(ge=0)] = 0.5
    fade_out: Annotated[float, Field(ge=0)] = 1.5


class LengthSpec(Record):
    """How many seconds a clip may last; a recorded voice may make it longer."""

    least: Annotated[float, Field(ge=0)] = 0.0
    most: Annotated[float, Field(gt=0)] = 3600.0


class VoiceSpec(Record):
    """A recording of what the scenes say, over the music; `duck` is how many dB the music goes down under it."""

    file: str
    duck: Annotated[float, Field(ge=0, le=40)] = 10.0
    attack: Annotated[float, Field(ge=0, le=3)] = 0.25
    release: Annotated[float, Field(ge=0, le=5)] = 0.8
    most: Annotated[float, Field(gt=0, le=120)] = 60.0  # so that a recording fits in the memory of a worker


class Family(Record):
    """A contract that several templates share: the same data fits them all."""

    name: Names
    fields: dict[str, FieldSpec]


class FamiliesFile(Record):
    """What templates/families.yaml says."""

    schema_: Literal[1] = Field(alias="schema")
    families: dict[str, Family]


class TemplateFile(Record):
    """What template.yaml says; its fields are those of its family and its own."""

    schema_: Literal[1] = Field(alias="schema")
    kind: Literal["infographic", "clip"]
    name: Names
    description: Names | None = None
    family: str | None = None
    fields: dict[str, FieldSpec] = Field(default_factory=dict)
    themes: list[str] = Field(default_factory=list)
    safe: dict[Side, float] = Field(default_factory=dict)
    safe_for: list[str] = Field(default_factory=list)
    sizes: Annotated[dict[str, SizeSpec | None], Field(min_length=1)]
    layers: list[dict[str, object]] = Field(default_factory=list)
    background: list[dict[str, object]] = Field(default_factory=list)
    scenes: list[SceneSpec] = Field(default_factory=list)
    music: MusicSpec | None = None
    voice: VoiceSpec | None = None
    length: LengthSpec | None = None
    poster: str | float | None = None


class Samples(Record):
    """What sample.yaml says: named sets of data."""

    typical: dict[str, object]
    worst: dict[str, object] | None = None
    shortest: dict[str, object] | None = None
