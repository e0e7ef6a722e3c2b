"""Secrets at rest: encrypted with AES-256-GCM under a key that does not lie in the database.

Each is encrypted for its place, so that a row which somebody puts in another's place does not open there. The database knows the
key by a fingerprint only, and so can tell a wrong key from a broken row.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, insert, select
from sqlalchemy.engine import make_url

from editorial.problem import BadInput, Problem
from store.database import Database
from store.schema import SETTINGS

FILE, VARIABLE = "secrets.key", "LOA_KEY"
FINGERPRINT = "secrets-key"  # the setting that names the key of this database
PREFIX = "v1."
BYTES, NONCE = 32, 12


class Unopened(BadInput):
    """Nothing can be encrypted or decrypted here: the key is missing, another one, or not to be trusted."""


@dataclass(frozen=True)
class Key:
    """A key; never logged and never part of a repr."""

    raw: bytes

    @classmethod
    def new(cls) -> Key:
        """Return a key with which nothing has been encrypted yet."""
        return cls(secrets.token_bytes(BYTES))

    def __repr__(self) -> str:
        return f"<Key {self.fingerprint}>"

    @property
    def fingerprint(self) -> str:
        """Return what names the key and tells nothing of it."""
        return hashlib.sha256(b"loa secrets key\0" + self.raw).hexdigest()[:16]

    def written(self) -> str:
        """Return the key as a file or a variable has it."""
        return base64.urlsafe_b64encode(self.raw).decode()


@dataclass(frozen=True, kw_only=True)
class KeyPlace:
    """Where a key lies: what a variable gives comes first, then the file; without either it is made into the file."""

    file: Path | None = None
    given: str = ""

    def load(self) -> Key | None:
        """Return the key; None where there is none yet. Raise Unopened for one that is not to be used."""
        if self.given:
            return _read(self.given, f"biến {VARIABLE}")
        if self.file is None or not self.file.is_file():
            return None
        if self.file.stat().st_mode & 0o077:
            message = f"người khác trên máy này đọc được tệp khoá; hãy chạy: chmod 600 {self.file}"
            raise Unopened(_problem("key-readable", message))
        return _read(self.file.read_text(encoding="ascii", errors="replace"), f"tệp {self.file}")

    def make(self) -> Key:
        """Make a key in the file, that only its owner can read; raise Unopened where there is no place for one."""
        if self.file is None:
            message = f"chưa có khoá cho các mật khẩu của kênh; hãy đặt biến {VARIABLE}, xem docs/connecting.md"
            raise Unopened(_problem("no-key", message))
        key = Key.new()
        self.file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(f"{key.written()}\n")
            file.flush()
            os.fsync(file.fileno())
        return key


class Vault:
    """What encrypts and opens the secrets of one database."""

    def __init__(self, database: Database, place: KeyPlace) -> None:
        self._database = database
        self._place = place
        self._key: Key | None = None

    def encrypt(self, connection: Connection, text: str, *at: str) -> str:
        """Return the text encrypted for a place, inside a transaction that writes; nothing stays nothing.

        The first secret of a database makes the key, or takes the one that is there for the database's own.
        """
        return _encrypted(self._key_of(connection), text, at) if text else ""

    def decrypt(self, kept: str, *at: str) -> str:
        """Return what was encrypted for a place; raise Unopened where the key is another one, or the row was changed."""
        if not kept:
            return ""
        key = self._known_key()
        try:
            raw = base64.urlsafe_b64decode(kept.removeprefix(PREFIX)) if kept.startswith(PREFIX) else b""
            return AESGCM(key.raw).decrypt(raw[:NONCE], raw[NONCE:], _place(at)).decode()
        except (InvalidTag, ValueError, binascii.Error) as error:
            message = "một mật khẩu trong sổ không còn nguyên như lúc cất; hãy nhập hoặc kết nối lại"
            raise Unopened(_problem("broken-secret", message)) from error

    def check(self) -> None:
        """Raise Unopened where something is encrypted and this machine has not its key."""
        with self._database.read() as connection:
            if _fingerprint(connection):
                self._known_key()

    def can_encrypt(self) -> bool:
        """Tell whether a key is there or may be made."""
        return self._place.file is not None or bool(self._place.given)

    def _known_key(self) -> Key:
        if self._key is None:
            with self._database.read() as connection:
                self._key = self._matching(_fingerprint(connection))
        return self._key

    def _key_of(self, connection: Connection) -> Key:
        """Return the database's key; the first one is noted in the transaction that encrypts with it."""
        if (known := _fingerprint(connection)) is None:
            key = self._place.load() or self._place.make()
            connection.execute(insert(SETTINGS).values(name=FINGERPRINT, value=key.fingerprint))
            return key  # and not kept: the transaction may be undone, and another machine's key be the first
        self._key = self._key or self._matching(known)
        return self._key

    def _matching(self, fingerprint: str | None) -> Key:
        key = self._place.load()
        if key is None:
            where = f"biến {VARIABLE}" if self._place.file is None else f"tệp {self._place.file}, hoặc biến {VARIABLE}"
            message = f"thiếu khoá mở các mật khẩu trong sổ ({where}); hãy chép tệp {FILE} của máy đã cất sang đây"
            raise Unopened(_problem("no-key", message))
        if key.fingerprint != fingerprint:
            keys = key.fingerprint, fingerprint
            message = f"khoá trên máy này ({keys[0]}) không phải khoá đã cất mật khẩu ({keys[1]}); hãy chép đúng tệp {FILE}"
            raise Unopened(_problem("wrong-key", message))
        return key


