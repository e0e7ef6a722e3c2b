"""What the page of settings shows: each value with the place where it is changed. Of a secret, only whether it is there."""

from __future__ import annotations

import os
from dataclasses import dataclass

from desk.address import ADDRESS
from desk.entrance import FREE_OF_ACCOUNT, LONGEST_WAIT
from desk.language import VARIABLE as LANGUAGE
from desk.language import environment_language
from desk.people import INVITATION, RESET
from desk.provider_settings import CLAIM, CLIENT, ISSUER, SECRET
from desk.records import DATABASE, MEDIA
from desk.web.desk import Desk
from desk.web.moment_words import ZONE
from desk.web.phrase_book import spoken
from desk.webhooks import HOSTS, hosts_let_in
from store.sessions import IDLE, LONGEST

OFFICE_FILE = "content/office.yaml"
CODE = "cố định trong Loa"
HERE = "tệp trong .loa/ của workspace"


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One value; `place` is the file and key, or the variable, that sets it."""

    name: str
    value: str
    place: str


@dataclass(frozen=True, kw_only=True)
class SettingGroup:
    """Settings that belong together."""

    heading: str
    settings: tuple[Setting, ...]


def read_settings(desk: Desk) -> tuple[SettingGroup, ...]:
    """Return everything that is set."""
    return (_office(desk), _desk(desk), _sign_in(desk), _records())


def _office(desk: Desk) -> SettingGroup:
    office = desk.bench.content.office
    limits, lead = office.limits, office.lead_times
    return _group(
        "Văn phòng",
        ("Tên", office.name, f"{OFFICE_FILE}: name"),
        ("Kênh", ", ".join(each.name for each in office.channels.values()), f"{OFFICE_FILE}: channels"),
        ("Số bài mỗi kênh mỗi ngày", str(limits.posts_per_channel_per_day), f"{OFFICE_FILE}: limits"),
        ("Khoảng cách giữa hai bài", spoken(f"{limits.minutes_apart} phút"), f"{OFFICE_FILE}: limits"),
        ("Hạn soạn, thiết kế, kiểm chứng, duyệt",
         spoken(f"{lead.brief}, {lead.design}, {lead.fact_check}, {lead.approval} ngày làm việc"), f"{OFFICE_FILE}: lead_times"),
    )  # fmt: skip


def _desk(desk: Desk) -> SettingGroup:
    return _group(
        "Bàn làm việc",
        ("Địa chỉ", desk.front.address or spoken("chỉ trên máy này"), f"./loa serve --address, hoặc {ADDRESS}"),
        ("Múi giờ", spoken(ZONE), CODE),
        ("Máy nội bộ được nhận webhook", ", ".join(sorted(hosts_let_in())) or spoken("không máy nào"), HOSTS),
        ("Webhook", _webhooks(desk), "Tài khoản của tôi, Webhook; hoặc ./loa webhooks list"),
        ("Ngôn ngữ của thông báo lỗi", environment_language(), LANGUAGE),
    )


def _sign_in(desk: Desk) -> SettingGroup:
    provider = desk.front.provider
    return _group(
        "Đăng nhập",
        ("Người và vai trò", spoken(f"{len(desk.bench.content.office.people)} người"), f"{OFFICE_FILE}: people"),
        ("Phiên không dùng thì hết sau", _hours(IDLE.total_seconds()), CODE),
        ("Phiên dài nhất", _hours(LONGEST.total_seconds()), CODE),
        ("Liên kết mời, đặt lại có hạn", f"{_hours(INVITATION.total_seconds())}, {_hours(RESET.total_seconds())}", CODE),
        ("Nhập sai liền quá",
         spoken(f"{FREE_OF_ACCOUNT} lần thì phải chờ, lâu nhất {LONGEST_WAIT.total_seconds() / 60:.0f} phút"), CODE),
        ("Tài khoản của cơ quan (OIDC)", provider.issuer if provider else spoken("chưa dùng"), f"{ISSUER}, {CLIENT}, {SECRET}"),
        ("Nhận ra người theo", provider.claim if provider else "–", CLAIM),
    )


def _webhooks(desk: Desk) -> str:
    known = desk.bench.store.webhooks.all()
    off = [str(each.id) for each in known if each.off_at is not None]
    on = [each for each in known if each.off_at is None]
    stopped = [str(each.id) for each in on if each.stopped_at is not None]
    failing = [str(each.id) for each in on if each.failing_since is not None and each.stopped_at is None]
    parts = [spoken(f"{len(known)} địa chỉ") if known else spoken("chưa có")]
    parts += [spoken(f"đã tắt: số {', '.join(off)}")] if off else []
    parts += [spoken(f"đã dừng vì không gọi được: số {', '.join(stopped)}")] if stopped else []
    parts += [spoken(f"chưa gọi được, đang thử lại: số {', '.join(failing)}")] if failing else []
    return "; ".join(parts)


def _records() -> SettingGroup:
    shared = bool(os.environ.get(DATABASE))
    return _group(
        "Sổ và tệp",
        ("Sổ", spoken("máy chủ PostgreSQL chung" if shared else HERE), f"--database, hoặc {DATABASE}"),
        ("Ảnh và clip", spoken("kho chung" if os.environ.get(MEDIA) else HERE), f"--media, hoặc {MEDIA}"),
    )


def _group(heading: str, *settings: tuple[str, str, str]) -> SettingGroup:
    found = tuple(Setting(name=name, value=value, place=place) for name, value, place in settings)
    return SettingGroup(heading=heading, settings=found)


def _hours(seconds: float) -> str:
    hours = int(seconds // 3600)
    return spoken(f"{hours // 24} ngày" if hours >= 48 else f"{hours} giờ")
