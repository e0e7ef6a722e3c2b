from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

import httpx
import pytest

from editorial.outcome import Refused, Unauthorized, Unavailable
from publishers.caldav import CalDav, Pushed
from publishers.wire import Answer, Call
from tests.publishers.radicale_server import PASSWORD, USER, radicale

pytest.importorskip("radicale", reason="the test extra is not installed")


def event(uid: str, summary: str, sequence: int = 0) -> bytes:
    lines = (
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Loa//thu//VI", "BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20260101T000000Z",
        f"SEQUENCE:{sequence}", "DTSTART;VALUE=DATE:20261010", "DTEND;VALUE=DATE:20261011", f"SUMMARY:{summary}", "END:VEVENT",
        "END:VCALENDAR", "",
    )  # fmt: skip
    return "\r\n".join(lines).encode()


A, B = "occasion.giai_phong_thu_do.2026@ha-noi.loa", "entry.khai-hoi@ha-noi.loa"
TWO = {A: event(A, "Ngày Giải phóng Thủ đô"), B: event(B, "Khai hội")}


@dataclass
class Watched(CalDav):
    """The client, with every call it made; `meanwhile` happens once, just before its next write."""

    calls: list[tuple[str, int]] = field(default_factory=list)
    meanwhile: Callable[[], object] | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        wire, watched = self._wire, self

        class Noting:
            def send(self, call: Call) -> Answer:
                if call.method == "PUT" and watched.meanwhile:
                    happens, watched.meanwhile = watched.meanwhile, None
                    happens()
                answer = wire.send(call)
                watched.calls.append((call.method, answer.status))
                return answer

            def close(self) -> None:
                wire.close()

        self._wire = Noting()  # type: ignore[assignment]

    def writes(self) -> list[tuple[str, int]]:
        """Return the calls since the last time that were no reading."""
        made = [call for call in self.calls if call[0] != "PROPFIND"]
        self.calls.clear()
        return made


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with radicale(Path(tmp_path_factory.mktemp("radicale"))) as address:
        yield address


@pytest.fixture
def calendar(server: str) -> Iterator[Watched]:
    """Return a client of a calendar with nothing in it."""
    client = Watched(server, USER, PASSWORD)
    yield client
    client.push({})
    for name in stored(server):
        httpx.delete(f"{server}{name}.ics", auth=(USER, PASSWORD)).raise_for_status()
    client.close()


def stored(server: str) -> set[str]:
    listing = httpx.request("PROPFIND", server, headers={"Depth": "1"}, auth=(USER, PASSWORD)).text
    return {unquote(name) for name in re.findall(r"/([^/<]+)\.ics</href>", listing)}


def write(server: str, name: str, summary: str) -> None:
    """Write as a colleague's telephone does."""
    httpx.put(f"{server}{name}.ics", content=event(name, summary), auth=(USER, PASSWORD)).raise_for_status()


def there(server: str, name: str) -> str:
    answer = httpx.get(f"{server}{name}.ics", auth=(USER, PASSWORD))
    assert answer.status_code == 200
    return answer.text


def test_events_arrive_once_and_a_second_push_writes_nothing(calendar: Watched, server: str) -> None:
    assert calendar.push(TWO) == Pushed(created=(A, B))
    assert calendar.writes() == [("PUT", 201), ("PUT", 201)]
    assert calendar.push(TWO) == Pushed(unchanged=(A, B))
    assert calendar.writes() == []
    assert "Ngày Giải phóng Thủ đô" in there(server, A)


def test_one_changed_event_is_one_put(calendar: Watched, server: str) -> None:
    calendar.push(TWO)
    calendar.writes()
    assert calendar.push({**TWO, B: event(B, "Khai hội dời giờ", 1)}) == Pushed(changed=(B,), unchanged=(A,))
    assert len(calendar.writes()) == 1
    assert "dời giờ" in there(server, B)


def test_an_event_that_is_no_longer_wanted_is_deleted(calendar: Watched, server: str) -> None:
    calendar.push(TWO)
    calendar.writes()
    assert calendar.push({A: TWO[A]}) == Pushed(removed=(B,), unchanged=(A,))
    assert calendar.writes() == [("DELETE", 200)]
    assert set(stored(server)) == {A}


def test_what_a_colleague_put_there_is_left_alone(calendar: Watched, server: str) -> None:
    write(server, "hop@dien-thoai", "Họp giao ban")
    calendar.push(TWO)
    calendar.push({})
    assert set(stored(server)) == {"hop@dien-thoai"}


def test_a_change_made_on_the_server_is_overruled_and_told(calendar: Watched, server: str) -> None:
    calendar.push(TWO)
    write(server, A, "Sửa tay")
    assert calendar.push(TWO) == Pushed(overruled=(A,), unchanged=(B,))
    assert "Sửa tay" not in there(server, A)


def test_an_event_removed_on_the_server_comes_back(calendar: Watched, server: str) -> None:
    calendar.push(TWO)
    httpx.delete(f"{server}{B}.ics", auth=(USER, PASSWORD)).raise_for_status()
    assert calendar.push(TWO) == Pushed(created=(B,), unchanged=(A,))


def test_a_change_between_looking_and_writing_meets_412_and_is_written_again(calendar: Watched, server: str) -> None:
    calendar.push(TWO)
    calendar.writes()
    calendar.meanwhile = lambda: write(server, A, "Sửa tay")
    assert calendar.push({**TWO, A: event(A, "Tên mới", 1)}) == Pushed(overruled=(A,), unchanged=(B,))
    assert calendar.writes() == [("PUT", 412), ("PUT", 204)]
    assert "Tên mới" in there(server, A)


def test_an_event_made_by_somebody_meanwhile_meets_412_and_is_written_again(calendar: Watched, server: str) -> None:
    calendar.meanwhile = lambda: write(server, A, "Của người khác")
    assert calendar.push(TWO) == Pushed(overruled=(A,), created=(B,))
    assert calendar.writes() == [("PUT", 412), ("PUT", 204), ("PUT", 201)]
    assert "Của người khác" not in there(server, A)


def test_a_client_that_forgot_what_it_put_makes_no_second_event(calendar: Watched, server: str) -> None:
    calendar.push(TWO)
    forgetful = CalDav(server, USER, PASSWORD)
    assert forgetful.push(TWO) == Pushed(changed=(A, B))
    forgetful.close()
    assert set(stored(server)) == {A, B}
    calendar.placed.update(forgetful.placed)


def test_a_wrong_password_is_told_as_such(server: str) -> None:
    client = CalDav(server, USER, "sai")
    with pytest.raises(Unauthorized, match="LOA_CALDAV_PASSWORD"):
        client.push(TWO)
    client.close()


def test_a_calendar_that_is_not_there_is_told_as_such(server: str) -> None:
    client = CalDav(server.replace("ke-hoach", "khong-co"), USER, PASSWORD)
    with pytest.raises(Refused, match="hãy tạo lịch"):
        client.push(TWO)
    client.close()


def test_a_password_is_never_sent_in_the_open() -> None:
    for address in ("http://lich.example.vn/loa/", "http://[", "ftp://127.0.0.1/", ""):
        with pytest.raises(Refused, match="https"):
            CalDav(address, USER, PASSWORD)


def test_no_server_is_told_as_such_and_the_password_stays_out_of_it() -> None:
    client = CalDav("http://127.0.0.1:9/loa/", USER, PASSWORD)
    with pytest.raises(Unavailable) as told:
        client.push(TWO)
    assert PASSWORD not in str(told.value) + repr(client)
    client.close()
