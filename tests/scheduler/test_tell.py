"""Webhooks: signed, in order, again until they are taken, never to an address inside; on both databases, over real HTTP."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from sqlalchemy import insert

from editorial.clock import SimulatedClock
from editorial.delivery import State
from editorial.outcome import Unavailable
from editorial.role import Person, Role
from editorial.workflow import Action
from publishers.outside import INSIDE, address_outside, is_outside
from publishers.wire import Call, Wire
from scheduler.tell import Teller
from store.schema import PASSAGES
from store.store import Store
from store.webhooks import LONGEST_TROUBLE, News, Webhook
from tests.store.fresh_database import DATABASES, fresh_database
from tests.store.ledger_posts import DUE, approval, post

EDITOR = Person(id="lan", name="Lan", roles=(Role.EDITOR,))
HERE = ("127.0.0.1",)


class Receiver:
    """A server that keeps what it is sent, and answers with the statuses that are put into it, 204 after those."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                outer.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
                status = outer.answers.pop(0) if outer.answers else 204
                self.send_response(status)
                if status in (301, 302, 307, 308):
                    self.send_header("location", f"{outer.url}/elsewhere")
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def ids(self) -> list[str]:
        return [headers["webhook-id"] for headers, _ in self.got]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.close()


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(DUE)


@pytest.fixture(params=DATABASES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return fresh_database(tmp_path, str(request.param))


@pytest.fixture
def store(url: str, clock: SimulatedClock) -> Iterator[Store]:
    with Store.open(url, clock=clock) as opened:
        yield opened


@pytest.fixture
def hook(store: Store, receiver: Receiver) -> Webhook:
    return store.webhooks.add(f"{receiver.url}/loa?office=1", tuple(News), by="quan-tri")


@pytest.fixture
def teller(store: Store, clock: SimulatedClock) -> Teller:
    return Teller(store, clock, HERE)


def queue(store: Store, *keys: str) -> None:
    """Let posts become due: each is one change of a delivery."""
    posts = [post(key) for key in keys]
    store.approvals.save(approval(posts), tuple(posts))
    for each in posts:
        store.deliveries.plan(each)
    assert store.deliveries.promote() == len(keys)


def test_what_changes_is_told_once_signed_and_in_order(store: Store, teller: Teller, receiver: Receiver, hook: Webhook) -> None:
    queue(store, "a.portal.2026", "b.portal.2026")
    store.workflow.take("a", Action.SUBMIT, EDITOR, revision="r", why="trình")
    assert teller.tell() == 3
    assert teller.tell() == 0
    said = [json.loads(body) for _, body in receiver.got]
    assert [(each["type"], each["data"]["entry"], each["data"]["to"]) for each in said] == [
        ("delivery.changed", "a", "queued"), ("delivery.changed", "b", "queued"), ("entry.changed", "a", "in-review"),
    ]  # fmt: skip
    assert len(set(receiver.ids)) == 3
    assert "lan" not in str(said), "nobody's name goes out"
    headers, body = receiver.got[0]
    key = base64.b64decode(store.webhooks.secret(hook).removeprefix("whsec_"))
    stamp = headers["webhook-timestamp"]
    mark = hmac.new(key, f"{headers['webhook-id']}.{stamp}.".encode() + body, hashlib.sha256).digest()
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(mark).decode()}"
    assert int(stamp) == int(DUE.timestamp())
    assert headers["host"] == receiver.url.removeprefix("http://")


def test_what_was_before_is_not_told(store: Store, clock: SimulatedClock, receiver: Receiver) -> None:
    queue(store, "a.portal.2026")
    store.webhooks.add(receiver.url, (News.DELIVERY,), by="quan-tri")
    assert Teller(store, clock, HERE).tell() == 0
    store.workflow.take("a", Action.SUBMIT, EDITOR, revision="r")
    assert Teller(store, clock, HERE).tell() == 0, "of an entry this one is told nothing"


def test_a_change_is_told_again_until_it_is_taken_and_the_next_one_waits_behind_it(
    store: Store, teller: Teller, clock: SimulatedClock, receiver: Receiver, hook: Webhook
) -> None:
    receiver.answers = [500, 503]
    queue(store, "a.portal.2026", "b.portal.2026")
    assert teller.tell() == 0 and teller.tell() == 0
    assert len(receiver.got) == 1, "it is left alone for a while"
    first = store.webhooks.get(hook.id)
    assert first.failing_since == DUE and "500" in first.detail and first.next_at <= DUE + timedelta(seconds=12)
    clock.move_to(first.next_at)
    assert teller.tell() == 0
    second = store.webhooks.get(hook.id)
    assert second.next_at - clock.now() > first.next_at - DUE, "longer each time"
    clock.move_to(second.next_at)
    assert teller.tell() == 2
    assert receiver.ids[0] == receiver.ids[1] == receiver.ids[2] != receiver.ids[3]
    after = store.webhooks.get(hook.id)
    assert (after.failures, after.failing_since, after.detail) == (0, None, "")


def test_a_redirect_is_followed_nowhere(store: Store, teller: Teller, receiver: Receiver, hook: Webhook) -> None:
    receiver.answers = [302]
    queue(store, "a.portal.2026")
    assert teller.tell() == 0 and len(receiver.got) == 1
    assert "302" in store.webhooks.get(hook.id).detail


