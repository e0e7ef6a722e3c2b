"""Where each entry stands, and every step and comment that brought it there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from editorial.clock import Clock
from editorial.problem import BadInput, Problem
from editorial.role import Person
from editorial.workflow import Action, Progress, Stage, take
from store.audit import Deed, note
from store.database import Database
from store.schema import WORKFLOW, WORKFLOW_STEPS


@dataclass(frozen=True, kw_only=True)
class StepTaken:
    """One step, or comment, of one person; `revision` is what the entry said then."""

    action: Action
    start: Stage
    end: Stage
    who: str
    revision: str
    why: str
    at: datetime


# Written where the bytes are signed, with their digest; a second row would say the same thing with less.
SIGNED_ELSEWHERE = frozenset({Action.SUBMIT, Action.APPROVE})


class WorkflowTable:
    """Progress by entry. Each step is one transaction; of two people who act at once, the slower is told."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def of(self, entry: str) -> Progress:
        """Return where an entry stands; a draft where nobody has done anything."""
        with self._database.read() as connection:
            return _progress(connection, entry)

    def take(
        self, entry: str, action: Action, person: Person, *, revision: str, version: int | None = None, why: str = ""
    ) -> Progress:  # fmt: skip
        """Take a step; raise BadInput when it does not exist, the person may not, or what they saw is no longer so."""
        now = self._clock.now()
        with self._database.write() as connection:
            before = _progress(connection, entry)
            after = take(before, action, person, revision=revision, version=version, why=why)
            _write(connection, before, after)
            connection.execute(insert(WORKFLOW_STEPS).values(
                entry=entry, action=action.value, start=before.stage.value, end=after.stage.value, who=person.id,
                revision=revision, why=why, at=now,
            ))  # fmt: skip
            if action not in SIGNED_ELSEWHERE:
                note(connection, Deed(who=person.id, action=f"workflow-{action.value}", subject=entry, detail=why, at=now))
        return after

    def all(self) -> tuple[Progress, ...]:
        """Return every entry with which anybody has done anything."""
        with self._database.read() as connection:
            return tuple(_as_progress(row) for row in connection.execute(select(WORKFLOW).order_by(WORKFLOW.c.entry)))

    def steps(self, entry: str) -> tuple[StepTaken, ...]:
        """Return what was done with an entry, oldest first."""
        query = select(WORKFLOW_STEPS).where(WORKFLOW_STEPS.c.entry == entry).order_by(WORKFLOW_STEPS.c.id)
        with self._database.read() as connection:
            return tuple(_step(row) for row in connection.execute(query))


def _progress(connection: Connection, entry: str) -> Progress:
    row = connection.execute(select(WORKFLOW).where(WORKFLOW.c.entry == entry)).one_or_none()
    return Progress(entry=entry) if row is None else _as_progress(row)


def _as_progress(row: Row[Any]) -> Progress:
    return Progress(entry=row.entry, stage=Stage(row.stage), revision=row.revision, author=row.author, checker=row.checker,
                    version=row.version)  # fmt: skip


def _write(connection: Connection, before: Progress, after: Progress) -> None:
    values = {"stage": after.stage.value, "revision": after.revision, "author": after.author, "checker": after.checker,
              "version": after.version}  # fmt: skip
    same = (WORKFLOW.c.entry == before.entry, WORKFLOW.c.version == before.version)
    if connection.execute(update(WORKFLOW).where(*same).values(**values)).rowcount == 1:
        return
    try:
        connection.execute(insert(WORKFLOW).values(entry=before.entry, **values))
    except IntegrityError as error:
        message = f"{before.entry}: có người vừa đổi mục này; hãy mở lại, xem thay đổi rồi làm lại"
        raise BadInput(Problem(rule="stale-write", message=message)) from error


def _step(row: Row[Any]) -> StepTaken:
    return StepTaken(action=Action(row.action), start=Stage(row.start), end=Stage(row.end), who=row.who,
                     revision=row.revision, why=row.why, at=row.at)  # fmt: skip
