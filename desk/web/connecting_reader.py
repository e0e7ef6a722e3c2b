"""Gather what the pages show on which a channel is connected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from desk.account_fields import BASE_URL, SETTING, account_fields
from desk.connecting import Choice
from desk.web.desk import Desk
from desk.web.views.connecting import ChoosePage, ConnectPage, GoPage
from editorial.office import Channel
from editorial.problem import BadInput
from publishers.registry import consent_of, manifest_of

BACK = "/channels/back"
MEDIA = f"{SETTING}public_media_url"


def read_connecting(desk: Desk, channel: Channel, form: Mapping[str, str], back: str, error: BadInput | None) -> ConnectPage:
    """Return the form as it was filled in, else as the channel is connected now; no secret is in it."""
    manifest, connection = manifest_of(channel.publisher), desk.bench.store.connections.of(channel.id)
    known = {**connection.settings, BASE_URL: connection.base_url} if connection else {}
    fields = account_fields(channel, known)
    if form:
        fields = tuple(replace(each, value=form.get(each.name, "")) for each in fields)
    elif connection is None and desk.front.address:
        media = f"{desk.front.address}/media"
        fields = tuple(replace(each, value=media) if each.name == MEDIA else each for each in fields)
    if connection is not None:  # what is left empty stays as it is
        fields = tuple(replace(each, required=each.required and not each.secret) for each in fields)
    return ConnectPage(
        id=channel.id,
        name=channel.name,
        platform=manifest.name,
        documentation=manifest.documentation,
        connected=connection.name if connection else "",
        by_consent=consent_of(channel.publisher) is not None,
        back=back,
        back_safe=back.startswith("https://"),
        fields=tuple(each for each in fields if not each.seldom),
        seldom=tuple(each for each in fields if each.seldom),
        errors={problem.key or "": _sentence(problem.message) for problem in error.problems} if error else {},
    )


def read_going(desk: Desk, channel: Channel, address: str, back: str) -> GoPage:
    """Return the last look."""
    manifest = manifest_of(channel.publisher)
    host = urlsplit(address).netloc
    return GoPage(id=channel.id, name=channel.name, platform=manifest.name, host=host, address=address, back=back)


def read_choosing(desk: Desk, channel: Channel, choices: tuple[Choice, ...], error: BadInput | None) -> ChoosePage:
    """Return the accounts to choose from."""
    said = _sentence(error.problems[0].message) if error else ""
    platform = manifest_of(channel.publisher).name
    return ChoosePage(id=channel.id, name=channel.name, platform=platform, choices=choices, error=said)


def _sentence(message: str) -> str:
    return f"{message[:1].upper()}{message[1:].rstrip('.')}."
