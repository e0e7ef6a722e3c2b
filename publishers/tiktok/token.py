"""TikTok's tokens: a day of access, a year of renewing.

A renewal may bring another refresh token, which ends the old one, so it is made by one process at a time and stored before it is
used.
"""

from __future__ import annotations

from collections.abc import Mapping

from editorial.outcome import Unauthorized, Unavailable
from publishers.consent import NOT_NOW
from publishers.contract import Account
from publishers.expiry import note_expiry, span
from publishers.renewal import renew
from publishers.secrecy import scrub
from publishers.tree import Tree
from publishers.wire import Answer, Call, Wire

PAIR = ("access_token", "refresh_token")


def refresh(account: Account, wire: Wire, dead: str) -> None:
    """Replace the access token `dead`, unless somebody else has done so; raise Unauthorized where a person has to connect."""

    def ask() -> Mapping[str, str]:
        form = {**client(account), "grant_type": "refresh_token", "refresh_token": account.secrets.get("refresh_token")}
        return _granted(account, wire.send(Call(method="POST", url=token_address(account), form=form)))

    renew(account, dead, ask)


def client(account: Account) -> Mapping[str, str]:
    """Return how the app says who it is."""
    return {"client_key": account.settings["client_key"], "client_secret": account.secrets.get("client_secret")}


def token_address(account: Account) -> str:
    """Return where tokens are given."""
    return f"{account.base_url.rstrip('/')}/v2/oauth/token/"


def note_lives(account: Account, told: Tree) -> None:
    """Remember how long tokens live that were given just now."""
    note_expiry(account, access=span(told.text("expires_in")), renewal=span(told.text("refresh_expires_in")))


def _granted(account: Account, answer: Answer) -> dict[str, str]:
    """Return the new tokens; errors come under HTTP 200 too, so only what is there counts."""
    told, code = answer.tree, answer.tree.text("error")
    if told.text("access_token"):
        note_lives(account, told)
        return {name: told.text(name) for name in PAIR if told.text(name)}
    if not code or code in NOT_NOW or answer.status >= 500:  # a gateway's page says nothing about the tokens
        raise Unavailable("máy chủ cấp mã của TikTok chưa trả lời được; Loa sẽ thử lại", code=code or str(answer.status))
    described = scrub(told.text("error_description"))
    raise Unauthorized(f"TikTok không cấp mã mới; hãy kết nối lại kênh trong phần Kênh. {described}".strip(), code=code)
