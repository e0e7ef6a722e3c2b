"""Zalo's tokens (OAuth v4 with PKCE).

A refresh token works once, so a refresh is made by one process at a time and its pair stored before it is used. A refresh whose
answer is lost has spent the pair: an administrator of the Official Account has to connect it again.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import urlencode

from editorial.outcome import Unauthorized, Unavailable
from publishers.contract import Account
from publishers.expiry import note_expiry, span
from publishers.renewal import renew
from publishers.wire import Answer, Call, Wire

REFRESH_LIFE = timedelta(days=90)  # three months, and each refresh begins them anew


def permission_address(account: Account, *, redirect_uri: str, state: str, verifier: str) -> str:
    """Return where an administrator of the Official Account agrees; `verifier` is the secret that `exchange` shows again."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {"app_id": account.settings["app_id"], "redirect_uri": redirect_uri, "code_challenge": challenge, "state": state}
    return f"{_oauth(account)}/permission?{urlencode(asked)}"


def exchange(account: Account, wire: Wire, code: str, *, verifier: str) -> None:
    """Store the first pair of tokens, for the code that came back with the administrator; the code works once."""
    form = {"code": code, "grant_type": "authorization_code", "code_verifier": verifier}
    with account.secrets.alone():
        account.secrets.replace(_granted(account, _asked(account, wire, form)))


def refresh(account: Account, wire: Wire, dead: str) -> None:
    """Replace the access token `dead`, unless somebody else has done so; raise Unauthorized when the OA must be reconnected."""

    def ask() -> Mapping[str, str]:
        spent = {"refresh_token": account.secrets.get("refresh_token"), "grant_type": "refresh_token"}
        return _granted(account, _asked(account, wire, spent))

    renew(account, dead, ask)


def _asked(account: Account, wire: Wire, form: Mapping[str, str]) -> Answer:
    headers = {"secret_key": account.secrets.get("app_secret")}
    form = {**form, "app_id": account.settings["app_id"]}
    return wire.send(Call(method="POST", url=f"{_oauth(account)}/access_token", headers=headers, form=form))


def _granted(account: Account, answer: Answer) -> Mapping[str, str]:
    """Return the new pair, having noted how long it lives."""
    pair = {name: answer.tree.text(name) for name in ("access_token", "refresh_token")}
    if all(pair.values()):
        note_expiry(account, access=span(answer.tree.text("expires_in")), renewal=REFRESH_LIFE)
        return pair
    code = answer.tree.text("error")
    if not code or not answer.ok:  # a gateway's page says nothing about the tokens; a pair that is spent is refused next time
        raise Unavailable("máy chủ cấp mã của Zalo chưa trả lời được; Loa sẽ thử lại", code=code or str(answer.status))
    raise Unauthorized("Zalo không cấp mã mới; quản trị viên OA phải kết nối lại trong phần Kênh", code=code)


def _oauth(account: Account) -> str:
    return f"{account.settings['oauth_url'].rstrip('/')}/v4/oa"
