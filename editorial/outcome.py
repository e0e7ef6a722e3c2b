"""What a call to a platform can come back with.

    Receipt          it is published
    Pending          it was taken and is being worked on; ask again
    PublishError
    ├── Refused          the platform will not take it as it is: stop, tell the editor which rule
    ├── Unauthorized     the token is dead or lacks a right: pause the channel, ask a person to reconnect
    ├── RateLimited      not now: again at `until`, not counted as an attempt
    ├── Unavailable      nothing was posted: again with backoff
    └── OutcomeUnknown   it may have been posted: look for it before anything else
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from editorial.clock import aware


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """Proof of publication: the platform's id and the public address."""

    remote_id: str
    url: str | None
    evidence: Mapping[str, str] = field(default_factory=dict)  # other ids worth keeping (photo ids, upload session)


@dataclass(frozen=True, kw_only=True)
class Pending:
    """A ticket for work that the platform has accepted and not finished."""

    ticket: str
    ask_again_in: timedelta


@dataclass(frozen=True, kw_only=True)
class LivePost:
    """What the public sees, as read back from the platform.

    `title` is None where the channel has none; `media_sha256` is empty where the platform re-encodes or gives no bytes back.
    """

    remote_id: str
    url: str | None
    text: str
    visible: bool
    media_count: int
    title: str | None = None
    media_sha256: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Found:
    """The post was found where the public sees it."""

    receipt: Receipt


@dataclass(frozen=True, kw_only=True)
class Absent:
    """A complete read-back does not show the post. `proof` says whether, on this channel, that means it was never posted."""

    proof: bool


@dataclass(frozen=True, kw_only=True)
class CannotTell:
    """The platform could not be read completely, or two posts fit: only a person or another look can say."""

    why: str


Sighting = Found | Absent | CannotTell


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """Metrics of a live post at a moment; a figure that the platform does not give is not there, never 0."""

    at: datetime
    figures: Mapping[str, int]

    def __post_init__(self) -> None:
        aware(self.at)


@dataclass(frozen=True, kw_only=True)
class Comment:
    """What somebody said below a live post, without who it was: Loa keeps no profiles of citizens."""

    id: str
    text: str
    at: datetime
    parent: str | None = None  # the comment that it answers
    own: bool | None = None  # whether the office's own account said it; None where the platform does not tell

    def __post_init__(self) -> None:
        aware(self.at)


@dataclass(frozen=True, kw_only=True)
class Greeting:
    """How a platform knows an account: what people see it as, what it lacks, and how much of an allowance is used."""

    name: str
    url: str | None = None
    lacks: tuple[str, ...] = ()  # rights that publishing needs, in plain Vietnamese
    used: Mapping[str, int] = field(default_factory=dict)  # allowance -> percent
    account: str = ""  # the platform's own id of it, which stays when its name changes; empty where nobody can tell


class PublishError(Exception):
    """A call that did not end in a Receipt or a Pending; `reason` is what the platform said, `code` its exact code."""

    def __init__(self, reason: str, *, code: str = "") -> None:
        self.reason = reason
        self.code = code
        super().__init__(f"{reason} ({code})" if code else reason)


class Refused(PublishError):
    """The platform will not take the post as it is. Nothing was posted."""


class Unauthorized(PublishError):
    """The credential is dead or lacks a right. Nothing was posted."""


class RateLimited(PublishError):
    """Not now. Nothing was posted; try again after `wait`. `of_app` where all that share the account's app have to wait."""

    def __init__(self, reason: str, *, wait: timedelta, code: str = "", of_app: bool = False) -> None:
        self.wait = wait
        self.of_app = of_app
        super().__init__(reason, code=code)


class Unavailable(PublishError):
    """The platform could not be reached, and it is certain that nothing was posted."""


class OutcomeUnknown(PublishError):
    """The call may have been carried out. Never send again before looking."""
