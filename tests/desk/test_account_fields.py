"""What a person types to connect a channel is held to what the channel can use."""

from __future__ import annotations

import pytest

from desk.account_fields import SETTING, read_typed
from editorial.office import Channel
from editorial.problem import BadInput


def mistakes(publisher: str, setting: str, value: str) -> list[str]:
    """Return what is said of one field; the form is empty but for it."""
    channel = Channel(id="kenh", name="Kênh", publisher=publisher, caption=publisher, handle="Loa")
    with pytest.raises(BadInput) as caught:
        read_typed(channel, {SETTING + setting: value}, {})
    return [problem.message for problem in caught.value.problems if problem.key == SETTING + setting]


@pytest.mark.parametrize("value", ["20.000", "0", "-5", "nhiều", "1e4", "٣"])
@pytest.mark.parametrize(
    ("publisher", "setting"), [("youtube", "daily_units"), ("youtube", "daily_uploads"), ("tiktok", "daily_posts")]
)
def test_a_count_that_is_no_count_is_a_mistake_beside_its_field(publisher: str, setting: str, value: str) -> None:
    (said,) = mistakes(publisher, setting, value)
    assert "số" in said
    assert mistakes(publisher, setting, "20000") == []


def test_an_author_that_zalo_would_not_take_is_a_mistake_beside_its_field() -> None:
    (said,) = mistakes("zalo_oa", "author", "Trung tâm " * 6)
    assert "50" in said
    assert mistakes("zalo_oa", "author", "Trung tâm") == []
