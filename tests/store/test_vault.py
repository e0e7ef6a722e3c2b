"""Secrets lie encrypted: no file of the office can be read for them, and a wrong or missing key is told in words."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from editorial.clock import SimulatedClock
from editorial.outcome import Unauthorized
from store.schema import ACCOUNTS, SECRETS, SESSIONS, SETTINGS
from store.sessions import Stage
from store.store import Store
from store.token import digest_of
from store.vault import BYTES, FILE, FINGERPRINT, VARIABLE, KeyPlace, Unopened
from tests.store.ledger_posts import DUE

DAY = timedelta(days=1)
TOKEN, CODES = "EAAG-trang-that-0123456789", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def key(first: int) -> str:
    return base64.urlsafe_b64encode(bytes([first]) * BYTES).decode()


def everything(folder: Path) -> bytes:
    """Return all bytes of the files below a folder, but for the key's."""
    return b"".join(each.read_bytes() for each in folder.rglob("*") if each.is_file() and each.name != FILE)


def all_values(store: Store) -> list[str]:
    with store._database.read() as connection:
        return [
            *connection.execute(select(SECRETS.c.value)).scalars(), *connection.execute(select(ACCOUNTS.c.totp)).scalars(),
            *connection.execute(select(SESSIONS.c.secret)).scalars(),
        ]  # fmt: skip


def test_credentials_and_the_secrets_of_codes_come_back_and_are_nowhere_readable(store: Store) -> None:
    store.secrets.of("facebook").replace({"page_token": TOKEN})
    store.invitations.accept(store.invitations.invite("duyet", by="loa", span=DAY), "x")
    store.accounts.use_codes_of("duyet", CODES, 10, ["giay"])
    token = store.sessions.begin("duyet", "approver", stage=Stage.ENROL, secret=CODES)
    assert store.secrets.of("facebook").get("page_token") == TOKEN
    account, session = store.accounts.find("duyet"), store.sessions.find(token)
    assert account is not None and store.accounts.codes_secret(account) == CODES
    assert session is not None and session.secret == CODES
    assert len(all_values(store)) == 3 and all(value.startswith("v1.") for value in all_values(store))
    renewed = store.sessions.find(store.sessions.renew(token, "approver"))
    assert renewed is not None and renewed.secret == CODES


def test_no_file_of_the_memory_can_be_read_for_a_secret(tmp_path: Path, clock: SimulatedClock) -> None:
    with Store.open(f"sqlite:///{tmp_path / 'loa.sqlite'}", clock=clock) as store:
        store.secrets.of("facebook").replace({"page_token": TOKEN})
        assert TOKEN.encode() not in everything(tmp_path)
    file = tmp_path / FILE
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.read_text().strip().encode() not in everything(tmp_path)


def readable(store: Store) -> None:
    """Let the rows lie as a version before this one left them."""
    with store._database.write() as connection:
        row = {"account": "facebook", "name": "page_token", "value": TOKEN, "saved_at": DUE}
        connection.execute(insert(SECRETS), [row, {**row, "account": "zalo", "name": "renewing", "value": "abc"}])
        connection.execute(update(ACCOUNTS).values(totp=CODES))
        connection.execute(update(SESSIONS).values(secret=CODES))
        connection.execute(SETTINGS.delete().where(SETTINGS.c.name == FINGERPRINT))


def test_what_an_older_version_kept_readable_is_sealed_when_the_store_is_opened(
    url: str, clock: SimulatedClock, tmp_path: Path
) -> None:
    with Store.open(url, clock=clock) as store:
        store.invitations.accept(store.invitations.invite("duyet", by="loa", span=DAY), "x")
        token = store.sessions.begin("duyet", "approver", stage=Stage.ENROL)
        readable(store)
    with Store.open(url, clock=clock) as store:
        assert store.secrets.of("facebook").get("page_token") == TOKEN
        account, session = store.accounts.find("duyet"), store.sessions.find(token)
        assert account is not None and store.accounts.codes_secret(account) == CODES
        assert session is not None and session.secret == CODES
        assert "abc" in all_values(store), "whose turn it is to renew is no secret"
    for secret in (TOKEN, CODES):
        assert secret.encode() not in everything(tmp_path), "an old copy is left in a file"


