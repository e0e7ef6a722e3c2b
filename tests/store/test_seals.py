"""The log carries every row that a deed wrote: one that is changed, taken out or put in behind its back is found."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from editorial.clock import SimulatedClock
from editorial.correction import Decision, Item, Kind, Means
from editorial.delivery import State
from editorial.emergency import Verdict
from editorial.outcome import LivePost, Receipt
from editorial.role import Person, Role
from editorial.workflow import Action
from store.audit_head import HeadFile, heads_beside
from store.halts import ALL
from store.store import Store
from store.workflow import Taking
from tests.store.fresh_database import fresh_database
from tests.store.ledger_posts import DUE, approval, post
from tests.store.test_audit import _upgrade_to

LAN = Person(id="lan", name="Lan", roles=(Role.EDITOR,))
CHI = Person(id="chi", name="Chi", roles=(Role.FACT_CHECKER,))
MINH = Person(id="minh", name="Minh", roles=(Role.APPROVER,))
READY, DROPPED = post(), post("giai-phong.facebook.2026", channel="facebook")
ENTRY, REVISION = READY.entry, "a" * 64


@pytest.fixture
def url(tmp_path: Path, database: str) -> str:
    return fresh_database(tmp_path, database)


@pytest.fixture
def heads(tmp_path: Path) -> HeadFile:
    return heads_beside(tmp_path / "office")


@pytest.fixture
def store(url: str, heads: HeadFile) -> Iterator[Store]:
    """An office that has done a bit of everything."""
    with Store.open(url, clock=SimulatedClock(DUE), heads=heads) as opened:
        approve_and_schedule(opened)
        publish(opened)
        decide(opened)
        yield opened


def approve_and_schedule(store: Store) -> None:
    store.submissions.save(ENTRY, "d" * 64, LAN.id, step=Taking(action=Action.SUBMIT, person=LAN, revision=REVISION))
    store.workflow.take(ENTRY, Action.CHECK, CHI, revision=REVISION)
    step = Taking(action=Action.APPROVE, person=MINH, revision=REVISION)
    store.approvals.save(approval([READY, DROPPED]), [READY, DROPPED], step=step)
    for each in (READY, DROPPED):
        store.deliveries.plan(each)
    store.workflow.take(ENTRY, Action.SCHEDULE, MINH, revision=REVISION)


def publish(store: Store) -> None:
    dropped = store.deliveries.by_key(DROPPED.key)
    assert dropped is not None
    store.decisions.cancel(dropped.id, who="minh", why="thôi")
    store.deliveries.promote()
    claim = store.deliveries.claim("máy-1", timedelta(minutes=5))
    assert claim is not None
    prepared = store.deliveries.pass_to(claim.delivery, State.PREPARED)
    sending, _ = store.attempts.open(prepared, deadline=DUE + timedelta(minutes=1))
    receipt = Receipt(remote_id="p-1", url="https://portal/p-1", evidence={})
    sent = store.deliveries.pass_to(sending, State.SENT, receipt=receipt, outcome="receipt")
    live = LivePost(remote_id="p-1", url="https://portal/1", text=READY.variant.text, visible=True, media_count=0)
    store.readings.add(sent.id, live, ())
    store.deliveries.pass_to(sent, State.VERIFIED, receipt=receipt)


def decide(store: Store) -> None:
    store.emergencies.grant("truc", timedelta(hours=4), granted_by="quan-tri", why="bão sắp vào, cần báo ngay")
    use = store.emergencies.use(ENTRY, person="truc", why="bão sắp vào, cần báo ngay")
    store.emergencies.review(use.id, Verdict.UPHELD, reviewer="minh", found="đúng việc, đúng lời")
    store.halts.set(ALL, why="thử", who="minh")
    store.halts.lift(ALL, who="minh")
    store.halts.let_pass(DROPPED.key, who="minh", why="tin chia buồn")
    live = store.deliveries.by_key(READY.key)
    assert live is not None
    item = Item(delivery=live.id, post_key=live.post_key, channel="portal", entry=ENTRY, means=Means.MANUAL, post=None)
    decision = Decision(kind=Kind.CORRECTION, subject="wards", value="127", why="sai", items=(item,))
    signed = store.corrections.sign(decision, author="lan", approver="minh")
    store.corrections.done_by_hand(store.corrections.items(signed.id)[0].id, who="minh", why="đã bình luận")


def tamper(url: str, *statements: str) -> None:
    """Change rows as somebody with the database in hand would, whatever guards them."""
    if url.startswith("postgresql"):
        with psycopg.connect(url) as server:
            server.execute("SET session_replication_role = replica")
            for statement in statements:
                assert server.execute(statement.encode()).rowcount >= 1
        return
    with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type='trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            assert connection.execute(statement).rowcount >= 1
    connection.close()


def test_what_was_done_through_loa_is_all_in_the_log(store: Store) -> None:
    assert store.signatures.contradictions() == ()
    assert store.audit.verify().ok


ALTERED = (
    ("UPDATE workflow SET stage = 'fact-checked'", "bước hiện tại"),
    ("UPDATE workflow SET author = 'minh'", "bước hiện tại"),
    ("UPDATE workflow_steps SET who = 'an' WHERE action = 'check'", "bước 2 không còn đúng"),
    ("UPDATE workflow_steps SET why = 'không sao'", "bước"),
    ("DELETE FROM workflow_steps WHERE action = 'check'", "bước 2 không còn trong sổ"),
    ("INSERT INTO workflow_steps SELECT 99, entry, action, start, \"end\", 'an', revision, why, at FROM workflow_steps"
     " WHERE action = 'check'", "bước 99 không có trong nhật ký"),
    ("UPDATE submissions SET author = 'an'", "lần trình"),
    ("DELETE FROM submissions", "lần trình"),
    ("UPDATE approvals SET author = 'an'", "phê duyệt"),
    ("UPDATE approvals SET at = '2026-10-01 01:00:00.000000'", "phê duyệt"),
    ("UPDATE deliveries SET remote_id = 'p-2' WHERE remote_id = 'p-1'", "lượt đăng"),
    ("UPDATE deliveries SET url = 'https://khac/' WHERE remote_id = 'p-1'", "lượt đăng"),
    ("UPDATE deliveries SET published_at = '2026-10-09 01:00:00.000000' WHERE remote_id = 'p-1'", "lượt đăng"),
    ("UPDATE deliveries SET state = 'withdrawn' WHERE remote_id = 'p-1'", "lượt đăng"),
    ("UPDATE deliveries SET state = 'scheduled', remote_id = NULL WHERE remote_id = 'p-1'", "lượt đăng"),
    ("UPDATE deliveries SET state = 'sent', remote_id = 'giả' WHERE remote_id IS NULL", "không có trong nhật ký"),
    ("UPDATE deliveries SET state = 'scheduled' WHERE state = 'cancelled'", "trạng thái của lượt đăng"),
    ("UPDATE passages SET who = 'an' WHERE \"end\" = 'cancelled'", "lần đổi trạng thái"),
    ("DELETE FROM passages WHERE \"end\" = 'cancelled'", "lần đổi trạng thái"),
    ("DELETE FROM passages WHERE \"end\" = 'claimed'", "không nối tiếp nhau"),
    ("UPDATE readings SET live = NULL", "lần đọc lại"),
    ("UPDATE readings SET differences = '[\"khác\"]'", "lần đọc lại"),
    ("DELETE FROM readings", "lần đọc lại"),
    ("UPDATE emergency_rights SET expires_at = '2027-01-01 00:00:00.000000'", "quyền đăng khẩn cấp"),
    ("UPDATE emergency_uses SET verdict = 'withdrawn'", "lượt đăng khẩn cấp"),
    ("DELETE FROM emergency_uses", "lượt đăng khẩn cấp"),
    ("UPDATE halts SET lifted_by = 'an'", "lệnh tạm dừng"),
    ("DELETE FROM halts", "lệnh tạm dừng"),
    ("UPDATE halt_passes SET who = 'an'", "lời cho qua"),
    ("INSERT INTO halt_passes SELECT 'bài-khác', who, why, at FROM halt_passes", "lời cho qua"),
    ("UPDATE corrections SET why = 'không sai'", "quyết định"),
    ("UPDATE correction_items SET state = 'failed'", "bản sao của quyết định"),
    ("UPDATE correction_items SET note = 'khác'", "bản sao của quyết định"),
)  # fmt: skip


@pytest.mark.parametrize(("statement", "what"), ALTERED, ids=[statement[:60] for statement, _ in ALTERED])
def test_a_row_that_was_changed_behind_the_log_is_named(store: Store, url: str, statement: str, what: str) -> None:
    tamper(url, statement)
    assert what in "; ".join(found.what for found in store.signatures.contradictions())
    assert store.audit.verify().ok, "the log itself is whole"


def test_the_log_says_who_wrote_what_was_approved(store: Store) -> None:
    (deed,) = (deed for deed in store.audit.of(ENTRY) if deed.action == "approve")
    assert (deed.who, deed.detail.endswith("(Lan)")) == ("Minh", True)
    assert store.approvals.covers(READY.key, READY.digest)


def test_another_author_behind_the_log_ends_an_approval(store: Store, url: str) -> None:
    tamper(url, "UPDATE approvals SET author = 'an'")
    assert not store.approvals.covers(READY.key, READY.digest)


def test_the_seals_themselves_are_part_of_the_chain(store: Store, url: str) -> None:
    tamper(url, "UPDATE workflow_steps SET who = 'an' WHERE action = 'check'", "UPDATE audit SET seals = '' WHERE seals <> ''")
    assert not store.audit.verify().chain.ok
    assert store.signatures.contradictions()


def test_a_moment_that_is_none_any_more_is_named_and_stops_nothing(store: Store, url: str, database: str) -> None:
    if database == "postgresql":
        pytest.skip("PostgreSQL keeps moments only")
    tamper(url, "UPDATE workflow_steps SET at = 'hôm qua'")
    assert len([found for found in store.signatures.contradictions() if found.what.startswith("bước")]) == 4


def test_a_table_that_is_gone_is_named(store: Store, url: str) -> None:
    if url.startswith("postgresql"):
        with psycopg.connect(url) as server:
            server.execute("DROP TABLE readings")
    else:
        with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
            connection.execute("DROP TABLE readings")
        connection.close()
    assert "bảng" in store.signatures.contradictions()[0].what


def test_a_receipt_is_kept_also_where_the_log_takes_no_more_deeds(url: str) -> None:
    with Store.open(url, clock=SimulatedClock(DUE)) as store:
        approve_and_schedule(store)
        store.deliveries.promote()
        claim = store.deliveries.claim("máy-1", timedelta(minutes=5))
        assert claim is not None
        prepared = store.deliveries.pass_to(claim.delivery, State.PREPARED)
        sending, _ = store.attempts.open(prepared, deadline=DUE + timedelta(minutes=1))
        tamper(url, "DELETE FROM audit_head")
        receipt = Receipt(remote_id="p-1", url=None, evidence={})
        assert store.deliveries.pass_to(sending, State.SENT, receipt=receipt, outcome="receipt").receipt == receipt


def test_a_memory_of_an_older_version_is_whole_and_witnessed_from_its_upgrade_on(tmp_path: Path) -> None:
    url, heads = f"sqlite:///{tmp_path / 'office.sqlite'}", heads_beside(tmp_path / "office")
    older(tmp_path / "office.sqlite", url)
    with Store.open(url, clock=SimulatedClock(DUE), heads=heads) as store:
        assert store.audit.verify().ok
        assert store.signatures.contradictions() == ()
        assert heads.read()[-1].number == len(store.audit.all())
        tamper(url, "UPDATE workflow_steps SET who = 'an' WHERE action = 'check'")
        assert "bước 2" in store.signatures.contradictions()[0].what
    with Store.open(url, clock=SimulatedClock(DUE), heads=heads) as store:
        assert [deed.action for deed in store.audit.all()].count("seal") == 1


def older(place: Path, url: str) -> None:
    """Make a memory as the version before this one left it: the same rows, nothing of them in the log, and no file of heads."""
    with Store.open(url, clock=SimulatedClock(DUE)) as store:
        approve_and_schedule(store)
        publish(store)
        decide(store)
    fresh = place.with_name("v0009.sqlite")
    _upgrade_to(f"sqlite:///{fresh}", "v0009")
    with sqlite3.connect(fresh) as connection:
        connection.execute(f"ATTACH '{place}' AS kept")
        tables = [name for (name,) in connection.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'")]
        for table in tables:
            if table not in ("audit", "audit_head", "alembic_version", "installation"):
                connection.execute(f"INSERT INTO main.{table} SELECT * FROM kept.{table}")
    connection.close()
    deeds = Store.open(url, clock=SimulatedClock(DUE))
    told = [deed for deed in deeds.audit.all() if not deed.action.startswith(("delivery", "read-back"))]
    deeds.close()
    for suffix in ("", "-wal", "-shm"):
        place.with_name(place.name + suffix).unlink(missing_ok=True)
    fresh.rename(place)
    _write_old_deeds(place, [(each.who, each.action, each.subject, each.detail.replace(" (Lan)", "")) for each in told])


def _write_old_deeds(place: Path, deeds: list[tuple[str, str, str, str]]) -> None:
    from store.audit_chain import GENESIS, link_digest

    before = GENESIS
    with sqlite3.connect(place) as connection:
        for number, (who, action, subject, detail) in enumerate(deeds, start=1):
            words = {"number": number, "who": who, "action": action, "subject": subject, "detail": detail}
            signed = link_digest({**words, "at": DUE, "prev": before})
            connection.execute("INSERT INTO audit VALUES (?, ?, ?, ?, ?, '2026-10-10 01:00:00.000000', ?, ?)",
                               (number, who, action, subject, detail, before, signed))  # fmt: skip
            connection.execute("UPDATE audit_head SET number = ?, sha256 = ?", (number, signed))
            before = signed
    connection.close()
