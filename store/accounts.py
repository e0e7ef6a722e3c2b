"""Who of the office can sign in, and with what. Nothing of it is ever logged or part of a repr."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from editorial.clock import Clock
from store.audit import Deed, note
from store.database import Database
from store.schema import ACCOUNTS, INVITATIONS, KNOWN_BROWSERS, RECOVERY_CODES, SESSIONS
from store.token import digest_of
from store.vault import Vault, codes_place


@dataclass(frozen=True, kw_only=True)
class Account:
    """How one person signs in. `totp` is empty without one-time codes, `password` where another server vouches for the person."""

    person: str
    password: str = field(repr=False)  # as argon2id writes it
    totp: str = field(repr=False)  # encrypted; AccountTable.codes_secret opens it
    made_at: datetime
    signed_in_at: datetime | None


class AccountTable:
    """Accounts by person."""

    def __init__(self, database: Database, clock: Clock, vault: Vault) -> None:
        self._database = database
        self._clock = clock
        self._vault = vault

    def codes_secret(self, account: Account) -> str:
        """Return the secret of a person's one-time codes, base32; raise Unopened where this machine has not its key."""
        return self._vault.decrypt(account.totp, *codes_place(account.person))

    def find(self, person: str) -> Account | None:
        """Return a person's account; None for somebody who has none, or is nobody."""
        with self._database.read() as connection:
            row = connection.execute(select(ACCOUNTS).filter_by(person=person)).one_or_none()
        return _account(row) if row else None

    def all(self) -> Mapping[str, Account]:
        """Return every account by person."""
        with self._database.read() as connection:
            return {row.person: _account(row) for row in connection.execute(select(ACCOUNTS))}

    def vouched(self, person: str) -> None:
        """Begin an account for somebody for whom another server vouches, where there is none yet."""
        with self._database.write() as connection:
            known = connection.execute(select(ACCOUNTS.c.person).filter_by(person=person)).one_or_none()
            if known is None:
                connection.execute(insert(ACCOUNTS).values(**_new(person, "", self._clock.now())))

    def change_password(self, person: str, hashed: str) -> None:
        """Keep another password, and let the log tell."""
        with self._database.write() as connection:
            connection.execute(update(ACCOUNTS).filter_by(person=person).values(password=hashed))
            note(connection, self._deed(person, "change-password"))

    def rehash(self, person: str, hashed: str) -> None:
        """Keep the same password with newer parameters."""
        with self._database.write() as connection:
            connection.execute(update(ACCOUNTS).filter_by(person=person).values(password=hashed))

    def use_codes_of(self, person: str, secret: str, step: int, recovery: Iterable[str]) -> None:
        """Ask for one-time codes of this secret from now on; `step` is used up, `recovery` are codes for a lost phone."""
        with self._database.write() as connection:
            encrypted = self._vault.encrypt(connection, secret, *codes_place(person))
            connection.execute(update(ACCOUNTS).filter_by(person=person).values(totp=encrypted, totp_step=step))
            _put_recovery(connection, person, recovery)
            note(connection, self._deed(person, "set-codes"))

    def renew_recovery(self, person: str, recovery: Iterable[str]) -> None:
        """Keep other codes for a lost phone in the place of all before."""
        with self._database.write() as connection:
            _put_recovery(connection, person, recovery)
            note(connection, self._deed(person, "renew-recovery"))

    def use_step(self, person: str, step: int) -> bool:
        """Use up a one-time code; False where it, or a later one, was used before."""
        with self._database.write() as connection:
            fresh = update(ACCOUNTS).where(ACCOUNTS.c.person == person, ACCOUNTS.c.totp_step < step)
            return connection.execute(fresh.values(totp_step=step)).rowcount == 1

    def use_recovery(self, person: str, code: str) -> bool:
        """Use up a code for a lost phone; False where there is none such."""
        with self._database.write() as connection:
            used = connection.execute(delete(RECOVERY_CODES).filter_by(person=person, code=digest_of(code))).rowcount == 1
            if used:
                left = connection.execute(select(func.count()).select_from(RECOVERY_CODES).filter_by(person=person)).scalar_one()
                note(connection, self._deed(person, "use-recovery", f"còn {left} mã"))
        return used

    def recovery_left(self, person: str) -> int:
        """Return how many codes for a lost phone a person still has."""
        with self._database.read() as connection:
            return connection.execute(select(func.count()).select_from(RECOVERY_CODES).filter_by(person=person)).scalar_one()

    def _deed(self, person: str, action: str, detail: str = "") -> Deed:
        return Deed(who=person, action=action, subject=subject_of(person), detail=detail, at=self._clock.now())


def subject_of(person: str) -> str:
    """Return what the log calls a person as the one to whom something is done."""
    return f"person:{person}"


def begin_account(connection: Connection, person: str, hashed: str, now: datetime) -> None:
    """Put an account with only a password in the place of whatever was there."""
    cut_off(connection, person)
    connection.execute(insert(ACCOUNTS).values(**_new(person, hashed, now)))


def cut_off(connection: Connection, person: str) -> None:
    """Take away everything with which a person could come in, and where they are in."""
    for table in (ACCOUNTS, RECOVERY_CODES, INVITATIONS, SESSIONS, KNOWN_BROWSERS):
        connection.execute(delete(table).filter_by(person=person))


def _new(person: str, hashed: str, now: datetime) -> dict[str, object]:
    return {"person": person, "password": hashed, "totp": "", "totp_step": 0, "made_at": now}


def _put_recovery(connection: Connection, person: str, codes: Iterable[str]) -> None:
    connection.execute(delete(RECOVERY_CODES).filter_by(person=person))
    connection.execute(insert(RECOVERY_CODES), [{"person": person, "code": digest_of(code)} for code in codes])


def _account(row: Row[Any]) -> Account:
    return Account(person=row.person, password=row.password, totp=row.totp, made_at=row.made_at, signed_in_at=row.signed_in_at)
