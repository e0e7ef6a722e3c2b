"""Zalo's tokens. A refresh token works once, so a refresh is made by one thread and stored before the new token is used."""

from __future__ import annotations

import threading
from collections import defaultdict

from editorial.outcome import Unauthorized
from publishers.contract import Account
from publishers.wire import Call, Wire

_locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)


def refresh(account: Account, wire: Wire, dead: str) -> None:
    """Replace the access token `dead`, unless another thread has done so; raise Unauthorized when the OA must be reconnected."""
    with _locks[account.channel]:
        if account.secrets.get("access_token") != dead:
            return
        answer = wire.send(_call(account)).tree
        pair = {name: answer.text(name) for name in ("access_token", "refresh_token")}
        if not all(pair.values()):
            code = answer.text("error") or "no-token"
            raise Unauthorized("Zalo không cấp mã mới; quản trị viên OA phải kết nối lại trong phần Kênh", code=code)
        account.secrets.replace(pair)


def _call(account: Account) -> Call:
    form = {
        "refresh_token": account.secrets.get("refresh_token"),
        "app_id": account.settings["app_id"],
        "grant_type": "refresh_token",
    }
    url = f"{account.settings['oauth_url'].rstrip('/')}/v4/oa/access_token"
    return Call(method="POST", url=url, headers={"secret_key": account.secrets.get("app_secret")}, form=form)
