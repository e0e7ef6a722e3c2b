"""The staff's calendar on a real CalDAV server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from desk.caldav import push_staff
from editorial.delivery import State
from editorial.outcome import Unauthorized
from tests.desk.web.small_office import SmallOffice, open_small_office
from tests.publishers.radicale_server import PASSWORD, USER, radicale

pytest.importorskip("radicale", reason="the test extra is not installed")
LEAD = "entry.phu-nu-viet-nam@ha-noi.loa"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[SmallOffice]:
    office = open_small_office(tmp_path)
    yield office
    office.store.close()


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "server").mkdir()
    with radicale(tmp_path / "server") as address:
        yield address


def without(office: SmallOffice, entry: str) -> SmallOffice:
    """Return the office after somebody has deleted an entry's file."""
    entries = {id: each for id, each in office.content.entries.items() if id != entry}
    return replace(office, content=replace(office.content, entries=entries))


def test_the_plan_reaches_the_server_and_only_what_changes_is_written(office: SmallOffice, address: str) -> None:
    first = push_staff(office, address, USER, PASSWORD)
    assert len(first.created) == 2 * 4 + 4  # four occasions a year, four entries
    assert push_staff(office, address, USER, PASSWORD).unchanged == first.created

    office.clock.advance(timedelta(hours=1))
    delivery = next(each for each in office.store.deliveries.list(entry="phu-nu-viet-nam") if each.state is State.VERIFIED)
    office.store.deliveries.pass_to(delivery, State.WITHDRAWN, detail="rút")
    changed = push_staff(office, address, USER, PASSWORD)
    assert (changed.changed, changed.created, changed.removed) == ((LEAD,), (), ())
    event = httpx.get(f"{address}{LEAD}.ics", auth=(USER, PASSWORD)).text
    assert "SEQUENCE:1" in event
    assert "Đã rút" in event

    removed = push_staff(without(office, "phu-nu-viet-nam"), address, USER, PASSWORD)
    assert (removed.removed, removed.created, removed.changed) == ((LEAD,), (), ())
    assert httpx.get(f"{address}{LEAD}.ics", auth=(USER, PASSWORD)).status_code == 404


def test_a_refused_push_forgets_nothing(office: SmallOffice, address: str) -> None:
    first = push_staff(office, address, USER, PASSWORD)
    with pytest.raises(Unauthorized, match="không nhận tên"):
        push_staff(office, address, USER, "sai")
    assert push_staff(office, address.rstrip("/"), USER, PASSWORD).unchanged == first.created
