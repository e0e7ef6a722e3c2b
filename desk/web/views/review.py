"""What waits for a second person, and what that person looks at before signing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from html import unescape

import nh3
from markupsafe import Markup

from desk.certificate import CertificatePage
from desk.web.moment_words import machine_moment, moment_words, span_words
from desk.web.post_words import is_markup
from desk.web.views.entry import Count, Picture
from desk.web.views.mark import Mark
from desk.web.views.template_stand import WaitingTemplate
from desk.web.word_diff import Became, Piece, pieces
from editorial.changes import Change
from editorial.office import Office
from editorial.problem import Problem
from editorial.role import MACHINE
from editorial.workflow import Action, Stage

PRESSING = timedelta(hours=4)
SHOWN_AROUND = 140  # letters of what stayed the same, before and after what changed
STEP_WORDS: Mapping[Stage, str] = {
    Stage.IN_REVIEW: "Chờ kiểm chứng",
    Stage.FACT_CHECKED: "Chờ duyệt",
    Stage.APPROVED: "Chờ lên lịch",
}


@dataclass(frozen=True, kw_only=True)
class TimeLeft:
    """How long it is until the first post of an entry goes out."""

    words: str
    moment: str
    machine: str
    urgency: str  # "late", "soon", ""


@dataclass(frozen=True, kw_only=True)
class QueueRow:
    """An entry that waits for somebody."""

    entry: str
    headline: str
    unit: str
    step: str
    stage: Stage
    kinds: tuple[str, ...]
    author: str
    handed_in: str
    left: TimeLeft | None
    channels: tuple[Mark, ...]
    is_drawn_unapproved: bool = False  # nobody signs it before its template is approved


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A correction that somebody has proposed and nobody has signed."""

    fact: str
    words: str
    author: str
    at: str


@dataclass(frozen=True, kw_only=True)
class QueuePage:
    """The queue, most urgent first."""

    rows: tuple[QueueRow, ...]
    corrections: tuple[Waiting, ...]
    templates: tuple[WaitingTemplate, ...]
    counts: Mapping[Stage, int]
    total: int  # of all that waits, whatever the filters
    page: int
    pages: int


@dataclass(frozen=True, kw_only=True)
class WordChange:
    """One field that reads otherwise, on the channels where it does so in the same way."""

    field: str
    channels: tuple[Mark, ...]  # none for the entry itself
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, kw_only=True)
class CaptionChange:
    """What is said otherwise in a clip, and when."""

    at: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, kw_only=True)
class PictureChange:
    """A picture or clip as it was approved and as it is now; one of them is missing where it is new or gone."""

    id: str
    channels: tuple[Mark, ...]
    before: Picture | None
    after: Picture | None
    captions: tuple[CaptionChange, ...] = ()

    @property
    def compared(self) -> bool:
        """Tell whether both can be laid over one another: still pictures, or the posters of clips."""
        return bool(self.before and self.after and shown(self.before) and shown(self.after))


def shown(picture: Picture) -> str:
    """Return the address of a still that stands for a picture or a clip; empty where a clip has no poster."""
    return picture.poster if picture.clip else picture.src


@dataclass(frozen=True, kw_only=True)
class PostView:
    """A post as it will go out on its channel."""

    mark: Mark
    account: str
    at: str
    language: str
    title: str
    text: str
    markup: Markup
    pictures: tuple[Picture, ...]
    counts: tuple[Count, ...]
    digest: str
    changed: bool  # since the last approval


@dataclass(frozen=True, kw_only=True)
class StepLine:
    """One step, or comment, of somebody."""

    who: str
    at: str
    machine_at: str
    words: str
    why: str
    comment: bool


@dataclass(frozen=True, kw_only=True)
class Deed:
    """What the person may do next."""

    action: Action
    label: str
    button: str
    why: str  # what the reason's field is called
    needs_why: bool
    right: str  # the name of the right that it asks for
    main: bool = False
    writers: bool = False  # shown to those alone who may do it


@dataclass(frozen=True, kw_only=True)
class LastSigned:
    """Who approved last, and whether that still stands."""

    author: str
    approver: str
    at: str
    digest: str
    ended: str  # when, by whom and why it ended; empty while it stands


@dataclass(frozen=True, kw_only=True)
class ReviewPage:
    """Everything that an approver looks at."""

    entry: str
    headline: str
    summary: str
    stage: Stage
    stage_words: str
    unit: str
    author: str
    version: int
    digest: str  # of the posts shown; empty where nothing was handed in
    left: TimeLeft | None
    is_handed_in: bool  # what is shown was handed in, byte for byte
    last: LastSigned | None
    words: tuple[WordChange, ...]
    pictures: tuple[PictureChange, ...]
    unchanged: tuple[PictureChange, ...]
    posts: tuple[PostView, ...]
    certificate: CertificatePage | None
    problems: tuple[Problem, ...]
    comments: tuple[StepLine, ...]
    steps: tuple[StepLine, ...]
    deeds: tuple[Deed, ...]
    fields: tuple[str, ...]  # what a request for changes may name

    @property
    def errors(self) -> int:
        """Return how many problems stop approval."""
        return sum(problem.severity.value == "error" for problem in self.problems)


def name_of(office: Office, who: str) -> str:
    """Return the name of who took a step: somebody of the office, or Loa itself."""
    return "Loa" if who == MACHINE.id else office.name_of(who)


