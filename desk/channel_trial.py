"""Try one channel: a post's whole life at the rehearsal's stand-in, or a question to a real account that changes nothing."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

from desk.account_file import read_account
from desk.media_host import MediaHost
from desk.rehearsal_accounts import connect
from editorial.clock import SimulatedClock, SystemClock
from editorial.likeness import differences
from editorial.message import Variant
from editorial.office import Channel, Office
from editorial.outcome import Found, Pending, PublishError, RateLimited, Receipt
from editorial.post import Medium, MediumKind, Post
from editorial.problem import BadInput, Problem, Severity
from publishers.contract import (
    Corrects,
    Follows,
    Greets,
    Prepares,
    Publisher,
    Reconciles,
    Verifies,
    Withdraws,
)
from publishers.manifest import Manifest
from publishers.registry import PUBLISHERS, manifest_of, open_publisher
from rehearsal.town import Town
from store.media import MediaStore
from store.store import Store
from studio.fitness import sample_clip, sample_picture

Value = TypeVar("Value")
MOST_WAITS = 20  # for what a platform finishes later
WORDS, NEW_WORDS = "Bài thử của Loa: cầu Long Biên.", "Bài thử của Loa, đã sửa."


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of the trial and what came of it."""

    id: str
    name: str
    well: bool
    seen: str


def known_channel(office: Office, name: str) -> Channel:
    """Return the office's channel, or one made up for a publisher that the office does not use; raise BadInput for neither."""
    if name in office.channels:
        return office.channels[name]
    if name in PUBLISHERS:
        return Channel(id=name, name=manifest_of(name).name, publisher=name, caption=name)
    known = [*office.channels, *(publisher for publisher in PUBLISHERS if publisher not in office.channels)]
    near = get_close_matches(name, known, n=1, cutoff=0.6)
    advice = f"có phải “{near[0]}”?" if near else f"các kênh có thể chọn: {', '.join(sorted(known))}"
    raise BadInput(Problem(rule="unknown-channel", message=f"không có kênh “{name}”; {advice}"))


def try_channel(channel: Channel) -> Iterator[Step]:
    """Yield each step of a post's life at the channel's stand-in; it stops at the first that is not well."""
    with tempfile.TemporaryDirectory(prefix="loa-channel-") as place:
        folder, clock = Path(place), SimulatedClock(SystemClock().now())
        media, url = MediaStore(folder / "media"), f"sqlite:///{folder / 'loa.sqlite'}"
        town_place = Town(clock=clock.now, folder=folder / "town")
        with Store.open(url, clock=clock) as store, town_place as town, MediaHost(media) as host:
            rehearsed = connect({channel.id: channel}, store, town, host.address, folder / "site")
            try:
                publisher = rehearsed.publishers.get(channel.id)
                if publisher is None:
                    message = f"kênh “{channel.id}” không có máy chủ thử; hãy thử với tài khoản: thêm --account TỆP"
                    raise BadInput(Problem(rule="no-stand-in", message=message))
                yield from _Trial(publisher, _post(channel, publisher.manifest, media, clock), clock).steps()
            finally:
                rehearsed.close()


def ask_account(channel: Channel, file: Path) -> Iterator[Step]:
    """Yield how the platform knows the account in the file; nothing is posted or changed there."""
    account = read_account(channel, file)
    publisher = open_publisher(channel.publisher, account)
    try:
        yield _asked(publisher)
    finally:
        publisher.close()


