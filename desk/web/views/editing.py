"""What the page shows on which an entry is written: its fields, what stands against them, and who else is at it."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from desk.web.views.entry import Count, Schedule
from desk.web.views.mark import Mark
from editorial.problem import Problem, Severity

MESSAGE_LABELS = {
    "headline": "Tiêu đề", "summary": "Tóm tắt", "body": "Thân bài", "action": "Lời kêu gọi", "link": "Đường dẫn",
    "hashtags": "Thẻ", "title": "Tiêu đề", "text": "Lời đăng", "alt": "Lời mô tả", "when": "Quy tắc ngày",
    "comment": "Bình luận đầu",
}  # fmt: skip
HINTS = {
    "headline": "Không quá 90 ký tự.", "summary": "Một hoặc hai câu, không quá 300 ký tự.",
    "body": "Viết bằng Markdown. Gõ @ để trích một dữ kiện.", "action": "Người đọc nên làm gì.",
    "link": "Bắt đầu bằng https://", "hashtags": "Cách nhau bằng dấu cách, không cần dấu #.",
    "comment": "Nói dưới bài khi bài đã lên kênh. {{ post.portal }} là địa chỉ của mục này trên Cổng.",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Note:
    """What stands against a field, or against the whole: what to do about it, and where."""

    text: str
    warning: bool
    field: str = ""  # where it is put right; empty where the form has no field for it
    label: str = ""
    channels: tuple[str, ...] = ()  # on which it was seen; empty where it is the message's own
    place: str = ""  # file and line, for what is not in the form
    template: str = ""  # on whose page it is put right
    medium: str = ""  # the picture or clip on whose page it is put right


@dataclass(frozen=True, kw_only=True)
class FieldView:
    """A field of the form as it is shown."""

    name: str
    label: str
    value: str
    kind: str
    hint: str = ""
    language: str = "vi"
    required: bool = False
    notes: tuple[Note, ...] = ()
    filled_in: str = ""  # what goes out where the field is left empty


@dataclass(frozen=True, kw_only=True)
class FieldGroup:
    """Fields that belong together; `open` where somebody has written in one of them."""

    title: str
    fields: tuple[FieldView, ...]
    open: bool = False
    channel: str = ""


@dataclass(frozen=True, kw_only=True)
class Sketch:
    """A picture or clip as it would be drawn from what is typed; `captions` is what a clip says, line by line."""

    id: str
    clip: bool
    src: str
    alt: str
    confirmed: bool  # a person has written or taken over the alt text
    width: int
    height: int
    captions: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PostPreview:
    """A channel's post as its readers would see it, of what is typed now."""

    channel: Mark
    platform: str  # the publisher: it decides how the preview looks
    account: str
    at: str
    language: str
    title: str
    shown: str  # the text before the platform's “Xem thêm”
    folded: str  # the text behind it
    markup: Markup  # the text as HTML, where the platform shows it so
    summary: str
    counts: tuple[Count, ...]
    pictures: tuple[Sketch, ...]
    trouble: str = ""  # why there is nothing to show


@dataclass(frozen=True, kw_only=True)
class Underline:
    """A stretch of a field that is underlined, by letters of its text."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, kw_only=True)
class LookTab:
    """A channel in the row of previews."""

    mark: Mark
    over: bool  # something there is too long
    wrong: int  # errors seen there


@dataclass(frozen=True, kw_only=True)
class Look:
    """What is typed, looked at: as the check sees it, as the plan sees it, as a channel's readers see it."""

    notes: tuple[Note, ...]
    marks: dict[str, tuple[Underline, ...]]
    schedules: tuple[Schedule, ...]
    in_the_way: tuple[str, ...]
    tabs: tuple[LookTab, ...]
    preview: PostPreview

    @property
    def wrong(self) -> int:
        """Return how many things stop an approval."""
        return sum(not note.warning for note in self.notes)

    @property
    def of_field(self) -> dict[str, tuple[Note, ...]]:
        """Return the notes by field."""
        names = dict.fromkeys(note.field for note in self.notes if note.field)
        return {name: tuple(note for note in self.notes if note.field == name) for name in names}


@dataclass(frozen=True, kw_only=True)
class Version:
    """A saved text that can be had back."""

    id: int
    who: str
    at: str
    now: bool  # it is what the files say


@dataclass(frozen=True, kw_only=True)
class OtherDraft:
    """A draft of the same person from another page, or from before."""

    tab: str
    at: str


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A field that two people changed, for the person to choose."""

    name: str
    label: str
    theirs: str
    mine: str


@dataclass(frozen=True, kw_only=True)
class MediumCard:
    """A picture or clip of the entry as its files have it, with the fields of it that are written on this very page."""

    id: str
    kind: str  # in words
    template: str  # its name; its id where there is no such template
    theme: str  # in words
    channels: tuple[str, ...]  # by name; none where it goes to all that take its kind
    fields: tuple[FieldView, ...]
    sketch: Sketch | None = None
    wrong: int = 0


@dataclass(frozen=True, kw_only=True)
class EditPage:
    """The whole page."""

    id: str
    headline: str
    file: str
    stage: str
    others_turns: str  # what else is written in the same file; empty for an entry of its own
    who: str
    tab: str
    took: str  # the page whose draft this one goes on with; empty where it began from the files
    digest: str
    base: str  # JSON
    groups: tuple[FieldGroup, ...]
    times: FieldGroup
    media: tuple[MediumCard, ...]
    variants: tuple[FieldGroup, ...]
    translations: tuple[FieldGroup, ...]
    look: Look
    versions: tuple[Version, ...]
    drafts: tuple[OtherDraft, ...]
    choices: tuple[Choice, ...] = ()
    said: tuple[str, ...] = ()  # what has just happened
    undo: str = ""  # the kept text with which it is taken back; empty where it cannot be
    failed: tuple[Note, ...] = ()  # why nothing was saved
    restored: str = ""  # when the draft that is shown was typed


def note_of(problem: Problem, field: str, label: str) -> Note:
    """Return a problem as the page tells it."""
    place = f"{problem.file}, dòng {problem.line}" if problem.file and problem.line else problem.file or ""
    return Note(
        text=problem.message[:1].upper() + problem.message[1:],
        warning=problem.severity is Severity.WARNING,
        field=field,
        label=label,
        channels=(problem.channel,) if problem.channel else (),
        place="" if field else place,
        template=problem.template or "",
    )
