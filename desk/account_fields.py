"""What a person types to connect a channel: made from its manifest, in plain words, and read back with every mistake named."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from editorial.office import Channel
from editorial.problem import BadInput, Problem
from publishers.manifest import Manifest
from publishers.registry import consent_of, manifest_of
from publishers.zalo_oa.article import LONGEST_AUTHOR

SETTING, SECRET, BASE_URL = "setting.", "secret.", "base_url"  # how the names of the form's fields begin
LONGEST = 2000
LOOPBACK = re.compile(r"127\.0\.0\.1|localhost|\[::1\]|::1")

# Of every setting and credential that any manifest names: what people call it, and where it is found.
WORDS: Mapping[str, tuple[str, str]] = {
    "app_id": ("Mã ứng dụng (App ID)", "Ở trang quản lý ứng dụng của nền tảng."),
    "app_secret": ("Khoá bí mật của ứng dụng", "Ở trang quản lý ứng dụng của nền tảng."),
    "client_id": ("Mã ứng dụng (Client ID)", "Ở trang quản lý ứng dụng của nền tảng."),
    "client_secret": ("Mật khẩu ứng dụng (Client secret)", "Ở trang quản lý ứng dụng của nền tảng."),
    "client_key": ("Mã ứng dụng (Client key)", "Ở trang quản lý ứng dụng của nền tảng."),
    "bot_token": ("Mã của bot", "Do @BotFather cấp, dạng 123456:ABC…"),
    "chat_id": ("Kênh", "Tên công khai dạng @tenkenh, hoặc số dạng -100…"),
    "audit_chat_id": ("Nhóm kiểm tra riêng", "Một nhóm kín có bot, nơi Loa tìm lại bài chưa rõ đã lên kênh hay chưa."),
    "username": ("Tên đăng nhập", "Tài khoản riêng cho Loa trên cổng, vai trò Biên tập viên."),
    "application_password": ("Mật khẩu ứng dụng", "Ở WordPress: Người dùng, Hồ sơ, Mật khẩu ứng dụng; 24 chữ."),
    "signing_secret": ("Khoá ký", "Bên nhận dùng để kiểm tra chữ ký, dạng whsec_…"),
    "folder": ("Thư mục của trang tin", "Trên máy chạy Loa."),
    "site_name": ("Tên trang tin", ""),
    "publisher_name": ("Tên cơ quan phát hành", ""),
    "author": ("Tên tác giả bài viết", "Tối đa 50 ký tự."),
    "public_media_url": ("Địa chỉ công khai của ảnh và clip", "Nền tảng tải ảnh từ đây, nên phải mở được từ Internet."),
    "page_id": ("Mã Trang", ""),
    "category_id": ("Mã chuyên mục", ""),
    "category_ids": ("Mã các chuyên mục", "Cách nhau bằng dấu phẩy."),
    "playlist_id": ("Mã danh sách phát", ""),
    "daily_units": ("Hạn mức gọi API mỗi ngày", "Chỉ ghi khi Google đã nâng hạn mức cho dự án."),
    "daily_uploads": ("Hạn mức tải clip mỗi ngày", "Chỉ ghi khi Google đã nâng hạn mức cho dự án."),
    "daily_posts": ("Số clip được đăng trong 24 giờ", "Chỉ ghi khi TikTok cho tài khoản đăng nhiều hơn hoặc ít hơn 15 clip."),
    "allow_duet": ("Cho người khác quay cùng clip (Duet)", "Ghi true để cho phép; để trống là không."),
    "allow_stitch": ("Cho người khác cắt ghép clip (Stitch)", "Ghi true để cho phép; để trống là không."),
    "own_brand": ("Clip quảng bá cho chính cơ quan", "Ghi true để TikTok gắn nhãn nội dung quảng bá; để trống là không."),
    "made_with_ai": ("Clip do AI tạo ra", "Ghi true để TikTok gắn nhãn AI cho mọi clip của kênh; để trống là không."),
    "plain_permalinks": ("Cổng không có đường dẫn đẹp", "Ghi true nếu cổng không có /wp-json/."),
    "public_url": ("Địa chỉ công khai của kênh", ""),
    "dialog_url": ("Máy chủ đăng nhập của Facebook", ""),
    "video_base_url": ("Máy chủ nhận clip của Facebook", ""),
    "oauth_url": ("Máy chủ đăng nhập của Zalo", ""),
    "auth_uri": ("Trang xin đồng ý của Google", ""),
    "consent_url": ("Trang xin đồng ý của TikTok", ""),
    "token_uri": ("Máy chủ cấp mã của Google", ""),
}
ADDRESSES = ("public_media_url", "public_url", "video_base_url")
COUNTS = ("daily_units", "daily_uploads", "daily_posts")


@dataclass(frozen=True, kw_only=True)
class AccountField:
    """One field of the form; a secret never comes back to the page."""

    name: str
    label: str
    hint: str
    secret: bool
    required: bool
    seldom: bool  # needs no attention where nothing is unusual
    value: str = ""


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What was typed, by the manifest's names."""

    base_url: str
    settings: Mapping[str, str]
    secrets: Mapping[str, str] = field(repr=False)


def account_fields(channel: Channel, known: Mapping[str, str]) -> tuple[AccountField, ...]:
    """Return what is asked for, what is needed first; `known` has the values of settings and of `base_url`."""
    manifest, consent = manifest_of(channel.publisher), consent_of(channel.publisher)
    typed = consent.typed if consent else ()
    found = _fields(manifest, typed, known)
    return tuple(sorted(found, key=lambda each: (each.seldom, each.name.removeprefix(SETTING) in ADDRESSES)))


