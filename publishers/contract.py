"""What a channel's adapter promises. A channel is a folder: manifest.yaml (facts) and publisher.py (behaviour).

The scheduler calls, in this order: check, prepare (if it Prepares), publish (the one commit call), follow (while Pending),
read_back. After an unknown outcome it calls find before anything else.
"""

from __future__ import annotations

import re
import threading
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import ClassVar, Protocol

from editorial.outcome import Comment, Greeting, LivePost, Pending, PublishError, Receipt, Sighting, Snapshot
from editorial.post import Post
from editorial.problem import BadInput, Problem
from publishers.manifest import Manifest

_NUMBER = re.compile(r"[0-9]+(?=[:-])")


class Handles(Protocol):
    """What has been made on the platform for one delivery and is not public: media ids, drafts, upload sessions."""

    def get(self, name: str) -> str | None:
        """Return the handle, or None when it was never made."""

    def save(self, name: str, value: str) -> None:
        """Keep the handle; it is durable when this returns. Call it the moment the handle exists."""


class Secrets(Protocol):
    """The credentials of one account; a refreshed token is stored before it is used."""

    def get(self, name: str) -> str:
        """Return the secret; raise Unauthorized when the account was never connected."""

    def replace(self, values: Mapping[str, str]) -> None:
        """Store new values together, durably, before this returns."""

    def alone(self) -> AbstractContextManager[None]:
        """Keep every other thread, process and machine from renewing these credentials while the block runs.

        A refresh token that works once is spent inside. Raises Unavailable when somebody else is at it for too long.
        """


class Notes(Protocol):
    """What an adapter remembers of its account between calls and restarts. What is lost here costs time, never a post."""

    def get(self, name: str) -> str:
        """Return a note; empty when there is none."""

    def put(self, name: str, value: str) -> None:
        """Keep a note in the place of the last one."""

    def add(self, name: str, amount: int) -> int:
        """Add to a count and return it, also while others do the same; a count starts at zero."""


class BriefNotes:
    """Notes that end with the process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: dict[str, str] = {}

    def get(self, name: str) -> str:
        """Return a note; empty when there is none."""
        return self._values.get(name, "")

    def put(self, name: str, value: str) -> None:
        """Keep a note."""
        self._values[name] = value

    def add(self, name: str, amount: int) -> int:
        """Add to a count and return it."""
        with self._lock:
            count = int(self._values.get(name) or 0) + amount
            self._values[name] = str(count)
        return count


def brief_notes() -> Callable[[str], Notes]:
    """Return notes by name that end with the process."""
    return defaultdict[str, Notes](BriefNotes).__getitem__


def system_now() -> datetime:
    """Return the machine's own moment."""
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class Account:
    """One account on one platform: where its API answers and what it is called. `settings` are those the manifest names."""

    channel: str
    base_url: str
    settings: Mapping[str, str]
    secrets: Secrets = field(repr=False)
    notes: Notes = field(default_factory=BriefNotes, repr=False)
    shared: Callable[[str], Notes] = field(default_factory=brief_notes, repr=False)  # by the name of what shares them
    now: Callable[[], datetime] = field(default=system_now, repr=False)
    deadline: timedelta = timedelta(seconds=30)  # of one call, from connecting to the last byte; leases are longer


class Publisher(ABC):
    """Publish to one account. Safe to use from several threads; keeps no state but its HTTP client."""

    manifest: Manifest

    def __init__(self, account: Account) -> None:
        """Raise BadInput when the account lacks a setting, before anything can be sent half-way."""
        missing = [name for name in self.manifest.settings if not account.settings.get(name)]
        if missing:
            message = f"kênh thiếu cài đặt: {', '.join(missing)}; hãy bổ sung trong phần Kênh"
            raise BadInput(Problem(rule="missing-setting", message=message, channel=account.channel))
        self.account = account
        self._app: str | None = None

    @property
    def app(self) -> str | None:
        """Return what the platform knows the account's app by: all accounts of one app share its allowance.

        None where the platform has no such thing; empty where the account does not say, since all of these may share one. What a
        secret told is kept until the process ends: it is asked for with every look.
        """
        if not self._app:
            self._app = app_of(self.manifest, self.account.settings, self.account.secrets)
        return self._app

    @property
    def app_notes(self) -> Notes:
        """Return what is remembered of the account's app, whichever account found it out."""
        return self.account.shared(app_notes_of(self.manifest.id, self.app))

    def check(self, post: Post) -> tuple[Problem, ...]:
        """Return what the platform would refuse, found without asking it."""
        return self.manifest.check(post)

    def shown(self, post: Post) -> Post:
        """Return the post with its words as this channel shows them: what a live post is held against."""
        return post

    @abstractmethod
    def publish(self, post: Post, *, key: str, handles: Handles) -> Receipt | Pending:
        """Make the post public with exactly one HTTP call that is never retried here.

        Raises Refused, Unauthorized, RateLimited, Unavailable or OutcomeUnknown; whatever is not on the adapter's list of
        certain refusals is OutcomeUnknown.
        """

    @abstractmethod
    def close(self) -> None:
        """Let go of connections."""


