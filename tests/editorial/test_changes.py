"""What changed since the last approval, field by field."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from editorial.changes import package_changes, post_changes
from tests.store.ledger_posts import post, with_picture


def test_equal_packages_have_no_changes() -> None:
    assert package_changes([post()], [post()]) == ()


def test_every_field_that_reads_otherwise_is_named_with_both_readings() -> None:
    before = with_picture(post(), Path("a.jpg"))
    picture = replace(before.media[0], alt="Cầu Long Biên lúc bình minh", sha256="b" * 64)
    after = replace(post(text="Lời khác"), media=(picture,), due_at=before.due_at + timedelta(hours=1))
    found = {change.field: (change.before, change.after) for change in post_changes(before, after)}
    assert set(found) == {"text", "due_at", "media.chinh.alt", "media.chinh.bytes"}
    assert found["text"] == ("Hà Nội ngày trở về", "Lời khác")
    assert found["due_at"] == ("2026-10-10T08:00:00+07:00", "2026-10-10T09:00:00+07:00")


def test_a_post_that_is_new_or_gone_shows_all_of_its_fields_on_one_side() -> None:
    new = post("khac.portal.2026")
    assert all(change.before == "" for change in package_changes([], [new]))
    assert all(change.after == "" for change in package_changes([new], []))


def test_any_change_of_the_digest_is_named() -> None:
    before = with_picture(post(), Path("a.jpg"))
    for after in (replace(before, media=()), replace(before, variant=replace(before.variant, hashtags=("HaNoi",)))):
        assert after.digest != before.digest
        assert post_changes(before, after)
