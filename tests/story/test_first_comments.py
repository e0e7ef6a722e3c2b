"""A first comment from the entry's file on: what `./loa check` says of it, and what becomes part of the signed post."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from desk.command import run
from desk.place import Place
from desk.workspace import read_workspace
from editorial.first_comment import FirstComment, Link
from tests.story.test_variants import add
from tests.story.workspace import make_workspace

Answer = Callable[[], list[dict[str, object]]]
ENTRY = "hoi-chu-thap-do"  # on portal, facebook and zalo
FILE = f"content/{ENTRY}.md"


@pytest.fixture
def office(tmp_path: Path) -> Path:
    return make_workspace(tmp_path, (ENTRY,))


@pytest.fixture
def check(office: Path, capsys: pytest.CaptureFixture[str]) -> Answer:
    def answer() -> list[dict[str, object]]:
        run(["check", "--workspace", str(office), "--json"])
        return [each for each in json.loads(capsys.readouterr().out) if "comment" in str(each["key"])]

    return answer


def comment(office: Path, channel: str, text: str) -> int:
    """Write a comment into the entry's file; return its line."""
    return add(office, FILE, f'variants:\n  {channel}:\n    comment: "{text}"') + 2


def signed(office: Path, channel: str) -> FirstComment | None:
    workspace = read_workspace(Place(root=office))
    return next(workspace.production.first_comment(slot) for slot in workspace.plan.of(ENTRY) if slot.channel == channel)


def test_a_comment_quotes_facts_and_leads_to_the_entrys_other_post(office: Path, check: Answer) -> None:
    comment(office, "facebook", "Thành phố có {{ fact.wards }}. Đọc trên Cổng: {{ post.portal }}")
    link = Link(channel="portal", post=f"{ENTRY}.portal.2026")
    text = "Thành phố có 126 xã, phường. Đọc trên Cổng: {{ post.portal }}"
    assert signed(office, "facebook") == FirstComment(text=text, links=(link,))
    assert signed(office, "portal") is None
    assert check() == []


@pytest.mark.parametrize(
    ("channel", "text", "rule", "words"),
    [
        ("zalo", "Xem thêm.", "no-comments", "hãy bỏ dòng này"),
        ("facebook", "Xem {{ post.facebook }}", "own-link", "chính bài ấy"),
        ("facebook", "Xem {{ post.youtube }}", "unknown-link", "portal, zalo"),
        ("facebook", "Xem {{ post.portal.url }}", "unknown-link", "portal.url"),
        ("facebook", "Xem {{ fact.khong_co }}", "unknown-fact", "không có dữ kiện"),
        ("facebook", "dài " * 1950 + "{{ post.portal }} " * 2, "too-long", "chỗ cho địa chỉ"),
        ("facebook", "  ", "empty", ""),
        ("facebook", "Cả thành phố có 127 xã, phường.", "wrong-figure", "126"),
    ],
)
def test_a_comment_that_cannot_be_said_or_says_something_wrong_is_told_at_its_line(
    office: Path, check: Answer, channel: str, text: str, rule: str, words: str
) -> None:  # fmt: skip
    line = comment(office, channel, text)
    found = [each for each in check() if each["rule"] == rule]
    assert found, check()
    assert (found[0]["file"], found[0]["line"], found[0]["key"]) == (FILE, line, f"variants.{channel}.comment")
    assert words in str(found[0]["message"])


def test_comments_that_lead_in_a_circle_are_refused_on_each_channel_of_it(office: Path, check: Answer) -> None:
    add(office, FILE, 'variants:\n  facebook: {comment: "{{ post.portal }}"}\n  portal: {comment: "{{ post.facebook }}"}')
    assert [each["rule"] for each in check()] == ["link-circle", "link-circle"]


def test_an_entry_without_comments_says_and_signs_what_it_did_before(office: Path) -> None:
    before = read_workspace(Place(root=office))
    revision, post_of = before.content.entries[ENTRY].revision, {slot.channel: slot for slot in before.plan.of(ENTRY)}
    comment(office, "facebook", "Xem thêm.")
    after = read_workspace(Place(root=office))
    assert after.content.entries[ENTRY].revision != revision
    assert all(before.production.variant(slot) == after.production.variant(slot) for slot in post_of.values())
