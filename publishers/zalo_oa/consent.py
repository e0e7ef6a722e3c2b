"""An Official Account is opened by its administrator: OAuth v4 with PKCE.

The pair of tokens that comes of it is renewed for ever, as long as that happens once in three months.
"""

from __future__ import annotations

from collections.abc import Mapping

from editorial.outcome import Unauthorized
from publishers.consent import Consent, Opened, Trip
from publishers.contract import Account
from publishers.wire import Wire
from publishers.zalo_oa import token


class ZaloConsent(Consent):
    """Zalo's permission page and token server."""

    typed = ("app_id", "app_secret")

    def address(self, account: Account, trip: Trip) -> str:
        """Return the permission page's address."""
        return token.permission_address(account, redirect_uri=trip.back, state=trip.state, verifier=trip.verifier)

    def opened(self, account: Account, wire: Wire, code: str, trip: Trip) -> tuple[Opened, ...]:
        """Return the Official Account whose administrator has agreed."""
        try:
            token.exchange(account, wire, code, verifier=trip.verifier)
        except Unauthorized as error:
            advice = _ADVICE.get(error.code, "hãy kết nối lại từ đầu")
            raise Unauthorized(f"Zalo không cấp mã; {advice}", code=error.code) from error
        pair = {name: account.secrets.get(name) for name in ("access_token", "refresh_token")}
        return (Opened(id="", name="", secrets=pair),)


_ADVICE: Mapping[str, str] = {
    "-14002": "mã ứng dụng không đúng, hãy chép lại từ trang quản lý ứng dụng Zalo",
    "-14003": "địa chỉ quay về chưa khai báo hoặc tên miền chưa xác thực trong trang quản lý ứng dụng Zalo",
    "-14004": "khoá bí mật của ứng dụng không đúng, hãy chép lại từ trang quản lý ứng dụng Zalo",
    "-14010": "lượt đồng ý này không phải từ trang này mà ra, hãy kết nối lại từ đầu",
    "-14012": "lượt đồng ý đã quá hạn hoặc đã dùng, hãy kết nối lại từ đầu",
}
