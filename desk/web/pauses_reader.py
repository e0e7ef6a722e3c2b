"""Gather the page of pauses, and read its forms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from desk.mourning import would_hold_first
from desk.silence import ask_window, comes_back_alone, scope_words
from desk.web.calendar_reader import LAST_DAY
from desk.web.choices import Options
from desk.web.desk import Desk
from desk.web.moment_words import local, short_moment
from desk.web.phrase_book import spoken
from desk.web.views.pauses import Done, Form, PauseRow, PausesPage, PostLine, Preview
from editorial.clock import OFFICE_ZONE
from editorial.delivery import Delivery
from editorial.office import Office
from editorial.problem import BadInput, Problem
from editorial.tone import Tone
from store.halts import ALL, MOURNING, Covered, Halt, channel_scope, entry_scope, tone_scope, unit_scope

OFFERED = 300  # entries among which a person may choose by name
NAMED = 8  # posts that a preview names
LONGEST_REASON = 300
KINDS: Options = (("all", "Mọi lượt đăng"), ("channel", "Một kênh"), ("unit", "Một đơn vị"), ("tone", "Một sắc thái"),
                  ("entry", "Một bài"))  # fmt: skip
_TONES: Options = (
    (Tone.FESTIVE.value, "vui, lễ hội"), (Tone.NEUTRAL.value, "trung tính"), (Tone.SOLEMN.value, "trang nghiêm"),
)  # fmt: skip


def _tone_scope(name: str) -> str:
    return tone_scope(Tone(name))


_SCOPES: Mapping[str, Callable[[str], str]] = {
    "channel": channel_scope, "entry": entry_scope, "unit": unit_scope, "tone": _tone_scope,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Window:
    """What a person wants paused, and for how long."""

    scope: str
    starts_at: datetime | None
    ends_at: datetime | None


def read_pauses(desk: Desk, *, pause: Form | None = None, mourning: Form | None = None, done: Done | None = None) -> PausesPage:
    """Return the page, with forms as somebody has filled them in."""
    rows = tuple(_row(desk, halt) for halt in desk.bench.store.halts.planned())
    return PausesPage(
        pauses=rows,
        kinds=KINDS,
        names=_names(desk),
        pause=pause or Form(values={"kind": "all"}),
        mourning=mourning or Form(),
        today=desk.outlook.today.isoformat(),
        done=done,
    )


def read_window(desk: Desk, form: Mapping[str, str]) -> Window:
    """Return what a form asks to pause; raise BadInput with the field that is wrong."""
    kind = form.get("kind", "")
    name = form.get(kind, "").strip()
    if kind == "all":
        scope = ALL
    elif kind not in _SCOPES:
        raise BadInput(Problem(rule="unknown-choice", key="kind", message="hãy chọn điều muốn tạm dừng"))
    elif name in (desk.bench.content.entries if kind == "entry" else {value for value, _ in _names(desk)[kind]}):
        scope = _SCOPES[kind](name)
    else:
        raise BadInput(Problem(rule="unknown-name", key=kind, message="hãy chọn một mục trong danh sách; chưa có gì bị tạm dừng"))
    starts, ends = _moment(form.get("from", ""), "from"), _moment(form.get("to", ""), "to")
    ask_window(starts, ends, desk.bench.clock.now(), "to")
    return Window(scope=scope, starts_at=starts, ends_at=ends)


def read_days(desk: Desk, form: Mapping[str, str]) -> tuple[date, date]:
    """Return the first and last day of mourning; raise BadInput with the field that is wrong."""
    first, last = _day(form.get("from", ""), "from"), _day(form.get("to", ""), "to")
    if last < first:
        raise BadInput(Problem(rule="wrong-span", key="to", message="ngày cuối phải là ngày đầu hoặc sau ngày đầu"))
    if last < desk.outlook.today:
        raise BadInput(Problem(rule="wrong-span", key="to", message="ngày cuối đã qua, không còn giữ được bài nào"))
    return first, last


def preview_pause(desk: Desk, window: Window) -> Preview:
    """Return what a pause would hold."""
    return _preview(desk, desk.bench.store.halts.would_cover_first(NAMED, window.scope, window.starts_at, window.ends_at))


def preview_mourning(desk: Desk, first: date, last: date) -> Preview:
    """Return what mourning would hold."""
    return replace(_preview(desk, would_hold_first(desk.bench.store, NAMED, first, last)), solemn=True)


def post_lines(desk: Desk, deliveries: Iterable[Delivery], *, told: bool = False) -> tuple[PostLine, ...]:
    """Return posts as lines; `told` says what becomes of each now that nothing holds it."""
    found = tuple(deliveries)
    headlines, office = desk.outlook.headlines(each.entry for each in found), desk.bench.content.office
    return tuple(
        PostLine(
            id=each.id,
            headline=headlines.get(each.entry, each.entry),
            channel=office.channels[each.channel].name if each.channel in office.channels else each.channel,
            due=short_moment(each.due_at),
            fate=_fate(desk, each) if told else "",
        )
        for each in found
    )


def _preview(desk: Desk, held: Covered) -> Preview:
    return Preview(count=held.count, posts=post_lines(desk, held.first))


def _fate(desk: Desk, delivery: Delivery) -> str:
    rule = desk.bench.content.office.release_rule()
    if comes_back_alone(delivery, rule, desk.bench.clock.now()):
        return f"tự đăng, cách bài khác của kênh ít nhất {rule.gap_on(delivery.channel).total_seconds() / 60:.0f} phút"
    return "chờ bạn quyết định"


def _row(desk: Desk, halt: Halt) -> PauseRow:
    office = desk.bench.content.office
    return PauseRow(
        scope=halt.scope,
        what=in_office(scope_words(halt.scope), office),
        why=halt.why,
        who=office.name_of(halt.who),
        since=short_moment(halt.at),
        window=window_said(halt),
        mourning=halt.scope == MOURNING,
        to_come=not halt.in_force(desk.bench.clock.now()),
    )


def window_said(halt: Halt) -> str:
    """Return when a pause begins and ends, in the reader's language; "" for one that lasts until it is lifted."""
    begins, ends = (short_moment(at) if at else "" for at in (halt.starts_at, halt.ends_at))
    if begins and ends:
        return spoken(f"từ {begins} đến {ends}")
    return spoken(f"từ {begins}") if begins else spoken(f"đến {ends}") if ends else ""


