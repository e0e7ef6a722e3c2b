"""Where each entry stands, and every step and comment that brought it there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from editorial.clock import Clock
from editorial.problem import BadInput, Problem
from editorial.role import Person
from editorial.workflow import Action, Progress, Stage, take
from store.audit import Deed, note
from store.database import Database, new_id, parts_of
from store.revocation import revoke_standing
from store.schema import WORKFLOW, WORKFLOW_STEPS
from store.seals import Sealed
from store.statement import Statement


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


@dataclass(frozen=True, kw_only=True)
class Taking:
    """A step that somebody takes: `revision` is what the entry says, `version` the step that they last saw."""

    action: Action
    person: Person
    revision: str
    version: int | None = None
    why: str = ""


# After these nobody signs the entry any more, so that nothing of it may go out.
TAKES_BACK = frozenset({Action.VOID, Action.REJECT, Action.REQUEST_CHANGES, Action.EXPIRE, Action.WITHDRAW})


class WorkflowTable:
    """Progress by entry. Each step is one transaction; of two people who act at once, the slower is told."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def of(self, entry: str) -> Progress:
        """Return where an entry stands; a draft where nobody has done anything."""
        found = self._database.ask(_ONE, {"of": entry})
        return _as_progress(found[0]) if found else Progress(entry=entry)

    def take(
        self, entry: str, action: Action, person: Person, *, revision: str, version: int | None = None, why: str = ""
    ) -> Progress:  # fmt: skip
        """Take a step; raise BadInput when it does not exist, the person may not, or what they saw is no longer so."""
        step = Taking(action=action, person=person, revision=revision, version=version, why=why)
        with self._database.write() as connection:
            return take_step(connection, entry, step, self._clock.now())

    def all(self) -> tuple[Progress, ...]:
        """Return every entry with which anybody has done anything."""
        with self._database.read() as connection:
            return tuple(_as_progress(row) for row in connection.execute(select(WORKFLOW).order_by(WORKFLOW.c.entry)))

    def at(self, stages: Iterable[Stage]) -> tuple[Progress, ...]:
        """Return the entries that stand at one of these stages."""
        query = select(WORKFLOW).where(WORKFLOW.c.stage.in_([stage.value for stage in stages])).order_by(WORKFLOW.c.entry)
        with self._database.read() as connection:
            return tuple(_as_progress(row) for row in connection.execute(query))

    def among(self, entries: Collection[str], stage: Stage) -> tuple[Progress, ...]:
        """Return those of these entries that stand at a stage, by entry; thousands may be asked about."""
        with self._database.read() as connection:
            rows = [
                row for some in parts_of(sorted(entries))
                for row in connection.execute(select(WORKFLOW).where(WORKFLOW.c.entry.in_(some), WORKFLOW.c.stage == stage.value))
            ]  # fmt: skip
        return tuple(sorted(map(_as_progress, rows), key=lambda each: each.entry))

    def stages(self, entries: Collection[str]) -> Mapping[str, Stage]:
        """Return where these entries stand, of those with which anybody has done anything."""
        query = select(WORKFLOW.c.entry, WORKFLOW.c.stage).where(WORKFLOW.c.entry.in_(entries))
        with self._database.read() as connection:
            return {entry: Stage(stage) for entry, stage in connection.execute(query)}

    def steps(self, entry: str) -> tuple[StepTaken, ...]:
        """Return what was done with an entry, oldest first."""
        return tuple(_step(row) for row in self._database.ask(_STEPS, {"of": entry}))


def take_step(connection: Connection, entry: str, step: Taking, now: datetime) -> Progress:
    """Take a step inside a transaction that is under way, and write it in the log."""
    after, rows = put_step(connection, entry, step, now)
    action = f"workflow-{step.action.value}"
    note(connection, Deed(who=step.person.id, action=action, subject=entry, detail=step.why, at=now), *rows)
    return after


def put_step(connection: Connection, entry: str, step: Taking, now: datetime) -> tuple[Progress, tuple[Sealed, ...]]:
    """Take a step whose deed the caller writes, with the rows returned; one that takes the entry back ends its approval."""
    before = progress_in(connection, entry)
    after = take(before, step.action, step.person, revision=step.revision, version=step.version, why=step.why)
    _write(connection, before, after)
    made = connection.execute(insert(WORKFLOW_STEPS).values(
        entry=entry, action=step.action.value, start=before.stage.value, end=after.stage.value, who=step.person.id,
        revision=step.revision, why=step.why, at=now,
    ))  # fmt: skip
    if step.action in TAKES_BACK:
        revoke_standing(connection, entry, who=step.person.id, why=step.why, at=now)
    return after, ((WORKFLOW, entry), (WORKFLOW_STEPS, new_id(made)))


def progress_in(connection: Connection, entry: str) -> Progress:
    """Return where an entry stands in this transaction."""
    row = _ONE.one_or_none(connection, {"of": entry})
    return Progress(entry=entry) if row is None else _as_progress(row)


_ONE = Statement(select(WORKFLOW).where(WORKFLOW.c.entry == bindparam("of")))
_STEPS = Statement(select(WORKFLOW_STEPS).where(WORKFLOW_STEPS.c.entry == bindparam("of")).order_by(WORKFLOW_STEPS.c.id))


def _as_progress(row: Any) -> Progress:
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


def _step(row: Any) -> StepTaken:
    return StepTaken(action=Action(row.action), start=Stage(row.start), end=Stage(row.end), who=row.who,
                     revision=row.revision, why=row.why, at=row.at)  # fmt: skip
