from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import pytest

from desk.command import run
from desk.place import HOUSE


def answered(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = run(arguments)
    said = capsys.readouterr()
    return status, said.out.strip(), said.err.strip()


def test_a_solar_day_is_answered_in_the_lunar_calendar(capsys: pytest.CaptureFixture[str]) -> None:
    assert answered(capsys, "lunar", "2026-09-25") == (0, "15/8 năm Bính Ngọ (2026)", "")


def test_a_lunar_day_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = answered(capsys, "lunar", "2025-07-25", "--json")
    assert (status, json.loads(out)) == (0, {"year": 2025, "month": 6, "day": 1, "leap": True})


def test_a_batch_answers_every_line_in_order(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("2026-09-25\nhôm qua\n1985-01-21\n"))
    status, out, _ = answered(capsys, "lunar", "--batch")
    lines = [json.loads(line) for line in out.splitlines()]
    assert status == 2
    assert lines[0] == {"year": 2026, "month": 8, "day": 15, "leap": False}
    assert "hôm qua" in lines[1]["error"]
    assert lines[2] == {"year": 1985, "month": 1, "day": 1, "leap": False}


def test_a_blank_line_in_a_batch_keeps_its_place_and_blank_lines_at_the_end_are_none(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("\ufeff2026-09-25\r\n\r\n1985-01-21\r\n  \n\n"))
    status, out, _ = answered(capsys, "lunar", "--batch")
    first, blank, third = (json.loads(line) for line in out.splitlines())
    assert status == 2
    assert (first["day"], "dòng trống" in blank["error"], third["year"]) == (15, True, 1985)
    monkeypatch.setattr("sys.stdin", io.StringIO("2026-09-25\n\n"))
    assert answered(capsys, "lunar", "--batch")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [(("2026-08-15",), "2026-09-25"), (("2025-06-01", "--leap"), "2025-07-25"), (("2025-06-01",), "2025-06-25")],
)
def test_a_lunar_day_is_found_in_the_solar_calendar(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], answer: str
) -> None:
    assert answered(capsys, "solar", *arguments) == (0, answer, "")


