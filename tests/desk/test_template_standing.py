"""What a template draws that nobody has approved is neither handed in nor signed; what was signed stays as it was signed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desk.approving import check_facts, posts_to_come, problems_of, schedule, sign, submit
from desk.command import run
from desk.correcting import draft_correction
from desk.correcting import sign as decide
from desk.crew import bring_to_schedule, crew_of
from desk.drafting import read_typed
from desk.emergencies import publish_in_emergency
from desk.entry_fields import written_fields
from desk.noticing import notice
from desk.place import Place
from desk.template_standing import Stand, is_released, stands
from desk.web.draft_look import draft_look
from desk.web.press import Press
from desk.workbench import Workbench, open_workbench
from editorial.clock import SimulatedClock
from editorial.problem import BadInput, Problem, Severity
from editorial.role import Role
from editorial.template_approval import RULE, approve_template
from editorial.workflow import Action, Stage
from scheduler.engines.contract import Engine
from scheduler.engines.embedded import EmbeddedEngine
from store.entry_text import read_entry_text
from tests.desk.released_templates import missing
from tests.desk.web.browser import Browser
from tests.story.workspace import make_workspace

ENTRY = "dich-vu-cong-truc-tuyen"
STEPS = "infographic/steps"
START = datetime(2026, 11, 2, 3, tzinfo=UTC)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    made = EmbeddedEngine(threads=1, processes=1)
    yield made
    made.stop()


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """Return an office with one entry on one channel, whose picture infographic/steps draws."""
    root = make_workspace(tmp_path, (ENTRY,))
    rewrite(root / "content" / f"{ENTRY}.md", "channels: [portal, facebook, zalo, telegram]", "channels: [facebook]")
    return root


@contextmanager
def opened(office: Path, at: datetime = START) -> Iterator[Workbench]:
    with open_workbench(Place(root=office), office / ".loa" / "office", SimulatedClock(at)) as bench:
        yield bench


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def redesign(office: Path) -> None:
    """Let another designer's size stand in the template."""
    rewrite(office / "templates" / STEPS / "template.yaml", "size: 72,", "size: 68,")


def approve(bench: Workbench) -> None:
    people, version = bench.content.office.people, bench.workspace.templates[STEPS].version
    given = {"author": "thiet-ke", "makers": ("thiet-ke",)}
    signed = approve_template(STEPS, version, (), approver=people["duyet"], at=bench.clock.now(), **given)
    bench.store.template_approvals.save(signed)


def test_every_template_of_this_checkout_is_on_the_list_of_the_release() -> None:
    assert missing() == [], "run .venv/bin/python -m tests.desk.released_templates"


def test_a_changed_template_keeps_its_entries_from_being_handed_in_until_it_is_approved(office: Path, engine: Engine) -> None:
    redesign(office)
    with opened(office) as bench:
        posts, people = posts_to_come(bench, ENTRY, engine), bench.content.office.people
        with pytest.raises(BadInput) as refused:
            submit(bench, ENTRY, posts, people["bien-tap"])
        (problem,) = refused.value.problems
        assert (problem.rule, problem.severity, problem.template) == (RULE, Severity.ERROR, STEPS)
        assert problem.file == f"content/{ENTRY}.md" and problem.line and problem.key == "media[0].template"
        assert bench.workspace.templates[STEPS].version[:10] in problem.message and "chưa được duyệt" in problem.message
        assert problem in problems_of(bench, ENTRY, posts), "the page of the review says the same"
        assert bench.store.workflow.of(ENTRY).stage is Stage.DRAFT
        approve(bench)
        assert submit(bench, ENTRY, posts, people["bien-tap"]).stage is Stage.IN_REVIEW


def test_the_page_that_writes_an_entry_knows_at_once_that_its_template_was_approved(office: Path) -> None:
    redesign(office)
    with opened(office) as bench:
        text, press = read_entry_text(bench.root, ENTRY), Press()

        def told() -> list[str]:
            look = draft_look(bench, read_typed(text, written_fields(text.read().entry)), ENTRY, press).look("facebook")
            return [note.text for note in look.notes if "chưa được duyệt" in note.text]

        assert len(told()) == 1
        approve(bench)
        assert told() == [], "the words are the same, and were looked at before"