def secret_place(account: str, name: str) -> tuple[str, ...]:
    """Return what a credential of an account is encrypted for."""
    return ("secrets", account, name)


def codes_place(person: str) -> tuple[str, ...]:
    """Return what the secret of a person's one-time codes is encrypted for."""
    return ("accounts", person, "totp")


def enrolment_place(person: str) -> tuple[str, ...]:
    """Return what the secret of one-time codes that are being set up is encrypted for; the token of its session changes."""
    return ("sessions", person, "secret")


def webhook_place(id: int, url: str) -> tuple[str, ...]:
    """Return what the key of a webhook's signatures is encrypted for: with another address in its row it signs nothing."""
    return ("webhooks", str(id), url)


def key_place_of(url: str) -> KeyPlace:
    """Return where the key of a database lies when nobody says: beside SQLite's file, for a server in the variable."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return KeyPlace(file=Path(address.database or "").with_name(FILE))
    return KeyPlace(given=os.environ.get(VARIABLE, ""))


def _encrypted(key: Key, text: str, at: tuple[str, ...]) -> str:
    nonce = secrets.token_bytes(NONCE)
    return PREFIX + base64.urlsafe_b64encode(nonce + AESGCM(key.raw).encrypt(nonce, text.encode(), _place(at))).decode()


def _place(at: tuple[str, ...]) -> bytes:
    return "\x1f".join(at).encode()


def _fingerprint(connection: Connection) -> str | None:
    found: str | None = connection.execute(select(SETTINGS.c.value).filter_by(name=FINGERPRINT)).scalar_one_or_none()
    return found


def _problem(rule: str, message: str) -> Problem:
    return Problem(rule=rule, key=VARIABLE, message=message)


def _read(text: str, where: str) -> Key:
    try:
        raw = base64.b64decode(text.strip().encode(), altchars=b"-_", validate=True)
    except (ValueError, UnicodeEncodeError):
        raw = b""
    if len(raw) != BYTES:
        message = f"{where} không phải một khoá của Loa: cần 32 byte viết theo base64, xem docs/connecting.md"
        raise Unopened(_problem("bad-key", message))
    return Key(raw)