@pytest.mark.parametrize(
    "arguments",
    [
        ("solar", "2026-08-15", "--leap"),
        ("solar", "2027-09-30"),
        ("solar", "rằm tháng tám"),
        ("lunar", "2026-02-30"),
        ("lunar", "1066-10-14"),
        ("lunar", "2026-W39-5"),
        ("lunar", "٢٠٢٦-٠٩-٢٥"),
        ("solar", "٢٠٢٦-٠٨-١٥"),
        ("when", "٢٠٢٦-٠٩-٢٥@08:00"),
        ("plan", "--from", "2026-W40-1", "--to", "2026-10-05"),
        ("lunar",),
        ("when", "trung_thu@8h"),
        ("when", "ngay_khong_co/2026@08:00"),
        ("plan", "--from", "2026-12-31", "--to", "2026-10-01"),
        ("no-such-command",),
        ("lunar", "2026-09-25", "--no-such-option"),
    ],
)
def test_what_cannot_be_used_is_one_line_and_status_2(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]) -> None:
    status, out, err = answered(capsys, *arguments)
    assert (status, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert "Traceback" not in err


def test_a_rule_is_resolved_and_explained(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = answered(capsys, "when", "trung_thu/2026-3d@08:00", "--json")
    found = json.loads(out)
    assert status == 0
    assert found["at"] == "2026-09-22T08:00:00+07:00"
    assert found["lunar"] == {"year": 2026, "month": 8, "day": 12, "leap": False}
    assert len(found["steps"]) == 3


@pytest.mark.parametrize("day", ["1975-01-01", "1975-06-12", "1975-06-13", "2026-10-10"])
def test_a_moment_is_hanoi_s_in_every_year(capsys: pytest.CaptureFixture[str], day: str) -> None:
    """Asia/Ho_Chi_Minh is Saigon's clock, an hour ahead of Hanoi's until 13/6/1975."""
    _, out, _ = answered(capsys, "when", f"{day}@08:00", "--json")
    assert json.loads(out)["at"] == f"{day}T08:00:00+07:00"


def test_mourning_and_a_moment_that_has_passed_are_explained_where_nothing_is_remembered_yet(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "content").mkdir()
    shutil.copy(HOUSE / "content" / "office.yaml", tmp_path / "content")
    shutil.copytree(HOUSE / "calendars", tmp_path / "calendars")
    status, out, _ = answered(capsys, "when", "2025-05-24@08:00", "-w", str(tmp_path))
    lines = out.splitlines()
    assert status == 0
    assert lines[2].startswith("Quốc tang 24/5/2025 - 25/5/2025 (Nguyên Chủ tịch nước Trần Đức Lương): bài vui bị giữ lại")
    assert lines[3].startswith("Đã qua: bây giờ là ")
    assert not (tmp_path / ".loa").exists()
    _, out, _ = answered(capsys, "when", "q4_end/2099@08:00", "--json", "-w", str(tmp_path))
    assert (json.loads(out)["holds"], json.loads(out)["past_due"]) == ([], False)


def test_a_moment_that_rests_on_a_day_off_nobody_announced_is_an_expected_one(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = answered(capsys, "when", "tet_nguyen_dan/2027-5wd@09:00")
    assert out.splitlines()[-1] == "Kết quả: 28/01/2027 09:00 (giờ Hà Nội, dự kiến)"


def test_a_doubtful_anchor_says_so_in_the_steps(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = answered(capsys, "when", "gio_trai_dat/2027-1w@08:00")
    assert status == 0
    assert out.splitlines()[1].startswith("Mốc này chưa chắc: 27/3/2027 là thứ Bảy Tuần Thánh")


def test_the_days_of_a_year_show_their_tier_and_what_is_doubtful(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = answered(capsys, "dates", "2026")
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert status == 0
    assert "2026-04-26 10/3 âl Giỗ Tổ Hùng Vương (năm khác) · gio_to_hung_vuong · trang nghiêm" in lines
    khang_chien = "2026-12-19 11/11 âl Ngày Toàn quốc kháng chiến (80 năm, năm tròn) · toan_quoc_khang_chien · trang nghiêm"
    assert khang_chien in lines
    assert "2026-09-25 15/8 âl Tết Trung thu · trung_thu · vui" in lines
    creative_city = next(index for index, line in enumerate(lines) if "Thành phố sáng tạo" in line)
    assert lines[creative_city + 1] == "chưa chắc: có nguồn ghi 30/10, có nguồn ghi 31/10/2019"


@pytest.mark.parametrize(("year", "tier"), [(2025, "năm lẻ 5"), (2026, "năm khác"), (2030, "năm tròn")])
def test_gio_to_goes_by_the_year_itself(capsys: pytest.CaptureFixture[str], year: int, tier: str) -> None:
    _, out, _ = answered(capsys, "dates", str(year))
    assert f"Giỗ Tổ Hùng Vương ({tier})" in out


def test_the_days_off_are_listed_with_how_sure_they_are_and_who_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = answered(capsys, "dates", "2026", "--off")
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert status == 0
    swap = lines.index("2026-01-02 thứ Sáu Nghỉ hoán đổi (làm bù 10/1/2026) đã công bố")
    assert lines[swap + 1] == "nguồn: Công văn 12729/VPCP-KGVX ngày 25/12/2025"
    assert "2026-08-31 thứ Hai Nghỉ hoán đổi (làm bù 22/8/2026) theo thư viện" in lines
    assert "2026-08-22 thứ Bảy làm bù cho 31/8/2026 theo thư viện" in lines
    assert lines[-1] == "15 ngày nghỉ: 12 đã công bố, 3 theo thư viện."


def test_days_off_that_nobody_announced_are_expected_ones(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = answered(capsys, "dates", "2030", "--off")
    assert "dự kiến" in out.splitlines()[0]
    assert out.splitlines()[1].strip() == "nguồn: thư viện holidays"
    status, out, _ = answered(capsys, "dates", "2024", "--off", "--json")
    found = json.loads(out)
    assert status == 0
    assert {"start": "2024-07-25", "end": "2024-07-26", "reason": "Tổng Bí thư Nguyễn Phú Trọng"} in found["mourning"]
    assert {day["status"] for day in found["days_off"]} <= {"official", "library", "projected"}


def test_the_days_of_a_year_have_their_ids(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = answered(capsys, "dates", "2026", "--json")
    by_id = {day["id"]: day for day in json.loads(out)}
    assert status == 0
    assert by_id["toan_quoc_khang_chien"]["date"] == "2026-12-19"
    assert (by_id["toan_quoc_khang_chien"]["count"], by_id["toan_quoc_khang_chien"]["tier"]) == (80, "nam_tron")
    assert by_id["trung_thu"]["lunar"] == {"year": 2026, "month": 8, "day": 15, "leap": False}
