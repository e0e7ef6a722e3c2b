"""Connecting a channel: to the platform's stand-in and back over real HTTP, everything strict, and no secret left lying about."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from desk.web.front import Front
from editorial.delivery import HoldReason
from editorial.office import Channel
from rehearsal.town import Town
from store.halts import channel_scope
from tests.desk.web.browser import HOST, Browser
from tests.desk.web.small_office import SmallOffice, open_small_office

BACK = f"{HOST}/channels/back"
CONSENT = {
    "facebook": ("facebook", {"app_id": "app_id"}, {"app_secret": "app_secret"}, ("base_url", "setting.dialog_url")),
    "zalo": ("zalo", {"app_id": "app_id"}, {"app_secret": "secret_key"}, ("base_url", "setting.oauth_url")),
}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[SmallOffice]:
    office = open_small_office(tmp_path)
    yield office
    office.store.close()


@pytest.fixture
def town(office: SmallOffice, tmp_path: Path) -> Iterator[Town]:
    """Return stand-ins whose consoles know our address, and no other."""
    with Town(clock=office.clock.now, folder=tmp_path / "town") as town:
        for platform in ("facebook", "zalo", "youtube", "tiktok"):
            town.act(platform, "redirects", addresses=[BACK])
        yield town


@pytest.fixture
def admin(office: SmallOffice) -> Browser:
    return Browser(office, "vu-quan")


def form_of(town: Town, channel: str, **other: str) -> dict[str, str]:
    """Return what an administrator types, from the console of the stand-in."""
    platform, settings, secrets, addresses = CONSENT[channel]
    known = town.credentials()[platform]
    typed = {f"setting.{ours}": known[theirs] for ours, theirs in settings.items()}
    typed |= {f"secret.{ours}": known[theirs] for ours, theirs in secrets.items()}
    typed |= dict.fromkeys(addresses, town.addresses[platform])
    return {**typed, "setting.public_media_url": "https://loa.example.vn/media", **other}


def to_the_platform(admin: Browser, channel: str, form: Mapping[str, str]) -> str:
    """Send the form, follow the link, and return where the platform sends the browser back to."""
    sent = admin.post(f"/channels/{channel}/connect", form)
    assert sent.status_code == 303 and sent.headers["location"] == f"/channels/{channel}/connect/go", sent.text
    page = admin.get(sent.headers["location"]).text
    address = unescape(page.split('class="button button-main" href="')[1].split('"')[0])
    for name, value in form.items():
        is_secret = name.startswith("secret.") and name != "secret.client_id"  # which every OAuth address carries
        assert not is_secret or (value not in page and value not in address)
    answer = httpx.get(address, follow_redirects=False, trust_env=False)
    assert answer.status_code == 302, answer.text
    return answer.headers["location"]


def path_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


@pytest.mark.parametrize("channel", CONSENT)
def test_a_channel_is_connected_by_its_owners_consent_and_no_secret_is_left_lying_about(
    office: SmallOffice, town: Town, admin: Browser, channel: str, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    why = f"kênh {channel} không nhận quyền truy cập; hãy kết nối lại kênh rồi bỏ tạm dừng"
    office.store.halts.set(channel_scope(channel), why=why, who="scheduler", reason=HoldReason.AUTH)
    office.store.halts.set(channel_scope(channel), why="chờ lãnh đạo", who="vu-quan")
    form = form_of(town, channel)
    came = admin.get(path_of(to_the_platform(admin, channel, form)))
    assert came.status_code == 303 and came.headers["location"] == f"/channels/{channel}#account"
    page = admin.get(f"/channels/{channel}").text
    assert "diễn tập" in page and "Vũ Quân" in page and "Kết nối lại" in page
    connection = office.store.connections.of(channel)
    assert connection is not None and connection.by == "vu-quan" and connection.base_url == town.addresses[CONSENT[channel][0]]
    assert [halt.why for halt in office.store.halts.standing()] == ["chờ lãnh đạo"], "only the want of credentials is over"
    deeds = [each for each in office.store.audit.all() if each.action == "connect"]
    assert [(deed.who, deed.subject) for deed in deeds] == [("vu-quan", f"channel:{channel}")]
    secrets = [*(value for name, value in form.items() if name.startswith("secret.")),
               *(value for name, value in town.credentials()[CONSENT[channel][0]].items() if "token" in name)]  # fmt: skip
    files = b"".join(each.read_bytes() for each in tmp_path.glob("loa.sqlite*"))
    lists = "".join(admin.get(address).text for address in ("/channels", f"/channels/{channel}/connect", "/audit"))
    logged = "".join(each.getMessage() for each in caplog.records if each.name != "uvicorn.access")  # that is the platform's own
    for secret in secrets:
        assert secret.encode() not in files and secret not in page + lists + logged + str(connection)


def test_zalo_is_counted_down_from_the_day_on_which_it_was_connected(office: SmallOffice, town: Town, admin: Browser) -> None:
    admin.get(path_of(to_the_platform(admin, "zalo", form_of(town, "zalo"))))
    assert "còn 90 ngày" in admin.get("/channels/zalo").text
    office.clock.advance(timedelta(days=80))
    assert "Sắp cần xử lý" in admin.as_person("vu-quan").get("/channels/zalo").text


@pytest.mark.parametrize("channel", CONSENT)
def test_an_answer_works_once_in_this_browser_for_ten_minutes(
    office: SmallOffice, town: Town, admin: Browser, channel: str
) -> None:
    form = form_of(town, channel)
    back = path_of(to_the_platform(admin, channel, form))
    stranger = Browser(office, "vu-quan")
    assert stranger.get(back).status_code == 400, "another browser"
    query = {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}
    forged = admin.get(f"/channels/back?code={query['code']}&state=khac")
    assert forged.status_code == 400 and "không phải của lượt kết nối đang làm" in forged.text
    back = path_of(to_the_platform(admin, channel, form))
    office.clock.advance(timedelta(minutes=11))
    admin = resigned(admin, office)
    late = admin.get(back)
    assert late.status_code == 400 and "quá mười phút" in late.text
    back = path_of(to_the_platform(admin, channel, form))
    assert admin.get(back).status_code == 303
    assert admin.get(back).status_code == 400
    assert office.store.connections.channels() == {channel}


def resigned(admin: Browser, office: SmallOffice) -> Browser:
    """Return a browser with the same cookies whose session goes on."""
    fresh = Browser(office, "vu-quan")
    fresh.cookies.update({name: value for name, value in admin.cookies.items() if name == "loa-channel"})
    return fresh


def test_a_code_that_the_platform_refuses_is_told_in_plain_words(office: SmallOffice, town: Town, admin: Browser) -> None:
    back = path_of(to_the_platform(admin, "facebook", form_of(town, "facebook")))
    office.clock.advance(timedelta(minutes=9))
    code = parse_qs(urlsplit(back).query)["code"][0]
    app = {"client_id": town.credentials()["facebook"]["app_id"], "client_secret": town.credentials()["facebook"]["app_secret"]}
    spent = httpx.get(f"{town.addresses['facebook']}/v26.0/oauth/access_token", trust_env=False,
                      params={**app, "code": code, "redirect_uri": BACK})  # fmt: skip
    assert spent.status_code == 200
    refused = admin.get(back)
    assert refused.status_code == 400 and "lượt đồng ý này đã dùng rồi, hãy kết nối lại từ đầu" in refused.text
    wrong = form_of(town, "facebook", **{"secret.app_secret": "sai-mat-khau"})
    refused = admin.get(path_of(to_the_platform(admin, "facebook", wrong)))
    assert "mã hoặc mật khẩu ứng dụng không đúng" in refused.text and "sai-mat-khau" not in refused.text
    assert office.store.connections.channels() == frozenset()


def test_somebody_who_does_not_agree_comes_back_to_the_form(town: Town, admin: Browser) -> None:
    town.act("facebook", "decline")
    answer = admin.get(path_of(to_the_platform(admin, "facebook", form_of(town, "facebook"))))
    assert answer.status_code == 400 and "chưa được đồng ý; hãy kết nối lại và bấm đồng ý" in answer.text


def test_an_address_that_the_console_does_not_know_is_not_sent_to(town: Town, admin: Browser) -> None:
    town.act("facebook", "redirects", addresses=["https://khac.example.vn/channels/back"])
    town.act("zalo", "redirects", addresses=["https://khac.example.vn/channels/back"])
    for channel in CONSENT:
        admin.post(f"/channels/{channel}/connect", form_of(town, channel))
        page = admin.get(f"/channels/{channel}/connect/go").text
        assert BACK in page
        address = unescape(page.split('class="button button-main" href="')[1].split('"')[0])
        assert "location" not in httpx.get(address, follow_redirects=False, trust_env=False).headers


def test_of_several_pages_one_is_chosen(office: SmallOffice, town: Town, admin: Browser) -> None:
    town.act("facebook", "other pages", names=["Trang phường A", "Trang phường B"])
    came = admin.get(path_of(to_the_platform(admin, "facebook", form_of(town, "facebook"))))
    assert came.headers["location"] == "/channels/facebook/connect/choose"
    page = admin.get("/channels/facebook/connect/choose").text
    assert "Bạn quản lý 3 tài khoản" in page and "Trang phường A" in page and "rehearsal-facebook" not in page
    assert office.store.connections.channels() == frozenset()
    for wrong in ("", "7", "-1", "x"):
        refused = admin.post("/channels/facebook/connect/choose", {"choice": wrong})
        assert refused.status_code == 400 and "Hãy chọn một trong các tài khoản." in refused.text
    assert admin.post("/channels/facebook/connect/choose", {"choice": "0"}).status_code == 303
    assert office.store.connections.channels() == {"facebook"}
    assert admin.post("/channels/facebook/connect/choose", {"choice": "0"}).status_code == 400


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost_but_secrets(admin: Browser) -> None:
    form = {"setting.app_id": "", "secret.app_secret": "bi-mat-da-go", "base_url": "http://khac.example.vn"}
    answer = admin.post("/channels/facebook/connect", {**form, "setting.dialog_url": "xyz"})
    assert answer.status_code == 400
    assert 'id="setting-app_id-error"' in answer.text and 'id="base_url-error"' in answer.text
    assert 'id="setting-dialog_url-error"' in answer.text and "http://khac.example.vn" in answer.text
    assert "bi-mat-da-go" not in answer.text and "Mật khẩu không được giữ lại trên trang" in answer.text


def test_a_lost_session_does_not_carry_credentials_through_the_sign_in_page(office: SmallOffice, town: Town) -> None:
    stranger = Browser(office, "")
    answer = stranger.post("/channels/facebook/connect", form_of(town, "facebook"))
    known = town.credentials()["facebook"]
    assert answer.status_code == 401 and known["app_id"] in answer.text and known["app_secret"] not in answer.text


def test_only_who_manages_the_office_connects_and_a_rehearsal_never(office: SmallOffice, town: Town) -> None:
    form = form_of(town, "facebook")
    for who in ("le-chi", "tran-an", "do-xem"):
        browser = Browser(office, who)
        assert browser.get("/channels/facebook/connect").status_code == 403
        for address in ("connect", "connect/choose", "disconnect"):
            assert browser.post(f"/channels/facebook/{address}", form).status_code == 403
        assert "Kết nối tài khoản" not in browser.get("/channels/facebook").text
    demo = Browser(office, "vu-quan", front=Front(demo=True))
    assert demo.post("/channels/facebook/connect", form).status_code == 409
    assert "Bản diễn tập luôn đăng lên máy chủ thử" in demo.get("/channels/facebook").text
    assert office.store.connections.channels() == frozenset()


def test_a_channel_is_taken_off_its_account_and_everything_of_it_is_forgotten(
    office: SmallOffice, town: Town, admin: Browser
) -> None:
    admin.get(path_of(to_the_platform(admin, "zalo", form_of(town, "zalo"))))
    before = office.store.connections.version()
    page = admin.get("/channels/zalo").text
    assert "Ngắt kết nối…" in page and "kênh cuối cùng" in page and "Chưa kết nối tài khoản nào" in admin.get("/channels").text
    assert admin.post("/channels/zalo/disconnect", {}).headers["location"] == "/channels/zalo#account"
    assert office.store.connections.channels() == frozenset() and office.store.connections.version() != before
    assert "còn 90 ngày" not in admin.get("/channels/zalo").text
    with pytest.raises(Exception, match="chưa được kết nối"):
        office.store.secrets.of("zalo").get("access_token")
    assert [each.action for each in office.store.audit.of("channel:zalo")][-1] == "disconnect"


def test_what_is_typed_is_asked_for_at_the_platform_before_it_is_kept(office: SmallOffice, town: Town, admin: Browser) -> None:
    known, address = town.credentials(), town.addresses
    chats = {f"setting.{name}": known["telegram"][name] for name in ("chat_id", "audit_chat_id")}
    telegram = {"base_url": address["telegram"], **chats, "secret.bot_token": known["telegram"]["token"]}
    portal = {"base_url": address["wordpress"], "secret.username": known["wordpress"]["user"],
              "secret.application_password": known["wordpress"]["application_password"]}  # fmt: skip
    for channel, form, secret in (("telegram", telegram, "bot_token"), ("portal", portal, "application_password")):
        wrong = admin.post(f"/channels/{channel}/connect", {**form, f"secret.{secret}": "123456:sai"})
        assert wrong.status_code == 400 and "123456:sai" not in wrong.text, channel
        assert channel not in office.store.connections.channels()
        assert admin.post(f"/channels/{channel}/connect", form).status_code == 303, channel
        page = admin.get(f"/channels/{channel}").text
        assert "Kết nối lại" in page and form[f"secret.{secret}"] not in page
    kept = {**telegram, "secret.bot_token": ""}
    assert admin.post("/channels/telegram/connect", kept).status_code == 303, "what is left empty stays as it is"
    assert office.store.secrets.of("telegram").get("bot_token") == known["telegram"]["token"]


def test_a_password_that_is_kept_goes_to_no_other_address_than_it_was_given_for(
    office: SmallOffice, town: Town, admin: Browser
) -> None:
    known, heard = town.credentials()["wordpress"], list[str]()

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(self.headers.get("authorization", ""))
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    portal = {"base_url": town.addresses["wordpress"], "secret.username": known["user"],
              "secret.application_password": known["application_password"]}  # fmt: skip
    assert admin.post("/channels/portal/connect", portal).status_code == 303
    with ThreadingHTTPServer(("127.0.0.1", 0), Listener) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}).start()
        elsewhere = {"base_url": f"http://127.0.0.1:{server.server_port}", **dict.fromkeys(list(portal)[1:], "")}
        answer = admin.post("/channels/portal/connect", elsewhere)
        server.shutdown()
    assert heard == [], "nobody else is told the password"
    assert answer.status_code == 400 and answer.text.count("phải nhập lại") == 2, answer.text
    connection = office.store.connections.of("portal")
    assert connection is not None and connection.base_url == town.addresses["wordpress"]
    assert admin.post("/channels/portal/connect", {**elsewhere, "base_url": f"{portal['base_url']}/"}).status_code == 303


def with_channel(office: SmallOffice, platform: str) -> SmallOffice:
    channel = Channel(id=platform, name=f"Kênh {platform}", publisher=platform, caption=platform)
    kept = office.content.office
    changed = replace(office.content, office=replace(kept, channels={**kept.channels, platform: channel}))
    return replace(office, content=changed)


def test_a_youtube_channel_is_connected_so_that_its_access_renews_itself(office: SmallOffice, town: Town) -> None:
    office = with_channel(office, "youtube")
    admin, known, address = Browser(office, "vu-quan"), town.credentials()["youtube"], town.addresses["youtube"]
    form = {"secret.client_id": known["client_id"], "secret.client_secret": known["client_secret"], "base_url": address,
            "setting.auth_uri": f"{address}/o/oauth2/v2/auth", "setting.token_uri": f"{address}/token"}  # fmt: skip
    wrong = admin.get(path_of(to_the_platform(admin, "youtube", {**form, "secret.client_secret": "mat-khau-sai"})))
    assert wrong.status_code == 400 and "mã hoặc mật khẩu ứng dụng không đúng" in wrong.text
    assert admin.get(path_of(to_the_platform(admin, "youtube", form))).status_code == 303
    secrets = office.store.secrets.of("youtube")
    assert secrets.get("refresh_token") == known["refresh_token"]
    page = admin.get("/channels/youtube").text
    assert "Chạy tốt" not in page and "Quyền truy cập" not in page.split('id="account"')[0], "nobody has to connect it again"
    assert "0 / 10.000" in page and "0 / 100" in page and "Đầy lại lúc 14:00" in page
    office.store.settings.shared("youtube.").add("quota.2026-10-19.units", 500)
    assert "500 / 10.000" in admin.get("/channels/youtube").text


def tiktok_form(town: Town) -> dict[str, str]:
    known, address = town.credentials()["tiktok"], town.addresses["tiktok"]
    return {"setting.client_key": known["client_key"], "secret.client_secret": known["client_secret"], "base_url": address,
            "setting.consent_url": f"{address}/v2/auth/authorize/"}  # fmt: skip


def test_a_tiktok_account_is_connected_by_its_owner_and_renews_itself_for_a_year(office: SmallOffice, town: Town) -> None:
    office = with_channel(office, "tiktok")
    admin, form = Browser(office, "vu-quan"), tiktok_form(town)
    wrong = admin.get(path_of(to_the_platform(admin, "tiktok", {**form, "secret.client_secret": "mat-khau-sai"})))
    assert wrong.status_code == 400 and "mã hoặc mật khẩu ứng dụng không đúng" in wrong.text
    assert office.store.connections.channels() == set()
    came = admin.get(path_of(to_the_platform(admin, "tiktok", form)))
    assert came.status_code == 303, came.text
    page = admin.get("/channels/tiktok").text
    assert "Loa diễn tập" in page and "còn 365 ngày" in page and "0 / 15" in page
    known = town.credentials()["tiktok"]
    for name in ("access_token", "refresh_token", "client_secret"):
        assert office.store.secrets.of("tiktok").get(name) == known[name]
        assert known[name] not in page
    connection = office.store.connections.of("tiktok")
    assert connection is not None and connection.settings["client_key"] == known["client_key"]


def test_a_tiktok_owner_who_keeps_a_right_back_is_told_which(office: SmallOffice, tmp_path: Path) -> None:
    office = with_channel(office, "tiktok")
    scopes = {"tiktok": {"scopes": ("user.info.basic", "video.publish")}}
    with Town(clock=office.clock.now, folder=tmp_path / "town", settings=scopes) as town:
        town.act("tiktok", "redirects", addresses=[BACK])
        admin = Browser(office, "vu-quan")
        came = admin.get(path_of(to_the_platform(admin, "tiktok", tiktok_form(town))))
        assert came.status_code == 400 and "video.list (đọc lại clip đã đăng)" in came.text
        assert office.store.connections.channels() == set()
