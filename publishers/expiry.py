"""Until when an account's credentials are good, as the platform said when it gave them: notes, beside the credentials."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from publishers.contract import Account

ACCESS_UNTIL, RENEWAL_UNTIL = "access-until", "renewal-until"


@dataclass(frozen=True, kw_only=True)
class Expiry:
    """Until when calls are taken, and until when new credentials can be had without a person; None where nobody has said."""

    access: datetime | None = None
    renewal: datetime | None = None

    @property
    def ends(self) -> datetime | None:
        """Return when a person has to connect the account again; None where that is not known, or never."""
        return self.renewal or self.access


def note_expiry(account: Account, *, access: timedelta | None = None, renewal: timedelta | None = None) -> None:
    """Remember how long credentials live that were given just now; what is not said stays as it was."""
    for name, span in ((ACCESS_UNTIL, access), (RENEWAL_UNTIL, renewal)):
        if span is not None and span > timedelta():
            account.notes.put(name, (account.now() + span).isoformat())


def read_expiry(note: Callable[[str], str]) -> Expiry:
    """Return what was remembered; `note` gives a note by its name, empty where there is none."""
    return Expiry(access=_moment(note(ACCESS_UNTIL)), renewal=_moment(note(RENEWAL_UNTIL)))


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def span(seconds: float | str | None) -> timedelta | None:
    """Return a platform's number of seconds, which some write as text; None where it is none."""
    try:
        return timedelta(seconds=float(seconds or 0)) or None
    except ValueError:
        return None
