"""How the desk is reached and who may come in without a password: what whoever opens it decides."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from desk.provider_settings import ProviderSettings

REHEARSED = "Diễn tập: mọi bài đăng lên máy chủ thử trên máy này, không bài nào ra ngoài."  # stands on every page
LOOPBACK = ("127.0.0.1", "localhost")  # no name of another site may lead a browser here (DNS rebinding)


@dataclass(frozen=True, kw_only=True)
class Front:
    """`address` is where people open the desk, when that is not this machine; `demo` lets them in as whoever they choose."""

    address: str = ""
    demo: bool = False
    provider: ProviderSettings | None = None

    @property
    def hosts(self) -> tuple[str, ...]:
        """Return the names that the desk answers to."""
        name = urlsplit(self.address).hostname
        return (*LOOPBACK, name) if name else LOOPBACK

    @property
    def is_https(self) -> bool:
        """Tell whether people open the desk over https."""
        return self.address.startswith("https://")
