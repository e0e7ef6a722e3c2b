"""The staff's calendar brought to a CalDAV server, where changes are seen at once."""

from __future__ import annotations

import json

from desk.feeds import Feeds
from desk.web.bench import Bench
from publishers.caldav import CalDav, Placed, Pushed
from store.ics.event import Standing
from store.ics.writer import write_resource


def push_staff(bench: Bench, address: str, user: str, password: str) -> Pushed:
    """Make the collection hold the staff's events; what is cancelled is removed. Safe to repeat."""
    told = Feeds(bench).tell_staff().events
    resources = {each.event.uid: write_resource(each) for each in told if each.event.standing is not Standing.CANCELLED}
    client = CalDav(address, user, password, _placed(bench, address))
    try:
        return client.push(resources)
    finally:
        client.close()
        bench.store.settings.set(_setting(address), _written(client.placed))


def _setting(address: str) -> str:
    return f"caldav {address.rstrip('/')}"


def _placed(bench: Bench, address: str) -> dict[str, Placed]:
    kept: dict[str, list[str]] = json.loads(bench.store.settings.get(_setting(address), "{}"))
    return {name: Placed(digest=digest, etag=etag) for name, (digest, etag) in kept.items()}


def _written(placed: dict[str, Placed]) -> str:
    return json.dumps({name: [each.digest, each.etag] for name, each in placed.items()})
