"""./loa people and ./loa audit list: what the pages do, from the machine itself."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from desk.command import run
from desk.people import Reception
from desk.remembering import open_store
from editorial.clock import SystemClock
from store.workspace_files import read_office
from tests.story.workspace import make_workspace

ENTRY = "ngay-phap-luat"


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = make_workspace(tmp_path, (ENTRY,))
    monkeypatch.chdir(root)
    return root


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert run(words) == 0
    return capsys.readouterr().out


def access(capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    return {each["id"]: each["access"] for each in json.loads(said(capsys, "people", "list", "--json"))}


def test_people_are_invited_reset_and_signed_out(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert set(access(capsys).values()) == {"none"}
    told = said(capsys, "people", "invite", "duyet", "--address", "https://loa.example.vn/")
    link = re.search(r"  https://loa\.example\.vn/welcome/(\S+)", told)
    assert link is not None and "dùng một lần" in told
    assert access(capsys)["duyet"] == "invited"
    with open_store(office / ".loa" / "office", SystemClock())[0] as store:
        assert store.invitations.accept(link[1], "x") == "duyet"
        store.sessions.begin("duyet", "approver")
    assert access(capsys)["duyet"] == "password"
    assert run(["people", "invite", "duyet"]) == 2
    assert "people reset" in capsys.readouterr().err
    assert "Đã kết thúc 1 phiên của Người duyệt mẫu" in said(capsys, "people", "sign-out", "duyet")
    assert "/welcome/" in said(capsys, "people", "reset", "duyet")
    assert access(capsys)["duyet"] == "invited"
    assert "duyet: Người duyệt mẫu (người duyệt) – đã mời" in said(capsys, "people", "list")


def test_the_log_is_listed_newest_first_and_goes_on_where_asked(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for person in ("duyet", "bien-tap", "quan-tri"):
        said(capsys, "people", "invite", person)
    first = json.loads(said(capsys, "audit", "list", "--limit", "2", "--json"))
    assert [deed["subject"] for deed in first["deeds"]] == ["person:quan-tri", "person:bien-tap"]
    rest = json.loads(said(capsys, "audit", "list", "--before", str(first["older"]), "--json"))
    assert [deed["subject"] for deed in rest["deeds"]] == ["person:duyet"] and rest["older"] is None
    assert "Loa mời: Người duyệt mẫu (từ dòng lệnh trên máy chủ)" in said(capsys, "audit", "list", "--kind", "nguoi")
    assert said(capsys, "audit", "list", "--kind", "tam-dung") == ""
    assert said(capsys, "audit", "list", "--by", "duyet") == ""


def test_a_first_link_is_made_until_somebody_is_in_and_needs_an_administrator(office: Path) -> None:
    people = read_office(office).people
    with open_store(office / ".loa" / "office", SystemClock())[0] as store:
        clock = SystemClock()
        link = Reception(store=store, people=people, clock=clock).first_link()
        assert link is not None and link.person.id == "quan-tri" and link.path not in repr(link)
        with pytest.raises(Exception, match="roles: \\[admin\\]"):
            Reception(store=store, people={"duyet": people["duyet"]}, clock=clock).first_link()
        store.invitations.accept(link.path.rpartition("/")[2], "x")
        assert Reception(store=store, people=people, clock=clock).first_link() is None
