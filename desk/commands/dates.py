"""When is it: lunar and solar dates, the days of a year, the moment of a rule."""

from __future__ import annotations

import re
import sys
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from desk.commands.days_off import days_off_lines, days_off_values
from desk.commands.in_the_way import InTheWay, in_the_way
from desk.commands.memory import Memory, open_kept_memory
from desk.commands.options import AsJson, Workspace, print_json, read_day
from desk.language import told
from desk.place import find_place
from editorial.calendar import Catalogue
from editorial.clock import OFFICE_ZONE, SystemClock
from editorial.lunar import LunarDate, to_lunar, to_solar
from editorial.occasion import Occasion
from editorial.problem import BadInput, Problem
from editorial.tone import Tone

if TYPE_CHECKING:
    from editorial.date_rule import Resolved

TONES = {Tone.FESTIVE: "vui", Tone.SOLEMN: "trang nghiêm", Tone.NEUTRAL: "trung tính"}
_LUNAR = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)


def register(app: typer.Typer) -> None:
    """Add the commands of this family."""
    app.command("lunar")(lunar)
    app.command("solar")(solar)
    app.command("dates")(dates)
    app.command("when")(when)


def lunar(
    day: Annotated[str | None, typer.Argument(help="Ngày dương lịch, dạng 2026-09-25.")] = None,
    as_json: AsJson = False,
    batch: Annotated[bool, typer.Option("--batch", help="Đọc mỗi dòng một ngày từ đầu vào chuẩn.")] = False,
) -> int:
    """Đổi ngày dương lịch sang âm lịch Việt Nam."""
    if batch:
        return _batch()
    if day is None:
        raise BadInput(Problem(rule="no-date", message="hãy cho một ngày, ví dụ: ./loa lunar 2026-09-25"))
    found = to_lunar(read_day(day))
    if as_json:
        print_json(_lunar_values(found), lines=True)
    else:
        typer.echo(str(found))
    return 0


def solar(
    day: Annotated[str, typer.Argument(help="Ngày âm lịch: năm-tháng-ngày, dạng 2026-08-15.")],
    leap: Annotated[bool, typer.Option("--leap", help="Tháng nhuận.")] = False,
    as_json: AsJson = False,
) -> int:
    """Đổi ngày âm lịch Việt Nam sang dương lịch."""
    parts = _LUNAR.fullmatch(day)
    if parts is None:
        raise BadInput(Problem(rule="bad-date", message=f"“{day}” không đúng dạng năm-tháng-ngày âm lịch, ví dụ 2026-08-15"))
    year, month, number = (int(part) for part in parts.groups())
    found = to_solar(LunarDate(year=year, month=month, day=number, leap=leap))
    if as_json:
        print_json({"date": found.isoformat()}, lines=True)
    else:
        typer.echo(found.isoformat())
    return 0


def dates(
    year: Annotated[int, typer.Argument(help="Năm dương lịch.")],
    off: Annotated[bool, typer.Option("--off", help="Chỉ ngày nghỉ và ngày làm bù, kèm mức chắc chắn và nguồn.")] = False,
    as_json: AsJson = False,
    workspace: Workspace = None,
) -> int:
    """Liệt kê các ngày đáng nhớ của một năm, hoặc các ngày nghỉ (--off)."""
    from store.calendar_files import read_calendars

    place = find_place(workspace)
    catalogue = read_calendars(place.calendars, place.root)
    occasions = catalogue.occasions(year)  # first, since it refuses a year outside the calendar
    if off:
        _print_days_off(catalogue, year, as_json=as_json)
    elif as_json:
        print_json([_occasion_values(occasion) for occasion in occasions])
    else:
        for occasion in occasions:
            _print_day(occasion)
    return 0


def _print_days_off(catalogue: Catalogue, year: int, *, as_json: bool) -> None:
    if as_json:
        print_json(days_off_values(catalogue, year))
    else:
        typer.echo("\n".join(days_off_lines(catalogue, year)))