class _Trial:
    """One post from its draft to its withdrawal."""

    def __init__(self, publisher: Publisher, post: Post, clock: SimulatedClock) -> None:
        self._publisher = publisher
        self._post = post
        self._clock = clock
        self._handles = _Handles()
        self._receipt = Receipt(remote_id="", url=None)

    def steps(self) -> Iterator[Step]:
        """Yield each step; the ones behind a step that is not well are not taken."""
        yield (step := _asked(self._publisher))
        for id, name, work in self._course():
            if not step.well:
                return
            yield (step := _step(id, name, work))

    def _course(self) -> Iterator[tuple[str, str, Callable[[], str]]]:
        yield "check", "kiểm tra", self._check
        if isinstance(self._publisher, Prepares):
            yield "prepare", "chuẩn bị", self._prepare
        yield "publish", "đăng", self._publish
        if isinstance(self._publisher, Reconciles):
            yield "find", "tìm lại", self._find
        if isinstance(self._publisher, Verifies):
            yield "verify", "đọc lại", self._read_back
        if isinstance(self._publisher, Corrects):
            yield "correct", "sửa", self._correct
        if isinstance(self._publisher, Withdraws):
            yield "withdraw", "gỡ", self._withdraw

    def _check(self) -> str:
        found = [str(problem) for problem in self._publisher.check(self._post) if problem.severity is Severity.ERROR]
        if found:
            raise _Wrong("; ".join(found))
        return f"{len(self._post.media)} ảnh, clip; đúng giới hạn của kênh"

    def _prepare(self) -> str:
        publisher = self._publisher
        if isinstance(publisher, Prepares):
            self._patiently(lambda: publisher.prepare(self._post, key=self._post.key, handles=self._handles))
        return f"{len(self._handles.values)} việc làm trước, chưa ai thấy"

    def _publish(self) -> str:
        outcome = self._publisher.publish(self._post, key=self._post.key, handles=self._handles)
        for _ in range(MOST_WAITS):
            if isinstance(outcome, Receipt):
                break
            self._clock.advance(outcome.ask_again_in)
            outcome = self._followed(outcome)
        if not isinstance(outcome, Receipt):
            raise _Wrong("nền tảng xử lý mãi chưa xong")
        self._receipt = outcome
        return outcome.url or outcome.remote_id

    def _followed(self, pending: Pending) -> Receipt | Pending:
        if not isinstance(self._publisher, Follows):
            raise _Wrong("kênh trả về một việc chưa xong mà không biết hỏi lại")
        return self._publisher.follow(pending, handles=self._handles)

    def _find(self) -> str:
        if isinstance(self._publisher, Reconciles):
            since = self._clock.now() - timedelta(minutes=5)
            sighting = self._publisher.find(self._post, key=self._post.key, handles=self._handles, since=since)
            if not isinstance(sighting, Found) or sighting.receipt.remote_id != self._receipt.remote_id:
                raise _Wrong(f"không tìm lại được bài vừa đăng: {sighting}")
        return self._receipt.remote_id

    def _read_back(self) -> str:
        self._compare(self._post)
        return "đúng từng chữ như bản đã duyệt"

    def _correct(self) -> str:
        words = replace(self._post.variant, text=NEW_WORDS, html=f"<p>{NEW_WORDS}</p>", summary=NEW_WORDS)
        post = replace(self._post, variant=words)
        if isinstance(self._publisher, Corrects):
            self._receipt = self._publisher.correct(self._receipt, post, handles=self._handles)
        self._clock.advance(timedelta(minutes=1))
        self._compare(post)
        return "lời mới đã hiện"

    def _withdraw(self) -> str:
        if isinstance(self._publisher, Withdraws):
            self._publisher.withdraw(self._receipt)
        live = self._publisher.read_back(self._receipt) if isinstance(self._publisher, Verifies) else None
        if live is not None and live.visible:
            raise _Wrong("bài đã gỡ mà vẫn xem được")
        return "công chúng không còn thấy"

    def _compare(self, post: Post) -> None:
        if isinstance(self._publisher, Verifies):
            live = self._publisher.read_back(self._receipt)
            unlike = ("không đọc lại được bài",) if live is None else differences(self._publisher.shown(post), live)
            if unlike:
                raise _Wrong("; ".join(unlike))

    def _patiently(self, work: Callable[[], Value]) -> Value:
        for _ in range(MOST_WAITS):
            try:
                return work()
            except RateLimited as wait:
                self._clock.advance(wait.wait)
        return work()


class _Wrong(Exception):
    """A step was taken and its result is not right."""


class _Handles:
    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    def get(self, name: str) -> str | None:
        return self.values.get(name)

    def save(self, name: str, value: str) -> None:
        self.values[name] = value


def _asked(publisher: Publisher) -> Step:
    if not isinstance(publisher, Greets):
        return Step(id="greet", name="tài khoản", well=True, seen="kênh này không cho hỏi tài khoản")
    try:
        greeting = publisher.greet()
    except PublishError as error:
        return Step(id="greet", name="tài khoản", well=False, seen=str(error))
    allowances = "".join(f"; đã dùng {percent}% {what}" for what, percent in greeting.used.items() if percent)
    wanting = f"; thiếu: {', '.join(greeting.lacks)}" if greeting.lacks else ""
    return Step(id="greet", name="tài khoản", well=not greeting.lacks, seen=f"{greeting.name}{allowances}{wanting}")


def _step(id: str, name: str, work: Callable[[], str]) -> Step:
    try:
        return Step(id=id, name=name, well=True, seen=work())
    except (PublishError, _Wrong) as error:
        return Step(id=id, name=name, well=False, seen=str(error))


def _post(channel: Channel, manifest: Manifest, media: MediaStore, clock: SimulatedClock) -> Post:
    words = Variant(
        channel=channel.id, language="vi", title="Bài thử của Loa", text=WORDS, html=f"<p>{WORDS}</p>", summary=WORDS
    )  # fmt: skip
    kind = MediumKind.VIDEO if MediumKind.VIDEO in manifest.media_required else MediumKind.IMAGE
    chosen = (_medium(kind, media),) if manifest.takes(kind) else ()
    key = f"bai-thu.{channel.id}.1"
    return Post(key=key, entry="bai-thu", channel=channel.id, variant=words, media=chosen, due_at=clock.now())


def _medium(kind: MediumKind, media: MediaStore) -> Medium:
    seconds = None
    if kind is MediumKind.VIDEO:
        raw, width, height, seconds = sample_clip()
        suffix, media_type = ".mp4", "video/mp4"
    else:
        raw, width, height = sample_picture()
        suffix, media_type = ".jpg", "image/jpeg"
    return Medium(
        id="thu", kind=kind, media_type=media_type, sha256=hashlib.sha256(raw).hexdigest(), byte_size=len(raw), width=width,
        height=height, alt="Bốn dải màu và một hình vuông", path=media.put(raw, suffix), seconds=seconds,
    )  # fmt: skip