def _fields(manifest: Manifest, typed: tuple[str, ...], known: Mapping[str, str]) -> Iterator[AccountField]:
    rule = manifest.connecting
    needed = {*manifest.settings, *manifest.secrets, *typed}
    if not rule.base_url:
        hint = "Trang chính của cổng, nơi nhận, hay trang tin."
        yield _field(BASE_URL, BASE_URL, ("Địa chỉ", hint), required=True, value=known.get(BASE_URL, ""))
    for name in (*manifest.settings, *manifest.optional_settings):
        if name not in rule.given and name not in rule.addresses:
            required = name in needed
            yield _field(SETTING + name, name, required=required, seldom=not required, value=known.get(name, ""))
    for name in (*manifest.secrets, *manifest.optional_secrets):
        if name not in rule.given and (name in needed or not typed):
            yield _field(SECRET + name, name, secret=True, required=name in needed)
    if rule.base_url:
        value = known.get(BASE_URL) or rule.base_url
        words = ("Máy chủ API", "Chỉ đổi khi dùng máy chủ thử.")
        yield _field(BASE_URL, BASE_URL, words, required=True, seldom=True, value=value)
    for name, address in rule.addresses.items():
        yield _field(SETTING + name, name, required=True, seldom=True, value=known.get(name) or address)


def _field(
    field: str, name: str, words: tuple[str, str] | None = None, *, required: bool, secret: bool = False,
    seldom: bool = False, value: str = "",
) -> AccountField:  # fmt: skip
    label, hint = words or WORDS.get(name, (name, ""))
    return AccountField(name=field, label=label, hint=hint, secret=secret, required=required, seldom=seldom, value=value)


def read_typed(channel: Channel, form: Mapping[str, str], kept: Mapping[str, str]) -> Typed:
    """Return what the form says; a secret that is left empty stays as it is `kept`. Raise BadInput with every mistake."""
    manifest = manifest_of(channel.publisher)
    problems: list[Problem] = []
    values: dict[str, str] = {}
    for each in account_fields(channel, {}):
        value = form.get(each.name, "").strip() or (kept.get(each.name.removeprefix(SECRET), "") if each.secret else "")
        if problem := _wrong(each, value, manifest):
            problems.append(problem)
        elif value:
            values[each.name] = value
    if problems:
        raise BadInput(*problems)
    return Typed(
        base_url=values.pop(BASE_URL).rstrip("/"),
        settings={name.removeprefix(SETTING): value for name, value in values.items() if name.startswith(SETTING)},
        secrets={name.removeprefix(SECRET): value for name, value in values.items() if name.startswith(SECRET)},
    )


def stays(channel: Channel, form: Mapping[str, str], known: Mapping[str, str]) -> bool:
    """Tell whether every address is the one that is `known`; raise BadInput where one is not and a credential was left empty.

    What is kept was given for the address of before: it is sent to no other, whoever may connect channels.
    """
    fields = account_fields(channel, {})
    places = {BASE_URL, *(SETTING + name for name in manifest_of(channel.publisher).connecting.addresses)}
    moved = [each for each in fields if each.name in places and not _is_known(form.get(each.name, ""), each, known)]
    empty = [each for each in fields if each.secret and each.required and not form.get(each.name, "").strip()]
    if moved and empty:
        message = "phải nhập lại: địa chỉ đã đổi, và Loa không gửi mật khẩu đã cất tới nơi khác"
        raise BadInput(*(_problem(each, "missing-setting", message) for each in empty))
    return not moved


def _is_known(typed: str, each: AccountField, known: Mapping[str, str]) -> bool:
    return typed.strip().rstrip("/") in ("", known.get(each.name.removeprefix(SETTING), "").rstrip("/"))


def _wrong(each: AccountField, value: str, manifest: Manifest) -> Problem | None:
    if not value:
        return _problem(each, "missing-setting", "còn trống") if each.required else None
    if len(value) > LONGEST or not value.isprintable():
        return _problem(each, "bad-setting", "quá dài, hoặc có ký tự không hiện được")
    name = each.name.removeprefix(SETTING)
    if each.name == BASE_URL or name in manifest.connecting.addresses or name in ADDRESSES:
        return None if _is_address(value) else _problem(each, "bad-address", "phải là một địa chỉ bắt đầu bằng https://")
    if name in COUNTS and not (value.isascii() and value.isdigit() and int(value)):
        return _problem(each, "bad-setting", "phải là một số lớn hơn 0, chỉ gồm chữ số")
    if name == "author" and len(value) > LONGEST_AUTHOR:
        return _problem(each, "bad-setting", f"dài {len(value)} ký tự, Zalo chỉ nhận {LONGEST_AUTHOR}")
    return None


def _is_address(text: str) -> bool:
    """Tell whether it is an address that nobody on the way can read: https, or this machine."""
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    plain = bool(LOOPBACK.fullmatch(host)) and parts.scheme == "http"
    return bool(host) and port != 0 and (parts.scheme == "https" or plain) and not parts.username and not parts.fragment


def _problem(each: AccountField, rule: str, message: str) -> Problem:
    return Problem(rule=rule, key=each.name, message=f"{each.label[:1].lower()}{each.label[1:]} {message}")
