"""Where each template stands with its second person, and which of them nobody has approved as they are now."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from pathlib import Path

from desk.signed_media import signed_posts
from editorial.entry import Entry
from editorial.post import Post
from editorial.problem import Problem, Severity
from editorial.template_approval import Unapproved, check_templates
from editorial.workspace import Content
from store.store import Store
from studio.template import Template

HANDED_IN = "template-handed-in."  # settings under which a version waits for its second person
RELEASED = Path(__file__).resolve().parent / "released_templates.txt"  # template and the digest of its own files, a line each


class Stand(Enum):
    """Where a template stands; the value is how a page marks it."""

    NOT_SIGNED = ""
    WAITING = "waiting"  # this very version is handed in
    SIGNED = "signed"  # this very version is approved
    CHANGED = "changed"  # another version was approved
    RELEASED = "released"  # it came with Loa, and no byte of its own has changed since


CLEARED = frozenset({Stand.SIGNED, Stand.RELEASED})


@dataclass(frozen=True, kw_only=True)
class HandedIn:
    """A version of a template that waits for its second person."""

    version: str
    author: str
    at: datetime


def handed_in(store: Store, template: str) -> HandedIn | None:
    """Return the version that was handed in last and not signed since."""
    kept = store.settings.get(HANDED_IN + template)
    return _read(kept) if kept else None


def all_handed_in(store: Store) -> Mapping[str, HandedIn]:
    """Return what waits of every template that was handed in and not signed since."""
    return {name.removeprefix(HANDED_IN): _read(kept) for name, kept in store.settings.starting(HANDED_IN).items()}


def stands(store: Store, templates: Iterable[Template]) -> Mapping[str, Stand]:
    """Return where each template stands as it is now, by its id."""
    signed, waiting = store.template_approvals.versions(), all_handed_in(store)
    return {each.id: _stand(each, signed.get(each.id), waiting.get(each.id)) for each in templates}


def _stand(template: Template, signed: str | None, waiting: HandedIn | None) -> Stand:
    if signed == template.version:
        return Stand.SIGNED
    if is_released(template):
        return Stand.RELEASED
    if waiting is not None and waiting.version == template.version:
        return Stand.WAITING
    return Stand.CHANGED if signed else Stand.NOT_SIGNED


def is_released(template: Template) -> bool:
    """Tell whether a template draws as one of Loa's releases brought it; the office's own brand is no change of it."""
    return (template.id, template.own) in released()


@cache
def released() -> frozenset[tuple[str, str]]:
    """Return every template of every release, with the digest of its own files."""
    lines = (line.split() for line in RELEASED.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#"))
    return frozenset((template, digest) for template, digest in lines)


def unapproved_templates(content: Content, templates: Mapping[str, Template], store: Store | None) -> Mapping[str, Unapproved]:
    """Return the templates that nobody has approved as they are, by id; none where the office does not ask for it.

    Without a store nobody has approved anything yet.
    """
    if not content.office.approve_templates:
        return {}
    signed = store.template_approvals.versions() if store is not None else {}
    return {
        id: Unapproved(id=id, name=each.name.vi, version=each.version)
        for id, each in templates.items()
        if signed.get(id) != each.version and not is_released(each)
    }


def drawn_unapproved(
    content: Content, templates: Mapping[str, Template], store: Store, entry: Entry, posts: Iterable[Post]
) -> Iterator[Problem]:
    """Yield what keeps posts from being handed in or signed; bytes that are signed already go out as they were signed."""
    unapproved = unapproved_templates(content, templates, store)
    if unapproved and any(order.template in unapproved for order in entry.media):
        signed = {medium.sha256 for post in signed_posts(store, entry.id) for medium in post.media}
        media = {medium.id for post in posts for medium in post.media if medium.sha256 not in signed}
        yield from check_templates(entry, content, unapproved, Severity.ERROR, media)


def waiting_for_templates(
    content: Content, templates: Mapping[str, Template], store: Store | None, entries: Iterable[Entry]
) -> Iterator[Problem]:
    """Yield, as a warning, what will keep entries back when they are handed in; what is signed already is not kept back."""
    unapproved = unapproved_templates(content, templates, store)
    drawn = [each for each in entries if any(order.template in unapproved for order in each.media)]
    signed = store.approvals.signed_entries([each.id for each in drawn]) if store is not None and drawn else frozenset()
    for entry in drawn:
        if entry.id not in signed:
            yield from check_templates(entry, content, unapproved, Severity.WARNING)


def _read(kept: str) -> HandedIn:
    values = json.loads(kept)
    return HandedIn(version=values["version"], author=values["author"], at=datetime.fromisoformat(values["at"]))
