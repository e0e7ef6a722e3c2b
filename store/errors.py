"""What can go wrong when something is remembered.

    StoreError
    ├── Lost            another worker, or a person, changed the delivery first: drop the work, change nothing
    ├── Tampered        what is kept is not what was signed: nothing of it may go out
    ├── NotAllowed      the state machine has no such step, or the guard of the step is not met
    │   ├── Halted      a pause covers the delivery; carries the reason to hold it for
    │   ├── Unapproved  nobody approved these bytes
    │   ├── NotPublic   a comment's post is not, or no longer, public as it was approved
    │   ├── TooClose    a released post would go out beside another one of its channel; carries its next free moment
    │   ├── OutOfTurn   the post that goes out first on its channel is not public yet; carries which, and when to look again
    │   └── Shut        the account has used up its pace, or its provider rests; carries when the gate opens
    ├── NoRoom          the disk is nearly full: begin nothing new; carries how many bytes are free
    ├── Unreachable     no database answers at the address
    │   └── Away        the server was there, or will be in a moment: try again; carries what to tell a person
    └── RemoteIdTaken   the platform's id already belongs to another delivery of the channel
"""

from __future__ import annotations

from datetime import datetime

from editorial.delivery import HoldReason


class StoreError(Exception):
    """Something could not be remembered, and nothing was changed."""


class Lost(StoreError):
    """The delivery is not as it was when it was read."""


class Tampered(StoreError):
    """A kept post, or a file of it, does not have the digest under which it was kept."""


class Unreachable(StoreError):
    """No database of the wanted kind answers at an address."""


class Away(Unreachable):
    """The database's server does not answer at the moment, as while it starts."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


class NoRoom(StoreError):
    """There is hardly any room left on the disk; what has been begun can still be written down."""

    def __init__(self, free: int) -> None:
        self.free = free
        super().__init__(f"{free} bytes are free")


class NotAllowed(StoreError):
    """A delivery may not take this step."""


class Halted(NotAllowed):
    """Somebody pressed pause on the delivery, its channel or its entry."""

    def __init__(self, reason: HoldReason, why: str) -> None:
        self.reason = reason
        self.why = why
        super().__init__(f"{reason.value}: {why}")


class Unapproved(NotAllowed):
    """The bytes that are to go out are not the ones that were approved."""


class NotPublic(NotAllowed):
    """Nothing is said below a post that the public does not see, or sees otherwise than it was approved."""


class NotYet(NotAllowed):
    """The delivery's moment is still to come by this worker's clock, which was set back after the claim."""


class TooClose(NotAllowed):
    """Another post of the channel went out a moment ago, or is about to."""

    def __init__(self, post_key: str, free: datetime) -> None:
        self.free = free
        super().__init__(f"{post_key}: the channel is free at {free.isoformat()}")


class OutOfTurn(NotAllowed):
    """The post that this one was signed to follow is neither public nor given up; `over` tells that the grace is too."""

    def __init__(self, post_key: str, after: str, until: datetime, *, over: bool) -> None:
        self.after = after
        self.until = until
        self.over = over
        super().__init__(f"{post_key}: not before {after}")


class Shut(NotAllowed):
    """The platform lets nobody in at the moment."""

    def __init__(self, post_key: str, opens_at: datetime) -> None:
        self.opens_at = opens_at
        super().__init__(f"{post_key}: the gate opens at {opens_at.isoformat()}")


class RemoteIdTaken(StoreError):
    """Two deliveries of one channel would claim the same live post."""
