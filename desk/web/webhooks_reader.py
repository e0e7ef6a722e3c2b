"""Gather the page of webhooks: each address, how it stands in plain words, and its last calls."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum

from desk.web.desk import Desk
from desk.web.moment_words import short_moment
from desk.web.phrase_book import spoken
from desk.web.sign_in_pages import errors_of
from desk.webhooks import Webhooks
from editorial.problem import BadInput
from store.webhook_calls import PING, WebhookCall
from store.webhooks import News, Webhook

KIND_WORDS: Mapping[News, str] = {
    News.DELIVERY: "Lượt đăng đổi tình trạng: đến giờ, đã đăng, bị giữ, lỗi…",
    News.ENTRY: "Mục nội dung đổi khâu: trình, kiểm chứng, duyệt, trả lại…",
}
SHORT_WORDS: Mapping[str, str] = {
    News.DELIVERY.value: "lượt đăng đổi tình trạng", News.ENTRY.value: "mục nội dung đổi khâu", PING: "lời gọi thử",
}  # fmt: skip
FIELDS = ("URL", "--kind")  # what the command calls them


class Sign(Enum):
    """How a webhook stands; the value is the status whose hue and mark it has."""

    TELLING = "verified"
    SILENT = "ready"
    TRYING = "held"
    GIVEN_UP = "failed"
    OFF = "stopped"

    @property
    def label(self) -> str:
        """Return what people call it."""
        return _LABELS[self]


_LABELS = {
    Sign.TELLING: "Đang báo", Sign.SILENT: "Chưa báo gì", Sign.TRYING: "Đang gọi lại", Sign.GIVEN_UP: "Đã dừng",
    Sign.OFF: "Đã tắt",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class HookForm:
    """What stood in the form."""

    url: str = ""
    kinds: tuple[str, ...] = tuple(kind.value for kind in News)


@dataclass(frozen=True, kw_only=True)
class CallLine:
    """One call: when, what was said, and what became of it."""

    at: str
    what: str
    taken: bool
    outcome: str


@dataclass(frozen=True, kw_only=True)
class HookRow:
    """One address; `trouble` is empty where nothing stands in its way."""

    id: int
    url: str
    kinds: str
    sign: Sign
    trouble: str
    made: str
    who: str
    told: str
    rests: bool
    waiting: int  # changes that it has not been told, where it rests
    calls: tuple[CallLine, ...]
    tried: CallLine | None  # what came of the trial that was just made


@dataclass(frozen=True, kw_only=True)
class HooksPage:
    """Every webhook, and the form for another one."""

    rows: tuple[HookRow, ...]
    form: HookForm
    kinds: tuple[tuple[str, str, bool], ...]
    errors: Mapping[str, str]
    wrong: str  # what is wrong with no field of the form


def webhooks_of(desk: Desk) -> Webhooks:
    """Return what adds, tries and takes away webhooks."""
    return Webhooks(store=desk.bench.store, clock=desk.bench.clock)


def read_webhooks(desk: Desk, form: HookForm, error: BadInput | None, tried: int | None) -> HooksPage:
    """Return the page; `tried` is the webhook to which a trial was just sent."""
    store, errors = desk.bench.store, errors_of(error)
    calls = store.webhooks.calls()
    return HooksPage(
        rows=tuple(_row(desk, each, calls.get(each.id, ()), each.id == tried) for each in store.webhooks.all()),
        form=form,
        kinds=tuple((kind.value, spoken(words), kind.value in form.kinds) for kind, words in KIND_WORDS.items()),
        errors={name: errors[name] for name in FIELDS},
        wrong=" ".join(said for name, said in errors.items() if name not in FIELDS),
    )


def _row(desk: Desk, hook: Webhook, calls: Collection[WebhookCall], tried: bool) -> HookRow:
    lines = tuple(_line(each) for each in calls)
    rests = hook.off_at is not None or hook.stopped_at is not None
    return HookRow(
        id=hook.id, url=hook.url, kinds=" · ".join(spoken(SHORT_WORDS[kind.value]) for kind in hook.kinds), sign=_sign(hook),
        trouble=_trouble(hook), made=short_moment(hook.made_at),
        who=desk.bench.content.office.name_of(hook.made_by), told=short_moment(hook.told_at) if hook.told_at else "",
        rests=rests, waiting=desk.bench.store.webhooks.waiting(hook) if rests else 0, calls=lines,
        tried=lines[0] if tried and lines else None,
    )  # fmt: skip


def _line(call: WebhookCall) -> CallLine:
    outcome = spoken(call.detail) if call.detail else spoken("đã nhận")
    what = SHORT_WORDS.get(call.said, call.said)
    return CallLine(at=short_moment(call.at), what=spoken(what), taken=not call.detail, outcome=outcome)


def _sign(hook: Webhook) -> Sign:
    if hook.off_at is not None:
        return Sign.OFF
    if hook.stopped_at is not None:
        return Sign.GIVEN_UP
    if hook.failing_since is not None:
        return Sign.TRYING
    return Sign.TELLING if hook.told_at is not None else Sign.SILENT


def _trouble(hook: Webhook) -> str:
    """Say what stands in the way, and what is to be done about it."""
    why = spoken(hook.detail)
    match _sign(hook):
        case Sign.OFF if hook.off_at is not None:
            return spoken(f"Tắt từ {short_moment(hook.off_at)}.")
        case Sign.GIVEN_UP if hook.stopped_at is not None:
            at = short_moment(hook.stopped_at)
            return spoken(f"Dừng {at}, sau 48 giờ gọi không được: {why}. Sửa máy nhận, gọi thử rồi bật lại.")
        case Sign.TRYING if hook.failing_since is not None:
            since, again = short_moment(hook.failing_since), short_moment(hook.next_at)
            return spoken(f"Chưa gọi được từ {since}, {hook.failures} lần: {why}. Loa tự gọi lại {again}.")
        case _:
            return ""
