"""What the pages show on which a picture or clip of an entry is chosen and filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from desk.errands import Errand
from desk.medium_form import Unshown
from desk.sample_form import FormField
from desk.web.form_drafts import Held
from desk.web.views.editing import Note, OtherDraft
from desk.web.views.templates import Card, Option


@dataclass(frozen=True, kw_only=True)
class Choosing:
    """A template that the entry's channels can take."""

    card: Card
    channels: tuple[str, ...]  # by name


@dataclass(frozen=True, kw_only=True)
class ChoicePage:
    """The templates among which one is chosen for a new picture or clip."""

    id: str
    headline: str
    kinds: tuple[tuple[str, tuple[Choosing, ...]], ...]  # what they make, in words
    tabs: tuple[Option, ...]
    total: int
    missing: tuple[str, ...] = ()  # what channels lack, in words
    errand: Errand | None = None  # draws the pictures that are missing
    drafts: tuple[OtherDraft, ...] = ()  # what somebody began and has not added


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture or clip in one size that some of the entry's channels get, drawn from what is typed."""

    src: str
    alt: str
    width: int
    height: int
    shape: str
    clip: bool
    channels: tuple[str, ...]  # by name
    language: str = "vi"
    captions: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MediumLook:
    """What is typed, drawn, and what stands against it; `none` says why there is no picture."""

    pictures: tuple[Picture, ...] = ()
    notes: tuple[Note, ...] = ()
    none: str = ""
    names: tuple[str, ...] = ()  # the form's fields that a note can stand beside

    @property
    def of_field(self) -> Mapping[str, tuple[Note, ...]]:
        """Return the notes by field."""
        found: dict[str, tuple[Note, ...]] = {}
        for note in self.notes:
            found[note.field] = (*found.get(note.field, ()), note)
        return found

    @property
    def wrong(self) -> int:
        """Return how many things stop an approval."""
        return sum(not note.warning for note in self.notes)


@dataclass(frozen=True, kw_only=True)
class ChannelOption:
    """A channel of the entry on which the medium may be shown."""

    id: str
    name: str
    chosen: bool
    note: str = ""  # why it cannot be


@dataclass(frozen=True, kw_only=True)
class AltField:
    """The words for those who do not see the picture, in one language; `proposed` is what its layers say."""

    language: str
    label: str
    value: str
    proposed: str = ""


@dataclass(frozen=True, kw_only=True)
class Translation:
    """The template's fields in another language in which the entry goes out."""

    language: str
    label: str
    fields: tuple[FormField, ...]
    written: bool


@dataclass(frozen=True, kw_only=True)
class MediumPage:
    """A picture or clip under somebody's hands."""

    entry: str
    headline: str
    file: str
    stage: str
    is_signed: bool  # a change of it takes the signature away
    others_turns: str
    id: str  # empty for a new one
    kind: str
    template: str
    templates: tuple[Option, ...]
    themes: tuple[Option, ...]
    channels: tuple[ChannelOption, ...]
    fields: tuple[FormField, ...]
    translations: tuple[Translation, ...]
    alts: tuple[AltField, ...]
    unshown: tuple[Unshown, ...]
    pictures: tuple[str, ...]  # what may be named in a field for a picture
    icons: tuple[str, ...]
    digest: str
    base: str
    held: str
    who: str
    kept_as: Held
    look: MediumLook
    failed: tuple[Note, ...] = ()  # why nothing was saved
    theirs: tuple[tuple[str, str, str], ...] = ()  # what somebody else saved meanwhile: field, theirs, mine
    is_gone: bool = False  # somebody else has taken it away
    said: tuple[str, ...] = ()
    notes: Mapping[str, tuple[Note, ...]] = field(default_factory=dict)  # by field

    @property
    def address(self) -> str:
        """Return the page's own address."""
        return f"/entries/{self.entry}/media/{self.id or 'new'}"
