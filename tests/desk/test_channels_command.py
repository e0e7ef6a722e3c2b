"""./loa channels: what each channel is, a whole trial at its stand-in, and a real account that is only asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desk.command import run
from desk.remembering import open_store
from editorial.clock import SystemClock
from editorial.delivery import HoldReason
from publishers.expiry import RENEWAL_UNTIL
from publishers.registry import PUBLISHERS, abilities
from rehearsal.town import Town
from store.halts import channel_scope
from tests.story.workspace import make_workspace

CHANNELS = ("portal", "facebook", "zalo", "youtube", "telegram")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_workspace(tmp_path_factory.mktemp("office"), ())


@pytest.fixture(autouse=True)
def _here(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(office)


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    with Town(clock=lambda: datetime(2026, 11, 30, tzinfo=UTC)) as town:
        yield town


def test_every_channel_is_listed_with_what_it_takes_and_so_is_what_is_not_used(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["channels", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [channel["id"] for channel in told["channels"]] == list(CHANNELS)
    assert {row["publisher"] for row in [*told["channels"], *told["unused"]]} == set(PUBLISHERS)
    for row in [*told["channels"], *told["unused"]]:
        assert row["abilities"] == list(abilities(PUBLISHERS[row["publisher"]]))
        assert row["texts"] and row["documentation"].startswith("https://")
    assert run(["channels"]) == 0
    shown = capsys.readouterr().out
    assert all(channel in shown for channel in CHANNELS)
    assert "(chưa dùng) static_site" in shown


@pytest.mark.parametrize("name", [*CHANNELS, "static_site", "tiktok"])
def test_a_trial_takes_a_post_through_its_whole_life(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    status = run(["channels", "test", name, "--json"])
    told = json.loads(capsys.readouterr().out)
    assert (status, told["ok"]) == (0, True), told
    steps = [step["id"] for step in told["steps"] if step["id"] != "prepare"]
    address = next(step["seen"] for step in told["steps"] if step["id"] == "publish")
    assert address.startswith("http://127.0.0.1:"), "a rehearsal leads nobody to the real platform"
    course = ["greet", "check", "publish", "find", "verify"]
    assert steps == (course if name == "tiktok" else [*course, "correct", "withdraw"]), "TikTok changes nothing that is live"


def test_how_each_channel_fares_is_told_as_on_its_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = make_workspace(tmp_path, ())
    asked = ["channels", "-w", str(root), "--memory", "office"]
    with open_store(root / ".loa" / "office", SystemClock())[0] as store:
        why = "kênh zalo không nhận quyền truy cập; hãy kết nối lại kênh rồi bỏ tạm dừng"
        store.halts.set(channel_scope("zalo"), why=why, who="scheduler", reason=HoldReason.AUTH)
        ends = SystemClock().now() + timedelta(days=3)
        store.settings.of("zalo").put(RENEWAL_UNTIL, ends.isoformat())
    assert run(asked) == 0
    told = capsys.readouterr().out
    assert "tình trạng: cần người xử lý · máy chủ thử (diễn tập), quyền truy cập đến" in told
    assert "- Kênh zalo không nhận quyền truy cập" in told and "- Quyền truy cập còn 2 ngày; hãy kết nối lại trước" in told
    assert "đã dùng: 0/100 lần tải clip lên trong ngày, đầy lại lúc" in told
    assert run([*asked, "--json"]) == 0
    zalo = next(each for each in json.loads(capsys.readouterr().out)["channels"] if each["id"] == "zalo")
    assert zalo["health"]["condition"] == "stopped" and zalo["health"]["access_until"] == ends.isoformat()


def account_file(folder: Path, town: Town, **more: str) -> Path:
    known = town.credentials()["wordpress"]
    secrets = {"username": known["user"], "application_password": known["application_password"], **more}
    lines = [f"base_url: {town.addresses['wordpress']}", "secrets:", *(f"  {name}: {value}" for name, value in secrets.items())]
    path = folder / "tai-khoan.yaml"
    path.write_text("\n".join(lines), encoding="utf-8")
    path.chmod(0o600)
    return path


def test_a_real_account_is_asked_and_nothing_is_posted_there(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["channels", "test", "portal", "--account", str(account_file(tmp_path, town))]) == 0
    assert "Loa diễn tập" in capsys.readouterr().out
    assert town.ledger("wordpress") == ()


def test_an_account_that_is_not_let_in_is_told_without_its_password(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = account_file(tmp_path, town, application_password="abcd efgh ijkl mnop qrst uvwx")
    assert run(["channels", "test", "portal", "--account", str(wrong)]) == 1
    shown = capsys.readouterr()
    assert "✗" in shown.out and "mật khẩu ứng dụng" in shown.out
    assert "abcd" not in shown.out + shown.err


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("base_url: http", "base_url: ftp", "tai-khoan.yaml:1 base_url: "),
        ("  username", "  usernam", "tai-khoan.yaml:2 secrets: kênh này cần “username”"),
        ("secrets", "secret", "tai-khoan.yaml:2 secret: "),
    ],
)
def test_a_mistake_in_the_file_of_an_account_is_told_at_its_line(
    town: Town, tmp_path: Path, old: str, new: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = account_file(tmp_path, town)
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    assert run(["channels", "test", "portal", "--account", str(path)]) == 2
    assert said in capsys.readouterr().err


def test_an_account_that_others_may_read_is_refused(town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = account_file(tmp_path, town)
    path.chmod(0o644)
    assert run(["channels", "test", "portal", "--account", str(path)]) == 2
    assert "chmod 600" in capsys.readouterr().err
