"""What a page's route is given: the office, the hand that draws pages, and who asks."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from typing import Annotated, TypeVar

from fastapi import Depends, HTTPException, Request

from desk.entrance import Entrance
from desk.errands import Errands
from desk.language import language
from desk.log_check import LogCheck
from desk.people import Reception
from desk.web.bench import Bench
from desk.web.front import Front
from desk.web.outlook import Outlook
from desk.web.remembered import Remembered
from desk.web.renderer import Renderer
from desk.web.visitor import Visitor, visitor_of
from desk.workbench import Workbench
from editorial.role import Person, Right

LOOKS_AGAIN = 15  # seconds
Value = TypeVar("Value")


@dataclass(frozen=True, kw_only=True)
class Desk:
    """One office's desk, as one visitor stands before it."""

    bench: Bench
    renderer: Renderer
    front: Front = field(default_factory=Front)
    errands: Errands = field(default_factory=Errands)
    visitor: Visitor | None = None
    remembered: Remembered = field(default_factory=Remembered)
    log_check: LogCheck = field(default_factory=LogCheck)

    @property
    def workbench(self) -> Workbench:
        """Return the office with all that makes posts; pages that show what is remembered need none of it."""
        if not isinstance(self.bench, Workbench):
            raise HTTPException(404, "Bàn làm việc này chỉ để xem, không dựng được bài.")
        return self.bench

    @property
    def outlook(self) -> Outlook:
        """Return a fresh look at the office."""
        return Outlook(self.bench)

    def drawn_once(self, key: tuple[Hashable, ...], draw: Callable[[], Value]) -> Value:
        """Return what was drawn under a key for all who read one language, as long as nothing that it may show has changed.

        That is the ledger, whatever people do, the files, and for LOOKS_AGAIN the clock. It may hold nothing of who looks at it.
        """
        # Deadlines pass, and PostgreSQL may show a change a moment late: what was drawn is looked at again after a while.
        look = int(self.bench.clock.now().timestamp() // LOOKS_AGAIN)
        of = (self.bench.store.delivery_tally.mark(), self.bench)
        return self.remembered.recall((language(), *key), of, draw, look)

    @property
    def person(self) -> Person:
        """Return who is signed in; the door lets nobody else to a page."""
        if self.visitor is None or not self.visitor.is_in:
            raise LookupError("a page for people of the office was asked for without a session")
        return self.visitor.person

    def may(self, right: Right) -> bool:
        """Tell whether the person who asks may do something."""
        return self.visitor is not None and self.visitor.is_in and self.visitor.person.may(right)

    @property
    def entrance(self) -> Entrance:
        """Return the office's door."""
        return Entrance(self.bench.store, self.bench.content.office.people, self.bench.clock)

    @property
    def reception(self) -> Reception:
        """Return what lets people in and out."""
        return Reception(store=self.bench.store, people=self.bench.content.office.people, clock=self.bench.clock)


def desk_of(request: Request) -> Desk:
    """Return the desk that the application was made for, as this visitor stands before it."""
    desk: Desk = request.app.state.desk
    return replace(desk, visitor=visitor_of(request))


async def _at_hand(request: Request) -> Desk:
    """Return desk_of(request) without a thread of its own: there is nothing to wait for."""
    return desk_of(request)


TheDesk = Annotated[Desk, Depends(_at_hand)]


def reread(request: Request, entry: str) -> None:
    """Let every page speak of an entry's file, or a series', as it is written now: the watch would see it seconds later."""
    desk: Desk = request.app.state.desk  # the office's, with nobody before it
    request.app.state.desk = replace(desk, bench=desk.bench.reread(entry))
