"""Gather the form that begins an entry, and read it into a draft."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, time, timedelta

from desk.consequences import Consequence
from desk.new_entry import Draft, begin_entry, suggested_id
from desk.web.calendar_place import read_calendar_day, read_clock
from desk.web.choices import choices
from desk.web.moment_words import long_day, moment_words
from desk.web.outlook import Outlook
from desk.web.views.drafting import DraftForm, DraftPage
from editorial.clock import OFFICE_ZONE
from editorial.date_expression import DateRule
from editorial.date_rule import Resolved, resolve
from editorial.entry import Form
from editorial.occasion import Occasion
from editorial.problem import BadInput, Problem
from editorial.rescheduling import FARTHEST, moved_rule
from editorial.tone import Tone

TONES = ((Tone.FESTIVE.value, "Vui, lễ hội"), (Tone.SOLEMN.value, "Trang nghiêm"), (Tone.NEUTRAL.value, "Trung tính"))
FORMS = (
    (Form.COMMUNICATION.value, "Truyền thông"), (Form.CEREMONY.value, "Lễ kỷ niệm"), (Form.EMULATION.value, "Thi đua"),
    (Form.SEMINAR.value, "Hội thảo, tọa đàm"),
)  # fmt: skip
USUAL_TIME = "08:00"
FIELDS = {"when": "day", "channels": "channel"}


class DraftReader:
    """Read one form."""

    def __init__(self, outlook: Outlook, form: DraftForm) -> None:
        self._outlook, self._form = outlook, form
        self._occasion = self._find_occasion()

    def first(self) -> DraftPage:
        """Return the form with what can be known before anything is typed; raise BadInput for a day that there is not."""
        form, office = self._form, self._outlook.bench.content.office
        if form.day:
            read_calendar_day(form.day)
        tone = self._occasion.tone if self._occasion else Tone.NEUTRAL
        self._form = replace(
            form, day=form.day or self._outlook.today.isoformat(), days=form.days or "0", time=USUAL_TIME, tone=tone.value,
            form=Form.COMMUNICATION.value, unit=next(iter(office.units)) if len(office.units) == 1 else "",
            channels=tuple(office.channels),
        )  # fmt: skip
        return self.page()

    def draft(self) -> Draft:
        """Return the draft; raise BadInput, by field, where its moment cannot be read."""
        form = self._form
        return Draft(
            id=form.id.strip() or self._suggested, headline=form.headline.strip(), summary=form.summary.strip(),
            group=form.group, axis=form.axis, unit=form.unit, tone=form.tone, when=self._rule(), channels=form.channels,
            form=form.form, campaign=form.campaign, body=form.body,
        )  # fmt: skip

    def looked(self) -> DraftPage:
        """Return the form with what would follow, as far as it is filled in; what is empty yet is no mistake."""
        filled = self._form
        stand_in = {name: getattr(filled, name).strip() or "." for name in ("headline", "summary")}
        office = self._outlook.bench.content.office
        firsts = {"group": office.groups, "axis": office.axes, "unit": office.units}
        chosen = {name: getattr(filled, name) or next(iter(known)) for name, known in firsts.items()}
        try:
            draft = replace(self.draft(), **stand_in, **chosen, channels=filled.channels or tuple(office.channels))
            return self.page(follows=begin_entry(self._outlook.bench, draft).consequences)
        except BadInput as error:
            return self.page(error.problems)

    def page(self, problems: Iterable[Problem] = (), follows: tuple[Consequence, ...] = ()) -> DraftPage:
        """Return the form as it stands."""
        bench = self._outlook.bench
        found, errors = self._resolved(), _by_field(problems)
        if "headline" in errors and not self._form.id.strip():  # the id comes from the headline: that is what is missing
            errors.pop("id", None)
        return DraftPage(
            form=self._form,
            occasion=_named(self._occasion) if self._occasion else "",
            choices=choices(bench.content.office),
            tones=TONES,
            forms=FORMS,
            campaigns=tuple((each.id, each.name) for each in bench.content.campaigns.values()),
            suggested=self._suggested,
            rule=found.rule if found else "",
            steps=found.steps if found else (),
            moment=moment_words(found.at) if found else "",
            consequences=follows,
            errors=errors,
        )

    @property
    def _suggested(self) -> str:
        bench = self._outlook.bench
        return suggested_id(self._form.headline, bench.content.names) if self._form.headline.strip() else ""

    def _rule(self) -> str:
        """Return the date rule that the form means; raise BadInput with the field that cannot be read."""
        clock = self._clock()
        if self._occasion is None:
            return f"{read_calendar_day(self._form.day, 'when').isoformat()}@{clock:%H:%M}"
        anchored = DateRule(anchor=self._occasion.id, year=self._occasion.date.year, at=clock)
        there = datetime.combine(self._occasion.date, clock, OFFICE_ZONE)
        return str(moved_rule(anchored, self._occasion.date, there + timedelta(days=self._days())))

    def _resolved(self) -> Resolved | None:
        try:
            return resolve(self._rule(), self._outlook.bench.catalogue)
        except BadInput:
            return None

    def _clock(self) -> time:
        try:
            return read_clock(self._form.time)
        except ValueError as error:
            message = "hãy ghi giờ đăng, hai chữ số giờ và hai chữ số phút, ví dụ 08:00"
            raise BadInput(Problem(rule="bad-time", key="time", message=message)) from error

    def _days(self) -> int:
        text = self._form.days.strip() or "0"
        if not re.fullmatch(r"[+-]?\d{1,3}", text, re.ASCII):
            message = f"hãy ghi số ngày, từ -{FARTHEST} đến {FARTHEST}; 0 là đúng ngày"
            raise BadInput(Problem(rule="bad-days", key="days", message=message))
        return int(text)

    def _find_occasion(self) -> Occasion | None:
        """Return the occasion that the form names; raise BadInput for one that the calendar has not, or not in that year."""
        form = self._form
        if not form.occasion:
            return None
        year = int(form.year) if form.year.isascii() and form.year.isdigit() and len(form.year) == 4 else self._outlook.today.year
        days = self._outlook.bench.catalogue.occurrences(form.occasion, year)
        if len(days) != 1:
            message = f"dịp “{form.occasion[:40]}” không có đúng một ngày trong năm {year}; hãy tạo bài từ một ngày trong lịch"
            raise BadInput(Problem(rule="anchor-not-once", key="occasion", message=message))
        return days[0]


def _named(occasion: Occasion) -> str:
    return f"{occasion.name.vi}, {long_day(occasion.date)}"


def _by_field(problems: Iterable[Problem]) -> dict[str, str]:
    """Return what is wrong by field of the form: a moment that has passed is its day's, a fault in a file's key its field's."""
    found: dict[str, str] = {}
    for problem in problems:
        named = (problem.key or "").split("[")[0]
        key = FIELDS.get(named, named)
        said = problem.message[:1].upper() + problem.message[1:]
        found[key] = f"{found[key]} {said}" if key in found else said
    return found