def app_notes_of(publisher: str, app: str | None) -> str:
    """Return the name of what all accounts of an app remember."""
    return f"{publisher}.{app or ''}"


def app_of(manifest: Manifest, settings: Mapping[str, str], secrets: Secrets) -> str | None:
    """Return what the platform knows an account's app by; see `Publisher.app`."""
    rule = manifest.app
    if rule is None:
        return None
    return settings.get(rule.setting, "") if rule.setting else _number_of(secrets, rule.secret)


def _number_of(secrets: Secrets, name: str) -> str:
    """Return the public number with which a bot's token and a project's id begin; never what is secret of them."""
    try:
        number = _NUMBER.match(secrets.get(name))
    except PublishError:  # not connected yet
        return ""
    return number.group() if number else ""


class Prepares(ABC):
    """Can do work before the commit call that is repeatable or invisible."""

    @abstractmethod
    def prepare(self, post: Post, *, key: str, handles: Handles) -> None:
        """Upload media and make drafts, saving each handle the moment it exists; what has a handle is not made again."""


class Follows(ABC):
    """Answers some commits with a ticket."""

    @abstractmethod
    def follow(self, pending: Pending, *, handles: Handles) -> Receipt | Pending:
        """Ask what became of the ticket; raise OutcomeUnknown where the platform has forgotten it: the post is looked for."""


class Reconciles(ABC):
    """Can look for a post whose outcome is unknown."""

    @abstractmethod
    def find(self, post: Post, *, key: str, handles: Handles, since: datetime) -> Sighting:
        """Look where the public sees it, by handle, marker or content, among what appeared after `since`."""


class Verifies(ABC):
    """Can read a live post back."""

    @abstractmethod
    def read_back(self, receipt: Receipt) -> LivePost | None:
        """Return the live post as the public sees it, or None when it is gone."""


class Corrects(ABC):
    """Can change a live post in place; `replaces_media` tells whether its pictures too."""

    replaces_media: ClassVar[bool] = False

    @abstractmethod
    def correct(self, receipt: Receipt, post: Post, *, handles: Handles) -> Receipt:
        """Make the live post say what `post` says; safe to repeat."""


class Withdraws(ABC):
    """Can take a live post back."""

    @abstractmethod
    def withdraw(self, receipt: Receipt) -> None:
        """Remove the post from public view; safe to repeat."""


class Measures(ABC):
    """Can count what a live post did."""

    @abstractmethod
    def measure(self, receipt: Receipt, *, at: datetime) -> Snapshot:
        """Return the figures that the platform gives, asked one by one so that a retired metric costs only itself."""


class Converses(ABC):
    """Can read what people say below a live post, and answer in the office's name. Comments are never hidden or deleted here."""

    @abstractmethod
    def comments(self, receipt: Receipt, *, since: datetime) -> tuple[Comment, ...]:
        """Return the comments since the moment, oldest first: text, time and thread, and nobody's name.

        Whether the office's own account said one is told where the platform tells; of others nothing is kept.
        """

    @abstractmethod
    def answer(self, receipt: Receipt, text: str, *, to: str | None = None) -> str:
        """Say something below the post, or below the comment `to`, with one call; return the new comment's id.

        It is public at once and has no key, so it raises OutcomeUnknown as publish does, and is never made again here.
        """


class Greets(ABC):
    """Can tell, without changing anything, whether the account is connected and what it may do."""

    @abstractmethod
    def greet(self) -> Greeting:
        """Return how the platform knows the account; raise one of the five errors when it cannot be asked."""


ABILITIES: tuple[type, ...] = (Prepares, Follows, Reconciles, Verifies, Corrects, Withdraws, Measures, Converses, Greets)
