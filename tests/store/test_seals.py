"""The log carries every row that a deed wrote: one that is changed, taken out or put in behind its back is found."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, event

from editorial.approval import package_digest
from editorial.clock import SimulatedClock
from editorial.correction import Decision, Item, Kind, Means
from editorial.delivery import State
from editorial.emergency import Verdict
from editorial.entry import Entry
from editorial.message import Message
from editorial.outcome import LivePost, Receipt
from editorial.role import Person, Role
from editorial.tone import Tone
from editorial.workflow import Action, Stage
from store.audit_head import HeadFile, heads_beside
from store.halts import ALL
from store.moment import Moment
from store.schema import METADATA
from store.store import Store
from store.workflow import Taking
from tests.store.ledger_posts import DUE, approval, post
from tests.store.test_audit import _upgrade_to

LAN = Person(id="lan", name="Lan", roles=(Role.EDITOR,))
CHI = Person(id="chi", name="Chi", roles=(Role.FACT_CHECKER,))
MINH = Person(id="minh", name="Minh", roles=(Role.APPROVER,))
READY, DROPPED = post(), post("giai-phong.facebook.2026", channel="facebook")
ENTRY, REVISION = READY.entry, "a" * 64


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
    handed_in = [READY, DROPPED]
    step = Taking(action=Action.SUBMIT, person=LAN, revision=REVISION)
    store.submissions.save(ENTRY, package_digest(handed_in), LAN.id, posts=handed_in, step=step)
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
    ("UPDATE submitted_posts SET post_digest = 'x'", "các bài của lần trình 1 không còn đúng"),
    ("UPDATE posts SET channel = 'zalo' WHERE channel = 'portal'", "các bài của lần trình 1 không còn đúng"),
    ("INSERT INTO submitted_posts SELECT submission, 'bài-khác', post_digest FROM submitted_posts WHERE post_key LIKE '%portal%'",
     "các bài của lần trình 1 không còn đúng"),
    ("DELETE FROM submitted_posts WHERE post_key LIKE '%portal%'", "các bài của lần trình 1 không còn đúng"),
    ("DELETE FROM submitted_posts", "bài đã trình 1/giai-phong.portal.2026 không còn trong sổ"),
    ("UPDATE approvals SET approver = 'an'", "phê duyệt"),
    ("UPDATE approvals SET digest = 'x'", "phê duyệt"),
    ("UPDATE approvals SET revoked_at = at, revoked_by = 'an'", "phê duyệt ghi là đã gỡ"),
    ("INSERT INTO approvals SELECT 99, entry, digest, author, 'an', at, revoked_at, revoked_by, revoked_why FROM approvals",
     "phê duyệt"),
    ("DELETE FROM approvals", "nhật ký ghi đã duyệt mà dòng phê duyệt không còn"),
    ("UPDATE approved_posts SET post_digest = 'x'", "phê duyệt không còn khớp"),
    ("INSERT INTO approved_posts SELECT approval, 'bài-khác', post_digest FROM approved_posts WHERE post_key LIKE '%portal%'",
     "phê duyệt không còn khớp"),
    ("DELETE FROM approved_posts WHERE post_key LIKE '%portal%'", "phê duyệt không còn khớp"),
    ("UPDATE posts SET body = '{}'", "bản lưu của bài"),
    ("DELETE FROM posts", "phê duyệt không còn khớp"),
    ("UPDATE approvals SET author = 'an'", "phê duyệt"),
    ("UPDATE approvals SET at = '2026-10-01 01:00:00.000000'", "phê duyệt"),
    ("UPDATE deliveries SET remote_id = 'p-2' WHERE remote_id = 'p-1'", "lượt đăng"),
    ("UPDATE deliveries SET url = 'https://khac/' WHERE remote_id = 'p-1'", "lượt đăng"),
    ("UPDATE deliveries SET published_at = '2026-10-09 01:00:00.000000' WHERE remote_id = 'p-1'", "lượt đăng"),
    ("UPDATE deliveries SET state = 'withdrawn' WHERE remote_id = 'p-1'", "lượt đăng"),
    ("UPDATE deliveries SET state = 'scheduled', remote_id = NULL WHERE remote_id = 'p-1'", "lượt đăng"),
    ("UPDATE deliveries SET state = 'sent', remote_id = 'giả' WHERE remote_id IS NULL", "không có trong nhật ký"),
    ("UPDATE deliveries SET state = 'scheduled' WHERE state = 'cancelled'", "trạng thái của lượt đăng"),
    ("UPDATE deliveries SET due_at = '2026-10-09 01:00:00.000000' WHERE remote_id IS NULL", "giờ của lượt đăng không phải"),
    ("UPDATE deliveries SET channel = 'zalo' WHERE remote_id IS NULL", "kênh hoặc giờ của lượt đăng không phải là của bài"),
    ("UPDATE deliveries SET entry = 'muc-khac' WHERE remote_id IS NULL", "mục, kênh hoặc giờ của lượt đăng không phải"),
    ("UPDATE deliveries SET post_digest = 'x' WHERE remote_id IS NULL", "lượt đăng không còn bản lưu của bài"),
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
    ("DELETE FROM halt_passes", "lời cho qua"),
    ("INSERT INTO emergency_rights SELECT 99, person, granted_by, why, granted_at, expires_at FROM emergency_rights",
     "quyền đăng khẩn cấp 99 không có trong nhật ký"),
    ("DELETE FROM emergency_rights", "quyền đăng khẩn cấp"),
    ("UPDATE emergency_uses SET review_by = '2027-01-01 00:00:00.000000'", "lượt đăng khẩn cấp"),
    ("UPDATE emergency_uses SET verdict = NULL, reviewer = NULL", "lượt đăng khẩn cấp"),
    ("UPDATE corrections SET why = 'không sai'", "quyết định"),
    ("DELETE FROM corrections", "quyết định đính chính hoặc rút bài không còn"),
    ("DELETE FROM correction_items", "bản sao"),
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


def test_a_card_that_says_otherwise_than_what_was_handed_in_is_named(store: Store, url: str) -> None:
    """The scheduler goes by it in a mourning and in a pause of one unit."""
    store.entries.save(festive())
    assert store.signatures.contradictions() == ()
    tamper(url, "UPDATE entries SET tone = 'solemn'")
    (found,) = store.signatures.contradictions()
    assert found.subject == ENTRY and found.what.startswith("giọng điệu")


def test_a_revision_that_was_altered_is_named_once(store: Store, url: str) -> None:
    store.entries.save(festive())
    tamper(url, "UPDATE entry_revisions SET said = '{}'")
    assert [found.subject for found in store.signatures.contradictions()] == [ENTRY]


def festive() -> Entry:
    message = Message(language="vi", headline="Hà Nội ngày trở về", summary="", body="")
    return Entry(id=ENTRY, group="1.7", axis="vhtt", unit="so-vhtt", tone=Tone.FESTIVE, when="giai_phong@08:00",
                 channels=("portal",), messages={"vi": message}, file="content/giai-phong.md")  # fmt: skip


def test_the_log_is_read_once_however_much_was_signed(store: Store) -> None:
    def asked() -> int:
        said: list[str] = []

        def listen(*told: Any) -> None:
            said.append(told[2])

        event.listen(Engine, "before_cursor_execute", listen)
        try:
            assert store.signatures.contradictions() == ()
        finally:
            event.remove(Engine, "before_cursor_execute", listen)
        return len(said)

    before = asked()
    for number in range(5):
        ready = post(f"mục-{number}.portal.2026")
        store.approvals.save(approval([ready]), [ready])
    assert asked() == before


MOMENTS = [column for table in METADATA.sorted_tables for column in table.c if isinstance(column.type, Moment)]


def test_a_moment_that_is_none_any_more_is_named_and_stops_nothing(store: Store, url: str, database: str) -> None:
    if database == "postgresql":
        pytest.skip("PostgreSQL keeps moments only")
    store.entries.save(festive())
    tamper(url, "UPDATE workflow_steps SET at = 'hôm qua'")
    assert len([found for found in store.signatures.contradictions() if found.what.startswith("bước")]) == 4
    for column in MOMENTS:
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            connection.execute(f"UPDATE {column.table.name} SET {column.name} = 'hôm qua'")
            connection.commit()
        assert store.signatures.contradictions(), str(column)


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
    older(tmp_path / "office.sqlite", url, approve_and_schedule, publish, decide)
    with Store.open(url, clock=SimulatedClock(DUE), heads=heads) as store:
        assert store.audit.verify().ok
        assert store.signatures.contradictions() == ()
        assert heads.read()[-1].number == len(store.audit.all())
        tamper(url, "UPDATE workflow_steps SET who = 'an' WHERE action = 'check'")
        assert "bước 2" in store.signatures.contradictions()[0].what
    with Store.open(url, clock=SimulatedClock(DUE), heads=heads) as store:
        assert [deed.action for deed in store.audit.all()].count("seal") == 1


def withdraw(store: Store) -> None:
    """Withdraw as the version before this one did: the entry's step was not part of it."""
    live = store.deliveries.by_key(READY.key)
    assert live is not None
    item = Item(delivery=live.id, post_key=live.post_key, channel="portal", entry=ENTRY, means=Means.MANUAL, post=None)
    decision = Decision(kind=Kind.WITHDRAWAL, subject=ENTRY, value="error", why="đăng nhầm", items=(item,))
    store.corrections.sign(decision, author="lan", approver="minh")


