"""How many clips an account has begun to post in the last 24 hours: TikTok tells only when there may be no more."""

from __future__ import annotations

from datetime import datetime, timedelta

from editorial.outcome import RateLimited
from publishers.allowance import Allowance
from publishers.contract import Account, Notes

# About fifteen, over all apps; an account that may post more says so in its settings.
MOST = 15
A_DAY = timedelta(hours=24)
BEGUN = "posts-begun"


def ask(account: Account) -> None:
    """Raise RateLimited until there is room for another clip, before anything is begun."""
    begun, most = _begun(account), _most(account)
    if len(begun) >= most:
        wait = begun[len(begun) - most] + A_DAY - account.now()
        raise RateLimited("tài khoản đã đăng đủ số clip TikTok cho phép trong 24 giờ", wait=wait, code="daily-posts")


def count(account: Account) -> None:
    """Count one more clip. Two at the same moment may count as one: then TikTok itself says when it is enough."""
    begun = [*_begun(account), account.now()]
    account.notes.put(BEGUN, " ".join(moment.isoformat() for moment in begun))


def allowances(account: Account, app_notes: Notes) -> tuple[Allowance, ...]:
    """Return how much of the account's day is used; it comes back clip by clip."""
    return (Allowance(what="clip đăng trong 24 giờ", used=len(_begun(account)), most=_most(account)),)


def _begun(account: Account) -> list[datetime]:
    since = account.now() - A_DAY
    moments = [datetime.fromisoformat(moment) for moment in account.notes.get(BEGUN).split()]
    return [moment for moment in moments if moment > since]


def _most(account: Account) -> int:
    return max(1, int(account.settings.get("daily_posts") or MOST))
