"""Which deliveries a page lists: what needs a person, then those around this moment; or those that go on from a place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from desk.web.views.standing import Filters
from desk.web.views.status import states_of
from editorial.delivery import Delivery
from editorial.problem import BadInput, Problem
from store.delivery_pages import DeliveryPages, Place, Wanted, place_of

PAGE = 50
LEAST = 25  # of the deliveries around this moment, below however many need a person
_MOMENT = "%Y-%m-%dT%H:%M:%S.%fZ"


@dataclass(frozen=True, kw_only=True)
class Cursor:
    """Where a page of deliveries begins or ends; `pressing` among those that need a person."""

    place: Place
    pressing: bool = False

    def __str__(self) -> str:
        return f"{'!' if self.pressing else ''}{self.place.due_at.astimezone(UTC):{_MOMENT}}~{self.place.id}"


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """What a page lists; `earlier` and `later` are where the next ones end and begin, None where there is no more."""

    deliveries: tuple[Delivery, ...]
    earlier: Cursor | None = None
    later: Cursor | None = None


def read_cursor(text: str, key: str) -> Cursor | None:
    """Read where a page goes on; None where nothing is asked for. Raise BadInput for what no page of ours has written."""
    if not text:
        return None
    moment, _, id = text.removeprefix("!").partition("~")
    try:
        place = Place(due_at=datetime.strptime(moment, _MOMENT).replace(tzinfo=UTC), id=_number(id))
    except ValueError as error:
        message = "không đọc được chỗ xem tiếp; hãy mở lại danh sách lượt đăng"
        raise BadInput(Problem(rule="bad-cursor", key=key, message=message)) from error
    return Cursor(place=place, pressing=text.startswith("!"))


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise ValueError(text)
    return int(text)


def wanted_by(filters: Filters) -> Wanted:
    """Return what the filters ask the ledger for."""
    states = states_of(filters.status) if filters.status else None
    return Wanted(states=states, channel=filters.channel, group=filters.group)


@dataclass(frozen=True, kw_only=True)
class Stretches:
    """Find stretches of what passes the filters, as of `now`."""

    pages: DeliveryPages
    wanted: Wanted
    now: datetime

    def around_now(self, behind: Cursor | None = None) -> Stretch:
        """Return what needs a person, from behind a place among it on, and the deliveries around this moment below it."""
        pressing = self.pages.pressing(self.wanted, PAGE + 1, after=behind.place if behind else None)
        if len(pressing) > PAGE:
            return Stretch(deliveries=pressing[:PAGE], later=Cursor(place=place_of(pressing[PAGE - 1]), pressing=True))
        room = max(PAGE - len(pressing), LEAST)
        here = Place(due_at=self.now, id=0)
        before = self.pages.others(self.wanted, room + 1, before=here)
        after = self.pages.others(self.wanted, room + 1, after=here)
        later = min(len(after), room - min(len(before), room // 5))  # mostly what is to come, the newest of the rest above it
        earlier = min(len(before), room - later)
        shown = (*before[len(before) - earlier :], *after[:later])
        return Stretch(
            deliveries=(*pressing, *shown),
            earlier=_at(shown[0]) if shown and earlier < len(before) else None,
            later=_at(shown[-1]) if shown and later < len(after) else None,
        )

    def later_than(self, cursor: Cursor) -> Stretch:
        """Return what comes behind a place."""
        if cursor.pressing:
            return self.around_now(cursor)
        found = self.pages.others(self.wanted, PAGE + 1, after=cursor.place)
        shown = found[:PAGE]
        return Stretch(deliveries=shown, earlier=_at(shown[0]) if shown else None,
                       later=_at(shown[-1]) if len(found) > PAGE else None)  # fmt: skip

    def earlier_than(self, cursor: Cursor) -> Stretch:
        """Return what comes before a place."""
        found = self.pages.others(self.wanted, PAGE + 1, before=cursor.place)
        shown = found[-PAGE:]
        return Stretch(deliveries=shown, earlier=_at(shown[0]) if len(found) > PAGE else None,
                       later=_at(shown[-1]) if shown else None)  # fmt: skip

    def counted(self, offset: int, limit: int) -> tuple[Delivery, ...]:
        """Return some of all of them by number, those that need a person first."""
        first = self.pages.count_pressing(self.wanted)
        pressing = self.pages.pressing(self.wanted, limit, skip=offset) if offset < first else ()
        rest = limit - len(pressing)
        return (*pressing, *(self.pages.others(self.wanted, rest, skip=max(0, offset - first)) if rest else ()))


def _at(delivery: Delivery) -> Cursor:
    return Cursor(place=place_of(delivery))
