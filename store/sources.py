"""What each version of a post was made of, kept with it: the entry and the facts of that day, each version of them once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, time
from decimal import Decimal

from pydantic import TypeAdapter
from sqlalchemy import Connection, insert, select, update

from editorial.clock import Clock
from editorial.digest import digest_of
from editorial.entry import Entry
from editorial.fact import Fact, FactKind, FactValue
from editorial.post import Post
from editorial.source import Source
from store.database import Database
from store.posts import PostTable
from store.record import json_of
from store.schema import POSTS, SOURCES


@dataclass(frozen=True, kw_only=True)
class _FactRow:
    """A fact with its value as text; its kind tells what the text stands for."""

    fact: Fact
    value: str


@dataclass(frozen=True, kw_only=True)
class _SourceRow:
    entry: Entry
    own: tuple[_FactRow, ...]
    shared: tuple[_FactRow, ...]


_SOURCE = TypeAdapter(_SourceRow)


class SourceTable:
    """Sources by what they say."""

    def __init__(self, database: Database, clock: Clock, posts: PostTable) -> None:
        self._database = database
        self._clock = clock
        self._posts = posts

    def keep(self, posts: Iterable[Post], source: Source) -> None:
        """Keep these versions of posts together with what they are made of; safe to repeat."""
        body = json_of(_SOURCE, _row(source))
        digest = digest_of(body)
        with self._database.write() as connection:
            if connection.execute(select(SOURCES.c.digest).where(SOURCES.c.digest == digest)).first() is None:
                values = {"digest": digest, "entry": source.entry.id, "body": body, "saved_at": self._clock.now()}
                connection.execute(insert(SOURCES).values(**values))
            for post in posts:
                self._posts.put(connection, post)
                _set(connection, post, digest)

    def of(self, post: Post) -> Source | None:
        """Return what this version of a post was made of; None where nobody kept it, or it is not what was kept."""
        both = POSTS.join(SOURCES, SOURCES.c.digest == POSTS.c.source)
        query = select(SOURCES.c.body, SOURCES.c.digest).select_from(both)
        with self._database.read() as connection:
            row = connection.execute(query.where(POSTS.c.key == post.key, POSTS.c.digest == post.digest)).one_or_none()
        return _source(_SOURCE.validate_json(row.body)) if row and digest_of(row.body) == row.digest else None


def _set(connection: Connection, post: Post, source: str) -> None:
    same = update(POSTS).where(POSTS.c.key == post.key, POSTS.c.digest == post.digest)
    connection.execute(same.values(source=source))


def _row(source: Source) -> _SourceRow:
    shared = tuple(_fact_row(fact) for _, fact in sorted(source.facts.items()))
    own = tuple(_fact_row(fact) for fact in source.entry.facts)
    return _SourceRow(entry=replace(source.entry, facts=()), own=own, shared=shared)


def _fact_row(fact: Fact) -> _FactRow:
    value = fact.value.isoformat() if isinstance(fact.value, date | time) else str(fact.value)
    return _FactRow(fact=replace(fact, value=""), value=value)


def _source(row: _SourceRow) -> Source:
    entry = replace(row.entry, facts=tuple(_fact(each) for each in row.own))
    return Source(entry=entry, facts={each.fact.id: _fact(each) for each in row.shared})


def _fact(row: _FactRow) -> Fact:
    return replace(row.fact, value=_value(row.fact.kind, row.value))


def _value(kind: FactKind, text: str) -> FactValue:
    match kind:
        case FactKind.NUMBER | FactKind.PERCENTAGE | FactKind.MONEY:
            return int(text) if text.lstrip("-").isdigit() else Decimal(text)
        case FactKind.DATE:
            return date.fromisoformat(text)
        case FactKind.TIME:
            return time.fromisoformat(text)
    return text
