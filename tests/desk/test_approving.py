"""From draft to the ledger, and back to a draft as soon as anything that was signed reads otherwise."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from desk.approving import changes_since_signed, check_facts, posts_to_come, schedule, sign, standing, submit
from desk.command import run
from desk.correcting import draft_withdrawal
from desk.correcting import sign as decide
from desk.crew import bring_to_schedule, crew_of
from desk.emergencies import publish_in_emergency
from desk.last_approval import last_approval
from desk.noticing import Finding, notice
from desk.place import Place
from desk.triage import find_delivery, move
from desk.workbench import Workbench, open_workbench
from editorial.approval import package_digest
from editorial.clock import SimulatedClock
from editorial.correction import Reason
from editorial.delivery import HoldReason, State
from editorial.outcome import Receipt
from editorial.problem import BadInput
from editorial.workflow import Action, Stage
from scheduler.engines.contract import Engine
from scheduler.engines.embedded import EmbeddedEngine
from store.errors import Unapproved
from store.workflow import Taking
from tests.story.workspace import make_workspace

ENTRY = "dich-vu-cong-truc-tuyen"
START = datetime(2026, 11, 2, 3, tzinfo=UTC)
DUE = datetime(2026, 11, 30, 1, tzinfo=UTC)


@pytest.fixture
def office(tmp_path: Path) -> Path:
    return make_workspace(tmp_path, (ENTRY,))


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    made = EmbeddedEngine()
    yield made
    made.stop()


@contextmanager
def opened(office: Path, at: datetime = START) -> Iterator[Workbench]:
    """Open the office as its files are now."""
    with open_workbench(Place(root=office), office / ".loa" / "office", SimulatedClock(at)) as bench:
        yield bench


def scheduled(bench: Workbench, engine: Engine) -> None:
    bring_to_schedule(bench, ENTRY, posts_to_come(bench, ENTRY, engine), crew_of(bench))


def covered(bench: Workbench) -> dict[str, bool]:
    ledger = bench.store.deliveries.list(entry=ENTRY)
    return {each.channel: bench.store.approvals.covers(each.post_key, each.post_digest) for each in ledger}


def rewrite(old: str, new: str) -> Callable[[Path], None]:
    def change(office: Path) -> None:
        path = office / "content" / f"{ENTRY}.md"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return change


def recount(office: Path) -> None:
    path = office / "content" / "facts" / "plan.yaml"
    text = path.read_text(encoding="utf-8")
    assert "    value: 126\n" in text
    path.write_text(text.replace("    value: 126\n", "    value: 127\n"), encoding="utf-8")


def test_each_step_is_one_persons_and_the_ledger_gets_the_signed_bytes(office: Path, engine: Engine) -> None:
    with opened(office) as bench:
        people, posts = bench.content.office.people, posts_to_come(bench, ENTRY, engine)
        with pytest.raises(BadInput, match="soạn và trình bài"):
            submit(bench, ENTRY, posts, people["nguoi-xem"])
        assert submit(bench, ENTRY, posts, people["bien-tap"]).stage is Stage.IN_REVIEW
        with pytest.raises(BadInput, match="đang ở bước"):
            sign(bench, ENTRY, posts, people["duyet"])
        check_facts(bench, ENTRY, posts, people["kiem-chung"])
        with pytest.raises(BadInput, match="có người vừa đổi mục này"):
            sign(bench, ENTRY, posts, people["duyet"], version=1)
        approval = sign(bench, ENTRY, posts, people["duyet"], version=2)
        assert (approval.author, approval.approver, bench.store.deliveries.list(entry=ENTRY)) == ("bien-tap", "duyet", ())
        schedule(bench, ENTRY, posts, people["duyet"])
        assert covered(bench) == {"portal": True, "facebook": True, "zalo": True, "telegram": True}
        assert notice(bench, engine) == ()
        deeds = [deed.action for deed in bench.store.audit.of(ENTRY)]
        assert deeds == ["submit", "workflow-check", "approve", "workflow-schedule"]


def test_who_once_handed_these_bytes_in_does_not_approve_them_when_somebody_else_hands_them_in_again(
    office: Path, engine: Engine
) -> None:
    with opened(office) as bench:
        people, posts = bench.content.office.people, posts_to_come(bench, ENTRY, engine)
        roles = tuple(role for id in ("bien-tap", "kiem-chung", "duyet") for role in people[id].roles)
        both = replace(people["bien-tap"], id="hai-vai", roles=roles)
        submit(bench, ENTRY, posts, both)
        revision = bench.content.entries[ENTRY].revision
        bench.store.workflow.take(ENTRY, Action.VOID, people["bien-tap"], revision=revision, why="trình lại cho đúng người")
        submit(bench, ENTRY, posts, people["bien-tap"])
        with pytest.raises(BadInput, match="không được tự kiểm chứng"):
            check_facts(bench, ENTRY, posts, both)
        check_facts(bench, ENTRY, posts, people["kiem-chung"])
        with pytest.raises(BadInput, match="không được tự kiểm chứng hay tự duyệt"):
            sign(bench, ENTRY, posts, both)
        assert bench.store.approvals.latest(ENTRY) is None
        assert sign(bench, ENTRY, posts, people["duyet"]).author == "bien-tap"


CHANGES = {
    "text": (rewrite("Bạn có thể làm buổi tối", "Bạn có thể làm ban ngày"), {"text", "html"}),
    "alt": (rewrite('alt: "Các bước nộp', 'alt: "Bốn bước nộp'), {"media.anh.alt"}),
    "picture": (rewrite("theme: light", "theme: dark"), {"media.anh.bytes", "media.anh.size"}),
    "moment": (rewrite("q4_end/2026-1m@08:00", "q4_end/2026-1m@08:30"), {"due_at"}),
    "channel": (rewrite("channels: [portal, facebook, zalo, telegram]", "channels: [portal, facebook, zalo]"), {"channel"}),
    "tone": (rewrite("tone: neutral", "tone: solemn"), {"tone"}),
    "local fact": (rewrite("uses: [wards]", "uses: [wards, districts_before]"), {"uses.1"}),
    "fact": (recount, {"text", "html", "media.anh.bytes"}),
}


@pytest.mark.parametrize("kind", CHANGES)
def test_any_change_voids_the_approval_and_says_what_changed(office: Path, engine: Engine, kind: str) -> None:
    change, fields = CHANGES[kind]
    with opened(office) as bench:
        scheduled(bench, engine)
    change(office)
    with opened(office) as bench:
        (found,) = notice(bench, engine)
        assert found.what is Finding.VOID and fields <= {change.field for change in found.changes}
        assert not any(covered(bench).values())
        assert bench.store.workflow.of(ENTRY).stage is Stage.DRAFT
        assert fields & set(bench.store.workflow.steps(ENTRY)[-1].why.replace(",", " ").split())
        assert notice(bench, engine) == ()
    with opened(office, DUE + timedelta(hours=1)) as bench:
        bench.store.deliveries.promote()
        assert {each.hold_reason for each in bench.store.deliveries.list(entry=ENTRY)} == {HoldReason.UNAPPROVED}


@pytest.mark.parametrize("kind", ["text", "tone"])
def test_what_was_approved_when_it_ended_and_why_and_what_differs_is_still_told_afterwards(
    office: Path, engine: Engine, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    with opened(office) as bench:
        scheduled(bench, engine)
    CHANGES[kind][0](office)
    with opened(office, START + timedelta(hours=2)) as bench:
        notice(bench, engine)
        found = last_approval(bench, ENTRY, posts_to_come(bench, ENTRY, engine))
        assert found and not found.stands and len(found.posts) == 4
        assert CHANGES[kind][1] <= {change.field for change in found.changes}
    capsys.readouterr()
    assert run(["changes", ENTRY, "-w", str(office)]) == 0
    said = capsys.readouterr().out
    assert "duyet đã duyệt lúc 10:00 02/11/2026 (bien-tap trình)" in said and f"{ENTRY}.portal.2026: 08:00 30/11/2026" in said
    assert "hết hiệu lực lúc 12:00 02/11/2026, bởi loa: đã đổi: " in said
    assert run(["changes", ENTRY, "--json", "-w", str(office)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["approval"]["ended"]["by"] == "loa" and CHANGES[kind][1] <= {change["field"] for change in told["changes"]}


def test_an_approval_that_was_taken_back_by_hand_is_told_with_its_reason(
    office: Path, engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    with opened(office) as bench:
        scheduled(bench, engine)
    assert run(["workflow", ENTRY, "--do", "void", "--by", "bien-tap", "--why", "nhầm số liệu", "-w", str(office)]) == 0
    capsys.readouterr()
    assert run(["changes", ENTRY, "-w", str(office)]) == 0
    said = capsys.readouterr().out
    assert "bởi bien-tap: nhầm số liệu" in said and "vẫn như bản đã duyệt đó" in said


def test_who_voids_a_scheduled_entry_by_hand_keeps_its_posts_from_going_out(office: Path, engine: Engine) -> None:
    with opened(office) as bench:
        scheduled(bench, engine)
        assert all(covered(bench).values())
    voided = ["workflow", ENTRY, "--do", "void", "--by", "bien-tap", "--why", "nhầm số liệu"]
    assert run([*voided, "-w", str(office)]) == 0
    with opened(office, DUE + timedelta(hours=1)) as bench:
        assert not any(covered(bench).values())
        bench.store.deliveries.promote()
        assert {each.hold_reason for each in bench.store.deliveries.list(entry=ENTRY)} == {HoldReason.UNAPPROVED}


def test_what_is_in_hand_when_its_entry_is_taken_back_does_not_go_out(office: Path, engine: Engine) -> None:
    with opened(office) as bench:
        scheduled(bench, engine)
    with opened(office, DUE) as bench:
        ledger = bench.store.deliveries
        ledger.promote()
        claims = [ledger.claim("máy-1", timedelta(minutes=1)), ledger.claim("máy-1", timedelta(minutes=1))]
        first, second = (claim.delivery for claim in claims if claim)
        second = ledger.pass_to(second, State.PREPARED)
        draft = draft_withdrawal(bench, ENTRY, Reason.ERROR, "Đăng nhầm.")
        decide(bench, draft, author="bien-tap", approver="duyet")
        for held in (ledger.pass_to(first, State.PREPARED), second):
            with pytest.raises(Unapproved):
                bench.store.attempts.open(held, deadline=DUE + timedelta(seconds=30))
        assert not any(covered(bench).values())
        states = {each.state for each in ledger.list(entry=ENTRY) if each.id not in (first.id, second.id)}
        assert states == {State.CANCELLED}
        signature = bench.store.approvals.newest(ENTRY)
        assert signature and "Đăng nhầm." in signature.why


def test_who_takes_an_entry_back_is_told_what_is_being_sent_at_that_moment(office: Path, engine: Engine) -> None:
    with opened(office) as bench:
        scheduled(bench, engine)
    with opened(office, DUE) as bench:
        bench.store.deliveries.promote()
        claim = bench.store.deliveries.claim("máy-1", timedelta(minutes=1))
        assert claim
        prepared = bench.store.deliveries.pass_to(claim.delivery, State.PREPARED)
        bench.store.attempts.open(prepared, deadline=DUE + timedelta(seconds=30))
        draft = draft_withdrawal(bench, ENTRY, Reason.ERROR, "Đăng nhầm.")
        assert [(problem.rule, problem.channel) for problem in draft.problems] == [("on-the-way", prepared.channel)]
        others = {each.channel for each in bench.store.deliveries.list(entry=ENTRY)} - {prepared.channel}
        assert {each.channel for each in draft.dropped} == others and draft.takes_entry
        alone = draft_withdrawal(bench, ENTRY, Reason.ERROR, "Đăng nhầm.", channel=min(others))
        assert [each.channel for each in alone.dropped] == [min(others)] and not alone.problems and not alone.takes_entry


def test_nobody_calls_an_entry_expired_by_hand(office: Path, engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    with opened(office) as bench:
        submit(bench, ENTRY, posts_to_come(bench, ENTRY, engine), bench.content.office.people["bien-tap"])
    assert run(["workflow", ENTRY, "--do", "expire", "--by", "duyet", "-w", str(office)]) == 2
    assert "./loa sync" in capsys.readouterr().err
    with opened(office) as bench:
        assert bench.store.workflow.of(ENTRY).stage is Stage.IN_REVIEW


def test_what_was_voided_goes_the_whole_way_again_and_a_channel_left_out_is_dropped(office: Path, engine: Engine) -> None:
    with opened(office) as bench:
        scheduled(bench, engine)
    CHANGES["channel"][0](office)
    with opened(office) as bench:
        assert standing(bench, ENTRY, posts_to_come(bench, ENTRY, engine)).stage is Stage.DRAFT
        scheduled(bench, engine)
        assert covered(bench) == {"portal": True, "facebook": True, "zalo": True, "telegram": False}
        states = {each.channel: each.state for each in bench.store.deliveries.list(entry=ENTRY)}
        assert (states["telegram"], states["portal"]) == (State.CANCELLED, State.SCHEDULED)
        assert notice(bench, engine) == ()


@pytest.mark.parametrize("last", [Action.SUBMIT, Action.CHECK, Action.APPROVE])
def test_what_changed_on_its_way_cannot_be_taken_a_step_further(office: Path, engine: Engine, last: Action) -> None:
    steps = {Action.SUBMIT: (submit, "bien-tap"), Action.CHECK: (check_facts, "kiem-chung"), Action.APPROVE: (sign, "duyet")}
    after = {Action.SUBMIT: check_facts, Action.CHECK: sign, Action.APPROVE: schedule}
    with opened(office) as bench:
        posts = posts_to_come(bench, ENTRY, engine)
        for action in tuple(steps)[: list(steps).index(last) + 1]:
            step, person = steps[action]
            step(bench, ENTRY, posts, bench.content.office.people[person])
    recount(office)
    with opened(office) as bench:
        people, posts = bench.content.office.people, posts_to_come(bench, ENTRY, engine)
        person = people["kiem-chung" if last is Action.SUBMIT else "duyet"]
        with pytest.raises(BadInput, match="đã đổi sau khi trình"):
            after[last](bench, ENTRY, posts, person)
        assert submit(bench, ENTRY, posts, people["bien-tap"]).stage is Stage.IN_REVIEW
        with pytest.raises(BadInput, match="đang ở bước"):
            submit(bench, ENTRY, posts, people["bien-tap"])


def replaced(place: str, old: str, new: str) -> Callable[[Path], None]:
    def change(office: Path) -> None:
        text = (office / place).read_text(encoding="utf-8")
        assert old in text
        (office / place).write_text(text.replace(old, new), encoding="utf-8")

    return change


ART = "assets/art/dich-vu-so.svg"
UNIT = "Trung tâm Phục vụ hành chính công Thành phố"
AROUND = {
    "a caption template": (replaced("templates/caption/facebook.j2", "Đơn vị phát hành", "Nơi phát hành"), {"text"}),
    "a picture's own file": (replaced(ART, "</svg>", '<rect width="5000" height="5000"/></svg>'), {"media.anh.bytes"}),
    "the brand's colours": (replaced("assets/brand.yaml", 'muted: "#55626a"', 'muted: "#45525a"'), {"media.anh.bytes"}),
    "a channel's own moment": (rewrite("tone: neutral", 'tone: neutral\nmoments: {zalo: "q4_end/2026-1m@09:00"}'), {"due_at"}),
    "the unit's name": (replaced("content/office.yaml", UNIT, "Trung tâm Hành chính công"), {"text"}),
}


def test_what_lies_around_the_entry_is_part_of_what_was_signed(office: Path, engine: Engine) -> None:
    with opened(office) as bench:
        scheduled(bench, engine)
    for kind, (change, fields) in AROUND.items():
        before = {path: path.read_bytes() for suffix in ("md", "yaml", "j2", "svg") for path in office.rglob(f"*.{suffix}")}
        change(office)
        with opened(office) as bench:
            posts = posts_to_come(bench, ENTRY, engine)
            assert fields <= {found.field for found in changes_since_signed(bench, ENTRY, posts)}, kind
            assert standing(bench, ENTRY, posts).stage is Stage.DRAFT, kind
        for path, words in before.items():
            path.write_bytes(words)
    with opened(office) as bench:
        assert notice(bench, engine) == () and all(covered(bench).values())


@contextmanager
def failing(office: Path, when: str) -> Iterator[None]:
    """Let the database refuse one kind of write, as a full disk or the end of the process would."""
    with closing(sqlite3.connect(office / ".loa" / "office" / "loa.sqlite")) as server:
        server.execute(f"CREATE TRIGGER full BEFORE {when} BEGIN SELECT RAISE(ABORT, 'disk full'); END")
        server.commit()
        with pytest.raises(IntegrityError, match="disk full"):
            yield
        server.execute("DROP TRIGGER full")
        server.commit()


def test_what_belongs_together_is_written_together_or_not_at_all(office: Path, engine: Engine) -> None:
    with opened(office) as bench:
        store, crew, posts = bench.store, crew_of(bench), posts_to_come(bench, ENTRY, engine)
        submit(bench, ENTRY, posts, crew.editor)
        check_facts(bench, ENTRY, posts, crew.checker)
        sign(bench, ENTRY, posts, crew.approver)
        with failing(office, "INSERT ON workflow_steps"):
            schedule(bench, ENTRY, posts, crew.approver)
        assert store.deliveries.list() == () and store.workflow.of(ENTRY).stage is Stage.APPROVED
        store.emergencies.grant(crew.on_duty.id, timedelta(hours=4), granted_by="quan-tri", why="mưa lớn, cần báo ngay")
        with failing(office, "INSERT ON workflow_steps"):
            publish_in_emergency(bench, ENTRY, person=crew.on_duty.id, why="mưa lớn, cần báo ngay", engine=engine)
        assert store.deliveries.list() == ()
        assert [deed.who for deed in store.audit.of(ENTRY) if deed.action == "approve"] == [crew.approver.id]
        schedule(bench, ENTRY, posts, crew.approver)
        told = len(store.audit.all())
        later = partial(move, to=DUE + timedelta(hours=3), who="truc-ban", why="họp báo", approver="duyet", now=START)
        with failing(office, "UPDATE OF post_digest ON deliveries"):
            later(store, find_delivery(store, f"{ENTRY}.portal.2026"))
        assert len(store.audit.all()) == told and all(covered(bench).values())
        assert notice(bench, engine) == () and store.signatures.contradictions() == ()


class Meanwhile(SimulatedClock):
    """A clock that lets somebody else act the next time that anybody looks at it."""

    act: Callable[[], object] | None = None

    def now(self) -> datetime:
        act, self.act = self.act, None
        if act is not None:
            act()
        return super().now()


def test_what_was_handed_in_anew_while_somebody_signed_is_not_signed_unseen(office: Path, engine: Engine) -> None:
    clock = Meanwhile(START)
    with open_workbench(Place(root=office), office / ".loa" / "office", clock) as bench:
        store, crew, posts = bench.store, crew_of(bench), posts_to_come(bench, ENTRY, engine)
        revision = bench.content.entries[ENTRY].revision
        submit(bench, ENTRY, posts, crew.editor)
        check_facts(bench, ENTRY, posts, crew.checker)

        def hand_in_anew() -> None:
            other = tuple(replace(post, variant=replace(post.variant, summary="Lời khác.")) for post in posts)
            store.workflow.take(ENTRY, Action.VOID, crew.editor, revision=revision, why="sửa mẫu")
            step = Taking(action=Action.SUBMIT, person=crew.editor, revision=revision)
            store.submissions.save(ENTRY, package_digest(other), crew.editor.id, posts=other, step=step)
            store.workflow.take(ENTRY, Action.CHECK, crew.checker, revision=revision)

        clock.act = hand_in_anew
        with pytest.raises(BadInput, match="có người vừa đổi mục này"):
            sign(bench, ENTRY, posts, crew.approver)
        assert store.workflow.of(ENTRY).stage is Stage.FACT_CHECKED and store.approvals.newest(ENTRY) is None


def test_a_day_that_the_calendar_moved_is_told_and_keeps_its_approved_moment(office: Path, engine: Engine) -> None:
    day = office / "calendars" / "ngay-rieng.yaml"
    day.write_text(PRIVATE_DAY.format(day="2026-11-30"), encoding="utf-8")
    rewrite("q4_end/2026-1m@08:00", "ngay_rieng/2026@08:00")(office)
    with opened(office) as bench:
        scheduled(bench, engine)
    day.write_text(PRIVATE_DAY.format(day="2026-12-02"), encoding="utf-8")
    with opened(office) as bench:
        (found,) = notice(bench, engine)
        assert found.what is Finding.MOVED and {change.field for change in found.changes} == {"due_at"}
        assert all(covered(bench).values())
        assert {each.due_at for each in bench.store.deliveries.list(entry=ENTRY)} == {DUE}


def test_a_post_that_two_people_moved_is_not_a_change_of_the_workspace(office: Path, engine: Engine) -> None:
    with opened(office) as bench:
        scheduled(bench, engine)
        delivery = find_delivery(bench.store, f"{ENTRY}.portal.2026")
        move(bench.store, delivery, DUE + timedelta(hours=3), who="truc-ban", why="họp báo", approver="duyet", now=START)
        assert notice(bench, engine) == ()
        assert all(covered(bench).values())


def test_what_nobody_approved_in_time_expires_and_may_be_reopened(office: Path, engine: Engine) -> None:
    with opened(office) as bench:
        submit(bench, ENTRY, posts_to_come(bench, ENTRY, engine), bench.content.office.people["bien-tap"])
    with opened(office, DUE + timedelta(minutes=1)) as bench:
        (found,) = notice(bench, engine)
        assert found.what is Finding.EXPIRED
        assert bench.store.workflow.of(ENTRY).stage is Stage.EXPIRED
        assert notice(bench, engine) == ()


def test_an_entry_whose_file_is_gone_is_signed_by_nobody(office: Path, engine: Engine) -> None:
    with opened(office) as bench:
        scheduled(bench, engine)
    for path in (office / "content").glob(f"{ENTRY}*.md"):
        path.unlink()
    with opened(office) as bench:
        assert [(each.entry, each.what) for each in notice(bench, engine)] == [(ENTRY, Finding.GONE)]
        assert not any(covered(bench).values())


def test_an_entry_that_is_all_out_may_be_put_away(office: Path, engine: Engine) -> None:
    """An office keeps the files of this year's entries, and not those of the last ten."""
    with opened(office) as bench:
        scheduled(bench, engine)
    with opened(office, DUE + timedelta(minutes=1)) as bench:
        bench.store.deliveries.promote()
        while claim := bench.store.deliveries.claim("máy", timedelta(minutes=2)):
            prepared = bench.store.deliveries.pass_to(claim.delivery, State.PREPARED)
            sending, _ = bench.store.attempts.open(prepared, deadline=bench.clock.now() + timedelta(seconds=30))
            receipt = Receipt(remote_id=f"r{sending.id}", url=None)
            later = DUE + timedelta(days=9)
            bench.store.deliveries.pass_to(sending, State.SENT, outcome="receipt", receipt=receipt, next_at=later)
        assert {each.state for each in bench.store.deliveries.list(entry=ENTRY)} == {State.SENT}
    for path in (office / "content").glob(f"{ENTRY}*.md"):
        path.unlink()
    with opened(office, DUE + timedelta(minutes=1)) as bench:
        assert notice(bench, engine) == ()
        assert all(covered(bench).values()) and bench.store.workflow.of(ENTRY).stage is Stage.SCHEDULED


