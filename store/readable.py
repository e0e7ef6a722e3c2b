"""Secrets that a version before the vault kept readable: each is encrypted when the store is next opened."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Column, ColumnElement, Connection, Table, and_, select, update

from store.database import Database
from store.schema import ACCOUNTS, SECRETS, SESSIONS, WEBHOOKS
from store.secrets import RENEWING
from store.vault import PREFIX, Vault, codes_place, enrolment_place, secret_place, webhook_place

Row = tuple[Table, str, dict[str, object], str, tuple[str, ...]]  # table, column, what names the row, the text, its place


def encrypt_readable(database: Database, vault: Vault) -> int:
    """Encrypt what is readable, in one transaction, and leave no copy of it in a file of SQLite; return how many values."""
    with database.read() as connection:
        if not any(True for _ in _readable(connection)):
            return 0
    with database.write() as connection:
        if database.is_sqlite:
            connection.exec_driver_sql("PRAGMA secure_delete = ON")  # what is overwritten is wiped
        found = tuple(_readable(connection))
        for table, column, row, text, place in found:
            connection.execute(update(table).filter_by(**row).values({column: vault.encrypt(connection, text, *place)}))
    database.let_go_of_history()
    return len(found)


def _readable(connection: Connection) -> Iterator[Row]:
    kept = select(SECRETS).where(SECRETS.c.name != RENEWING, _is_open(SECRETS.c.value))
    for row in connection.execute(kept).all():
        yield SECRETS, "value", {"account": row.account, "name": row.name}, row.value, secret_place(row.account, row.name)
    for row in connection.execute(select(ACCOUNTS).where(_is_open(ACCOUNTS.c.totp))).all():
        yield ACCOUNTS, "totp", {"person": row.person}, row.totp, codes_place(row.person)
    for row in connection.execute(select(SESSIONS).where(_is_open(SESSIONS.c.secret))).all():
        yield SESSIONS, "secret", {"token": row.token}, row.secret, enrolment_place(row.person)
    for row in connection.execute(select(WEBHOOKS).where(_is_open(WEBHOOKS.c.secret))).all():
        yield WEBHOOKS, "secret", {"id": row.id}, row.secret, webhook_place(row.id, row.url)


def _is_open(column: Column[str]) -> ColumnElement[bool]:
    return and_(column != "", column.not_like(f"{PREFIX}%"))
