"""The page on which the properties of an entry are chosen, and what it says before anything is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from desk.consequences import Consequence
from desk.property_words import FactWords, Properties
from desk.web.choices import Options
from desk.web.views.mark import Mark

EVERY: Options = (
    ("week", "Hằng tuần"), ("month", "Hằng tháng"), ("quarter", "Hằng quý"), ("year", "Hằng năm"),
    ("occasion", "Theo một dịp trong lịch"),
)  # fmt: skip
WEEKDAYS: Options = (
    ("mon", "Thứ Hai"), ("tue", "Thứ Ba"), ("wed", "Thứ Tư"), ("thu", "Thứ Năm"), ("fri", "Thứ Sáu"), ("sat", "Thứ Bảy"),
    ("sun", "Chủ nhật"),
)  # fmt: skip
SKIPS: Options = (
    ("error", "Báo để tôi chọn lại"), ("backward", "Đăng vào ngày cuối tháng"), ("forward", "Đăng vào ngày 1 tháng sau"),
    ("omit", "Bỏ kỳ ấy"),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class ChannelRow:
    """A channel of the office: whether the entry goes there, in which language, and where it stands there."""

    mark: Mark
    chosen: bool
    language: str
    stands: str = ""  # when it goes out, or that it is out


@dataclass(frozen=True, kw_only=True)
class UseRow:
    """A fact that the message may have to carry."""

    id: str
    words: str
    kind: str
    source: str
    chosen: bool
    quoted: bool


@dataclass(frozen=True, kw_only=True)
class FactRow:
    """A fact of the entry's own as it is typed; `number` is the row's in the form."""

    number: int
    fact: FactWords
    written: bool  # the file has it
    gone: bool = False  # it is to go


@dataclass(frozen=True, kw_only=True)
class Selects:
    """What can be chosen, each with its words."""

    units: Options
    axes: Options
    groups: Options
    tones: Options
    forms: Options
    campaigns: Options
    firsts: Options  # entries after which this one may go
    anchors: Options
    kinds: Options
    languages: Options  # those that the entry is written in


@dataclass(frozen=True, kw_only=True)
class PropertiesPage:
    """Everything on the page. `errors` are by field; without `seal` there is nothing to agree to yet."""

    id: str
    headline: str
    file: str
    series: int  # how many turns the file has; 0 for what is said once
    digest: str
    base: str  # JSON
    chosen: Properties
    channels: tuple[ChannelRow, ...]
    selects: Selects
    uses: tuple[UseRow, ...]
    found: tuple[UseRow, ...]
    find: str
    english: Mapping[str, str]  # a first English text, as it is typed
    facts: tuple[FactRow, ...]
    turns: tuple[str, ...] = ()
    consequences: tuple[Consequence, ...] = ()
    seal: str = ""
    changed: tuple[str, ...] = ()  # the properties that would be others, in words
    unread: bool = False  # something follows that was not shown before
    errors: Mapping[str, str] = field(default_factory=dict)
    told: tuple[str, ...] = ()
    undo: int = 0  # the text that can be had back
    theirs: tuple[str, ...] = ()  # what somebody else chose otherwise meanwhile

    @property
    def stops(self) -> bool:
        """Tell whether something has to be put right first."""
        return any(each.stops for each in self.consequences)
