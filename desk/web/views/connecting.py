"""What the pages show on which a channel is connected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from desk.account_fields import AccountField
from desk.connecting import Choice


@dataclass(frozen=True, kw_only=True)
class ConnectPage:
    """The form: what is always asked for, what is seldom, and what is wrong by field; "" is about none of them."""

    id: str
    name: str
    platform: str
    documentation: str
    connected: str  # the account that it has now
    by_consent: bool
    back: str  # where the platform sends people, for its console
    back_safe: bool  # a platform takes it
    fields: tuple[AccountField, ...]
    seldom: tuple[AccountField, ...]
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class GoPage:
    """The last look before going to the platform."""

    id: str
    name: str
    platform: str
    host: str
    address: str
    back: str


@dataclass(frozen=True, kw_only=True)
class ChoosePage:
    """The accounts to choose from."""

    id: str
    name: str
    platform: str
    choices: tuple[Choice, ...]
    error: str = ""
