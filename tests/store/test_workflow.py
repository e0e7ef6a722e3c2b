"""The way to the schedule: who may, in which order, and what is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from editorial.clock import SimulatedClock
from editorial.emergency import REVIEW_WITHIN, Verdict
from editorial.problem import BadInput
from editorial.role import Person, Right, Role
from editorial.workflow import Action, Progress, Stage, take
from store.database import Database
from store.schema import EMERGENCY_USES, WORKFLOW_STEPS
from store.store import Store
from store.workflow import Taking
from tests.store.ledger_posts import DUE, approval, post

EDITOR = Person(id="lan", name="Lan", roles=(Role.EDITOR,))
CHECKER = Person(id="chi", name="Chi", roles=(Role.FACT_CHECKER,))
APPROVER = Person(id="minh", name="Minh", roles=(Role.APPROVER,))
ALL_ROLES = Person(id="an", name="An", roles=tuple(Role))
READER = Person(id="xem", name="Xem", roles=(Role.READER,))
WHY = "mưa lớn, cần báo ngay cho người dân"
REVISION, OTHER = "a" * 64, "b" * 64


def go(store: Store, *steps: tuple[Action, Person]) -> Stage:
    for action, person in steps:
        store.workflow.take("muc", action, person, revision=REVISION, why="vì thế")
    return store.workflow.of("muc").stage


TO_CHECKED = ((Action.SUBMIT, EDITOR), (Action.CHECK, CHECKER))


def test_an_entry_goes_from_draft_to_schedule_by_different_hands(store: Store) -> None:
    assert go(store, *TO_CHECKED, (Action.APPROVE, APPROVER), (Action.SCHEDULE, APPROVER)) is Stage.SCHEDULED
    assert [(step.start, step.end, step.who) for step in store.workflow.steps("muc")][-1] == (
        Stage.APPROVED, Stage.SCHEDULED, "minh",
    )  # fmt: skip
    assert store.audit.verify().chain.ok


def test_no_step_is_skipped(store: Store) -> None:
    for early in ((Action.APPROVE, APPROVER), (Action.CHECK, CHECKER), (Action.SCHEDULE, APPROVER)):
        with pytest.raises(BadInput, match="bước tiếp theo"):
            go(store, early)
    go(store, (Action.SUBMIT, EDITOR))
    with pytest.raises(BadInput, match="bước tiếp theo"):
        go(store, (Action.APPROVE, APPROVER))


@pytest.mark.parametrize(("action", "person"), [(Action.SUBMIT, CHECKER), (Action.SUBMIT, READER), (Action.COMMENT, READER)])
def test_who_has_not_the_role_is_refused_and_told_whose_it_is(store: Store, action: Action, person: Person) -> None:
    with pytest.raises(BadInput, match="thuộc vai trò"):
        go(store, (action, person))


def test_whoever_wrote_it_neither_checks_nor_approves_it_whatever_their_roles(store: Store) -> None:
    go(store, (Action.SUBMIT, ALL_ROLES))
    with pytest.raises(BadInput, match="tự duyệt"):
        go(store, (Action.CHECK, ALL_ROLES))
    go(store, (Action.CHECK, CHECKER))
    with pytest.raises(BadInput, match="tự duyệt"):
        go(store, (Action.APPROVE, ALL_ROLES))


def test_another_word_makes_it_a_draft_again(store: Store) -> None:
    go(store, *TO_CHECKED)
    with pytest.raises(BadInput, match="“bản nháp”"):
        store.workflow.take("muc", Action.APPROVE, APPROVER, revision=OTHER)


def test_a_stale_write_is_refused(store: Store) -> None:
    seen = store.workflow.take("muc", Action.SUBMIT, EDITOR, revision=REVISION).version
    store.workflow.take("muc", Action.COMMENT, APPROVER, revision=REVISION, version=seen, why="xem lại dòng đầu")
    with pytest.raises(BadInput, match="vừa đổi"):
        store.workflow.take("muc", Action.CHECK, CHECKER, revision=REVISION, version=seen)


def test_changes_are_requested_with_a_reason_and_handed_in_again(store: Store) -> None:
    go(store, (Action.SUBMIT, EDITOR))
    with pytest.raises(BadInput, match="lý do"):
        store.workflow.take("muc", Action.REQUEST_CHANGES, CHECKER, revision=REVISION)
    assert go(store, (Action.REQUEST_CHANGES, CHECKER)) is Stage.CHANGES_REQUESTED
    assert go(store, (Action.SUBMIT, EDITOR)) is Stage.IN_REVIEW
    assert go(store, (Action.REJECT, APPROVER)) is Stage.REJECTED
    assert go(store, (Action.REOPEN, EDITOR), (Action.EXPIRE, APPROVER)) is Stage.EXPIRED


def test_an_emergency_needs_a_right_a_reason_and_a_review_by_somebody_else(store: Store) -> None:
    with pytest.raises(BadInput, match="không có quyền đăng khẩn cấp"):
        store.emergencies.use("muc", person="truc", why=WHY)
    store.emergencies.grant("truc", timedelta(hours=2), granted_by="quan-tri", why=WHY)
    with pytest.raises(BadInput, match="ghi rõ lý do"):
        store.emergencies.use("muc", person="truc", why="gấp")
    use = store.emergencies.use("muc", person="truc", why=WHY)
    assert use.review_by - use.at == REVIEW_WITHIN
    assert store.emergencies.use("muc", person="truc", why=WHY) == use
    with pytest.raises(BadInput, match="tự hậu kiểm"):
        store.emergencies.review(use.id, Verdict.UPHELD, reviewer="truc", found=WHY)
    done = store.emergencies.review(use.id, Verdict.UPHELD, reviewer="minh", found=WHY)
    assert (done.verdict, done.reviewer) == (Verdict.UPHELD, "minh")
    with pytest.raises(BadInput, match="đã được hậu kiểm"):
        store.emergencies.review(use.id, Verdict.WITHDRAWN, reviewer="minh", found=WHY)


def test_the_right_expires_and_an_overdue_review_stops_the_next_emergency(store: Store, clock: SimulatedClock) -> None:
    store.emergencies.grant("truc", timedelta(hours=2), granted_by="quan-tri", why=WHY)
    first = store.emergencies.use("muc", person="truc", why=WHY)
    clock.advance(timedelta(hours=3))
    with pytest.raises(BadInput, match="còn hạn"):
        store.emergencies.use("khac", person="truc", why=WHY)
    clock.advance(timedelta(hours=22))
    store.emergencies.grant("truc", timedelta(hours=2), granted_by="quan-tri", why=WHY)
    assert first.overdue(clock.now())
    with pytest.raises(BadInput, match="quá hạn hậu kiểm"):
        store.emergencies.use("khac", person="truc", why=WHY)
    store.emergencies.review(first.id, Verdict.CORRECTED, reviewer="minh", found=WHY)
    assert store.emergencies.use("khac", person="truc", why=WHY).entry == "khac"


def test_a_right_that_has_expired_publishes_nothing_more_of_the_same_entry_either(store: Store, clock: SimulatedClock) -> None:
    store.emergencies.grant("truc", timedelta(hours=2), granted_by="quan-tri", why=WHY)
    store.emergencies.use("muc", person="truc", why=WHY)
    clock.advance(timedelta(hours=3))
    with pytest.raises(BadInput, match="còn hạn"):
        store.emergencies.use("muc", person="truc", why=WHY)


def test_every_reason_for_an_emergency_is_kept_and_reviewed(store: Store) -> None:
    store.emergencies.grant("truc", timedelta(hours=2), granted_by="quan-tri", why=WHY)
    first = store.emergencies.use("muc", person="truc", why=WHY)
    again = store.emergencies.use("muc", person="truc", why="nước dâng cao hơn, phải sửa lời cảnh báo")
    assert again.id != first.id
    assert [(use.why, use.verdict) for use in store.emergencies.uses()] == [(WHY, None), (again.why, None)]


# Who may take each step, and where an entry stands when it can be taken.
WHO_MAY = {
    Action.SUBMIT: (Stage.DRAFT, {Role.EDITOR}),
    Action.CHECK: (Stage.IN_REVIEW, {Role.FACT_CHECKER}),
    Action.APPROVE: (Stage.FACT_CHECKED, {Role.APPROVER}),
    Action.SCHEDULE: (Stage.APPROVED, {Role.APPROVER, Role.PUBLISHER}),
    Action.REQUEST_CHANGES: (Stage.IN_REVIEW, {Role.FACT_CHECKER, Role.APPROVER}),
    Action.REJECT: (Stage.IN_REVIEW, {Role.APPROVER}),
    Action.EXPIRE: (Stage.IN_REVIEW, {Role.APPROVER, Role.PUBLISHER}),
    Action.REOPEN: (Stage.REJECTED, {Role.EDITOR}),
    Action.VOID: (Stage.IN_REVIEW, {Role.EDITOR}),
    Action.EMERGENCY: (Stage.DRAFT, {Role.PUBLISHER}),
    Action.WITHDRAW: (Stage.SCHEDULED, {Role.APPROVER}),
    Action.COMMENT: (Stage.IN_REVIEW, set(Role) - {Role.READER}),
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", Action)
def test_each_step_is_taken_by_whose_it_is_and_by_nobody_else(action: Action, role: Role) -> None:
    stage, roles = WHO_MAY[action]
    stands = Progress(entry="muc", stage=stage, revision=REVISION, author="lan", version=1)
    person = Person(id="x", name="X", roles=(role,))
    if role in roles:
        assert take(stands, action, person, revision=REVISION, why="vì thế").version == 2
    else:
        with pytest.raises(BadInput, match="không có quyền"):
            take(stands, action, person, revision=REVISION, why="vì thế")


def test_an_admin_gives_rights_and_signs_nothing() -> None:
    admin = Person(id="q", name="Q", roles=(Role.ADMIN,))
    assert not admin.rights & {Right.APPROVE, Right.CHECK_FACTS, Right.SCHEDULE, Right.WRITE, Right.EMERGENCY}
    assert [role for role in Role if Person(id="x", name="X", roles=(role,)).may(Right.MANAGE)] == [Role.ADMIN]


@pytest.mark.parametrize("verdict", Verdict)
def test_a_review_that_finds_it_wrong_ends_what_was_approved_in_the_same_breath(store: Store, verdict: Verdict) -> None:
    ready = post("muc.portal.2026")
    store.approvals.save(approval([ready]), [ready])
    store.emergencies.grant("truc", timedelta(hours=2), granted_by="quan-tri", why=WHY)
    use = store.emergencies.use("muc", person="truc", why=WHY)
    store.emergencies.review(use.id, verdict, reviewer="minh", found=WHY)
    assert store.approvals.covers(ready.key, ready.digest) is (verdict is not Verdict.WITHDRAWN)


def test_no_step_of_an_entry_closes_the_review_of_its_emergency(store: Store, clock: SimulatedClock) -> None:
    store.emergencies.grant("truc", timedelta(hours=2), granted_by="quan-tri", why=WHY)
    store.emergencies.use("muc", person="truc", why=WHY)
    truc = Person(id="truc", name="Trực", roles=(Role.PUBLISHER, Role.APPROVER, Role.EDITOR))
    for action in (Action.EMERGENCY, Action.COMMENT, Action.VOID, Action.SUBMIT, Action.WITHDRAW, Action.REOPEN):
        store.workflow.take("muc", action, truc, revision=REVISION, why="xong rồi")
    clock.advance(REVIEW_WITHIN + timedelta(seconds=1))
    (use,) = store.emergencies.uses()
    assert use.verdict is None and use.overdue(clock.now())


@pytest.mark.parametrize("action", [Action.VOID, Action.REJECT, Action.REQUEST_CHANGES])
def test_whatever_step_takes_an_entry_back_takes_its_approval_back_too(store: Store, action: Action) -> None:
    ready = post("muc.portal.2026")
    go(store, *TO_CHECKED)
    store.approvals.save(approval([ready]), [ready])
    assert store.approvals.covers(ready.key, ready.digest)
    go(store, (action, EDITOR if action is Action.VOID else APPROVER))
    assert not store.approvals.covers(ready.key, ready.digest)
    assert [deed.action for deed in store.audit.all()][-2:] == ["revoke", f"workflow-{action.value}"]


def test_an_approval_and_its_step_are_one_the_slower_of_two_approvers_leaves_none(store: Store) -> None:
    ready = post("muc.portal.2026")
    taken = Taking(action=Action.APPROVE, person=APPROVER, revision=REVISION)
    with pytest.raises(BadInput, match="đang ở bước"):
        store.approvals.save(approval([ready]), [ready], step=taken)
    assert store.approvals.latest("muc") is None
    assert "approve" not in {deed.action for deed in store.audit.all()}
    go(store, *TO_CHECKED)
    store.approvals.save(approval([ready]), [ready], step=taken)
    assert store.workflow.of("muc").stage is Stage.APPROVED
    assert store.approvals.covers(ready.key, ready.digest)


def test_nobody_gives_the_right_to_themselves_or_for_longer_than_a_day(store: Store) -> None:
    with pytest.raises(BadInput, match="tự cấp"):
        store.emergencies.grant("truc", timedelta(hours=1), granted_by="truc", why=WHY)
    with pytest.raises(BadInput, match="24 giờ"):
        store.emergencies.grant("truc", timedelta(hours=25), granted_by="quan-tri", why=WHY)


def test_the_database_lets_nobody_dismiss_a_review_or_a_step(store: Store, url: str) -> None:
    go(store, (Action.SUBMIT, EDITOR))
    store.emergencies.grant("truc", timedelta(hours=2), granted_by="quan-tri", why=WHY)
    store.emergencies.use("muc", person="truc", why=WHY)
    database = Database(url)
    later = EMERGENCY_USES.update().values(review_by=DUE + timedelta(days=99))
    for statement in (EMERGENCY_USES.delete(), later, WORKFLOW_STEPS.delete(), WORKFLOW_STEPS.update().values(who="x")):
        with pytest.raises(IntegrityError), database.write() as connection:
            connection.execute(statement)
    database.close()
