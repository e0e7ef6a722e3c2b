"""Every row of the fault matrix has its tests, on each database that it concerns, and the page says what the table says."""

from __future__ import annotations

import pytest

from tests.faults.expected import BOTH, PAGE, ROWS, page, proofs

ONE_DATABASE = {"F14": "PostgreSQL", "F17": "SQLite"}  # a server's restart; the files of an embedded store


def test_the_rows_are_f1_to_f27() -> None:
    assert list(ROWS) == [f"F{number}" for number in range(1, 28)]


@pytest.mark.parametrize("row", ROWS)
def test_each_row_is_proved_on_every_database_that_it_concerns(row: str) -> None:
    found = {proof.databases for proof in proofs() if proof.row == row}
    assert found & {BOTH, ONE_DATABASE.get(row, BOTH)}, row


def test_no_test_names_a_row_that_is_not_there() -> None:
    assert {proof.row for proof in proofs()} == set(ROWS)


def test_the_page_is_what_the_table_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.faults.expected"
