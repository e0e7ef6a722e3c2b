"""Every version of every post: what was planned, what was signed, what was sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Column, Connection, bindparam, insert, select, update

from editorial.clock import Clock
from editorial.post import Medium, Post
from store.database import Database
from store.errors import Tampered
from store.record import POST
from store.schema import POSTS
from store.statement import Statement

_Place = Callable[[Path], Path]
_VERSION = Statement(select(POSTS.c.key, POSTS.c.digest, POSTS.c.body).where(
    POSTS.c.key == bindparam("known_key"), POSTS.c.digest == bindparam("known_digest")
))  # fmt: skip
PARSED = 1024  # posts that are remembered as they were parsed: one that goes out is read four times on its way


class PostTable:
    """Posts by key and digest. Media under `media_folder` are kept by their place in it, so that the folder may move."""

    def __init__(self, database: Database, clock: Clock, media_folder: Path | None) -> None:
        self._database = database
        self._clock = clock
        self._folder = media_folder.resolve() if media_folder else None
        self._in_place = lru_cache(maxsize=PARSED)(self._put_in_place)

    def save(self, post: Post) -> None:
        """Keep this version of the post; safe to repeat."""
        with self._database.write() as connection:
            self.put(connection, post)

    def put(self, connection: Connection, post: Post) -> None:
        """Keep this version inside a transaction that is under way; only where its media lie may change afterwards."""
        body = POST.dump_json(self._stored(post)).decode()
        where = (POSTS.c.key == post.key, POSTS.c.digest == post.digest)
        if connection.execute(update(POSTS).where(*where).values(body=body)).rowcount == 0:
            values = {"key": post.key, "digest": post.digest, "entry": post.entry, "channel": post.channel}
            connection.execute(insert(POSTS).values(**values, body=body, saved_at=self._clock.now()))

    def get(self, key: str) -> Post:
        """Return the newest version of a post; raise KeyError when there is none, Tampered when it was altered."""
        with self._database.read() as connection:
            query = select(POSTS).where(POSTS.c.key == key).order_by(POSTS.c.id.desc()).limit(1)
            return self._post(connection.execute(query).one_or_none(), key)

    def version(self, key: str, digest: str) -> Post:
        """Return the version of a post that has this digest; raise KeyError when there is none, Tampered when it was altered."""
        found = self._database.ask(_VERSION, {"known_key": key, "known_digest": digest})
        return self._post(next(iter(found), None), key)

    def packages(self, owner: Column[Any], ids: Iterable[int]) -> Mapping[int, tuple[Post, ...]]:
        """Return the posts that rows of a table name by `post_key` and `post_digest`, by the column that tells whose they are."""
        names = owner.table
        same = (POSTS.c.key == names.c.post_key) & (POSTS.c.digest == names.c.post_digest)
        columns = (owner.label("owner"), POSTS.c.key, POSTS.c.digest, POSTS.c.body)
        query = select(*columns).select_from(names.join(POSTS, same)).where(owner.in_(list(ids)))
        found: dict[int, list[Post]] = defaultdict(list)
        with self._database.read() as connection:
            for row in connection.execute(query.order_by(owner, POSTS.c.key)).all():
                found[row.owner].append(self._whole(row))
        return {id: tuple(posts) for id, posts in found.items()}

    def of_entry(self, entry: str) -> tuple[Post, ...]:
        """Return the newest version of each post of an entry, by key."""
        with self._database.read() as connection:
            rows = connection.execute(select(POSTS).where(POSTS.c.entry == entry).order_by(POSTS.c.id)).all()
        newest = {row.key: row for row in rows}
        return tuple(self._post(newest[key], key) for key in sorted(newest))

    def _post(self, row: Any | None, key: str) -> Post:
        if row is None:
            raise KeyError(key)
        return self._whole(row)

    def _whole(self, row: Any) -> Post:
        return self._in_place(row.key, row.digest, row.body)

    def _put_in_place(self, key: str, digest: str, body: str) -> Post:
        """Return what these letters say, with its media where they lie; the same post for the same letters, so that it keeps what
        was worked out of it.
        """
        post = _parsed(key, digest, body)
        return replace(post, media=tuple(self._moved(medium, self._absolute) for medium in post.media)) if post.media else post

    def _stored(self, post: Post) -> Post:
        return replace(post, media=tuple(self._moved(medium, self._relative) for medium in post.media))

    def _moved(self, medium: Medium, place: _Place) -> Medium:
        return replace(
            medium,
            path=place(medium.path),
            subtitles=place(medium.subtitles) if medium.subtitles else None,
            poster=place(medium.poster) if medium.poster else None,
        )

    def _relative(self, path: Path) -> Path:
        whole = path.resolve()
        return whole.relative_to(self._folder) if self._folder and whole.is_relative_to(self._folder) else whole

    def _absolute(self, path: Path) -> Path:
        return self._folder / path if self._folder and not path.is_absolute() else path


def kept(row: Any) -> Post:
    """Return the post of a row, whose every signed word still has the digest of the row."""
    return _parsed(row.key, row.digest, row.body)


@lru_cache(maxsize=PARSED)
def _parsed(key: str, digest: str, body: str) -> Post:
    """Return what these very letters say: a row that was changed in one of them is parsed and judged anew."""
    try:
        post = POST.validate_json(body)
    except ValidationError as error:
        raise Tampered(f"{key}: the row cannot be read") from error
    if (post.key, post.digest) != (key, digest):
        raise Tampered(f"{key}: the row is not what was kept under {digest}")
    return post