def test_what_was_handed_in_is_not_signed_while_its_template_is_another(office: Path, engine: Engine) -> None:
    with opened(office) as bench:
        posts, people = posts_to_come(bench, ENTRY, engine), bench.content.office.people
        submit(bench, ENTRY, posts, people["bien-tap"])
        check_facts(bench, ENTRY, posts, people["kiem-chung"])
    template = office / "templates" / STEPS / "template.yaml"
    template.write_text(template.read_text(encoding="utf-8") + "# not a px of it is another\n", encoding="utf-8")
    with opened(office) as bench:
        posts, people = posts_to_come(bench, ENTRY, engine), bench.content.office.people
        with pytest.raises(BadInput) as refused:
            sign(bench, ENTRY, posts, people["duyet"])
        assert [problem.rule for problem in refused.value.problems] == [RULE]
        approve(bench)
        assert sign(bench, ENTRY, posts, people["duyet"]).entry == ENTRY


def test_what_is_signed_keeps_its_picture_when_its_template_changes(office: Path, engine: Engine) -> None:
    with opened(office) as bench:
        posts, people = posts_to_come(bench, ENTRY, engine), bench.content.office.people
        submit(bench, ENTRY, posts, people["bien-tap"])
        check_facts(bench, ENTRY, posts, people["kiem-chung"])
        sign(bench, ENTRY, posts, people["duyet"])
    redesign(office)
    with opened(office) as bench:
        people = bench.content.office.people
        again = posts_to_come(bench, ENTRY, engine)
        assert [post.digest for post in again] == [post.digest for post in posts]
        assert notice(bench, engine) == () and not any(each.rule == RULE for each in problems_of(bench, ENTRY, again))
        schedule(bench, ENTRY, again, people["duyet"])
        assert notice(bench, engine) == ()
        (delivery,) = bench.store.deliveries.list(entry=ENTRY)
        assert bench.store.approvals.covers(delivery.post_key, delivery.post_digest)
        revision = bench.content.entries[ENTRY].revision
        bench.store.workflow.take(ENTRY, Action.VOID, people["bien-tap"], revision=revision, why="muốn dùng mẫu mới")
        fresh = posts_to_come(bench, ENTRY, engine)
        assert fresh[0].media[0].sha256 != posts[0].media[0].sha256
        with pytest.raises(BadInput, match="chưa được duyệt"):
            submit(bench, ENTRY, fresh, people["bien-tap"])


def test_a_signed_picture_that_is_damaged_is_drawn_again(office: Path, engine: Engine) -> None:
    with opened(office) as bench:
        bring_to_schedule(bench, ENTRY, posts_to_come(bench, ENTRY, engine), crew_of(bench))
        (post,) = posts_to_come(bench, ENTRY, engine)
        post.media[0].path.write_bytes(b"no picture")
        (again,) = posts_to_come(bench, ENTRY, engine)
        assert again.digest == post.digest and again.media[0].path.read_bytes() != b"no picture"


def test_an_emergency_sends_what_is_signed_and_nothing_else_of_an_unapproved_template(office: Path, engine: Engine) -> None:
    redesign(office)
    with opened(office) as bench:
        bench.store.emergencies.grant("truc-ban", timedelta(hours=4), granted_by="quan-tri", why="trực đêm, mưa lớn")
        with pytest.raises(BadInput, match="chưa được duyệt"):
            publish_in_emergency(bench, ENTRY, person="truc-ban", why="nước lên, cần báo ngay", engine=engine)
        bring_to_schedule(bench, ENTRY, posts_to_come(bench, ENTRY, engine), crew_of(bench))
        (signed,) = posts_to_come(bench, ENTRY, engine)
    rewrite(office / "templates" / STEPS / "template.yaml", "size: 68,", "size: 66,")
    with opened(office) as bench:
        publish_in_emergency(bench, ENTRY, person="truc-ban", why="nước lên, cần báo ngay", engine=engine)
        (delivery,) = bench.store.deliveries.list(entry=ENTRY)
        sent = bench.store.posts.version(delivery.post_key, delivery.post_digest)
        assert [medium.sha256 for medium in sent.media] == [medium.sha256 for medium in signed.media]


def test_a_corrected_picture_is_not_drawn_by_a_template_that_nobody_approved(office: Path, engine: Engine) -> None:
    with opened(office) as bench:
        bring_to_schedule(bench, ENTRY, posts_to_come(bench, ENTRY, engine), crew_of(bench))
    redesign(office)
    with opened(office) as bench:
        draft = draft_correction(bench, "wards", "127", "đếm lại", engine)
        assert [problem.template for problem in draft.problems if problem.rule == RULE] == [STEPS]
        with pytest.raises(BadInput, match="chưa được duyệt"):
            decide(bench, draft, author="bien-tap", approver="duyet")
        approve(bench)
        again = draft_correction(bench, "wards", "127", "đếm lại", engine)
        assert not any(problem.rule == RULE for problem in again.problems)


