"""Whether an address is one that a phone may open: people scan a code without reading what is in it."""

from __future__ import annotations

import re
import unicodedata

_SCHEME = re.compile(r"([a-z][a-z0-9+-]*):(?!\d)", re.IGNORECASE)  # hanoi.gov.vn:443 is a host and its port
_WEB = frozenset({"http", "https"})
_SCANNED = _WEB | {"mailto", "tel", "sms", "geo"}


def address_fault(text: str, *, scanned: bool) -> str | None:
    """Return why people must not be sent to an address, None where they may; `scanned` is what a QR code holds."""
    scheme = _SCHEME.match(text.strip())
    allowed = _SCANNED if scanned else _WEB
    if scheme is not None and scheme[1].lower() not in allowed:
        known = ", ".join(f"{name}:" for name in sorted(allowed))
        return f"không nhận địa chỉ bắt đầu bằng {scheme[1].lower()}:, chỉ dùng {known}"
    if any(unicodedata.category(letter) in ("Cc", "Cf", "Zl", "Zp") for letter in text.strip()):
        return "địa chỉ có ký tự ẩn; hãy gõ lại địa chỉ thay vì sao chép"
    authority = re.match(r"https?:[/\\]*([^/?#\\]*)", text.strip(), re.IGNORECASE)
    if authority is not None and "@" in authority[1]:
        return "địa chỉ có dấu @ trước tên máy chủ, dễ lừa người đọc; hãy bỏ phần trước @"
    return None