PRIVATE_DAY = """\
schema: 1
days:
  - id: ngay_rieng
    name: {{vi: Ngày riêng, en: Own day}}
    kind: city
    rule: date:{day}
    tone: neutral
    public_holiday: false
    basis: lịch của văn phòng
    evidence: general_knowledge
"""


def test_nobody_can_sign_a_picture_that_cannot_be_read(office: Path, engine: Engine) -> None:
    """The contrast is measured on the finished pixels: no check before rendering could have told."""
    rewrite_brand(office)
    with opened(office) as bench:
        posts, crew = posts_to_come(bench, ENTRY, engine), crew_of(bench)
        submit(bench, ENTRY, posts, crew.editor)
        check_facts(bench, ENTRY, posts, crew.checker)
        with pytest.raises(BadInput) as refused:
            sign(bench, ENTRY, posts, crew.approver)
        found = {problem.rule: problem for problem in refused.value.problems}
        assert found["low-contrast"].file == f"content/{ENTRY}.md"
        assert "tương phản" in found["low-contrast"].message
        assert standing(bench, ENTRY, posts).stage is not Stage.APPROVED


def rewrite_brand(office: Path) -> None:
    """Let the palest text of every theme nearly vanish in its ground."""
    brand = office / "assets" / "brand.yaml"
    before = brand.read_text(encoding="utf-8")
    after = re.sub(r'(\bmuted: )"#[0-9a-fA-F]{6}"', r'\1"#8f8f8f"', before)
    assert after != before
    brand.write_text(after, encoding="utf-8")


