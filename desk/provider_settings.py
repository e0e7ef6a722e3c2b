"""The server of the city's own accounts, as the environment names it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from editorial.problem import BadInput, Problem

ISSUER, CLIENT, SECRET, CLAIM, NAME = "LOA_OIDC_ISSUER", "LOA_OIDC_CLIENT", "LOA_OIDC_SECRET", "LOA_OIDC_CLAIM", "LOA_OIDC_NAME"
USUAL_CLAIM, USUAL_NAME = "preferred_username", "tài khoản của cơ quan"
ON_THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, kw_only=True)
class ProviderSettings:
    """`claim` is what the server calls a person: an id of content/office.yaml, or with `email` the address written there."""

    issuer: str
    client: str
    secret: str = field(repr=False)
    claim: str = USUAL_CLAIM
    name: str = USUAL_NAME


def read_provider(environment: Mapping[str, str] = os.environ) -> ProviderSettings | None:
    """Return the settings, None where there are none; raise BadInput where one is missing or the server speaks plain http."""
    issuer, client = environment.get(ISSUER, "").strip(), environment.get(CLIENT, "").strip()
    if not issuer and not client:
        return None
    if not issuer or not client or not environment.get(SECRET):
        message = f"{ISSUER}, {CLIENT} và {SECRET} phải đi cùng nhau; hãy đặt biến còn thiếu"
        raise BadInput(Problem(rule="provider", key=ISSUER if not issuer else CLIENT if not client else SECRET, message=message))
    address = urlsplit(issuer)
    if address.scheme != "https" and not (address.scheme == "http" and address.hostname in ON_THIS_MACHINE):
        message = "địa chỉ máy chủ tài khoản phải bắt đầu bằng https://"
        raise BadInput(Problem(rule="provider", key=ISSUER, message=message))
    return ProviderSettings(
        issuer=issuer.rstrip("/"), client=client, secret=environment[SECRET],
        claim=environment.get(CLAIM, "").strip() or USUAL_CLAIM, name=environment.get(NAME, "").strip() or USUAL_NAME,
    )  # fmt: skip