def in_office(words: str, office: Office) -> str:
    """Write a scope for the reader, with the office's own names for ids: `kênh facebook` is `Kênh Fanpage Hà Nội`."""
    kind, _, name = words.partition(" ")
    known = {"kênh": {id: each.name for id, each in office.channels.items()},
             "đơn": {f"vị {id}": each.name for id, each in office.units.items()},
             "sắc": {f"thái {value}": spoken(f"Bài có sắc thái {tone}") for value, tone in _TONES}}.get(kind, {})  # fmt: skip
    shown = known.get(name) or spoken(words)
    return shown[:1].upper() + shown[1:]


def _names(desk: Desk) -> Mapping[str, Options]:
    office, today = desk.bench.content.office, desk.outlook.today
    # What is paused is still to come: the nearest are offered, and any other is typed by its id.
    coming = desk.bench.whole_plan.firsts_between(today, LAST_DAY)[:OFFERED]
    headlines = desk.outlook.headlines(slot.entry for slot in coming)
    return {
        "channel": tuple((each.id, each.name) for each in office.channels.values()),
        "unit": tuple((id, each.name) for id, each in office.units.items()),
        "tone": tuple((value, spoken(words)) for value, words in _TONES),
        "entry": tuple(sorted(headlines.items(), key=lambda each: each[1].casefold())),
    }


def _moment(text: str, key: str) -> datetime | None:
    """Read a moment as browsers write it, in the office's zone; nothing where nothing was given."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadInput(Problem(rule="bad-moment", key=key, message="hãy chọn ngày và giờ")) from error
    return local(moment) if moment.tzinfo else moment.replace(tzinfo=OFFICE_ZONE)


def _day(text: str, key: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadInput(Problem(rule="bad-date", key=key, message="hãy chọn một ngày")) from error
