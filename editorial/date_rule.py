"""From a date rule to a moment, one fixed step after another.

Anchor day, months, weeks and days, working days, roll, wall time in Hanoi, hours and minutes: in this order whatever the text's.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import TypeVar

from editorial.calendar import Catalogue
from editorial.clock import office_moment
from editorial.date_expression import DateRule, Offset, Roll, Unit, parse
from editorial.day_name import day_name, short_day
from editorial.day_rule import OneDay, Skip
from editorial.days_off import DaysOff, WorkingDayResult
from editorial.lunar import FIRST_YEAR, LAST_YEAR
from editorial.occasion import Occasion, OccasionRule, occurrences
from editorial.problem import BadInput, Problem

__all__ = ["DateRule", "Offset", "Resolved", "Roll", "Unit", "parse", "resolve"]

Moment = TypeVar("Moment", date, datetime)
Note = Callable[[], str]  # a step, worded when somebody asks: most rules are resolved for their moment only
ROLL_LIMIT = 15  # days; no block of days off is as long, so a longer walk means a mistake in the calendar


@dataclass(frozen=True, kw_only=True)
class Resolved:
    """The moment of a rule and how it was found."""

    rule: str
    at: datetime  # Asia/Ho_Chi_Minh
    anchor: str
    anchor_date: date
    occasion: Occasion | None  # none for a fixed day
    provisional: bool  # it may move when the year's days off are announced
    notes: tuple[Note, ...] = field(repr=False, compare=False)

    @property
    def steps(self) -> tuple[str, ...]:
        """Return how the moment was found, in Vietnamese, for the editor."""
        return tuple(note() for note in self.notes)


def resolve(
    rule: str | DateRule, catalogue: Catalogue, days_off: DaysOff | None = None, default_year: int | None = None
) -> Resolved:
    """Find the moment of a rule; raise BadInput where it has none, or more than one.

    `days_off` is the catalogue's own unless given; `default_year` stands in for a year left out.
    """
    parsed = parse(rule) if isinstance(rule, str) else rule
    anchor_date, occasion = _anchor(parsed, catalogue, default_year)
    walk = _Walk(day=anchor_date, rule=parsed, days_off=days_off or catalogue.days_off)
    walk.note(partial(_anchor_step, anchor_date, occasion))
    if occasion and occasion.uncertain:
        walk.note(partial(_doubt_step, occasion.uncertain))
    at = walk.run()
    return Resolved(
        rule=str(parsed),
        at=at,
        anchor=parsed.anchor,
        anchor_date=anchor_date,
        occasion=occasion,
        provisional=bool(walk.projected),
        notes=tuple(walk.notes),
    )


def _anchor(rule: DateRule, catalogue: Catalogue, default_year: int | None) -> tuple[date, Occasion | None]:
    if rule.fixed is not None:
        return rule.fixed, None
    occasion = _occasion(rule, catalogue, default_year)
    return occasion.date, occasion


def _occasion(rule: DateRule, catalogue: Catalogue, default_year: int | None) -> Occasion:
    found = catalogue.get(rule.anchor)
    year = _year(rule, found, default_year)
    days = catalogue.occurrences(found.id, year)
    if len(days) != 1:
        raise _not_once(rule.anchor, year, days or tuple(_around(found, year)))
    return days[0]


def _year(rule: DateRule, found: OccasionRule, default_year: int | None) -> int:
    if rule.year is not None:
        return rule.year
    if isinstance(found.day, OneDay):
        return found.day.day.year
    if default_year is None:
        message = f"mốc “{rule.anchor}” có hằng năm; hãy ghi rõ năm dương lịch, ví dụ {rule.anchor}/2026@08:00"
        raise BadInput(Problem(rule="date-rule-no-year", message=message))
    return default_year


def _around(rule: OccasionRule, year: int) -> Iterator[Occasion]:
    """List what the nearest years on both sides offer instead; a leap month may be decades away."""
    found = replace(rule, skip=Skip.OMIT)
    for years in (range(year - 1, FIRST_YEAR - 1, -1), range(year + 1, LAST_YEAR + 1)):
        yield from next((days for near in years if (days := occurrences(found, near))), ())


def _not_once(anchor: str, year: int, candidates: tuple[Occasion, ...]) -> BadInput:
    inside = [each for each in candidates if each.date.year == year]
    count = f"rơi vào {len(inside)} ngày trong năm {year}" if inside else f"không có ngày nào trong năm {year}"
    listed = ", ".join(f"{short_day(each.date)} ({each.lunar})" for each in candidates) or "không có ngày nào gần đó"
    example = f", ví dụ {candidates[0].date.isoformat()}@08:00" if candidates else ""
    message = f"mốc “{anchor}” {count}; hãy ghi thẳng ngày muốn chọn{example}. Các ngày có thể chọn: {listed}"
    return BadInput(Problem(rule="anchor-not-once", message=message))


def _anchor_step(day: date, occasion: Occasion | None) -> str:
    if occasion is None:
        return f"Ngày ghi sẵn: {day_name(day)}."
    return f"Mốc {occasion.id} năm {day.year}: {occasion.name.vi}, {day_name(day)}, âm lịch {occasion.lunar}."


def _doubt_step(doubt: str) -> str:
    return f"Mốc này chưa chắc: {doubt.rstrip('.')}."


def _shift_step(count: int, word: str, day: date, clamped_from: int | None) -> str:
    why = f" (tháng {day.month} không có ngày {clamped_from}, lấy ngày cuối tháng)" if clamped_from else ""
    return f"{_direction(count)} {abs(count)} {word}: {day_name(day)}{why}."


def _working_days_step(count: int, result: WorkingDayResult) -> str:
    return f"{_direction(count)} {abs(count)} ngày làm việc: {day_name(result.day)}{_met(result)}."


def _roll_step(start: date, result: WorkingDayResult) -> str:
    if result.day == start:
        return f"Không phải dời: {day_name(start)} là ngày làm việc{_met(result)}."
    return f"Dời khỏi ngày nghỉ {day_name(start)} sang ngày làm việc {day_name(result.day)}{_met(result)}."


def _hour_step(moment: datetime) -> str:
    return f"Giờ Hà Nội: {moment:%H:%M}, {day_name(moment.date())}."


def _span_step(count: int, word: str, moment: datetime) -> str:
    return f"{_direction(count)} {abs(count)} {word}: {moment:%H:%M}, {day_name(moment.date())}."


def _provisional_step(projected: tuple[date, ...]) -> str:
    days = ", ".join(short_day(day) for day in sorted(set(projected)))
    return f"Dự kiến: lịch nghỉ ngày {days} chưa được công bố; khi có thông báo, kết quả có thể thay đổi."


@dataclass(kw_only=True)
class _Walk:
    """Go from the anchor day to the moment, noting each step."""

    day: date
    rule: DateRule
    days_off: DaysOff
    notes: list[Note] = field(default_factory=list)
    projected: list[date] = field(default_factory=list)

    def run(self) -> datetime:
        self._check(self.day)
        self._shift(Unit.MONTH, word="tháng", move=lambda count: _add_months(self.day, count))
        self._shift(Unit.WEEK, word="tuần", move=lambda count: self._add_days(7 * count))
        self._shift(Unit.DAY, word="ngày", move=self._add_days)
        self._shift_working_days()
        self._roll()
        moment = self._moment()
        self._check(moment.date())
        if self.projected:
            self.note(partial(_provisional_step, tuple(self.projected)))
        return moment

    def note(self, step: Note) -> None:
        self.notes.append(step)

    def _shift(self, unit: Unit, *, word: str, move: Callable[[int], date]) -> None:
        count = self.rule.total(unit)
        if count:
            wanted, self.day = self.day.day, move(count)
            self._check(self.day)
            clamped = unit is Unit.MONTH and self.day.day != wanted
            self.note(partial(_shift_step, count, word, self.day, wanted if clamped else None))

    def _add_days(self, count: int) -> date:
        return _after(self.day, count, "days")

    def _shift_working_days(self) -> None:
        count = self.rule.total(Unit.WORKING_DAY)
        if count:
            result = self.days_off.add_working_days(self.day, count)
            self._take(result)
            self.note(partial(_working_days_step, count, result))

    def _roll(self) -> None:
        if self.rule.roll is Roll.NONE:
            return
        start, result = self.day, roll_to_working_day(self.day, self.rule.roll, self.days_off)
        self._take(result)
        self.note(partial(_roll_step, start, result))

    def _moment(self) -> datetime:
        moment = office_moment(self.day, self.rule.at)
        self.note(partial(_hour_step, moment))
        for unit, word, span in ((Unit.HOUR, "giờ", "hours"), (Unit.MINUTE, "phút", "minutes")):
            count = self.rule.total(unit)
            if count:
                moment = _after(moment, count, span)
                self.note(partial(_span_step, count, word, moment))
        return moment

    def _take(self, result: WorkingDayResult) -> None:
        self.day = result.day
        self.projected += result.projected

    def _check(self, day: date) -> None:
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise _out_of_range()


def roll_to_working_day(day: date, roll: Roll, days_off: DaysOff) -> WorkingDayResult:
    """Leave a day on which the office does not work, in the way that `roll` says; raise BadInput after 15 days without one."""
    if days_off.is_working_day(day):
        return days_off.result(day, (day,))
    met: list[date] = []
    for candidate in _candidates(day, roll):
        met.append(candidate)
        if days_off.is_working_day(candidate):
            return days_off.result(candidate, met)
    found_none = f"trong {ROLL_LIMIT} ngày quanh {short_day(day)} không có ngày làm việc nào"
    message = f"{found_none}; hãy xem lại tệp ngày nghỉ, hoặc bỏ ~{roll.value} khỏi quy tắc"
    raise BadInput(Problem(rule="roll-too-far", message=message))


def _candidates(day: date, roll: Roll) -> Iterable[date]:
    back = [day - timedelta(days=n) for n in range(ROLL_LIMIT + 1)]
    on = [day + timedelta(days=n) for n in range(ROLL_LIMIT + 1)]
    if roll is Roll.NEAR:
        return dict.fromkeys(each for pair in zip(back, on, strict=True) for each in pair)
    first, second = (back, on) if roll in (Roll.PREV, Roll.MODPREV) else (on, back)
    if roll in (Roll.PREV, Roll.NEXT):
        return first
    return [each for each in first if each.month == day.month] + second[1:]


def _add_months(day: date, count: int) -> date:
    index = day.year * 12 + day.month - 1 + count
    year, month = divmod(index, 12)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise _out_of_range()
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _after(start: Moment, count: int, span: str) -> Moment:
    try:
        return start + timedelta(**{span: count})
    except OverflowError as error:
        raise _out_of_range() from error


def _direction(count: int) -> str:
    return "Tiến" if count > 0 else "Lùi"


def _met(result: WorkingDayResult) -> str:
    """Name the days off that were passed over and the swapped days that counted."""
    passed = [f"{short_day(off.day)} {off.name}" for off in result.passed]
    worked = [f"{day_name(swapped.day)} làm bù" for swapped in result.worked]
    parts = [f"bỏ qua {', '.join(passed)}"] if passed else []
    parts += [f"tính cả {', '.join(worked)}"] if worked else []
    return f" ({'; '.join(parts)})" if parts else ""


def _out_of_range() -> BadInput:
    message = f"kết quả nằm ngoài lịch {FIRST_YEAR}-{LAST_YEAR}; hãy chọn ngày gần hơn"
    return BadInput(Problem(rule="date-out-of-range", message=message))
