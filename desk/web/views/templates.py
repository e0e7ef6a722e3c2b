"""What the pages of templates show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from desk.errands import Errand
from desk.sample_form import FormField
from desk.web.views.template_look import LookView, ProblemLine

KIND_WORDS: Mapping[str, str] = {"infographic": "Ảnh", "clip": "Clip"}


@dataclass(frozen=True, kw_only=True)
class Option:
    """One of several things to choose from."""

    value: str
    words: str
    chosen: bool = False


@dataclass(frozen=True, kw_only=True)
class Card:
    """One template of the gallery; with problems it cannot be used as it is."""

    id: str
    name: str
    kind: str
    sizes: tuple[str, ...] = ()
    picture: str = ""
    shape: str = "tall"
    problems: int = 0
    uses: int = 0
    stand: str = ""  # with its second person, in words
    stand_mark: str = "draft"


@dataclass(frozen=True, kw_only=True)
class GalleryPage:
    """The gallery; `errand` draws the pictures that are missing."""

    cards: tuple[Card, ...]
    kinds: tuple[Option, ...]
    total: int
    errand: Errand | None = None


@dataclass(frozen=True, kw_only=True)
class Head:
    """What stands on top of each page of one template."""

    id: str
    name: str
    kind: str
    version: str = ""
    is_usable: bool = True
    uses: tuple[tuple[str, str], ...] = ()  # entries that show it: id and headline
    more_uses: int = 0
    stand: str = ""
    stand_mark: str = "draft"

    @property
    def address(self) -> str:
        """Return the address of the template's own page."""
        return f"/templates/{self.id}"


@dataclass(frozen=True, kw_only=True)
class TemplatePage:
    """A template under the designer's hands: its sample as a form, and every size."""

    head: Head
    look: LookView
    themes: tuple[Option, ...] = ()
    samples: tuple[Option, ...] = ()
    fields: tuple[FormField, ...] = ()
    pictures: tuple[str, ...] = ()  # what may be named in a field for a picture
    icons: tuple[str, ...] = ()
    edited: bool = False
    file_problems: tuple[ProblemLine, ...] = ()
