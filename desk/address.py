"""Where people open the desk, as links name it."""

from __future__ import annotations

import re

from editorial.problem import BadInput, Problem

ADDRESS = "LOA_ADDRESS"  # by environment
LOCAL = "http://127.0.0.1:8000"


def read_address(address: str) -> str:
    """Return the desk's address without its last slash; raise BadInput when nobody could follow it."""
    if not re.fullmatch(r"https?://[^\s/]+(/\S*)?", address):
        message = f"“{address}” không phải là địa chỉ dạng http://127.0.0.1:8000 hoặc https://loa.example.vn"
        raise BadInput(Problem(rule="bad-address", key="--address", message=message))
    return address.rstrip("/")
