"""What a page asks of many entries at once: one question each, and the same answers as one by one."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from editorial.approval import package_digest
from editorial.correction import Decision, Kind
from editorial.role import Person, Role
from editorial.workflow import Action, Stage
from store.schema import APPROVALS
from store.store import Store
from store.workflow import Taking
from tests.store.ledger_posts import DUE, approval, post
from tests.store.plans import plans_of

EDITOR = Person(id="lan", name="Lan", roles=(Role.EDITOR,))


def handed_in(store: Store, entry: str, *texts: str) -> None:
    for number, text in enumerate(texts):
        posts = [post(f"{entry}.{channel}.2026", channel=channel, text=text) for channel in ("portal", "zalo")]
        step = Taking(action=Action.SUBMIT, person=EDITOR, revision=f"{number}" * 64) if number == 0 else None
        store.submissions.save(entry, package_digest(posts), "lan", posts=posts, step=step)


def test_the_newest_submissions_come_with_their_posts(store: Store) -> None:
    handed_in(store, "mot", "Cũ", "Mới")
    handed_in(store, "hai", "Một lần")
    newest = store.submissions.newest(["mot", "hai", "ba"])
    assert newest == {entry: store.submissions.latest(entry) for entry in ("mot", "hai")}
    packages = store.submissions.packages([each.id for each in newest.values()])
    assert packages == {each.id: store.submissions.posts(each.id) for each in newest.values()}
    assert {found.variant.text for found in packages[newest["mot"].id]} == {"Mới"}
    assert (store.submissions.newest([]), store.submissions.packages([])) == ({}, {})


def test_the_newest_approvals_come_with_their_posts_whether_they_stand_or_not(store: Store) -> None:
    for text in ("Cũ", "Mới"):
        for entry in ("mot", "hai"):
            posts = [post(f"{entry}.portal.2026", text=text)]
            store.approvals.save(approval(posts), posts)
    store.approvals.revoke("hai", who="loa", why="đã đổi")
    found = store.approvals.newest_packages(["mot", "hai", "ba"])
    assert {entry: posts[0].variant.text for entry, posts in found.items()} == {"mot": "Mới", "hai": "Mới"}


def test_entries_are_found_by_their_stages(store: Store) -> None:
    handed_in(store, "mot", "Lời")
    handed_in(store, "hai", "Lời")
    store.workflow.take("hai", Action.VOID, EDITOR, revision="0" * 64, why="sửa lại")
    assert [each.entry for each in store.workflow.at([Stage.IN_REVIEW])] == ["mot"]
    assert [each.entry for each in store.workflow.at([Stage.IN_REVIEW, Stage.DRAFT])] == ["hai", "mot"]


def test_deliveries_of_some_entries_alone_are_listed(store: Store) -> None:
    for entry in ("mot", "hai", "ba"):
        ready = post(f"{entry}.portal.2026")
        store.approvals.save(approval([ready]), [ready])
        store.deliveries.plan(ready)
    assert {each.entry for each in store.deliveries.list(entries=["mot", "ba"])} == {"mot", "ba"}
    assert store.deliveries.list(entries=[]) == ()


def test_decisions_about_one_fact_come_in_order(store: Store) -> None:
    for subject, value in (("wards", "127"), ("rivers", "5"), ("wards", "128")):
        decision = Decision(kind=Kind.CORRECTION, subject=subject, value=value, why="", items=())
        store.corrections.sign(decision, author="lan", approver="minh")
    found = store.corrections.of_subject(Kind.CORRECTION, "wards")
    assert [each.value for each in found] == ["127", "128"]
    assert store.corrections.of_subject(Kind.WITHDRAWAL, "wards") == ()


def test_settings_are_found_by_how_their_names_begin_and_forgotten_one_by_one(store: Store) -> None:
    for name in ("correction.a", "correction.b", "correction_x", "heartbeat"):
        store.settings.set(name, name)
    assert list(store.settings.starting("correction.")) == ["correction.a", "correction.b"]
    store.settings.forget("correction.a")
    assert list(store.settings.starting("correction.")) == ["correction.b"]


def test_what_may_go_out_is_asked_of_many_posts_as_of_each(store: Store) -> None:
    ready = [post(f"{entry}.portal.2026") for entry in ("dung", "rut", "moi-hon", "khac", "khong-ai-ky")]
    for each in ready[:4]:
        store.approvals.save(approval([each]), [each])
        store.deliveries.plan(each)
    store.approvals.revoke("rut", who="loa", why="đã đổi")
    other = post("moi-hon.portal.2026", text="Lời khác")
    store.approvals.save(approval([other]), [other])
    asked = [(each.key, each.digest) for each in ready] + [("khac.portal.2026", "f" * 64)]
    one_by_one = frozenset(key for key, digest in asked[:5] if store.approvals.covers(key, digest))
    assert store.approvals.covered(asked[:5]) == one_by_one == {"dung.portal.2026", "khac.portal.2026"}
    assert store.approvals.covered([asked[-1]]) == frozenset()
    assert store.approvals.covered([]) == frozenset()
    if store._database.is_sqlite:  # which would find half of the log by what was done
        plans = plans_of(store, lambda: store.approvals.covered(asked))
        assert [line for _, lines in plans for line in lines if " audit " in line] == [
            "SEARCH audit USING INDEX ix_audit_subject (subject=?)"]  # fmt: skip


def test_an_approval_that_the_log_does_not_know_covers_nothing_among_many_either(store: Store) -> None:
    for entry in ("that", "gia"):
        posts = [post(f"{entry}.portal.2026")]
        store.approvals.save(approval(posts), posts)
    with store._database.write() as connection:
        connection.execute(update(APPROVALS).where(APPROVALS.c.entry == "gia").values(author="kẻ lạ"))
    asked = [(each.key, each.digest) for each in (post("that.portal.2026"), post("gia.portal.2026"))]
    assert not store.approvals.covers(*asked[1])
    assert store.approvals.covered(asked) == {"that.portal.2026"}


def test_the_first_posts_that_a_pause_would_hold_come_with_their_number(store: Store) -> None:
    for number in range(5):
        ready = post(f"bai-{number}.portal.2026", due_at=DUE + timedelta(hours=number))
        store.approvals.save(approval([ready]), [ready])
        store.deliveries.plan(ready)
    for scope in ("all", "channel:portal", "channel:zalo", "entry:bai-2", "post:bai-3.portal.2026", "mourning", "unit:so", "x:y"):
        whole = store.halts.would_cover(scope, None, None)
        found = store.halts.would_cover_first(2, scope, None, None)
        assert (found.count, found.first) == (len(whole), whole[:2]), scope
    assert store.halts.would_cover_first(2, "all", None, DUE + timedelta(hours=3)).count == 3
