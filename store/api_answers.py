"""What was answered to a program's write: a request that comes again is answered again, and done once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update

from editorial.clock import Clock
from store.database import Database
from store.errors import StoreError
from store.schema import API_ANSWERS
from store.token import digest_of

KEPT = timedelta(hours=24)  # as long as a program may ask again
IN_HAND = timedelta(seconds=60)  # after which whoever began is taken for dead, and the next one may do it


class UnderWay(StoreError):
    """The same request is being done at this moment."""


class AnotherRequest(StoreError):
    """The word was given to a request that asked for something else."""


@dataclass(frozen=True, kw_only=True)
class KeptAnswer:
    """What was answered."""

    status: int
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Begun:
    """That a request is this caller's to do; given back when it is done, or not."""

    token: int
    key: str
    at: datetime


class ApiAnswerTable:
    """Answers by token and by the word that came with the request."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def begin(self, token: int, key: str, fingerprint: str) -> KeptAnswer | Begun:
        """Return what was answered before, or that the caller has to do it now.

        Of two that begin at once one is told UnderWay. Raise AnotherRequest where the fingerprint is another one.
        """
        now, word = self._clock.now(), digest_of(key)
        row: dict[str, object] = {"token": token, "key": word}
        with self._database.write() as connection:
            connection.execute(delete(API_ANSWERS).where(API_ANSWERS.c.begun_at <= now - KEPT))
            known = connection.execute(select(API_ANSWERS).filter_by(**row)).one_or_none()
            if known is None:
                fresh = {"fingerprint": fingerprint, "status": None, "body": "", "headers": "{}", "begun_at": now}
                connection.execute(insert(API_ANSWERS).values(**row, **fresh))
            elif known.fingerprint != fingerprint:
                raise AnotherRequest(key)
            elif known.status is not None:
                return KeptAnswer(status=known.status, body=known.body, headers=json.loads(known.headers))
            elif known.begun_at > now - IN_HAND:
                raise UnderWay(key)
            else:
                connection.execute(update(API_ANSWERS).filter_by(**row).values(begun_at=now))
        return Begun(token=token, key=word, at=now)

    def keep(self, begun: Begun, answer: KeptAnswer) -> None:
        """Keep what was answered."""
        values = {"status": answer.status, "body": answer.body, "headers": json.dumps(dict(answer.headers))}
        mine = update(API_ANSWERS).filter_by(token=begun.token, key=begun.key, begun_at=begun.at)
        with self._database.write() as connection:
            connection.execute(mine.values(**values))

    def give_up(self, begun: Begun) -> None:
        """Let the word be free again: what it came with was refused and has done nothing."""
        mine = delete(API_ANSWERS).filter_by(token=begun.token, key=begun.key, begun_at=begun.at, status=None)
        with self._database.write() as connection:
            connection.execute(mine)
