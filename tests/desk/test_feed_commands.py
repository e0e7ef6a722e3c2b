from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from icalendar import Calendar

from desk.command import run
from desk.place import HOUSE
from store.calendar_files import read_calendars
from tests.store.ics.test_reader import calendar, event


def answered(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = run(arguments)
    said = capfd.readouterr()
    return status, said.out, said.err


@pytest.fixture(scope="module")
def read_only(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the sample workspace that a module's tests share."""
    root = Path(tmp_path_factory.mktemp("workspace"))
    for folder in ("calendars", "content", "templates", "assets"):
        shutil.copytree(HOUSE / folder, root / folder)
    return root


@pytest.fixture
def workspace(read_only: Path) -> Iterator[Path]:
    yield read_only
    for made in read_only.glob("calendars/nhap*.yaml"):
        made.unlink()


def test_the_public_feed_is_written_and_written_again_the_same(
    capfd: pytest.CaptureFixture[str], workspace: Path, tmp_path: Path
) -> None:
    files = (tmp_path / "a.ics", tmp_path / "sub" / "b.ics")
    for file in files:
        assert answered(capfd, "ics", "public", "--out", str(file), "-w", str(workspace))[0] == 0
    first, second = (file.read_bytes() for file in files)
    assert first == second
    days = len(Calendar.from_ical(first).walk("VEVENT"))
    catalogue = read_calendars(workspace / "calendars")
    years = {int(str(each["DTSTART"].dt)[:4]) for each in Calendar.from_ical(first).walk("VEVENT")}
    assert days == sum(len(catalogue.occasions(year)) for year in years)


def test_the_staff_feed_goes_to_the_screen(capfd: pytest.CaptureFixture[str], workspace: Path) -> None:
    status, out, _ = answered(capfd, "ics", "staff", "-w", str(workspace))
    assert status == 0
    assert out.startswith("BEGIN:VCALENDAR")
    assert "BEGIN:VALARM" in out


def test_the_staff_s_link_stays_until_a_new_one_is_asked_for(capfd: pytest.CaptureFixture[str], workspace: Path) -> None:
    links = [answered(capfd, "ics", "link", "-w", str(workspace), *more)[1] for more in ((), (), ("--new",))]
    assert links[0] == links[1] != links[2]
    assert "http://127.0.0.1:8000/feeds/staff.ics?token=" in links[0]


def test_a_calendar_is_brought_in_and_never_over_a_file_by_accident(
    capfd: pytest.CaptureFixture[str], workspace: Path, tmp_path: Path
) -> None:
    file = tmp_path / "so.ics"
    file.write_bytes(calendar(event("DTSTART;VALUE=DATE:20150606", "RRULE:FREQ=YEARLY", summary="Ngày hội đọc sách của Sở")))
    command = ("ics-import", str(file), "--name", "nhap_so", "-w", str(workspace))
    status, out, _ = answered(capfd, *command)
    assert (status, "Đã ghi 1 ngày vào calendars/nhap_so.yaml" in out) == (0, True)
    assert "Ngày hội đọc sách của Sở" in answered(capfd, "dates", "2027", "-w", str(workspace))[1]
    assert answered(capfd, *command)[0] == 2
    assert answered(capfd, *command, "--force")[0] == 0


@pytest.mark.parametrize("name", ["../content/office", "A b", "", "x/y", ".yaml"])
def test_a_name_that_leads_elsewhere_is_refused(capfd: pytest.CaptureFixture[str], tmp_path: Path, name: str) -> None:
    status, _, err = answered(capfd, "ics-import", str(tmp_path / "x.ics"), "--name", name)
    assert (status, "--name" in err) == (2, True)


def test_a_file_that_is_not_there_or_is_no_calendar_is_one_line(
    capfd: pytest.CaptureFixture[str], workspace: Path, tmp_path: Path
) -> None:
    page = tmp_path / "trang.ics"
    page.write_text("<html>", encoding="utf-8")
    for file, said in ((tmp_path / "none.ics", "none.ics: không đọc được tệp"), (page, "trang.ics:1: đây không phải")):
        status, _, err = answered(capfd, "ics-import", str(file), "--name", "nhap", "-w", str(workspace))
        assert (status, err.startswith(said)) == (2, True), err


def test_a_push_without_a_password_or_in_the_open_is_refused(
    capfd: pytest.CaptureFixture[str], workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LOA_CALDAV_PASSWORD", raising=False)
    push = ("caldav", "push", "--url", "http://lich.example.vn/loa/", "--user", "loa", "-w", str(workspace))
    assert "LOA_CALDAV_PASSWORD" in answered(capfd, *push)[2]
    monkeypatch.setenv("LOA_CALDAV_PASSWORD", "bí-mật")
    status, out, err = answered(capfd, *push)
    assert (status, "https://" in err, "bí-mật" in out + err) == (2, True, False)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (event("DTSTART;VALUE=DATE:20260101", "RRULE:FREQ=WEEKLY", summary="Giao ban"), "“Giao ban”: chỉ nhập được sự kiện lặp"),
        (event("DTSTART;VALUE=DATE:20260101", "RRULE:RSCALE=CHINESE;FREQ=YEARLY"), "không trùng âm lịch Việt Nam"),
        (event("DTSTART;VALUE=DATE:20260101", summary=""), "sự kiện không có tên (SUMMARY)"),
        (event("DTSTART;VALUE=DATE:19990101"), "1 ngày nằm ngoài các năm"),
        (event("DTSTART;VALUE=DATE:20261010", summary="Ngày Giải phóng Thủ đô"), "” (10/10/2026) đã có trong lịch"),
    ],
)
def test_a_calendar_that_brings_nothing_says_why_for_each_event(
    capfd: pytest.CaptureFixture[str], workspace: Path, tmp_path: Path, lines: str, said: str
) -> None:
    file = tmp_path / "so.ics"
    file.write_bytes(calendar(lines))
    status, out, err = answered(capfd, "ics-import", str(file), "--name", "nhap_trong", "-w", str(workspace))
    assert (status, out) == (2, "")
    first, last = err.splitlines()
    assert said in first
    assert "không có ngày mới nào để nhập" in last


@pytest.mark.parametrize("address", ["ftp://so.example.vn/lich.ics", "FTP://so.example.vn/lich.ics", "file:///etc/passwd"])
def test_an_address_that_nothing_is_fetched_from_is_refused_by_its_scheme(
    capfd: pytest.CaptureFixture[str], workspace: Path, address: str
) -> None:
    status, _, err = answered(capfd, "ics-import", address, "--name", "nhap", "-w", str(workspace))
    assert status == 2
    assert f"không tải lịch qua {address.partition(':')[0].lower()}://" in err


def test_an_address_in_capitals_is_an_address(capfd: pytest.CaptureFixture[str], workspace: Path) -> None:
    status, _, err = answered(capfd, "ics-import", "HTTP://127.0.0.1:9/lich.ics", "--name", "nhap", "-w", str(workspace))
    assert (status, "không tải được" in err) == (2, True)