def plan_one_more(store: Store) -> None:
    store.deliveries.plan(post("giai-phong.zalo.2026", channel="zalo"))


def take(action: Action, person: Person) -> Callable[[Store], None]:
    def taken(store: Store) -> None:
        store.workflow.take(ENTRY, action, person, revision=REVISION, why="vì thế")

    return taken


OLDER = {
    "withdrawn": ((withdraw,), Stage.WITHDRAWN),
    "withdrawn and talked of since": ((withdraw, take(Action.COMMENT, MINH)), Stage.WITHDRAWN),
    "withdrawn, with a post that still waits": ((plan_one_more, withdraw), Stage.SCHEDULED),
    "withdrawn, and taken up again since": ((withdraw, take(Action.VOID, LAN)), Stage.DRAFT),
    "corrected only": ((decide,), Stage.SCHEDULED),
}


@pytest.mark.parametrize("kind", OLDER)
def test_what_an_older_version_withdrew_stands_as_withdrawn(tmp_path: Path, kind: str) -> None:
    deeds, stage = OLDER[kind]
    place, url = tmp_path / "office.sqlite", f"sqlite:///{tmp_path / 'office.sqlite'}"
    older(place, url, approve_and_schedule, publish, *deeds)
    with Store.open(url, clock=SimulatedClock(DUE), heads=heads_beside(tmp_path / "office")) as store:
        assert store.workflow.of(ENTRY).stage is stage
        assert store.audit.verify().ok and store.signatures.contradictions() == ()


def older(place: Path, url: str, *life: Callable[[Store], None]) -> None:
    """Make a memory as the version before this one left it: the same rows, nothing of them in the log, and no file of heads."""
    clock = SimulatedClock(DUE)
    with Store.open(url, clock=clock) as store:
        for done in life:
            done(store)
            clock.advance(timedelta(seconds=1))
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