def test_one_that_fails_for_long_is_given_up_said_so_and_goes_on_where_it_was(
    store: Store, teller: Teller, clock: SimulatedClock, receiver: Receiver, hook: Webhook
) -> None:
    receiver.answers = [500] * 1000
    queue(store, "a.portal.2026")
    while store.webhooks.get(hook.id).stopped_at is None:
        assert teller.tell() == 0
        assert clock.now() - DUE < LONGEST_TROUBLE + timedelta(hours=2)
        if store.webhooks.get(hook.id).stopped_at is None:
            clock.move_to(store.webhooks.get(hook.id).next_at)
    tried = len(receiver.got)
    clock.advance(timedelta(days=1))
    assert teller.tell() == 0 and len(receiver.got) == tried
    told = store.audit.all()[-1]
    assert (told.who, told.action) == ("scheduler", "webhook-stopped") and "500" in told.detail
    receiver.answers = []
    store.webhooks.resume(hook.id, by="quan-tri")
    assert teller.tell() == 1


def test_one_that_does_not_answer_keeps_no_other_waiting(store: Store, teller: Teller, receiver: Receiver, hook: Webhook) -> None:
    store.webhooks.add("http://127.0.0.1:9/loa", tuple(News), by="quan-tri")
    queue(store, "a.portal.2026")
    assert teller.tell() == 1 and len(receiver.got) == 1


def test_nothing_goes_to_an_address_inside_that_nobody_has_let_in(
    store: Store, clock: SimulatedClock, receiver: Receiver, hook: Webhook
) -> None:
    queue(store, "a.portal.2026")
    assert Teller(store, clock).tell() == 0
    assert receiver.got == [] and "nội bộ" in store.webhooks.get(hook.id).detail


def test_a_number_that_is_still_being_written_is_not_passed_over(url: str, store: Store, hook: Webhook) -> None:
    """PostgreSQL shows a higher number before a lower one; SQLite's writers wait for each other anyway."""
    if url.startswith("sqlite"):
        pytest.skip("one writer at a time")
    store.deliveries.plan(post("a.portal.2026"))
    id = store.deliveries.list()[0].id
    row = {"delivery": id, "start": State.SCHEDULED.value, "end": State.QUEUED.value, "who": "x", "at": DUE}
    begun, go_on = threading.Event(), threading.Event()

    def slowly() -> None:
        with store._database.write_beside() as connection:
            connection.execute(insert(PASSAGES).values(**row, detail="lower"))
            begun.set()
            assert go_on.wait(20)

    with ThreadPoolExecutor(2) as threads:
        lower = threads.submit(slowly)
        assert begun.wait(20)
        with store._database.write_beside() as connection:
            connection.execute(insert(PASSAGES).values(**row, detail="higher"))
        found = threads.submit(store.webhooks.news, hook, 10)
        while not found.done() and not _somebody_waits(store):
            pass
        go_on.set()
        lower.result()
        assert len(found.result()) == 2


def _somebody_waits(store: Store) -> bool:
    with store._database.read() as connection:
        waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        return bool(connection.exec_driver_sql(waiting).scalar_one())


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
     "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::", "ff02::1",
     "fec0::1", "khong-phai"],
)  # fmt: skip
def test_addresses_inside_are_known_whatever_they_are_wrapped_in(address: str) -> None:
    assert not is_outside(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "113.160.1.1", "2606:4700::1111", "64:ff9b::808:808"])
def test_addresses_outside_are_known(address: str) -> None:
    assert is_outside(address)


def test_a_name_is_asked_for_once_and_every_address_of_it_counts() -> None:
    asked = []

    def resolve(*addresses: str):  # type: ignore[no-untyped-def]
        def answer(host: str, port: int, **_: object) -> list[object]:
            asked.append(host)
            return [(0, 0, 0, "", (each, port)) for each in addresses]

        return answer

    assert address_outside("may.example.vn", 443, resolve=resolve("8.8.8.8", "8.8.4.4")) == "8.8.8.8"
    assert asked == ["may.example.vn"], "whoever answers otherwise at the next question is not asked"
    for addresses in (("8.8.8.8", "127.0.0.1"), ("::1",)):
        with pytest.raises(Unavailable) as refused:
            address_outside("may.example.vn", 443, resolve=resolve(*addresses))
        assert refused.value.code == INSIDE
    for let_in in ("may.example.vn", "may.example.vn:443"):
        assert address_outside("may.example.vn", 443, [let_in], resolve=resolve("10.0.0.1")) == "10.0.0.1"
    with pytest.raises(Unavailable):
        address_outside("may.example.vn", 444, ["may.example.vn:443"], resolve=resolve("10.0.0.1"))


def test_a_call_goes_to_the_address_that_was_looked_at_whatever_the_name_says(receiver: Receiver) -> None:
    wire = Wire(timedelta(seconds=10))
    port = receiver.url.rpartition(":")[2]
    answer = wire.send(Call(method="POST", url=f"http://may.invalid:{port}/loa", content=b"{}", at="127.0.0.1"))
    wire.close()
    assert answer.status == 204
    assert receiver.got[0][0]["host"] == f"may.invalid:{port}"
