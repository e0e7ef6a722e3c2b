"""The audit log is chained: whoever changes it, even past the triggers, is found out."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy.exc import IntegrityError

from editorial.clock import SimulatedClock
from store.database import Database
from store.migration import FOLDER
from store.schema import AUDIT, AUDIT_HEAD
from store.store import Store
from tests.store.fresh_database import fresh_database
from tests.store.ledger_posts import DUE


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with Store.open(url, clock=SimulatedClock(DUE)) as opened:
        for number in range(1, 7):
            opened.audit.write("Lê Chi", "approve", f"mục-{number}", f"lần thứ {number}")
        yield opened


def tamper(url: str, *statements: str) -> None:
    """Change the log behind Loa's back, as somebody with the file or the server in hand would."""
    if url.startswith("postgresql"):
        with psycopg.connect(url) as server:
            for table in ("audit", "audit_head"):
                server.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER".encode())
            for statement in statements:
                server.execute(statement.encode())
        return
    with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name LIKE 'audit%'").fetchall()
        for (name,) in names:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
    connection.close()


def test_an_untouched_log_holds_and_an_empty_one_too(store: Store, tmp_path: Path) -> None:
    report = store.audit.verify().chain
    assert report.ok and report.rows == 6
    assert report.head == store.audit.links()[-1].sha256
    (tmp_path / "other").mkdir()
    with Store.open(fresh_database(tmp_path / "other"), clock=SimulatedClock(DUE)) as empty:
        assert empty.audit.verify().chain.ok


@pytest.mark.parametrize("column", ["who", "action", "subject", "detail", "at"])
def test_a_row_whose_words_were_altered_is_named(store: Store, url: str, column: str) -> None:
    other = "2026-10-10 02:00:00+00" if column == "at" and url.startswith("postgresql") else "khác"
    tamper(url, f"UPDATE audit SET {column} = '{other}' WHERE id = 3")
    assert [broken.number for broken in store.audit.verify().chain.breaks] == [3]


def test_the_same_letter_in_another_spelling_is_an_alteration(store: Store, url: str) -> None:
    tamper(url, "UPDATE audit SET who = 'Le\u0302 Chi' WHERE id = 2")
    assert [broken.number for broken in store.audit.verify().chain.breaks] == [2]


@pytest.mark.parametrize("gone", [1, 3, 6])
def test_a_missing_row_is_named_even_the_newest(store: Store, url: str, gone: int) -> None:
    tamper(url, f"DELETE FROM audit WHERE id = {gone}")
    assert store.audit.verify().chain.breaks[0].number == gone


def test_a_log_emptied_whole_is_found(store: Store, url: str) -> None:
    tamper(url, "DELETE FROM audit")
    assert not store.audit.verify().chain.ok


def test_rows_that_changed_places_are_found(store: Store, url: str) -> None:
    swap = "UPDATE audit SET id = {} WHERE id = {}"
    tamper(url, swap.format(99, 2), swap.format(2, 3), swap.format(3, 99))
    assert {broken.number for broken in store.audit.verify().chain.breaks} >= {2, 3}


def test_a_row_signed_anew_breaks_the_link_behind_it(store: Store, url: str) -> None:
    from store.audit_chain import link_digest

    third = store.audit.links()[2]
    forged = link_digest({"number": 3, "who": "Ai đó", "action": third.action, "subject": third.subject,
                          "detail": third.detail, "at": DUE, "prev": third.prev})  # fmt: skip
    tamper(url, f"UPDATE audit SET who = 'Ai đó', sha256 = '{forged}' WHERE id = 3")
    assert [broken.number for broken in store.audit.verify().chain.breaks] == [4]


def test_a_row_that_was_put_in_at_the_end_is_found(store: Store, url: str) -> None:
    from store.audit_chain import link_digest

    last = store.audit.links()[-1]
    words = {"who": "Ai đó", "action": "approve", "subject": "x", "detail": "", "prev": last.sha256}
    signed = link_digest({"number": 7, **words, "at": DUE})
    moment = DUE.replace(tzinfo=None if url.startswith("sqlite") else UTC).isoformat(sep=" ")
    tamper(url, f"INSERT INTO audit VALUES (7, 'Ai đó', 'approve', 'x', '', '{moment}', '{last.sha256}', '{signed}', '')")
    assert [broken.number for broken in store.audit.verify().chain.breaks] == [7]


def test_the_database_itself_refuses_to_change_or_cut_the_log(store: Store, url: str) -> None:
    opened = Database(url)
    for statement in (AUDIT.update().values(who="x"), AUDIT.delete(), AUDIT_HEAD.delete(), AUDIT_HEAD.update().values(number=1)):
        with pytest.raises(IntegrityError), opened.write() as connection:
            connection.execute(statement)
    opened.close()
    assert store.audit.verify().chain.ok


def test_a_log_from_before_the_chain_is_chained_as_it_stands(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    _upgrade_to(url, "v0002")
    with sqlite3.connect(tmp_path / "old.db") as connection:
        for number in (1, 2, 5):
            connection.execute(f"INSERT INTO audit VALUES ({number}, 'Lan', 'approve', 'mục', 'cũ', '2026-10-10 01:00:00')")
    connection.close()
    with Store.open(url, clock=SimulatedClock(DUE)) as store:
        assert store.audit.verify().chain.ok
        store.audit.write("Minh", "revoke", "mục")
        assert [(deed.who, deed.at) for deed in store.audit.all()] == [("Lan", DUE)] * 3 + [("loa", DUE), ("Minh", DUE)]
        assert store.audit.verify().chain.ok


def _upgrade_to(url: str, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    database = Database(url)
    with database.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    database.close()
