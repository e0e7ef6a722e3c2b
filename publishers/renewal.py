"""Renew an account's credentials once, whoever else finds them dead, and whoever sleeps in the middle of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from editorial.outcome import PublishError
from publishers.accompaniment import accompanied
from publishers.contract import Account


def renew(account: Account, dead: str, ask: Callable[[], Mapping[str, str]]) -> None:
    """Replace the access token `dead`, with what belongs to it, by what `ask` brings with one call; unless somebody else has.

    The lock that keeps others out ends where its holder seems to be dead. Who only slept finds the token replaced, perhaps by
    another account's: nothing that is spent is sent again, nothing older stored over newer, and no channel paused for it.
    """

    def is_due() -> bool:
        return account.secrets.get("access_token") == dead

    with account.secrets.alone():
        if not is_due():
            return
        try:
            with accompanied(is_due, every=True):
                new = ask()
        except PublishError:
            if is_due():
                raise
            return
        if is_due():
            account.secrets.replace(new)