def withdraw(bench: Workbench, why: str = "Đăng nhầm.") -> None:
    draft = draft_withdrawal(bench, ENTRY, Reason.ERROR, why)
    decide(bench, draft, author="bien-tap", approver="duyet")


def test_what_two_people_took_back_is_withdrawn_until_somebody_says_why_it_is_opened_again(office: Path, engine: Engine) -> None:
    with opened(office) as bench:
        scheduled(bench, engine)
        crew, workflow = crew_of(bench), bench.store.workflow
        withdraw(bench)
        assert workflow.of(ENTRY).stage is Stage.WITHDRAWN
        assert {each.state for each in bench.store.deliveries.list(entry=ENTRY)} == {State.CANCELLED}
        assert not any(covered(bench).values())
        assert notice(bench, engine) == ()
        assert bench.store.signatures.contradictions() == ()
    recount(office)
    with opened(office) as bench:
        posts = posts_to_come(bench, ENTRY, engine)
        with pytest.raises(BadInput, match="“đã rút”"):
            submit(bench, ENTRY, posts, crew.editor)
        with pytest.raises(BadInput, match="“đã rút”"):
            publish_in_emergency(bench, ENTRY, person=crew.on_duty.id, why="mưa lớn, cần báo ngay", engine=engine)
        revision = bench.content.entries[ENTRY].revision
        with pytest.raises(BadInput, match="ghi rõ lý do"):
            bench.store.workflow.take(ENTRY, Action.REOPEN, crew.editor, revision=revision)
        bench.store.workflow.take(ENTRY, Action.REOPEN, crew.editor, revision=revision, why="đã rà lại số liệu")
        assert bench.store.workflow.of(ENTRY).stage is Stage.DRAFT


