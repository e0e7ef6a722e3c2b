"""Addresses that the office's own programs listen at: added, tried and taken away by whoever manages the office."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from editorial.clock import Clock
from editorial.outcome import PublishError
from editorial.problem import BadInput, Problem
from editorial.role import Person, Right, require
from publishers.outside import INSIDE, address_outside
from scheduler.engines.contract import Beat
from scheduler.tell import Teller
from store.store import Store
from store.webhooks import News, Webhook

HOSTS = "LOA_WEBHOOK_HOSTS"  # names of hosts inside that may be told, with spaces or commas between them
EVERY = timedelta(seconds=2)
LONGEST_URL = 500  # letters
MOST = 20


@dataclass(frozen=True, kw_only=True)
class Webhooks:
    """Add, try and take away webhooks."""

    store: Store
    clock: Clock

    def add(self, url: str, kinds: Collection[str], by: Person) -> Webhook:
        """Add an address; raise BadInput for one that is none, or that leads inside."""
        require(by, Right.MANAGE)
        refuse_address(url)
        if len(self.store.webhooks.all()) >= MOST:
            message = f"đã có {MOST} webhook; hãy bỏ cái không còn cần rồi thêm"
            raise BadInput(Problem(rule="too-many", key="URL", message=message))
        return self.store.webhooks.add(url, _kinds(kinds), by=by.id)

    def remove(self, id: int, by: Person) -> None:
        """Take an address away; raise BadInput where there is none."""
        require(by, Right.MANAGE)
        self.store.webhooks.remove(self.find(id).id, by=by.id)

    def turn_off(self, id: int, by: Person) -> None:
        """Tell an address nothing until it is resumed."""
        require(by, Right.MANAGE)
        self.store.webhooks.turn_off(self.find(id).id, by=by.id)

    def resume(self, id: int, by: Person, *, skip: bool = False) -> int:
        """Let an address that was given up, or turned off, be told again; return how many changes it was not told meanwhile.

        They are told first, in their order; with `skip` never.
        """
        require(by, Right.MANAGE)
        missed = self.store.webhooks.waiting(self.find(id))
        self.store.webhooks.resume(id, by=by.id, skip=skip)
        return missed

    def test(self, id: int, by: Person) -> str:
        """Send a first message; return why it was not taken, "" where it was."""
        require(by, Right.MANAGE)
        return Teller(self.store, self.clock, hosts_let_in()).ping(self.find(id), by=by.id)

    def find(self, id: int) -> Webhook:
        """Return a webhook; raise BadInput where there is none."""
        try:
            return self.store.webhooks.get(id)
        except KeyError as error:
            message = f"không có webhook số {id}; hãy xem ./loa webhooks list"
            raise BadInput(Problem(rule="unknown-webhook", key="SỐ", message=message)) from error


def hosts_let_in() -> frozenset[str]:
    """Return the hosts inside that the office lets be told: `nội-bộ.example.vn`, or with its port."""
    return frozenset(os.environ.get(HOSTS, "").replace(",", " ").lower().split())


def refuse_address(url: str) -> None:
    """Raise BadInput for what is no https address of a machine outside; plain http is for hosts that are let in."""
    try:
        place = urlsplit(url)
        host, port = place.hostname or "", place.port
    except ValueError as error:
        raise BadInput(_wrong("địa chỉ này không đọc được; viết dạng https://may.example.vn/loa")) from error
    known = hosts_let_in()
    let_in = host in known or f"{host}:{port}" in known
    if not host or len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url or place.fragment:
        raise BadInput(_wrong("địa chỉ này không đọc được; viết dạng https://may.example.vn/loa"))
    if place.scheme != "https" and not (place.scheme == "http" and let_in):
        raise BadInput(_wrong("địa chỉ phải bắt đầu bằng https://; http:// chỉ cho máy nội bộ có tên trong LOA_WEBHOOK_HOSTS"))
    if place.username is not None or place.password is not None:
        raise BadInput(_wrong("địa chỉ không được có tên và mật khẩu; máy nhận nhận ra Loa bằng chữ ký của lời báo"))
    try:
        address_outside(host, port or (443 if place.scheme == "https" else 80), known)
    except PublishError as error:
        if error.code == INSIDE:
            message = "địa chỉ này dẫn vào máy này hoặc mạng nội bộ nên Loa không gọi; xem LOA_WEBHOOK_HOSTS trong docs/api.md"
            raise BadInput(_wrong(message)) from error
        raise BadInput(_wrong("không tìm thấy máy chủ có tên này; hãy kiểm tra địa chỉ")) from error


def webhook_beat(store: Store, clock: Clock) -> Beat:
    """Return what tells the webhooks, for whoever has the clock."""
    return Beat(name="webhooks", every=EVERY, run=Teller(store, clock, hosts_let_in()).tell)


def refuse_no_kinds(kinds: Collection[str]) -> None:
    """Raise BadInput where somebody chose nothing of what they were offered; who was offered nothing is told everything."""
    if not kinds:
        raise BadInput(Problem(rule="missing-choice", key="--kind", message="hãy chọn ít nhất một loại thay đổi để báo"))


def _kinds(words: Collection[str]) -> tuple[News, ...]:
    known = {kind.value: kind for kind in News}
    if any(word not in known for word in words):
        raise BadInput(Problem(rule="unknown-choice", key="--kind", message=f"chọn trong: {', '.join(known)}"))
    return tuple(kind for kind in News if kind.value in words) or tuple(News)


def _wrong(message: str) -> Problem:
    return Problem(rule="wrong-link", key="URL", message=message)
