"""Whether each channel of the office works: what it posts to, what stands in its way, what it has used up, and what waits for it.

The same for the pages and for `./loa channels`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from desk.allowances import allowances_of
from desk.web.moment_words import left, short_moment
from editorial.clock import OFFICE_ZONE
from editorial.delivery import HoldReason
from editorial.office import Channel, Office
from publishers.allowance import Allowance
from publishers.expiry import Expiry, read_expiry
from publishers.manifest import Manifest
from publishers.registry import manifest_of
from store.channel_figures import ChannelFigures
from store.connections import Connection
from store.gates import APP, Gate, Way, account_gate, app_gate, provider_gate
from store.halts import ALL, MOURNING, Halt, channel_scope
from store.settings import notes_prefix
from store.store import Store

SOON = timedelta(days=14)  # in which somebody should connect the account again


class Link(Enum):
    """What a channel posts to."""

    REHEARSAL = "rehearsal"  # the stand-in on this machine
    ACCOUNT = "account"  # the office's account on the platform
    NOTHING = "nothing"  # other channels are connected, this one is not


class Condition(Enum):
    """How a channel fares, the worst first."""

    STOPPED = "stopped"  # a person has to do something
    WAITING = "waiting"  # goes on by itself
    WARNED = "warned"  # works, and will not for ever
    WELL = "well"
    NEW = "new"  # has never published anything


CONDITION_WORDS: Mapping[Condition, str] = {
    Condition.STOPPED: "Cần người xử lý", Condition.WAITING: "Đang chờ", Condition.WARNED: "Sắp cần xử lý",
    Condition.WELL: "Chạy tốt", Condition.NEW: "Chưa đăng bài nào",
}  # fmt: skip
LINK_WORDS: Mapping[Link, str] = {
    Link.REHEARSAL: "máy chủ thử (diễn tập)", Link.ACCOUNT: "tài khoản thật", Link.NOTHING: "chưa kết nối",
}  # fmt: skip
HELD_WORDS: Mapping[HoldReason, str] = {
    HoldReason.LATE: "lỡ giờ", HoldReason.UNAPPROVED: "chưa duyệt khi đến giờ", HoldReason.AMBIGUOUS: "chưa rõ đã lên kênh",
    HoldReason.DRIFT: "khác bản duyệt", HoldReason.BLACKOUT: "ngày im lặng", HoldReason.HALT: "tạm dừng",
    HoldReason.AUTH: "chờ kết nối lại", HoldReason.QUOTA: "hết hạn mức", HoldReason.POISON: "lỗi lặp lại",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why a channel is not simply well, in a sentence; `until` is when that is over by itself."""

    condition: Condition
    words: str
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Health:
    """One channel as it stands now."""

    channel: Channel
    manifest: Manifest
    link: Link
    connection: Connection | None
    figures: ChannelFigures
    expiry: Expiry
    allowances: tuple[Allowance, ...]
    reasons: tuple[Reason, ...]

    @property
    def condition(self) -> Condition:
        """Return the worst that is so."""
        found = [reason.condition for reason in self.reasons]
        if not found:
            return Condition.WELL if self.figures.published_at else Condition.NEW
        return min(found, key=list(Condition).index)


def healths(store: Store, office: Office) -> tuple[Health, ...]:
    """Return the health of every channel of the office, in its order; raise Unopened where the key of the accounts is missing."""
    connections, now = store.connections.all(), store.clock.now()
    figures, gates, halts = store.channel_figures.of(office.channels), store.channel_figures.gates(), store.halts.standing()
    notes = store.settings.starting("channel.")
    found = []
    for channel in office.channels.values():
        manifest, connection = manifest_of(channel.publisher), connections.get(channel.id)
        link = Link.ACCOUNT if connection else Link.NOTHING if connections else Link.REHEARSAL
        settings = connection.settings if connection else {}
        prefix = notes_prefix(channel.id)
        expiry = read_expiry(lambda name, prefix=prefix: notes.get(prefix + name, ""))  # type: ignore[misc]  # bound here
        reasons = (
            *_link_reasons(link, connection), *_halt_reasons(store, channel, halts),
            *_gate_reasons(channel, manifest, settings, gates, now), *_expiry_reasons(expiry, now),
        )  # fmt: skip
        allowances = allowances_of(store, channel, manifest, settings, gates)
        found.append(Health(channel=channel, manifest=manifest, link=link, connection=connection, figures=figures[channel.id],
                            expiry=expiry, allowances=allowances, reasons=reasons))  # fmt: skip
    return tuple(found)


