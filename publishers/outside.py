"""Where a name leads that a person typed: out to the internet, never to this machine or to a network behind it."""

from __future__ import annotations

import socket
from collections.abc import Callable, Collection
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

from editorial.outcome import Unavailable

NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: an address of IPv4 in its last four bytes
Resolve = Callable[..., list[Any]]  # socket.getaddrinfo

INSIDE = "inside"  # the code of a call that was not made because of where it leads
NOWHERE = "nowhere"


def address_outside(host: str, port: int, let_in: Collection[str] = (), *, resolve: Resolve = socket.getaddrinfo) -> str:
    """Return an address of the host, to connect to this very one; raise Unavailable where any of its addresses lies inside.

    A name is asked for once: one that leads elsewhere at the next question (DNS rebinding) leads nobody there. `let_in` names
    hosts, or `host:port`, that may lie inside.
    """
    name = host.strip("[]").lower()
    try:
        found = resolve(name, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unavailable("không tìm thấy máy chủ có tên này; hãy kiểm tra địa chỉ", code=NOWHERE) from error
    addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
    if not addresses:
        raise Unavailable("không tìm thấy máy chủ có tên này; hãy kiểm tra địa chỉ", code=NOWHERE)
    if name not in let_in and f"{name}:{port}" not in let_in and not all(map(is_outside, addresses)):
        raise Unavailable("địa chỉ này dẫn vào máy này hoặc mạng nội bộ nên Loa không gọi", code=INSIDE)
    return addresses[0]


def is_outside(text: str) -> bool:
    """Tell whether an address is one of the public internet, whatever it is wrapped in."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return _is_outside(address)


def _is_outside(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is None and address in NAT64:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return _is_outside(inner)
    site = isinstance(address, IPv6Address) and address.is_site_local  # RFC 3879: given up, and still no part of the internet
    return address.is_global and not address.is_multicast and not address.is_reserved and not site
