"""A Page is opened by somebody who looks after it: the dialog, a user token, a longer one, then the Pages' own tokens.

A Page token that comes of a long-lived user token does not expire; it dies with the person's password, role or consent.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import urlencode

from editorial.outcome import Unauthorized, Unavailable
from publishers.consent import Consent, Opened, Trip
from publishers.contract import Account
from publishers.facebook.graph import VERSION
from publishers.tree import Tree
from publishers.wire import Call, Wire

# Facts file, section 1.3: posting, comments and figures of a Page.
SCOPES = (
    "pages_show_list", "pages_read_engagement", "pages_manage_posts", "pages_manage_engagement", "pages_read_user_content",
    "read_insights",
)  # fmt: skip
MOST_PAGES = 100
_ADVICE: Mapping[str, str] = {
    "1": "mã hoặc mật khẩu ứng dụng không đúng, hãy chép lại từ trang quản lý ứng dụng",
    "101": "mã hoặc mật khẩu ứng dụng không đúng, hãy chép lại từ trang quản lý ứng dụng",
    "36007": "lượt đồng ý đã quá hạn, hãy kết nối lại từ đầu",
    "36008": "địa chỉ quay về chưa khai báo trong trang quản lý ứng dụng, hãy chép địa chỉ Loa hiện vào đó",
    "36009": "lượt đồng ý này đã dùng rồi, hãy kết nối lại từ đầu",
}


class FacebookConsent(Consent):
    """The Login dialog and Graph."""

    typed = ("app_id", "app_secret")

    def address(self, account: Account, trip: Trip) -> str:
        """Return the dialog's address."""
        asked = {"client_id": account.settings["app_id"], "redirect_uri": trip.back, "state": trip.state, "response_type": "code",
                 "scope": ",".join(SCOPES)}  # fmt: skip
        return f"{account.settings['dialog_url'].rstrip('/')}/{VERSION}/dialog/oauth?{urlencode(asked)}"

    def opened(self, account: Account, wire: Wire, code: str, trip: Trip) -> tuple[Opened, ...]:
        """Return every Page that the person looks after and may post on."""
        app = {"client_id": account.settings["app_id"], "client_secret": account.secrets.get("app_secret")}
        short = self._token(account, wire, {**app, "redirect_uri": trip.back, "code": code})
        user = self._token(account, wire, {**app, "grant_type": "fb_exchange_token", "fb_exchange_token": short})
        proof = hmac.new(account.secrets.get("app_secret").encode(), user.encode(), hashlib.sha256).hexdigest()
        wanted = {"fields": "id,name,access_token,tasks", "limit": str(MOST_PAGES)}
        found = self._asked(account, wire, "me/accounts", {**wanted, "access_token": user, "appsecret_proof": proof})
        pages = tuple(page for page in found.at("data") if _may_post(page))
        if not pages:
            message = "người này không quản lý Trang Facebook nào đăng bài được; hãy dùng người có quyền tạo nội dung của Trang"
            raise Unauthorized(message, code="no-page")
        return tuple(
            Opened(id=page.text("id"), name=page.text("name"), settings={"page_id": page.text("id")},
                   secrets={"page_token": page.text("access_token")})
            for page in pages
        )  # fmt: skip

    def _token(self, account: Account, wire: Wire, params: Mapping[str, str]) -> str:
        return self._asked(account, wire, "oauth/access_token", params).text("access_token")

    def _asked(self, account: Account, wire: Wire, path: str, params: Mapping[str, str]) -> Tree:
        # The facts know these calls as GET; the log is kept clean of what they carry (publishers/secrecy.py).
        answer = wire.send(Call(method="GET", url=f"{account.base_url.rstrip('/')}/{VERSION}/{path}", params=params))
        error = answer.tree.at("error")
        if answer.ok and not error:
            return answer.tree
        if answer.status >= 500 or not error:
            raise Unavailable("Facebook chưa trả lời được; hãy kết nối lại sau ít phút", code=str(answer.status))
        code, subcode = error.text("code"), error.text("error_subcode")
        advice = _ADVICE.get(subcode) or _ADVICE.get(code) or "hãy kết nối lại từ đầu"
        raise Unauthorized(f"Facebook không cấp quyền; {advice}", code=f"{code}/{subcode}" if subcode else code)


def _may_post(page: Tree) -> bool:
    """Tell whether the person may post on the Page; a Page that names no tasks is asked for its rights later."""
    tasks = {task.text() for task in page.at("tasks")}
    return bool(page.text("access_token")) and (not tasks or bool(tasks & {"CREATE_CONTENT", "MANAGE"}))
