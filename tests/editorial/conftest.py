"""The days and days off that the tests of date rules stand on: the office's own for 2026, the projected ones for 2027."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import settings

from editorial.calendar import Catalogue, MourningPeriod
from editorial.days_off import DayOff, DaysOff, DayStatus, WorkingDay
from editorial.occasion import Evidence, Kind, Name, OccasionRule
from editorial.tone import Tone

settings.register_profile("shared-machine", deadline=None)  # a busy machine is not a mistake in the calendar
settings.load_profile("shared-machine")

_KNOWN = Path(__file__).parent / "known_days.tsv"
_TONES = {"bac_ra_di": Tone.SOLEMN, "ngay_mat_bac": Tone.SOLEMN, "kham_thien": Tone.SOLEMN, "quoc_khanh": Tone.FESTIVE}

OFFICIAL = ("2026-01-02", "2026-02-16", "2026-02-17", "2026-02-18", "2026-02-19", "2026-02-20", "2026-04-27", "2026-09-02")
FROM_LIBRARY = ("2026-08-31", "2026-09-01", "2026-11-24")
PROJECTED = ("2027-02-04", "2027-02-05", "2027-02-06", "2027-02-07", "2027-02-08", "2027-02-09", "2027-02-10", "2027-04-16")


def _off(days: tuple[str, ...], status: DayStatus) -> list[DayOff]:
    return [DayOff(day=date.fromisoformat(day), name=f"nghỉ {day}", status=status) for day in days]


@pytest.fixture(scope="session")
def days_off() -> DaysOff:
    """The days off of 2026 and 2027."""
    return DaysOff(
        _off(OFFICIAL, DayStatus.OFFICIAL) + _off(FROM_LIBRARY, DayStatus.LIBRARY) + _off(PROJECTED, DayStatus.PROJECTED),
        [
            WorkingDay(day=date(2026, 1, 10), status=DayStatus.OFFICIAL, swapped_for=date(2026, 1, 2)),
            WorkingDay(day=date(2026, 8, 22), status=DayStatus.LIBRARY, swapped_for=date(2026, 8, 31)),
        ],
    )


def _rule(id: str, when: str, *, tone: Tone = Tone.NEUTRAL) -> OccasionRule:
    """Build an occasion of which only the day and tone matter."""
    name = Name(vi=f"Ngày {id}", en=id)
    return OccasionRule(
        id=id, name=name, kind=Kind.NATIONAL, rule=when, tone=tone, basis="thử", evidence=Evidence.GENERAL_KNOWLEDGE
    )


@pytest.fixture(scope="session")
def catalogue(days_off: DaysOff) -> Catalogue:
    """A calendar of the 103 known days, a full moon that comes twice in 2026, and one report."""
    lines = [line.split("\t") for line in _KNOWN.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    rules = [_rule(id, when, tone=_TONES.get(id, Tone.NEUTRAL)) for id, when, *_ in lines]
    extra = [_rule("ram_thang_muoi_mot", "lunar:11-15"), _rule("q4_report_due", "date:2026-12-15")]
    known = Evidence.GENERAL_KNOWLEDGE
    mourning = MourningPeriod(start=date(2025, 5, 24), end=date(2025, 5, 25), reason="quốc tang", evidence=known)
    return Catalogue([*rules, *extra], days_off, [mourning])