def _link_reasons(link: Link, connection: Connection | None) -> Iterator[Reason]:
    if link is Link.NOTHING:
        words = "Chưa kết nối tài khoản nào: bài đến giờ được giữ lại cho đến khi kết nối."
        yield Reason(condition=Condition.STOPPED, words=words)
    if connection is not None and connection.lacks:
        yield Reason(condition=Condition.WARNED, words=f"Khi kết nối, tài khoản còn thiếu: {', '.join(connection.lacks)}.")


def _halt_reasons(store: Store, channel: Channel, halts: tuple[Halt, ...]) -> Iterator[Reason]:
    """Tell of every pause that stops all that the channel would post."""
    for halt in halts:
        if halt.scope not in (ALL, MOURNING, channel_scope(channel.id)):
            continue
        words = f"{halt.why[:1].upper()}{halt.why[1:]}"
        if halt.reason is HoldReason.QUOTA and halt.ends_at is not None:
            count = store.channel_figures.due_before(channel.id, halt.ends_at)
            waits = f" {count} bài hẹn trước lúc đó phải chờ." if count else ""
            yield Reason(condition=Condition.WAITING, words=f"{words}.{waits}", until=halt.ends_at)
        elif halt.reason is HoldReason.AUTH:
            yield Reason(condition=Condition.STOPPED, words=f"{words}.")
        elif halt.scope == MOURNING:
            words = f"Quốc tang, chỉ bài trang nghiêm được đăng: {halt.why}."
            yield Reason(condition=Condition.WAITING, words=words, until=halt.ends_at)
        else:
            yield Reason(condition=Condition.WAITING, words=f"Đang tạm dừng: {halt.why}.", until=halt.ends_at)


def _gate_reasons(
    channel: Channel, manifest: Manifest, settings: Mapping[str, str], gates: Mapping[str, Gate], now: datetime
) -> Iterator[Reason]:  # fmt: skip
    """Tell of the platform's trouble, and of what it asks to wait for."""
    provider = gates.get(provider_gate(manifest.id))
    if provider is not None and provider.trips:
        if provider.opens_at > now:
            rest = f"Loa nghỉ gọi đến {_hour(provider.opens_at)}, rồi gửi một bài để thử."
            words = f"{manifest.name}: nền tảng đang trục trặc. {rest}"
            yield Reason(condition=Condition.WAITING, words=words, until=provider.opens_at)
        else:
            words = f"{manifest.name}: nền tảng vừa trục trặc. Loa gửi từng bài một cho đến khi có bài đi được."
            yield Reason(condition=Condition.WAITING, words=words)
    for name, gate in gates.items():
        if gate.opens_at <= now or not _is_of(name, channel, manifest, settings):
            continue
        whose = "ứng dụng (chung cho các kênh nối qua nó)" if name.startswith(APP) else "tài khoản"
        words = f"Nền tảng bảo {whose} chờ đến {_hour(gate.opens_at)}; bài đến giờ đi ngay sau đó."
        yield Reason(condition=Condition.WAITING, words=words, until=gate.opens_at)


def _is_of(gate: str, channel: Channel, manifest: Manifest, settings: Mapping[str, str]) -> bool:
    """Tell whether a gate is the account's or its app's; an app that the account does not name may be any of its platform."""
    known = settings.get(manifest.app.setting, "") if manifest.app and manifest.app.setting else ""
    app = app_gate(Way(provider=manifest.id, app=known))
    return gate == account_gate(channel.id) or gate == app or (not known and gate.startswith(app))


def _expiry_reasons(expiry: Expiry, now: datetime) -> Iterator[Reason]:
    """Tell of an account that somebody has to connect again, before it is too late or after."""
    ends = expiry.ends
    if ends is None or ends - now > SOON:
        return
    if ends <= now:
        words = f"Quyền truy cập đã hết hạn từ {short_moment(ends)}; hãy kết nối lại."
        yield Reason(condition=Condition.STOPPED, words=words)
    else:
        words = f"Quyền truy cập {left(ends, now)}; hãy kết nối lại trước {short_moment(ends)}."
        yield Reason(condition=Condition.WARNED, words=words)


def _hour(moment: datetime) -> str:
    return f"{moment.astimezone(OFFICE_ZONE):%H:%M %d/%m}"
