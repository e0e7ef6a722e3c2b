"""Posts and approvals for the tests of the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from editorial.approval import Approval, approve
from editorial.message import Variant
from editorial.post import Medium, MediumKind, Post

DUE = datetime(2026, 10, 10, 1, 0, tzinfo=UTC)


def post(
    key: str = "giai-phong.portal.2026", *, channel: str = "portal", text: str = "Hà Nội ngày trở về", due_at: datetime = DUE,
    after: str | None = None,
) -> Post:  # fmt: skip
    entry = key.split(".")[0]
    variant = Variant(channel=channel, language="vi", title=f"Tiêu đề {key}", text=text, html="", summary="Tóm tắt")
    return Post(key=key, entry=entry, channel=channel, variant=variant, media=(), due_at=due_at, after=after)


def with_picture(plain: Post, path: Path, sha256: str = "a" * 64) -> Post:
    picture = Medium(id="chinh", kind=MediumKind.IMAGE, media_type="image/jpeg", sha256=sha256, byte_size=3, width=10, height=10,
                     alt="Cầu Long Biên", path=path)  # fmt: skip
    return replace(plain, media=(picture,))


def approval(posts: Iterable[Post], *, at: datetime = DUE) -> Approval:
    return approve(posts, (), author="Lan", approver="Minh", at=at)
