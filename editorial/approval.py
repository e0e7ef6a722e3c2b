"""Approval: a second person signs the bytes of everything an entry will send."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from editorial.digest import digest
from editorial.post import Post
from editorial.problem import BadInput, Problem, Severity


@dataclass(frozen=True, kw_only=True)
class Approval:
    """Who wrote, who approved, and the digest that was signed; another digest is not approved."""

    entry: str
    digest: str
    author: str
    approver: str
    at: datetime


def package_digest(posts: Iterable[Post]) -> str:
    """Return the digest of an entry's posts together: every variant, media byte, alt text, time and channel."""
    return package_digest_of((post.channel, post.digest) for post in posts)


def package_digest_of(signed: Iterable[tuple[str, str]]) -> str:
    """Return the same digest from each post's channel and digest."""
    return digest(sorted(signed))


def approve(posts: Iterable[Post], problems: Iterable[Problem], *, author: str, approver: str, at: datetime) -> Approval:
    """Return the approval of an entry's posts; raise BadInput when a problem stands or one person plays both parts."""
    ready = tuple(posts)
    standing = [problem for problem in problems if problem.severity is Severity.ERROR]
    if standing:
        raise BadInput(*standing)
    if not ready:
        raise BadInput(Problem(rule="nothing-to-approve", message="chưa có bài nào để duyệt; hãy chọn ít nhất một kênh"))
    ask_second_person(author, approver)
    return Approval(entry=ready[0].entry, digest=package_digest(ready), author=author, approver=approver, at=at)


def ask_second_person(author: str, approver: str) -> None:
    """Raise BadInput when one person plays both parts."""
    if _same_person(author, approver):
        message = "người soạn không được tự duyệt bài của mình; hãy nhờ người duyệt khác"
        raise BadInput(Problem(rule="own-approval", message=message))


def _same_person(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()