def test_the_same_withdrawal_decided_again_withdraws_again(office: Path, engine: Engine) -> None:
    with opened(office) as bench:
        scheduled(bench, engine)
        crew = crew_of(bench)
        withdraw(bench)
        revision = bench.content.entries[ENTRY].revision
        bench.store.workflow.take(ENTRY, Action.REOPEN, crew.editor, revision=revision, why="đã rà lại")
        withdraw(bench)
        assert bench.store.workflow.of(ENTRY).stage is Stage.WITHDRAWN


def test_any_two_revisions_are_compared_field_by_field_without_the_file(
    office: Path, engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    def say(*words: str) -> list[dict[str, str]]:
        assert run(["changes", ENTRY, *words, "--memory", "office", "--json", "-w", str(office)]) == 0
        found = json.loads(capsys.readouterr().out)
        return found["changes"] if isinstance(found, dict) else found

    with opened(office) as bench:
        scheduled(bench, engine)
    rewrite("tone: neutral", "tone: solemn")(office)
    with opened(office) as bench:
        submit(bench, ENTRY, posts_to_come(bench, ENTRY, engine), crew_of(bench).editor)
    recount(office)
    with opened(office) as bench:
        submit(bench, ENTRY, posts_to_come(bench, ENTRY, engine), crew_of(bench).editor)
    (office / "content" / f"{ENTRY}.md").unlink()
    assert [each["number"] for each in say("--list")] == [1, 2, 3]
    assert {change["field"] for change in say("--from", "1", "--to", "2")} == {"tone"}
    recounted = say("--from", "2", "--to", "3")
    assert {change["field"] for change in recounted} >= {"text"} and "tone" not in {change["field"] for change in recounted}
    assert {"tone", "text"} <= {change["field"] for change in say("--from", "1")}
    back = say("--from", "3", "--to", "2")
    assert {(change["before"], change["after"]) for change in back} == {(each["after"], each["before"]) for each in recounted}
    assert run(["changes", ENTRY, "--from", "4", "-w", str(office)]) == 2
    assert "không có bản số 4" in capsys.readouterr().err
