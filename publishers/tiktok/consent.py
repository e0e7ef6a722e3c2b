"""A TikTok account is opened by its owner: OAuth 2 with PKCE, whose challenge TikTok wants in hexadecimal.

Access lasts a day and renews itself; the right to renew it lasts a year.
"""

from __future__ import annotations

import hashlib
from urllib.parse import urlencode

from editorial.outcome import Unauthorized
from publishers.consent import Consent, Opened, Trip, bought
from publishers.contract import Account
from publishers.tiktok.token import PAIR, client, note_lives, token_address
from publishers.wire import Wire

# Who the account is; post; read back. The owner may leave out each of them on TikTok's page.
SCOPES = ("user.info.basic", "video.publish", "video.list")
NEEDED = {"video.publish": "đăng clip", "video.list": "đọc lại clip đã đăng"}


class TikTokConsent(Consent):
    """TikTok's consent page and token server."""

    typed = ("client_key", "client_secret")

    def address(self, account: Account, trip: Trip) -> str:
        """Return the consent page's address; who has agreed before is asked again, so that rights can be added."""
        challenge = hashlib.sha256(trip.verifier.encode()).hexdigest()
        asked = {"client_key": account.settings["client_key"], "response_type": "code", "scope": ",".join(SCOPES),
                 "redirect_uri": trip.back, "state": trip.state, "disable_auto_auth": "1", "code_challenge": challenge,
                 "code_challenge_method": "S256"}  # fmt: skip
        return f"{account.settings['consent_url']}?{urlencode(asked)}"

    def opened(self, account: Account, wire: Wire, code: str, trip: Trip) -> tuple[Opened, ...]:
        """Return the account whose owner has agreed, with every right that publishing needs."""
        form = {**client(account), "code": code, "grant_type": "authorization_code", "redirect_uri": trip.back,
                "code_verifier": trip.verifier}  # fmt: skip
        told = bought(wire, token_address(account), form, "TikTok").tree
        given = told.text("scope").split(",")
        if missing := [f"{scope} ({why})" for scope, why in NEEDED.items() if scope not in given]:
            message = f"TikTok chưa được cấp đủ quyền: {', '.join(missing)}; hãy kết nối lại và giữ mọi quyền được hỏi"
            raise Unauthorized(message, code="scope_not_authorized")
        note_lives(account, told)
        pair = {name: told.text(name) for name in PAIR}
        if not pair["refresh_token"]:
            raise Unauthorized("TikTok không cấp mã gia hạn; hãy kết nối lại từ đầu", code="no-refresh-token")
        return (Opened(id=told.text("open_id"), name="", secrets=pair),)
