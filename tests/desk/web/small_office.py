"""A small office whose quarter is half over: some posts live, one held, one refused, the rest still to come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from io import BytesIO
from pathlib import Path

from PIL import Image

from editorial.approval import approve
from editorial.calendar import Catalogue
from editorial.clock import SimulatedClock
from editorial.delivery import Delivery, HoldReason, State
from editorial.entry import Entry
from editorial.fact import Fact, FactKind
from editorial.message import Message, Variant
from editorial.occasion import Evidence, Kind, Name, OccasionRule
from editorial.office import Axis, Channel, ContentGroup, Office, Unit
from editorial.outcome import LivePost, Receipt
from editorial.plan import Plan, PlannedSlot, plan
from editorial.post import Medium, MediumKind, Post
from editorial.role import Person, Role
from editorial.tone import Tone
from editorial.workspace import Content
from publishers.manifest import Manifest, load_manifest
from store.media import MediaStore
from store.store import Store
from tests.store.fresh_database import lay_empty

REPOSITORY = Path(__file__).resolve().parents[3]
START = datetime(2026, 9, 1, tzinfo=UTC)
NOW = datetime(2026, 10, 20, 5, 0, tzinfo=UTC)  # noon in Hanoi
LEASE = timedelta(minutes=2)
PEOPLE = (
    Person(id="le-chi", name="Lê Chi", roles=(Role.PUBLISHER,)),
    Person(id="tran-an", name="Trần An", roles=(Role.EDITOR,)),
    Person(id="vu-quan", name="Vũ Quân", roles=(Role.ADMIN,), unit="so-vhtt"),
    Person(id="do-xem", name="Đỗ Xem", roles=(Role.READER,), unit="so-vhtt", email="do.xem@example.vn"),
)
NASTY = "Chợ hoa <script>alert('x')</script> & đường hoa"


@dataclass(frozen=True, kw_only=True)
class SmallOffice:
    """What the pages need of a workbench."""

    root: Path
    content: Content
    catalogue: Catalogue
    store: Store
    media: MediaStore
    clock: SimulatedClock

    @cached_property
    def manifests(self) -> Mapping[str, Manifest]:
        publishers = {channel.id: channel.publisher for channel in self.content.office.channels.values()}
        return {name: load_manifest(REPOSITORY / "publishers" / folder) for name, folder in publishers.items()}

    @cached_property
    def whole_plan(self) -> Plan:
        return plan(self.content, self.catalogue)

    def plan(self, start: date, end: date) -> tuple[PlannedSlot, ...]:
        return self.whole_plan.between(start, end)

    def slots_of(self, entry: str) -> tuple[PlannedSlot, ...]:
        return self.whole_plan.of(entry)

    def reread(self, entry: str) -> SmallOffice:
        """Return the office itself: it has no files."""
        return self


def open_small_office(folder: Path) -> SmallOffice:
    """Return the office at noon of 20 October 2026."""
    clock = SimulatedClock(START)
    media = MediaStore(folder / "media")
    lay_empty(folder / "loa.sqlite")
    store = Store.open(f"sqlite:///{folder / 'loa.sqlite'}", clock=clock, media_folder=media.folder)
    office = SmallOffice(root=REPOSITORY, content=_content(), catalogue=_catalogue(), store=store, media=media, clock=clock)
    _live(office)
    return office


def _live(office: SmallOffice) -> None:
    """Approve all but the draft, then let every moment come until now."""
    for entry in ("giai-phong-thu-do", "phu-nu-viet-nam", "cho-hoa"):
        _approve(office, office.whole_plan.of(entry))
    for slot in office.whole_plan.slots:
        if slot.at <= NOW:
            office.clock.move_to(slot.at)
            work_off(office)
    office.clock.move_to(NOW)
    office.store.settings.set("heartbeat", (NOW - timedelta(seconds=20)).isoformat())


def _approve(office: SmallOffice, slots: tuple[PlannedSlot, ...]) -> None:
    posts = tuple(_post(office, slot) for slot in slots)
    approval = approve(posts, (), author="Nguyễn An", approver="Trần Bình", at=office.clock.now())
    office.store.entries.save(office.content.entries[slots[0].entry])
    office.store.approvals.save(approval, posts)
    for post in posts:
        office.store.deliveries.plan(post)


def _post(office: SmallOffice, slot: PlannedSlot) -> Post:
    message = office.content.entries[slot.entry].messages["vi"]
    headline = message.headline.replace("{{ fact.liberation_years }}", "72 năm")
    html = f"<p>{message.summary}</p><script>alert(1)</script>" if slot.channel == "portal" else ""
    variant = Variant(
        channel=slot.channel, language="vi", title=headline, text=f"{headline}\n\n{message.summary}", html=html,
        summary=message.summary,
    )  # fmt: skip
    return Post(
        key=slot.key, entry=slot.entry, channel=slot.channel, variant=variant, media=(_picture(office),),
        due_at=slot.at.astimezone(UTC),
    )  # fmt: skip


def _picture(office: SmallOffice) -> Medium:
    bytes_ = BytesIO()
    Image.new("RGB", (320, 400), "#2d4f8f").save(bytes_, "JPEG")
    path = office.media.put(bytes_.getvalue(), ".jpg")
    return Medium(
        id="anh", kind=MediumKind.IMAGE, media_type="image/jpeg", sha256=path.stem, byte_size=path.stat().st_size, width=320,
        height=400, alt="Cầu Long Biên ngày về tiếp quản", path=path,
    )  # fmt: skip


def work_off(office: SmallOffice) -> None:
    """Do all that is due: send what is queued, read back what was sent."""
    ledger = office.store.deliveries
    ledger.promote()
    while claim := ledger.claim("máy thử", LEASE):
        if claim.delivery.receipt:
            _read_back(office, claim.delivery, claim.delivery.receipt)
        else:
            _send(office, claim.delivery)


def _send(office: SmallOffice, claimed: Delivery) -> None:
    ledger = office.store.deliveries
    prepared = ledger.pass_to(claimed, State.PREPARED)
    sending, _ = office.store.attempts.open(prepared, deadline=office.clock.now() + timedelta(seconds=30))
    if claimed.channel == "zalo":
        ledger.pass_to(sending, State.FAILED, outcome="Refused", detail="Zalo không nhận ảnh này (-201)")
    elif claimed.channel == "telegram":
        reason = HoldReason.AMBIGUOUS
        ledger.pass_to(sending, State.HELD, outcome="OutcomeUnknown", hold_reason=reason, detail="hết giờ chờ trả lời")
    else:
        receipt = Receipt(remote_id=f"r{claimed.id}", url=f"https://example.org/{claimed.channel}/{claimed.id}")
        ledger.pass_to(sending, State.SENT, outcome="receipt", receipt=receipt, next_at=office.clock.now())


def _read_back(office: SmallOffice, claimed: Delivery, receipt: Receipt) -> None:
    live = LivePost(remote_id=receipt.remote_id, url=receipt.url, text="", visible=True, media_count=1)
    office.store.readings.add(claimed.id, live, ())
    office.store.deliveries.pass_to(claimed, State.VERIFIED)


def _catalogue() -> Catalogue:
    def rule(id: str, name: str, when: str, tone: Tone, first: int | None = None, *, holiday: bool = False) -> OccasionRule:
        return OccasionRule(
            id=id, name=Name(vi=name, en=name), kind=Kind.CITY, rule=when, tone=tone, basis="thử", first_year=first,
            evidence=Evidence.LOOKED_UP, public_holiday=holiday,
        )  # fmt: skip

    return Catalogue(
        (
            rule("giai_phong_thu_do", "Ngày Giải phóng Thủ đô", "solar:10-10", Tone.FESTIVE, 1954),
            rule("phu_nu_viet_nam", "Ngày Phụ nữ Việt Nam", "solar:10-20", Tone.FESTIVE, 1930),
            rule("toan_quoc_khang_chien", "Ngày Toàn quốc kháng chiến", "solar:12-19", Tone.SOLEMN, 1946),
            rule("quoc_khanh", "Quốc khánh", "solar:09-02", Tone.FESTIVE, 1945, holiday=True),
        )
    )


def _content() -> Content:
    years = Fact(id="liberation_years", kind=FactKind.NUMBER, value=72, unit="năm", source="10/10/1954 đến 10/10/2026")
    wards = Fact(id="wards", kind=FactKind.NUMBER, value=126, unit="xã, phường", source="Kế hoạch 2026, mục VI.6")
    entries = (
        _entry("giai-phong-thu-do", "giai_phong_thu_do/2026-1d@08:00", "{{ fact.liberation_years }} Giải phóng Thủ đô"),
        _entry("phu-nu-viet-nam", "phu_nu_viet_nam/2026-1d@09:30", "Tri ân phụ nữ Thủ đô"),
        _entry("cho-hoa", "2026-10-28@07:00", NASTY),
        _entry("ban-nhap", "toan_quoc_khang_chien/2026@08:00", "Lời kêu gọi Toàn quốc kháng chiến"),
    )
    return Content(
        office=_office(),
        facts={fact.id: fact for fact in (years, wards)},
        entries={entry.id: entry for entry in entries},
        places={entry.id: {"": (entry.file, 1, "")} for entry in entries},
    )


def _entry(id: str, when: str, headline: str) -> Entry:
    body = "Toàn thành phố có **{{ fact.wards }}**.\n\n- <script>alert('thân bài')</script>\n- treo cờ"
    message = Message(language="vi", headline=headline, summary="Mời bà con cùng tham gia.", body=body, hashtags=("HaNoi",))
    return Entry(
        id=id, group="1.7", axis="ubnd", unit="so-vhtt", tone=Tone.FESTIVE, when=when, file=f"content/{id}.md",
        channels=("portal", "facebook", "zalo", "telegram"), messages={"vi": message}, uses=("wards",),
    )  # fmt: skip


def _office() -> Office:
    channels = (
        Channel(id="portal", name="Cổng Thông tin", publisher="web_portal", caption="portal", handle="hanoi.gov.vn"),
        Channel(id="facebook", name="Fanpage Facebook", publisher="facebook", caption="facebook", handle="Thủ đô Hà Nội"),
        Channel(id="zalo", name="Zalo OA", publisher="zalo_oa", caption="zalo"),
        Channel(id="telegram", name="Kênh Telegram", publisher="telegram", caption="telegram"),
    )
    unit = Unit(id="so-vhtt", name="Sở Văn hóa và Thể thao", contact="Đầu mối của Sở", spokesperson="Người phát ngôn của Sở")
    return Office(
        name="Văn phòng thử",
        short_name="Hà Nội",
        key_message="Hà Nội hành động",
        units={unit.id: unit},
        axes={"ubnd": Axis(id="ubnd", name="UBND Thành phố", role="điều hành")},
        groups={"1.7": ContentGroup(id="1.7", name="Văn hóa, xã hội", name_en="Culture")},
        channels={channel.id: channel for channel in channels},
        people={person.id: person for person in PEOPLE},
    )