def test_the_check_warns_and_an_office_may_do_without(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def told() -> list[tuple[str, str, str]]:
        assert run(["check", ENTRY, "--json", "-w", str(office)]) == 0
        found = json.loads(capsys.readouterr().out)
        return [(each["severity"], each["template"], each["key"]) for each in found if each["rule"] == RULE]

    assert told() == [], "what came with Loa needs no approval"
    redesign(office)
    assert told() == [("warning", STEPS, "media[0].template")]
    with opened(office) as bench:
        approve(bench)
    assert told() == []
    rewrite(office / "templates" / STEPS / "template.yaml", "size: 68,", "size: 66,")
    assert told() == [("warning", STEPS, "media[0].template")]
    rewrite(office / "content" / "office.yaml", "schema: 1\n", "schema: 1\napprove_templates: false\n")
    assert told() == []


def test_a_picture_laid_into_a_released_template_is_drawn_only_once_it_is_approved(office: Path) -> None:
    folder = office / "templates" / "clip" / "explainer"
    with opened(office) as bench:
        before = bench.workspace.templates["clip/explainer"]
        assert is_released(before)
    (folder / "art").mkdir()  # its scenes draw `art or 'art/mat-troi.svg'`, and look for that in the folder first
    laid = folder / "art" / "mat-troi.svg"
    laid.write_bytes((office / "templates" / "infographic" / "quote" / "quote-mark.svg").read_bytes())
    with opened(office) as bench:
        after = bench.workspace.templates["clip/explainer"]
        assert not is_released(after) and after.version != before.version
    laid.rename(folder / "art" / "khac.svg")
    with opened(office) as bench:
        assert bench.workspace.templates["clip/explainer"].version not in (before.version, after.version), "a name draws, too"
    (folder / "giong.mp3").write_bytes(b"not looked at here")
    with opened(office) as bench:
        heard = bench.workspace.templates["clip/explainer"]
        assert heard.version not in (before.version, after.version) and not is_released(heard)


def test_the_page_on_which_it_is_written_warns_until_the_template_is_approved(office: Path) -> None:
    redesign(office)
    with opened(office) as bench:
        browser = Browser(bench, "bien-tap")
        page = f"/entries/{ENTRY}/edit"
        assert "chưa được duyệt" in browser.get(page).text
        approve(bench)
        assert "chưa được duyệt" not in browser.get(page).text


def test_the_office_s_colours_are_no_change_of_a_template_that_came_with_loa(office: Path) -> None:
    with opened(office) as bench:
        before = bench.workspace.templates[STEPS]
        assert stands(bench.store, [before]) == {STEPS: Stand.RELEASED}
    rewrite(office / "assets" / "brand.yaml", 'muted: "#55626a"', 'muted: "#45525a"')
    with opened(office) as bench:
        assert bench.workspace.templates[STEPS].version != before.version and is_released(bench.workspace.templates[STEPS])
        approve(bench)
        assert stands(bench.store, bench.workspace.templates.values())[STEPS] is Stand.SIGNED
    redesign(office)
    with opened(office) as bench:
        assert stands(bench.store, bench.workspace.templates.values())[STEPS] is Stand.CHANGED


def test_whoever_has_a_change_in_it_signs_no_template_whatever_their_roles_are(office: Path) -> None:
    with opened(office) as bench:
        people = bench.content.office.people
        both = replace(people["duyet"], id="hai-vai", roles=(Role.DESIGNER, Role.APPROVER))

        def signed(approver: str, makers: tuple[str, ...] = (), problems: tuple[Problem, ...] = ()) -> str:
            person = both if approver == both.id else people[approver]
            now = START + timedelta(days=1)
            given = {"author": "thiet-ke", "makers": makers, "at": now}
            return approve_template(STEPS, "v", problems, approver=person, **given).approver

        assert signed("hai-vai") == "hai-vai"
        for approver, makers, why in (
            ("hai-vai", ("hai-vai",), "không được tự duyệt"), ("thiet-ke", (), "không có quyền duyệt"),
            ("bien-tap", (), "không có quyền duyệt"), ("quan-tri", (), "không có quyền duyệt"),
        ):  # fmt: skip
            with pytest.raises(BadInput, match=why):
                signed(approver, makers)
        with pytest.raises(BadInput, match="tràn"):
            signed("hai-vai", (), (Problem(rule="x", message="tràn"),))