def time_left(moment: datetime, now: datetime) -> TimeLeft:
    """Say how long it is until a moment, in its two largest units."""
    late, span = moment <= now, abs(moment - now)
    length = span_words(span, most=1 if span.days > 7 else 2) or "chưa đến 1 phút"
    words = f"quá giờ {length}" if late else f"còn {length}"
    urgency = "late" if late else "soon" if span <= PRESSING else ""
    return TimeLeft(words=words, moment=moment_words(moment), machine=machine_moment(moment), urgency=urgency)


def kinds_of(changes: Iterable[Change]) -> tuple[str, ...]:
    """Return in a word or two each what has changed since the last approval."""
    return tuple(dict.fromkeys(_kind(change) for change in changes))


def _kind(change: Change) -> str:
    if not change.channel:
        return "thông tin của mục"
    if change.field.startswith("media"):
        return "lời mô tả ảnh" if change.field.endswith(".alt") else "ảnh, clip"
    return _KINDS.get(change.field, "lời")


_KINDS = {"due_at": "giờ đăng", "after": "thứ tự đăng", "channel": "kênh", "hashtags": "hashtag", "link": "liên kết"}


def word_changes(changes: Iterable[Change], marks: Mapping[str, Mark]) -> tuple[WordChange, ...]:
    """Return what reads otherwise, the channels together on which a field does so in the same way; no bytes of pictures."""
    together: dict[tuple[str, str, str], list[Mark]] = {}
    for change in changes:
        if not _is_bytes(change.field):
            was, now = _readable(change, change.before), _readable(change, change.after)
            found = together.setdefault((change.field, was, now), [])
            found += [marks[change.channel]] if change.channel in marks else []
    return tuple(WordChange(field=field_words(field), channels=tuple(found), pieces=folded(pieces(was, now)))
                 for (field, was, now), found in together.items() if was != now)  # fmt: skip


def _is_bytes(field: str) -> bool:
    """Tell whether a field is of a picture, and shown by the picture itself."""
    return field == "media" or (field.startswith("media.") and not field.endswith(".alt"))


def _readable(change: Change, value: str) -> str:
    if change.field == "due_at" and value:
        return moment_words(datetime.fromisoformat(value))
    if is_markup(change.before + change.after) and _plain(change.before) != _plain(change.after):
        return _plain(value)
    return value


def told_by_machine(why: str) -> str:
    """Return what Loa writes down when it takes something back, with the fields of all posts together and in words."""
    start, _, fields = why.partition(": ")
    if start != "đã đổi":
        return why
    named = (each.rpartition(" ")[2] for each in fields.split(", "))
    return f"{start}: " + ", ".join(dict.fromkeys("ảnh, clip" if _is_bytes(name) else field_words(name) for name in named))


def _plain(html: str) -> str:
    return unescape(nh3.clean(html, tags=set()))


def folded(found: Iterable[Piece]) -> tuple[Piece, ...]:
    """Return the pieces with what stayed the same cut short where it is long: its ends show where one is."""
    return tuple(replace(piece, text=_ends(piece.text)) if piece.mark is Became.SAME else piece for piece in found)


def _ends(text: str) -> str:
    if len(text) <= 2 * SHOWN_AROUND + 80:
        return text
    return f"{text[:SHOWN_AROUND].rsplit(' ', 1)[0]} […] {text[-SHOWN_AROUND:].split(' ', 1)[-1]}"


def field_words(field: str) -> str:
    """Return what an editor calls a field."""
    if field.startswith("media.") and field.endswith(".alt"):
        return f"lời mô tả “{field.removeprefix('media.').removesuffix('.alt')}”"
    return _FIELDS.get(field) or _FIELDS.get(field.partition(".")[0]) or field


_FIELDS = {
    "channel": "kênh", "due_at": "giờ đăng", "after": "đăng sau bài", "language": "ngôn ngữ", "title": "tiêu đề",
    "summary": "tóm tắt", "text": "lời bài", "html": "bài trên trang", "link": "liên kết", "hashtags": "hashtag",
    "tone": "không khí", "unit": "đơn vị", "group": "nhóm nội dung", "axis": "trục", "uses": "dữ kiện phải nêu",
    "facts": "dữ kiện riêng của mục", "form": "hình thức", "campaign": "chiến dịch", "repeat": "lặp lại",
    "messages": "thông điệp", "media": "ảnh, clip", "when": "quy tắc ngày", "moments": "quy tắc ngày của kênh",
    "channels": "các kênh", "languages": "ngôn ngữ của kênh",
}  # fmt: skip


def caption_changes(before: str, after: str) -> tuple[CaptionChange, ...]:
    """Return what two subtitle files (SubRip) say otherwise, cue by cue, each at its moment."""
    was, now = dict(_cues(before)), dict(_cues(after))
    moments = sorted({*was, *now})
    differing = (moment for moment in moments if was.get(moment) != now.get(moment))
    return tuple(CaptionChange(at=moment, pieces=pieces(was.get(moment, ""), now.get(moment, ""))) for moment in differing)


def _cues(subrip: str) -> Iterator[tuple[str, str]]:
    for block in subrip.replace("\r\n", "\n").split("\n\n"):
        lines = [line for line in block.split("\n") if line.strip()]
        at = next((number for number, line in enumerate(lines) if "-->" in line), None)
        if at is not None:
            yield lines[at].partition(" -->")[0].partition(",")[0].strip(), " ".join(lines[at + 1 :])

