"""What is said below a post: signed with it, its address filled in later, and never leading in a circle."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from editorial.after_step import STEP_PASSAGES, StepState, may_pass
from editorial.changes import post_changes
from editorial.digest import digest
from editorial.first_comment import LONGEST_ADDRESS, FirstComment, Link, circles, guarded, linked_channels, unguarded
from editorial.message import Handwritten
from editorial.post import Post
from tests.store.ledger_posts import post

LINKED = FirstComment(text="Xem {{ post.portal }}", links=(Link(channel="portal", post="a.portal.2026"),))


def commented(comment: FirstComment | None) -> Post:
    return replace(post(), first_comment=comment)


def test_a_post_without_a_comment_keeps_the_digest_that_was_signed_before_there_were_any() -> None:
    signed = {key: value for key, value in vars(post()).items() if key not in ("first_comment", "after")}
    assert commented(None).digest == digest(signed)
    assert digest(Handwritten(title="a")) == digest({"title": "a", "summary": None, "text": None, "hashtags": None})


def test_approval_signs_the_comment_and_the_posts_that_it_leads_to() -> None:
    other = replace(LINKED, links=(Link(channel="portal", post="b.portal.2026"),))
    assert len({commented(each).digest for each in (None, LINKED, replace(LINKED, text="Đọc {{ post.portal }}"), other)}) == 4
    (change,) = post_changes(commented(None), commented(LINKED))
    assert (change.field, change.after) == ("comment", LINKED.text)


def test_the_address_stands_where_the_place_was_and_a_missing_one_is_no_empty_one() -> None:
    assert LINKED.said({"portal": "https://hanoi.example/1"}) == "Xem https://hanoi.example/1"
    with pytest.raises(KeyError):
        LINKED.said({})
    assert len(LINKED.longest) == len("Xem ") + LONGEST_ADDRESS


@given(some.lists(some.sampled_from(["{{ post.portal }}", "{{post.kenh-hai}}", "{{ fact.wards }}", "lời ", "{{ post }}", "\n"])))
def test_whoever_writes_facts_out_never_sees_the_places_for_addresses(parts: list[str]) -> None:
    source = "".join(parts)
    assert "post." not in guarded(source)
    assert linked_channels(unguarded(guarded(source))) == linked_channels(source)


@given(some.dictionaries(some.sampled_from("abcd"), some.lists(some.sampled_from("abcd"), max_size=3).map(tuple), max_size=4))
def test_a_circle_is_found_from_every_channel_that_is_on_it_and_from_no_other(links: dict[str, tuple[str, ...]]) -> None:
    def reached(start: str) -> set[str]:
        found: set[str] = set()
        while (more := found | {each for one in (*found, start) for each in links.get(one, ())}) != found:
            found = more
        return found

    assert set(circles(links)) == {each for each in links if each in reached(each)}


def test_every_state_has_its_ways_and_nothing_is_said_twice() -> None:
    assert set(STEP_PASSAGES) == set(StepState)
    assert {start for start, ends in STEP_PASSAGES.items() if StepState.INTENT in ends} == {StepState.WAITING}
    assert not may_pass(StepState.UNKNOWN, StepState.INTENT)
    assert not may_pass(StepState.SAID, StepState.WAITING)
    assert not may_pass(StepState.INTENT, StepState.DROPPED)
