"""How an account is opened to Loa by its owner's consent: to the platform and back with a code, which buys the credentials once.

The same way on every platform (OAuth 2.0); what differs is each platform's own, in its folder.
"""

from __future__ import annotations

import base64
import hashlib
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field

from editorial.outcome import PublishError, Refused, Unauthorized, Unavailable
from publishers.contract import Account
from publishers.secrecy import scrub
from publishers.wire import Answer, Call, Wire

NOT_NOW = frozenset({"internal_failure", "server_error", "temporarily_unavailable"})


@dataclass(frozen=True, kw_only=True)
class Trip:
    """One way to the platform and back. `back` is our own address, `state` ties the answer to who asked."""

    back: str
    state: str
    verifier: str = field(repr=False)  # the secret that is shown again with the code (RFC 7636)

    @property
    def challenge(self) -> str:
        """Return the verifier's digest as most platforms want it: base64url without padding."""
        return base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()


@dataclass(frozen=True, kw_only=True)
class Opened:
    """An account that its owner has opened to Loa: what the platform gave for it, by the manifest's names."""

    id: str  # the platform's, which may be seen
    name: str
    settings: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(repr=False)


class Consent(ABC):
    """One platform's way. `typed` are the settings and secrets that the office has from the platform's console."""

    typed: tuple[str, ...]

    @abstractmethod
    def address(self, account: Account, trip: Trip) -> str:
        """Return where the owner is asked; nothing secret is in it."""

    @abstractmethod
    def opened(self, account: Account, wire: Wire, code: str, trip: Trip) -> tuple[Opened, ...]:
        """Return what the code buys, at least one; it works once. How long it lives is noted in `account.notes`.

        Raises Unauthorized with what to do where the platform gives nothing, Unavailable where it does not answer.
        """

    def declined(self, answer: Mapping[str, str], platform: str) -> PublishError:
        """Return what it means that somebody comes back without a code."""
        error = answer.get("error", "")
        if error == "access_denied" or not error:
            message = f"{platform} chưa được đồng ý; hãy kết nối lại và bấm đồng ý trên trang của {platform}"
            return Unauthorized(message, code=error)
        said = scrub(answer.get("error_description", ""))[:200]
        message = f"{platform} không nhận yêu cầu kết nối: {said or error}; hãy xem lại thiết lập ứng dụng"
        return Refused(message, code=error)


def bought(wire: Wire, url: str, form: Mapping[str, str], platform: str) -> Answer:
    """Return a token server's answer that has an access token in it; raise where it has none, in plain words."""
    answer = wire.send(Call(method="POST", url=url, form=form))
    if answer.tree.text("access_token"):
        return answer
    code = answer.tree.text("error")
    if not code or code in NOT_NOW or answer.status >= 500:
        message = f"máy chủ cấp mã của {platform} chưa trả lời được; hãy kết nối lại sau ít phút"
        raise Unavailable(message, code=code or str(answer.status))
    advice = ADVICE.get(code, "hãy kết nối lại từ đầu")
    raise Unauthorized(f"{platform} không cấp mã; {advice}", code=code)


# What each refusal of a token server (RFC 6749, section 5.2, and Google's) means for the person.
ADVICE: Mapping[str, str] = {
    "invalid_client": "mã hoặc mật khẩu ứng dụng không đúng, hãy chép lại từ trang quản lý ứng dụng",
    "unauthorized_client": "ứng dụng này chưa được phép kết nối kiểu này, hãy xem lại loại ứng dụng",
    "invalid_grant": "lượt đồng ý đã quá hạn hoặc đã dùng, hãy kết nối lại từ đầu",
    "redirect_uri_mismatch": "địa chỉ quay về chưa khai báo trong trang quản lý ứng dụng, hãy chép địa chỉ Loa hiện vào đó",
    "invalid_scope": "ứng dụng chưa được cấp các quyền cần thiết, hãy thêm quyền rồi kết nối lại",
}