def test_another_key_is_told_and_opens_nothing(tmp_path: Path, clock: SimulatedClock) -> None:
    url = f"sqlite:///{tmp_path / 'loa.sqlite'}"
    with Store.open(url, clock=clock, keys=KeyPlace(given=key(1))) as store:
        store.secrets.of("facebook").replace({"page_token": TOKEN})
    with Store.open(url, clock=clock, keys=KeyPlace(given=key(2))) as store:
        with pytest.raises(Unopened, match=r"không phải khoá đã cất mật khẩu .*hãy chép đúng tệp"):
            store.vault.check()
        with pytest.raises(Unauthorized, match="không phải khoá") as told:
            store.secrets.of("facebook").get("page_token")
        with pytest.raises(Unopened):
            store.secrets.of("facebook").replace({"page_token": "khac"})
        assert TOKEN not in str(told.value) and key(2) not in str(told.value)
    with Store.open(url, clock=clock, keys=KeyPlace(file=tmp_path / "khong-co")) as store:
        with pytest.raises(Unopened, match="thiếu khoá mở các mật khẩu"):
            store.vault.check()
        assert not (tmp_path / "khong-co").exists(), "a second key is never made"
    with Store.open(url, clock=clock, keys=KeyPlace(given=key(1))) as store:
        store.vault.check()
        assert store.secrets.of("facebook").get("page_token") == TOKEN


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda file: file.chmod(0o640), "chmod 600"),
        (lambda file: file.write_text("khong phai khoa"), "không phải một khoá của Loa"),
        (lambda file: file.write_text(base64.b64encode(b"ngan").decode()), "không phải một khoá của Loa"),
    ],
)
def test_a_key_file_that_others_can_read_or_that_is_none_is_refused(
    tmp_path: Path, clock: SimulatedClock, spoil: Callable[[Path], object], said: str
) -> None:
    url = f"sqlite:///{tmp_path / 'loa.sqlite'}"
    with Store.open(url, clock=clock) as store:
        store.secrets.of("facebook").replace({"page_token": TOKEN})
    spoil(tmp_path / FILE)
    with Store.open(url, clock=clock) as store, pytest.raises(Unopened, match=said):
        store.vault.check()


def test_a_row_in_anothers_place_or_changed_does_not_open(store: Store) -> None:
    secrets = store.secrets.of("facebook")
    secrets.replace({"page_token": TOKEN, "app_secret": "bi-mat"})
    with store._database.write() as connection:
        encrypted = connection.execute(select(SECRETS.c.value).filter_by(name="page_token")).scalar_one()
        connection.execute(update(SECRETS).filter_by(name="app_secret").values(value=encrypted))
    with pytest.raises(Unauthorized, match="không còn nguyên"):
        secrets.get("app_secret")
    with store._database.write() as connection:
        connection.execute(update(SECRETS).filter_by(name="page_token").values(value=TOKEN))
    with pytest.raises(Unauthorized, match="không còn nguyên"):
        secrets.get("page_token")


def test_a_shared_server_without_a_key_is_told_before_anything_is_kept(url: str, clock: SimulatedClock) -> None:
    with Store.open(url, clock=clock, keys=KeyPlace()) as store:
        store.vault.check()
        with pytest.raises(Unopened, match=VARIABLE):
            store.secrets.of("facebook").replace({"page_token": TOKEN})
        assert all_values(store) == []


def test_a_key_says_nothing_of_itself() -> None:
    made = KeyPlace(given=key(7)).load()
    assert made is not None and key(7) not in repr(made) and made.written() == key(7)
    assert "LOA_KEY" not in os.environ or os.environ["LOA_KEY"] not in repr(made)


def test_the_first_of_two_processes_makes_the_key(tmp_path: Path, clock: SimulatedClock) -> None:
    url = f"sqlite:///{tmp_path / 'loa.sqlite'}"
    with Store.open(url, clock=clock) as one, Store.open(url, clock=clock) as other:
        one.secrets.of("zalo").replace({"access_token": "1"})
        other.secrets.of("facebook").replace({"page_token": TOKEN})
        assert one.secrets.of("facebook").get("page_token") == TOKEN
        assert digest_of((tmp_path / FILE).read_text())
