"""What stands outside the database finds out who rewrites or cuts the whole log: the file of heads, an export, a noted head."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from editorial.clock import SimulatedClock
from editorial.problem import BadInput, Problem
from store.audit import STRETCH, Deed, lost_log, note
from store.audit_chain import GENESIS, ChainReport, link_digest
from store.audit_export import exported, read_export
from store.audit_head import Head, HeadFile, heads_beside
from store.audit_witness import WitnessKind
from store.database import Database
from store.store import Store
from tests.store.ledger_posts import DUE
from tests.store.test_audit import tamper

CUT = ("DELETE FROM audit WHERE id > 4", "UPDATE audit_head SET number = 4, sha256 = (SELECT sha256 FROM audit WHERE id = 4)")


@pytest.fixture
def heads(tmp_path: Path) -> HeadFile:
    return heads_beside(tmp_path / "office")


@pytest.fixture
def store(url: str, heads: HeadFile) -> Iterator[Store]:
    with Store.open(url, clock=SimulatedClock(DUE), heads=heads) as opened:
        for number in range(1, 7):
            opened.audit.write("Lê Chi", "approve", f"mục-{number}", f"lần thứ {number}")
        yield opened


def rewritten(store: Store, first: int) -> tuple[str, ...]:
    """Return the statements of somebody who changes a row and signs it and every later one anew, the head with them."""
    statements, before = [], store.audit.links()[first - 2].sha256 if first > 1 else GENESIS
    for link in store.audit.links()[first - 1 :]:
        who = "Ai đó" if link.number == first else link.who
        words = {"number": link.number, "who": who, "action": link.action, "subject": link.subject, "detail": link.detail}
        signed = link_digest({**words, "at": DUE, "prev": before})
        statements.append(f"UPDATE audit SET who = '{who}', prev = '{before}', sha256 = '{signed}' WHERE id = {link.number}")
        before = signed
    return (*statements, f"UPDATE audit_head SET sha256 = '{before}'")


def test_each_deed_that_is_committed_leaves_its_head_in_the_file_and_none_that_is_undone(
    store: Store, url: str, heads: HeadFile
) -> None:
    other = Database(url, heads)
    with pytest.raises(BadInput), other.write() as connection:
        note(connection, Deed(who="Lan", action="approve", subject="x", detail="", at=DUE))
        raise BadInput(Problem(rule="stale-write", message="có người nhanh hơn"))
    other.close()
    store.halts.set("all", why="thử", who="Lan")
    assert [head.sha256 for head in heads.read()] == [link.sha256 for link in store.audit.links()]
    assert store.audit.verify().ok


def test_a_cut_tail_with_the_head_moved_back_is_found(store: Store, url: str) -> None:
    tamper(url, *CUT)
    report = store.audit.verify()
    assert report.chain.ok
    assert [broken.number for broken in report.breaks] == [5]


def test_a_log_emptied_and_begun_anew_is_found(store: Store, url: str) -> None:
    tamper(url, "DELETE FROM audit", f"UPDATE audit_head SET number = 0, sha256 = '{GENESIS}'")
    assert store.audit.verify().chain.ok and not store.audit.verify().ok
    store.audit.write("Lê Chi", "approve", "mục-1", "lần thứ nhất")
    assert {broken.number for broken in store.audit.verify().breaks} == {1, 2}


def test_a_history_signed_anew_from_some_row_on_is_found(store: Store, url: str) -> None:
    tamper(url, *rewritten(store, 3))
    report = store.audit.verify()
    assert report.chain.ok
    assert [(broken.number, "từ 3 đến 6" in broken.what) for broken in report.breaks] == [(3, True)]


def test_a_log_whose_own_head_is_missing_is_broken_and_takes_no_more_deeds(store: Store, url: str) -> None:
    tamper(url, "DELETE FROM audit_head")
    assert not store.audit.verify().chain.ok
    with pytest.raises(BadInput, match="đã bị sửa từ bên ngoài"):
        store.audit.write("Lê Chi", "approve", "mục-7")


def test_a_head_that_was_set_back_takes_no_more_deeds(store: Store, url: str) -> None:
    tamper(url, f"UPDATE audit_head SET number = 0, sha256 = '{GENESIS}'")
    assert not store.audit.verify().chain.ok
    with pytest.raises(BadInput, match="đã bị sửa từ bên ngoài"):
        store.audit.write("Lê Chi", "approve", "mục-7")


def test_a_log_whose_table_is_gone_is_broken(store: Store, url: str) -> None:
    tamper(url, "DROP TABLE audit")
    report = store.audit.verify()
    assert not report.chain.ok and report.breaks[-1].number == 1


def test_an_exported_log_finds_a_cut_and_a_rewriting_without_the_file_of_heads(
    store: Store, url: str, heads: HeadFile, tmp_path: Path
) -> None:
    kept = tmp_path / "nhật ký.jsonl"
    kept.write_text(exported(store.audit.links()), encoding="utf-8")
    heads.place.unlink()
    store.audit.write("Lê Chi", "approve", "mục-7")
    assert store.audit.verify(export=read_export(kept)).ok
    tamper(url, *CUT)
    assert [broken.number for broken in store.audit.verify(export=read_export(kept)).testimonies[1].breaks] == [5]


def test_an_export_that_was_altered_itself_is_said_to_be(store: Store, tmp_path: Path) -> None:
    kept = tmp_path / "nhật ký.jsonl"
    kept.write_text(exported(store.audit.links()).replace("lần thứ 2", "lần thứ hai"), encoding="utf-8")
    found = store.audit.verify(export=read_export(kept)).breaks
    assert [(each.number, "tự nó không nguyên vẹn" in each.what) for each in found] == [(2, True)]


def test_an_export_whose_digest_is_no_digest_any_more_is_said_to_be_otherwise(store: Store, tmp_path: Path) -> None:
    kept, third = tmp_path / "nhật ký.jsonl", store.audit.links()[2]
    kept.write_text(exported([replace(third, sha256="không phải mã")]), encoding="utf-8")
    (testimony,) = (each for each in store.audit.verify(export=read_export(kept)).testimonies if each.kind is WitnessKind.EXPORT)
    assert testimony.breaks[-1].number == 3 and "khác với nhật ký" in testimony.breaks[-1].what


@pytest.mark.parametrize("text", ["", "x\n", '{"row": 1}\n', "[" * 5000, "\x00"])
def test_a_file_that_is_no_exported_log_is_refused_with_its_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.jsonl").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        read_export(tmp_path / "a.jsonl")
    assert refused.value.problems[0].file == "a.jsonl"


def test_a_noted_head_is_found_again_and_is_not_after_a_rewriting(store: Store, url: str) -> None:
    noted = store.audit.links()[3].sha256
    assert store.audit.verify(noted=noted).testimonies[1].newest == 4
    tamper(url, *rewritten(store, 2))
    assert not store.audit.verify(noted=noted).testimonies[1].ok


def test_rows_that_nothing_outside_the_database_knows_are_not_proven(store: Store, heads: HeadFile) -> None:
    heads.place.unlink()
    report = store.audit.verify()
    assert not report.breaks and not report.ok
    assert store.audit.verify(noted=store.audit.links()[-1].sha256).ok


def test_a_log_that_is_not_there_any_more_is_missing_its_rows(store: Store, heads: HeadFile) -> None:
    assert [broken.number for broken in lost_log(heads).breaks] == [0, 1]


def test_heads_are_held_against_their_rows_in_whatever_order_they_were_written(store: Store, heads: HeadFile) -> None:
    lines = heads.place.read_text(encoding="utf-8").splitlines(keepends=True)
    heads.place.write_text("".join([*lines[3:], *lines[:4]]), encoding="utf-8")
    (testimony,) = store.audit.verify().testimonies
    assert testimony.ok and (testimony.rows, testimony.newest) == (6, 6)
    older = lines[1].replace(lines[1].split()[1], "0" * 64)
    heads.place.write_text("".join([*lines[3:], older, *lines[:4]]), encoding="utf-8")
    assert [broken.number for broken in store.audit.verify().breaks] == [2]


def test_a_log_of_several_stretches_is_read_to_its_end_and_says_how_far_it_has_come(
    store: Store, url: str, heads: HeadFile
) -> None:
    other = Database(url, heads)
    with other.write() as connection:
        for number in range(STRETCH):
            note(connection, Deed(who="Lê Chi", action="comment", subject=f"mục-{number}", detail="", at=DUE))
    other.close()
    told: list[tuple[int, int]] = []
    assert store.audit.verify(tell=lambda done, whole: told.append((done, whole))).ok
    assert told == [(STRETCH, STRETCH + 6), (STRETCH + 6, STRETCH + 6)]
    tamper(url, f"UPDATE audit SET who = 'Ai đó' WHERE id IN ({STRETCH}, {STRETCH + 3})")
    assert [broken.number for broken in store.audit.verify().breaks] == [STRETCH, STRETCH + 3]


def test_from_a_row_that_is_known_only_what_came_later_is_read(store: Store, url: str) -> None:
    known = [Head(number=link.number, sha256=link.sha256) for link in store.audit.links()]
    assert store.audit.verify_on(known[3]) == ChainReport(rows=2, head=known[5].sha256, breaks=())
    assert store.audit.verify_on(known[5]) == ChainReport(rows=0, head=known[5].sha256, breaks=())
    tamper(url, "UPDATE audit SET who = 'Ai đó' WHERE id IN (2, 6)")
    assert [broken.number for broken in store.audit.verify_on(known[3]).breaks] == [6]
    tamper(url, *rewritten(store, 3))
    assert store.audit.verify_on(known[3]).breaks[0].number == 4, "the known row itself reads otherwise"
    tamper(url, "DELETE FROM audit WHERE id > 3", "UPDATE audit_head SET number = 3")
    assert store.audit.verify_on(known[3]).breaks[0].number == 4, "and it is gone"


def test_a_line_that_a_power_cut_tore_is_no_break_and_one_that_somebody_wrote_is(store: Store, heads: HeadFile) -> None:
    with heads.place.open("a", encoding="utf-8") as file:
        file.write("7 0a1b")
    store.audit.write("Lê Chi", "approve", "mục-7")
    assert store.audit.verify().ok and heads.read()[-1].number == 7
    with heads.place.open("a", encoding="utf-8") as file:
        file.write("không có gì ở đây\n")
    assert not store.audit.verify().ok


def test_deeds_of_several_people_at_once_each_leave_their_head(store: Store, heads: HeadFile) -> None:
    def work(who: str) -> None:
        for number in range(5):
            store.audit.write(who, "comment", f"mục-{number}")

    threads = [threading.Thread(target=work, args=(who,)) for who in ("Lan", "Minh", "Chi")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(head.number for head in heads.read()) == list(range(1, 22))
    assert store.audit.verify().ok


def test_a_deed_is_done_even_where_its_head_cannot_be_written(
    store: Store, heads: HeadFile, caplog: pytest.LogCaptureFixture
) -> None:
    heads.place.unlink()
    heads.place.mkdir()
    store.audit.write("Lê Chi", "approve", "mục-7")
    assert len(store.audit.all()) == 7
    assert "office.heads" in caplog.text
