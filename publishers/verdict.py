"""What a platform's error code means for the post: the rows of every channel's error table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from editorial.outcome import OutcomeUnknown, PublishError, RateLimited, Refused, Unauthorized, Unavailable


class Verdict(Enum):
    """Which of the five errors a code stands for."""

    REFUSED = "refused"  # nothing was posted, and never will be as it is
    UNAUTHORIZED = "unauthorized"  # nothing was posted; the account has to be reconnected
    LIMITED = "limited"  # nothing was posted; not now
    UNAVAILABLE = "unavailable"  # nothing was posted; the same call may succeed later
    UNKNOWN = "unknown"  # may have been posted when it was the commit call


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """A verdict with what the office should do about it, in plain Vietnamese."""

    verdict: Verdict
    advice: str
    wait: timedelta = timedelta(minutes=5)  # for LIMITED, where the platform names no time
    of_app: bool = False  # for LIMITED, where the allowance is not the account's own


UNLISTED = Ruling(verdict=Verdict.UNKNOWN, advice="nền tảng trả lời điều chưa có trong bảng lỗi; Loa sẽ kiểm tra bài đã lên chưa")


def refused(advice: str) -> Ruling:
    """Return a row for what the platform will never take."""
    return Ruling(verdict=Verdict.REFUSED, advice=advice)


def unauthorized(advice: str) -> Ruling:
    """Return a row for a dead credential or a missing right."""
    return Ruling(verdict=Verdict.UNAUTHORIZED, advice=advice)


def limited(advice: str, wait: timedelta = timedelta(minutes=5), *, of_app: bool = False) -> Ruling:
    """Return a row for `not now`: for the account, or for all that share its app."""
    return Ruling(verdict=Verdict.LIMITED, advice=advice, wait=wait, of_app=of_app)


def unavailable(advice: str) -> Ruling:
    """Return a row for a failure that certainly posted nothing."""
    return Ruling(verdict=Verdict.UNAVAILABLE, advice=advice)


def unknown(advice: str) -> Ruling:
    """Return a row for an answer that says nothing about the outcome, or that hints at an earlier success."""
    return Ruling(verdict=Verdict.UNKNOWN, advice=advice)


def error_of(ruling: Ruling, said: str, *, code: str, commit: bool, wait: timedelta | None = None) -> PublishError:
    """Return the error to raise; an unknown outcome of a call that shows nothing to the public is merely Unavailable."""
    reason = f"{ruling.advice} — {said}" if said else ruling.advice
    match ruling.verdict:
        case Verdict.REFUSED:
            return Refused(reason, code=code)
        case Verdict.UNAUTHORIZED:
            return Unauthorized(reason, code=code)
        case Verdict.LIMITED:
            return RateLimited(reason, wait=wait or ruling.wait, code=code, of_app=ruling.of_app)
        case Verdict.UNAVAILABLE:
            return Unavailable(reason, code=code)
        case Verdict.UNKNOWN:
            return OutcomeUnknown(reason, code=code) if commit else Unavailable(reason, code=code)
