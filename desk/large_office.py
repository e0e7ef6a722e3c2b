"""A made-up office as large as is asked for, to be measured: its entries, and the files of those around today.

What it remembers of them is written by desk/large_records.py.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cached_property
from pathlib import Path

from desk.place import HOUSE
from editorial.clock import OFFICE_ZONE
from editorial.workflow import Stage

A_QUARTER = 2000  # entries
SIGNED_AHEAD, HANDED_IN_AHEAD, PLANNED_AHEAD = timedelta(days=30), timedelta(days=40), timedelta(days=55)
HOURS = (7, 8, 9, 10, 11, 14, 15, 16, 17, 19, 20)
PERSON = "moi-quyen"
HOUSE_OWN = ("calendars", "templates", "assets")


@dataclass(frozen=True, kw_only=True)
class Size:
    """How large an office is: entries in its records, deliveries of them, and entries that stand in files of content/."""

    entries: int
    deliveries: int
    files: int

    @property
    def channels(self) -> int:
        """Return on how many channels an entry goes out."""
        return max(1, round(self.deliveries / self.entries))


@dataclass(frozen=True, kw_only=True)
class MadeEntry:
    """An entry of the office by its number: when it goes out, and how far it has come."""

    number: int
    at: datetime
    stage: Stage

    @property
    def id(self) -> str:
        return f"tin-{self.number:06d}"

    @property
    def group(self) -> str:
        return f"1.{self.number % 14 + 1}"

    @property
    def axis(self) -> str:
        return AXES[self.number % len(AXES)]

    @property
    def unit(self) -> str:
        return UNITS[self.number % len(UNITS)]

    @property
    def tone(self) -> str:
        return TONES[self.number % len(TONES)]


@dataclass(frozen=True)
class LargeOffice:
    """The office, as of `now`."""

    size: Size
    now: datetime

    @cached_property
    def entries(self) -> tuple[MadeEntry, ...]:
        """Return the entries, oldest first; the last of them are still being written."""
        apart = timedelta(days=92) / A_QUARTER
        last = self.now + PLANNED_AHEAD
        return tuple(self._entry(number, last - (self.size.entries - 1 - number) * apart) for number in range(self.size.entries))

    def _entry(self, number: int, about: datetime) -> MadeEntry:
        local = about.astimezone(OFFICE_ZONE)
        at = datetime.combine(local.date(), time(HOURS[number % len(HOURS)], number * 7 % 60), OFFICE_ZONE)
        return MadeEntry(number=number, at=at, stage=self._stage(at))

    def _stage(self, at: datetime) -> Stage:
        if at < self.now + SIGNED_AHEAD:
            return Stage.SCHEDULED
        return Stage.IN_REVIEW if at < self.now + HANDED_IN_AHEAD else Stage.DRAFT

    @property
    def written(self) -> tuple[MadeEntry, ...]:
        """Return the entries that stand in files: the newest."""
        return self.entries[max(0, len(self.entries) - self.size.files) :]

    def write_workspace(self, root: Path) -> None:
        """Write the files; what is not content is the house's own."""
        content = root / "content"
        content.mkdir(parents=True)
        for name in HOUSE_OWN:
            shutil.copytree(HOUSE / name, root / name)
        shutil.copytree(HOUSE / "content" / "facts", content / "facts")
        office = (HOUSE / "content" / "office.yaml").read_text(encoding="utf-8")
        more = "".join(_CHANNEL.format(number=number) for number in range(self.size.channels - 3))
        office = office.replace("channels:\n", f"channels:\n{more}", 1).replace("people:\n", f"people:\n{_PERSON}", 1)
        (content / "office.yaml").write_text(office, encoding="utf-8")
        for each in self.written:
            (content / f"{each.id}.md").write_text(self._text(each), encoding="utf-8")

    @property
    def channels(self) -> tuple[str, ...]:
        """Return the channels on which every entry goes out, all of them for words."""
        own = ("portal", "facebook", "zalo", *(f"trang-{number}" for number in range(self.size.channels - 3)))
        return own[: self.size.channels]

    def _text(self, each: MadeEntry) -> str:
        return _ENTRY.format(
            id=each.id, group=each.group, axis=each.axis, unit=each.unit, tone=each.tone, when=f"{each.at:%Y-%m-%d@%H:%M}",
            number=each.number, channels=", ".join(self.channels), picture=_PICTURE if each.stage is Stage.DRAFT else "",
        )  # fmt: skip


AXES = ("thanh-uy", "hdnd", "ubnd", "mttq")
UNITS = ("btgdv", "vp-hdnd", "vp-ubnd", "so-vhtt", "wards")
TONES = ("neutral", "festive", "solemn")
_CHANNEL = "  - {{id: trang-{number}, name: Trang {number}, publisher: facebook, caption: facebook, handle: Trang {number}}}\n"
_PERSON = f"  - {{id: {PERSON}, name: Người đo tốc độ, roles: [editor, fact-checker, approver, publisher, admin], unit: btgdv}}\n"
_ENTRY = """---
id: {id}
group: "{group}"
axis: {axis}
unit: {unit}
tone: {tone}
when: {when}
channels: [{channels}]
headline: "Đi làm bằng metro, tin thử số {number}: nhẹ túi, đúng giờ, bớt tắc đường"
summary: "Tuyến Cát Linh - Hà Đông và đoạn Nhổn - Cầu Giấy đang phục vụ hằng ngày. Thử đổi một chuyến xe máy lấy một chuyến tàu."
action: "Chọn một ngày trong tuần này để đi làm, đi học bằng metro hoặc xe buýt."
link: https://hanoi.gov.vn/
hashtags: [HaNoi, Metro, GiaoThongCongCong]
uses: [metro_2a_stations, metro_3_stations, metro_2a_opening, metro_3_opening]
{picture}---
Đường sắt đô thị Hà Nội đang phục vụ hành khách hằng ngày. Tuyến Cát Linh - Hà Đông có {{{{ fact.metro_2a_stations }}}}, \
chạy từ ngày {{{{ fact.metro_2a_opening }}}}. Đoạn trên cao Nhổn - Cầu Giấy của tuyến Nhổn - ga Hà Nội có \
{{{{ fact.metro_3_stations }}}}, chạy từ ngày {{{{ fact.metro_3_opening }}}}. Các tuyến mới đang tiếp tục được triển khai.

Mỗi người bớt một chuyến xe cá nhân, đường sẽ thoáng hơn và không khí dễ chịu hơn. Nếu bạn mới đi metro lần đầu:

- xem ga gần nhà, gần nơi làm việc và tuyến xe buýt nối ga;
- mua vé ngày, vé tháng hoặc vé lượt tại ga;
- nhường ghế cho người già, phụ nữ mang thai, trẻ nhỏ và người khuyết tật.
"""
_PICTURE = """media:
  - id: anh
    template: infographic/figures
    theme: light
    data:
      kicker: Giao thông công cộng
      headline: "Đi làm bằng metro"
      lead: "Nhẹ túi, đúng giờ và bớt tắc đường."
      figures:
        - {value: "{{ fact.metro_2a_stations.value }}", unit: "{{ fact.metro_2a_stations.unit }}", label: "Cát Linh - Hà Đông"}
        - {value: "{{ fact.metro_3_stations.value }}", unit: "{{ fact.metro_3_stations.unit }}", label: "Nhổn - Cầu Giấy"}
      source: Thông tin vận hành các tuyến đường sắt đô thị
"""
