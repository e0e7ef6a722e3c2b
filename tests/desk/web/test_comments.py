"""The first comment below a post on the desk's pages, and what a person decides about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from editorial.after_step import StepHold, StepState
from editorial.approval import approve
from editorial.delivery import Delivery, State
from editorial.first_comment import FirstComment, Link
from tests.desk.web.browser import Browser
from tests.desk.web.small_office import NOW, SmallOffice, open_small_office, work_off

SIGNED = {"why": "Đã xem trên kênh"}
TEXT = "Đọc <b>bài</b> đầy đủ: {{ post.portal }}"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[SmallOffice]:
    office = open_small_office(tmp_path)
    yield office
    office.store.close()


@pytest.fixture
def delivery(office: SmallOffice) -> Delivery:
    """Return a live post with a comment that waits for the portal's."""
    signed = office.store.posts.of_entry("cho-hoa")
    before = next(each for each in signed if each.channel == "facebook")
    link = Link(channel="portal", post=before.key.replace("facebook", "portal"))
    post = replace(before, first_comment=FirstComment(text=TEXT, links=(link,)), due_at=NOW)
    office.store.approvals.save(approve([post], (), author="Lan", approver="Minh", at=NOW), [post])
    planned = office.store.deliveries.plan(post)
    work_off(office)
    assert office.store.deliveries.get(planned.id).state is State.VERIFIED
    return planned


def hold(office: SmallOffice, delivery: Delivery) -> int:
    """Let the comment be held for a person, as where nobody can tell whether it was said."""
    office.store.steps.of(delivery.id)
    step = office.store.steps.claim("máy thử", timedelta(minutes=1))
    assert step is not None
    detail = "đã đọc 8 lần vẫn chưa rõ"
    return office.store.steps.put_down(step, StepState.HELD, hold=StepHold.AMBIGUOUS, detail=detail).id


def test_the_pages_show_the_words_and_where_they_stand(browser: Browser, office: SmallOffice, delivery: Delivery) -> None:
    for address in (f"/deliveries/{delivery.id}", "/entries/cho-hoa?channel=facebook"):
        page = browser.get(address).text
        assert "Đọc &lt;b&gt;bài&lt;/b&gt; đầy đủ: [địa chỉ bài trên Cổng Thông tin]" in page, address
        assert "Sắp bình luận" in page
    hold(office, delivery)
    listed = browser.get("/deliveries?channel=facebook").text
    assert "Bình luận đầu: không rõ đã bình luận chưa" in listed
    assert listed.index(f'id="delivery-{delivery.id}"') == listed.index('id="delivery-')  # what needs a person comes first
    assert f'class="act" href="/deliveries/{delivery.id}"' in listed
    assert "đã đọc 8 lần vẫn chưa rõ" in browser.get(f"/deliveries/{delivery.id}").text


@pytest.mark.parametrize(
    ("action", "state"), [("again", StepState.WAITING), ("by-hand", StepState.SAID), ("drop", StepState.DROPPED)]
)
def test_a_person_decides_with_a_name_and_a_reason(
    browser: Browser, office: SmallOffice, delivery: Delivery, action: str, state: StepState
) -> None:  # fmt: skip
    id, address = hold(office, delivery), f"/deliveries/{delivery.id}/comment"
    assert browser.post(address, {"action": action, "why": " "}).status_code == 400
    assert browser.as_person("tran-an").post(address, {"action": action, **SIGNED}).status_code in (400, 403)
    assert browser.post(address, {"action": "publish", **SIGNED}).status_code == 400
    assert browser.post(address, {"action": action, **SIGNED}).status_code == 303
    assert office.store.steps.get(id).state is state
    last = office.store.audit.of(delivery.post_key)[-1]
    assert (last.who, last.action, last.detail) == ("le-chi", f"comment-{action}", SIGNED["why"])


def test_a_delivery_without_a_comment_takes_no_decision_about_one(browser: Browser, office: SmallOffice) -> None:
    other = next(each for each in office.store.deliveries.list() if each.entry == "giai-phong-thu-do")
    assert browser.post(f"/deliveries/{other.id}/comment", {"action": "drop", **SIGNED}).status_code == 404
    assert "Bình luận đầu" not in browser.get(f"/deliveries/{other.id}").text
