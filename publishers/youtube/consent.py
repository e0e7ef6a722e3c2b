"""A YouTube channel is opened by its owner's Google account, offline, so that the access token can be renewed without anybody."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from editorial.outcome import Unauthorized
from publishers.consent import Consent, Opened, Trip, bought
from publishers.contract import Account
from publishers.expiry import note_expiry, span
from publishers.wire import Wire

BASE = "https://www.googleapis.com/auth"
SCOPES = (f"{BASE}/youtube.upload", f"{BASE}/youtube", f"{BASE}/youtube.force-ssl")  # upload; change; subtitles and comments


class YouTubeConsent(Consent):
    """Google's consent page and token server."""

    typed = ("client_id", "client_secret")

    def address(self, account: Account, trip: Trip) -> str:
        """Return the consent page's address; without `prompt` a second consent would bring no refresh token."""
        asked = {"client_id": account.secrets.get("client_id"), "redirect_uri": trip.back, "response_type": "code",
                 "scope": " ".join(SCOPES), "access_type": "offline", "prompt": "consent", "state": trip.state}  # fmt: skip
        return f"{account.settings['auth_uri']}?{urlencode(asked)}"

    def opened(self, account: Account, wire: Wire, code: str, trip: Trip) -> tuple[Opened, ...]:
        """Return the channel of the account that has agreed."""
        client = {name: account.secrets.get(name) for name in self.typed}
        form = {**client, "code": code, "redirect_uri": trip.back, "grant_type": "authorization_code"}
        told = bought(wire, account.settings["token_uri"], form, "Google").tree
        pair = {name: told.text(name) for name in ("access_token", "refresh_token")}
        if not pair["refresh_token"]:
            message = "Google không cấp mã gia hạn; hãy gỡ Loa khỏi myaccount.google.com/permissions rồi kết nối lại"
            raise Unauthorized(message, code="no-refresh-token")
        # Only a consent screen that is still being tested tells how long its refresh tokens live: seven days.
        lives = span(told.text("refresh_token_expires_in"))
        note_expiry(account, access=span(told.text("expires_in")) if lives else None, renewal=lives or timedelta())
        return (Opened(id="", name="", secrets=pair),)
