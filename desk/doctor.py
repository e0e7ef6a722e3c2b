"""What this machine needs so that everything is rendered and remembered right, in words for whoever looks after it."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from desk.place import Place
from editorial.problem import BadInput
from studio import fitness
from studio.brand import Brand

OLDEST_SQLITE = (3, 35, 0)  # the first with RETURNING, which the store writes with
LEAST_FREE = (
    1_000_000_000  # bytes: some two hundred clips of a quarter of a minute (4.2 MB each); below it a batch may stop halfway
)
MOST_COLOUR_ERROR = 3  # of 255: what nobody sees
HANOI = "Asia/Ho_Chi_Minh"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing looked at: what was seen, and what a person is to do where it is not well."""

    id: str
    what: str
    seen: str
    advice: str = ""

    @property
    def well(self) -> bool:
        """Tell whether nobody needs to do anything."""
        return not self.advice


def examine(place: Place) -> Iterator[Finding]:
    """Yield what was found, the quick things first."""
    yield _letters()
    yield _fonts(place)
    yield from _encoder()
    yield _sqlite()
    yield _zone()
    yield _disk(place)
    yield _memory(place)


def _letters() -> Finding:
    layout = fitness.text_layout()
    seen = f"{layout.engine} (Raqm {layout.raqm or 'không có'}, FriBiDi {layout.fribidi or 'không có'})"
    if layout.full:
        return Finding(id="text-layout", what="Xếp chữ", seen=seen)
    advice = (
        "chữ Việt vẫn đúng, nhưng chữ viết từ phải sang trái thì không, và ảnh khác từng byte với máy khác;"
        " hãy chạy: sudo apt-get install libfribidi0, rồi chạy lại ./loa doctor"
    )
    return Finding(id="text-layout", what="Xếp chữ", seen=seen, advice=advice)


def _fonts(place: Place) -> Finding:
    try:
        brand = Brand.load(place.assets)
    except BadInput as bad:
        return Finding(id="fonts", what="Phông chữ", seen=str(bad.problems[0]), advice="hãy sửa assets/brand.yaml rồi chạy lại")
    missing = fitness.missing_letters(brand)
    if not missing:
        count = len(set(brand.fonts.values()))
        return Finding(id="fonts", what="Phông chữ", seen=f"{count} phông, đủ {len(fitness.LETTERS)} chữ tiếng Việt")
    seen = "; ".join(f"{name} thiếu {letters[:20]}" for name, letters in missing.items())
    return Finding(id="fonts", what="Phông chữ", seen=seen, advice="hãy thay bằng phông có đủ chữ Việt trong assets/fonts")


def _encoder() -> Iterator[Finding]:
    if not fitness.has_encoder():
        advice = "hãy xóa thư mục .venv rồi chạy lại ./loa doctor để cài lại PyAV"
        yield Finding(id="encoder", what="Bộ nén H.264", seen="không có libx264", advice=advice)
        return
    yield Finding(id="encoder", what="Bộ nén H.264", seen="libx264")
    yield _same_bytes()
    yield _colours()


def _same_bytes() -> Finding:
    different = fitness.encodings()
    if different == 1:
        seen = f"{fitness.FRAMES} khung hình nén {fitness.TRIALS} lần cho đúng một chuỗi byte"
        return Finding(id="same-bytes", what="Nén nhiều lần", seen=seen)
    advice = "clip vẫn xem được nhưng kho ảnh không tin được; hãy báo cho người giữ phần mềm, kèm tệp /proc/cpuinfo"
    return Finding(
        id="same-bytes", what="Nén nhiều lần", seen=f"{fitness.TRIALS} lần cho {different} kết quả khác nhau", advice=advice
    )


def _colours() -> Finding:
    error = fitness.colour_error()
    seen = f"lệch nhiều nhất {error}/255 sau khi qua MP4"
    if error <= MOST_COLOUR_ERROR:
        return Finding(id="colours", what="Màu trong clip", seen=seen)
    advice = f"màu thương hiệu sẽ sai (mức cho phép {MOST_COLOUR_ERROR}); hãy báo cho người giữ phần mềm, đừng đăng clip"
    return Finding(id="colours", what="Màu trong clip", seen=seen, advice=advice)


def _sqlite() -> Finding:
    oldest = ".".join(map(str, OLDEST_SQLITE))
    advice = "" if sqlite3.sqlite_version_info >= OLDEST_SQLITE else f"cần SQLite {oldest} trở lên; hãy cập nhật Python của máy"
    return Finding(id="sqlite", what="SQLite", seen=sqlite3.sqlite_version, advice=advice)


def _zone() -> Finding:
    advice = "hãy chạy: sudo apt-get install tzdata"
    try:
        offset = datetime(2026, 1, 1, tzinfo=UTC).astimezone(ZoneInfo(HANOI)).utcoffset()
    except ZoneInfoNotFoundError:
        return Finding(id="time-zone", what="Múi giờ", seen=f"không có dữ liệu {HANOI}", advice=advice)
    right = offset == timedelta(hours=7)
    return Finding(id="time-zone", what="Múi giờ", seen=f"{HANOI}, UTC+{offset}"[: -len(":00")], advice="" if right else advice)


def _disk(place: Place) -> Finding:
    free = shutil.disk_usage(place.root).free
    advice = "" if free >= LEAST_FREE else "còn dưới 1 GB; hãy dọn ổ đĩa trước khi dựng clip"
    return Finding(id="disk", what="Ổ đĩa còn trống", seen=f"{free / 1e9:.1f} GB".replace(".", ","), advice=advice)


def _memory(place: Place) -> Finding:
    nearest = place.memory if place.memory.exists() else place.root
    advice = "" if os.access(nearest, os.W_OK) else f"hãy cho người dùng này quyền ghi vào {nearest}"
    return Finding(id="memory", what="Thư mục .loa", seen="không ghi được" if advice else "ghi được", advice=advice)
