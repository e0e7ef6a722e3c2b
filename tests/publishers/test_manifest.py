"""Every channel's facts load, are complete, and stand in the documentation as they are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from editorial.problem import BadInput
from publishers.capabilities import PAGE, capabilities
from publishers.contract import Converses
from publishers.manifest import LengthUnit, length_in, load_manifest
from publishers.registry import PUBLISHERS, abilities, manifest_of
from tests.publishers.bench import a_post, clip, picture
from tests.publishers.test_answers import UNLISTED

ROOM = PAGE.parent.parent / "publishers"


def rules(channel: str, post: object) -> set[str]:
    return {problem.rule for problem in PUBLISHERS[channel].manifest.check(post)}  # type: ignore[arg-type]


def test_every_folder_with_a_manifest_is_a_registered_channel_and_the_other_way_round() -> None:
    assert {path.parent.name for path in ROOM.glob("*/manifest.yaml")} == set(PUBLISHERS)


@pytest.mark.parametrize("channel", PUBLISHERS)
def test_a_manifest_names_its_channel_and_its_media_sizes(channel: str) -> None:
    manifest = PUBLISHERS[channel].manifest
    assert manifest.id == channel
    assert all(rule.sizes for rule in manifest.media.values())
    assert {"Reconciles", "Verifies"} <= set(abilities(PUBLISHERS[channel]))


@pytest.mark.parametrize("channel", PUBLISHERS)
def test_a_channel_changes_and_takes_back_what_is_live_unless_its_manifest_says_that_nothing_can(channel: str) -> None:
    able = {"Corrects", "Withdraws"} & set(abilities(PUBLISHERS[channel]))
    assert able == (set() if manifest_of(channel).permanent else {"Corrects", "Withdraws"})


@pytest.mark.parametrize("channel", PUBLISHERS)
def test_every_channel_has_the_test_that_an_unlisted_error_is_an_unknown_outcome(channel: str) -> None:
    own = Path(__file__).with_name(f"test_{channel}.py").read_text(encoding="utf-8")
    assert channel in UNLISTED or "not_listed_is_an_unknown_outcome" in own
    assert (ROOM / channel / "errors.py").is_file()


@pytest.mark.parametrize("channel", PUBLISHERS)
def test_a_channels_facts_are_read_without_its_client(channel: str) -> None:
    assert manifest_of(channel) == PUBLISHERS[channel].manifest


def test_no_two_kinds_of_channels_have_the_same_mark() -> None:
    marks = [manifest_of(channel).mark for channel in PUBLISHERS]
    assert all(marks)
    assert sorted(set(marks)) == sorted(marks)


def test_a_channel_that_nobody_wrote_is_not_there() -> None:
    assert "fax" not in PUBLISHERS
    for ask in (PUBLISHERS.__getitem__, manifest_of):
        with pytest.raises(KeyError):
            ask("fax")


def test_the_capability_page_is_not_stale() -> None:
    assert PAGE.read_text(encoding="utf-8") == capabilities(), "run: python -m publishers.capabilities"


def test_a_manifest_with_a_wrong_key_is_reported_by_file_line_and_key(tmp_path: Path) -> None:
    text = (ROOM / "telegram" / "manifest.yaml").read_text(encoding="utf-8").replace("settle_seconds", "settle_second")
    folder = tmp_path / "publishers" / "telegram"
    folder.mkdir(parents=True)
    (folder / "manifest.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        load_manifest(folder)
    assert any(str(problem).startswith("publishers/telegram/manifest.yaml:") for problem in caught.value.problems)


def test_a_vietnamese_letter_counts_as_each_platform_counts_it() -> None:
    assert [length_in("ế😀", unit) for unit in (LengthUnit.CHARACTERS, LengthUnit.UTF16, LengthUnit.BYTES)] == [2, 3, 7]


def test_youtube_needs_a_clip_and_no_angle_brackets(tmp_path: Path) -> None:
    assert rules("youtube", a_post("youtube", ())) == {"missing-media"}
    assert rules("youtube", a_post("youtube", (clip(tmp_path),), title="A < B")) == {"forbidden-character"}
    assert rules("youtube", a_post("youtube", (clip(tmp_path),), text="ế" * 1667)) == {"too-long"}


def test_zalo_needs_a_cover_of_at_most_one_megabyte(tmp_path: Path) -> None:
    assert rules("zalo_oa", a_post("zalo_oa", ())) == {"missing-media"}
    heavy = replace(picture(tmp_path), byte_size=1_000_001)
    assert rules("zalo_oa", a_post("zalo_oa", (heavy,))) == {"media-size"}


def test_facebook_takes_pictures_or_a_clip_not_both(tmp_path: Path) -> None:
    assert rules("facebook", a_post("facebook", (picture(tmp_path), clip(tmp_path)))) == {"mixed-media"}


def test_telegram_takes_ten_pictures_and_clips_together(tmp_path: Path) -> None:
    pictures = tuple(picture(tmp_path, f"anh-{number}", number) for number in range(10))
    assert rules("telegram", a_post("telegram", pictures)) == set()
    assert rules("telegram", a_post("telegram", (*pictures, clip(tmp_path)))) == {"too-many-media"}


@pytest.mark.parametrize("channel", PUBLISHERS)
def test_a_channel_says_how_long_a_comment_may_be_where_it_converses_and_nowhere_else(channel: str) -> None:
    assert (manifest_of(channel).comment is not None) == issubclass(PUBLISHERS[channel], Converses)
