from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from editorial.approval import approve, package_digest
from editorial.clock import SimulatedClock
from editorial.delivery import TRANSITIONS, State, may_pass
from editorial.likeness import differences
from editorial.message import Variant
from editorial.outcome import LivePost
from editorial.post import Medium, MediumKind, Post
from editorial.problem import BadInput, Problem, Severity

NOON = datetime(2026, 10, 10, 5, tzinfo=UTC)


def medium(**changes: object) -> Medium:
    base = Medium(
        id="anh", kind=MediumKind.IMAGE, media_type="image/jpeg", sha256="a" * 64, byte_size=10, width=10, height=10, alt="Cầu",
        path=Path("here.jpg"),
    )  # fmt: skip
    return replace(base, **changes)


def post(**changes: object) -> Post:
    variant = Variant(channel="facebook", language="vi", title="Tiêu đề", text="Nội dung", html="", summary="Tóm tắt")
    base = Post(key="mot.facebook.2026", entry="mot", channel="facebook", variant=variant, media=(medium(),), due_at=NOON)
    return replace(base, **changes)


@pytest.mark.parametrize(
    "other",
    [
        post(variant=replace(post().variant, text="Nội dung.")),
        post(variant=replace(post().variant, title="Tiêu đề khác")),
        post(media=(medium(sha256="b" * 64),)),
        post(media=(medium(alt="Sông"),)),
        post(media=()),
        post(due_at=NOON + timedelta(minutes=1)),
        post(channel="zalo"),
    ],
)
def test_any_change_of_words_bytes_alt_text_time_or_channel_is_another_digest(other: Post) -> None:
    assert other.digest != post().digest
    assert package_digest([other]) != package_digest([post()])


def test_where_a_file_lies_is_not_signed() -> None:
    assert post(media=(medium(path=Path("elsewhere.jpg")),)).digest == post().digest


def test_the_same_moment_in_another_zone_is_the_same_post() -> None:
    assert post(due_at=NOON.astimezone(timezone(timedelta(hours=7)))).digest == post().digest


def test_a_decomposed_letter_is_the_same_text() -> None:
    decomposed = replace(post().variant, text=unicodedata.normalize("NFD", "Nội dung"))
    assert post(variant=decomposed).digest == post().digest


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        post(due_at=datetime(2026, 10, 10))  # noqa: DTZ001  # the naive moment is what is tested


def test_nobody_approves_their_own_words() -> None:
    with pytest.raises(BadInput, match="không được tự duyệt"):
        approve([post()], [], author="Lan", approver=" lan ", at=NOON)


def test_a_standing_problem_blocks_approval_and_a_warning_does_not() -> None:
    wrong = Problem(rule="wrong-figure", message="sai số")
    with pytest.raises(BadInput, match="sai số"):
        approve([post()], [wrong], author="Lan", approver="Minh", at=NOON)
    noted = replace(wrong, severity=Severity.WARNING)
    assert approve([post()], [noted], author="Lan", approver="Minh", at=NOON).digest == package_digest([post()])


def live(**changes: object) -> LivePost:
    base = LivePost(remote_id="1", url=None, text="Nội  dung\n", visible=True, media_count=1)
    return replace(base, **changes)


def test_white_space_is_no_difference() -> None:
    assert differences(post(), live()) == ()


@pytest.mark.parametrize(
    "seen",
    [
        live(text="Nội dung khác"),
        live(visible=False),
        live(media_count=0),
        live(title="Khác"),
        live(media_sha256=("c" * 64,)),
    ],
)
def test_what_the_public_sees_otherwise_is_told(seen: LivePost) -> None:
    assert len(differences(post(), seen)) == 1


def test_every_state_has_its_ways_and_nothing_sends_twice() -> None:
    assert set(TRANSITIONS) == set(State)
    assert not may_pass(State.UNKNOWN, State.QUEUED)
    assert not may_pass(State.SENT, State.QUEUED)
    assert not may_pass(State.UNKNOWN, State.SENDING)
    assert {start for start, ends in TRANSITIONS.items() if State.SENDING in ends} == {State.PREPARED}


def test_a_simulated_clock_never_runs_backwards() -> None:
    clock = SimulatedClock(NOON)
    clock.advance(timedelta(hours=1))
    with pytest.raises(ValueError, match="earlier"):
        clock.move_to(NOON)
    assert clock.now() == NOON + timedelta(hours=1)