def _print_day(occasion: Occasion) -> None:
    """Print the day with the id that date rules name and its tone, and under it the doubt about it."""
    lunar = f"{occasion.lunar.day}/{occasion.lunar.month}{' nhuận' if occasion.lunar.leap else ''}"
    named = f"{occasion.name.vi}{_anniversary_words(occasion)} · {occasion.id} · {TONES[occasion.tone]}"
    typer.echo(f"{occasion.date}  {lunar:>5} âl  {named}")
    if occasion.uncertain:
        typer.echo(f"{'':<22}chưa chắc: {occasion.uncertain}")


def when(
    rule: Annotated[str, typer.Argument(help="Quy tắc ngày, ví dụ trung_thu/2026-3d@08:00.")],
    as_json: AsJson = False,
    memory: Memory = None,
    workspace: Workspace = None,
) -> int:
    """Tính thời điểm của một quy tắc ngày và giải thích từng bước, đến cả quốc tang, lệnh tạm dừng và giờ đã qua."""
    from editorial.date_rule import resolve
    from store.calendar_files import read_calendars

    place, now = find_place(workspace), SystemClock().now()
    catalogue = read_calendars(place.calendars, place.root)
    this_year = now.astimezone(OFFICE_ZONE).year  # stands in where the rule names no year
    found = resolve(rule, catalogue, default_year=this_year)
    with open_kept_memory(place, memory) as store:
        way = in_the_way(found.at, now, catalogue.mourning_on(found.at.date()), store.halts if store else None)
    if as_json:
        print_json(_when_values(found, way))
    else:
        typer.echo("\n".join((*found.steps, *way.steps, _result(found))))
    return 0


def _result(found: Resolved) -> str:
    return f"Kết quả: {found.at:%d/%m/%Y %H:%M} (giờ Hà Nội{', dự kiến' if found.provisional else ''})"


def _when_values(found: Resolved, way: InTheWay) -> dict[str, object]:
    return {
        "at": found.at.isoformat(),
        "rule": found.rule,
        "anchor": found.anchor,
        "anchor_date": found.anchor_date.isoformat(),
        "provisional": found.provisional,
        "uncertain": found.occasion.uncertain if found.occasion else None,
        "lunar": _lunar_values(to_lunar(found.at.date())),
        "steps": list(found.steps),
        "holds": list(way.holds),
        "past_due": way.past_due is not None,
    }


def _batch() -> int:
    """Answer every line, the bad ones too, so that line n of the answer belongs to line n of the question."""
    status = blank = 0
    for line in sys.stdin:
        text = line.removeprefix("\ufeff").strip()
        if not text:
            blank += 1  # told once another line follows: at the end, blank lines are none
            continue
        status = max(status, *(_answer_line("") for _ in range(blank)), _answer_line(text))
        blank = 0
    return status


def _answer_line(text: str) -> int:
    try:
        if not text:
            raise BadInput(Problem(rule="no-date", message="dòng trống; mỗi dòng là một ngày dạng 2026-09-25"))
        print_json(_lunar_values(to_lunar(read_day(text))), lines=True)
    except BadInput as error:
        print_json({"error": told(error.problems[0]).message}, lines=True)
        return 2
    return 0


def _lunar_values(day: LunarDate) -> dict[str, int | bool]:
    return {"year": day.year, "month": day.month, "day": day.day, "leap": day.leap}


def _occasion_values(occasion: Occasion) -> dict[str, object]:
    day: date = occasion.date
    return {
        "id": occasion.id,
        "date": day.isoformat(),
        "lunar": _lunar_values(occasion.lunar),
        "name": {"vi": occasion.name.vi, "en": occasion.name.en},
        "kind": occasion.kind.value,
        "tone": occasion.tone.value,
        "public_holiday": occasion.public_holiday,
        "count": occasion.count,
        "tier": occasion.tier.value if occasion.tier else None,
        "basis": occasion.basis,
        "uncertain": occasion.uncertain,
        "public_note": occasion.public_note,
    }


def _anniversary_words(occasion: Occasion) -> str:
    """Return the count and the tier; an occasion whose tier goes by the year, as Giỗ Tổ, has no count."""
    if occasion.tier is None:
        return ""
    return f" ({occasion.count} năm, {occasion.tier.label})" if occasion.count else f" ({occasion.tier.label})"
