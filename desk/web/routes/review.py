"""Review: what waits for a second person, what changed, and what that person decides."""

from __future__ import annotations

from functools import partial
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from markupsafe import Markup

from desk.approving import posts_to_come
from desk.deciding import WITH_BYTES, Step, take_with_bytes
from desk.errands import Errand
from desk.rendering import HowFar
from desk.web.desk import Desk, TheDesk
from desk.web.failures import status_of
from desk.web.halt_reader import office_halts
from desk.web.review_reader import WAITING, QueueFilters, handed_in_posts, read_queue, read_review
from desk.web.signed import acting, said
from desk.web.turns import TurnRoute
from desk.web.views.review import STEP_WORDS, QueuePage
from desk.web.views.review_answer import Answer, Typed, answer, answer_at_once, turned_down
from desk.workbench import Workbench
from editorial.post import Post
from editorial.problem import BadInput, Problem
from editorial.workflow import NEEDED, WITH_REASON, Action
from scheduler.engines.contract import Engine

router = APIRouter(include_in_schema=False, route_class=TurnRoute)

GLANCE = 0.3  # seconds that a page waits for an errand before it shows how far it has come
Text = Annotated[str, Form(max_length=2000)]
DECISIONS = frozenset({
    Action.CHECK, Action.APPROVE, Action.SCHEDULE, Action.REQUEST_CHANGES, Action.REJECT, Action.VOID, Action.REOPEN,
    Action.COMMENT,
})  # fmt: skip


_WITH_REASON = WITH_REASON | {Action.REOPEN}


@router.get("/review")
def queue(
    request: Request, desk: TheDesk, step: str = "", unit: str = "", page: int = Query(1, ge=1, le=100_000)
) -> HTMLResponse:
    """List what waits for a fact check, an approval or its place in the schedule, most urgent first."""
    filters = _filters(desk, step, unit)
    units = tuple((each.id, each.name) for each in desk.bench.content.office.units.values())

    def draw() -> tuple[QueuePage, Markup]:
        found = read_queue(desk.outlook, filters, page)
        view = {
            "page": found,
            "filters": filters,
            "steps": tuple((stage.value, words) for stage, words in STEP_WORDS.items()),
            "units": units,
            "link": lambda *, page: "/review?" + urlencode({"step": step, "unit": unit, "page": page}),
        }
        return found, Markup(desk.renderer.fragment(request, "_review_queue.html", view))

    found, shown = desk.drawn_once(("queue", step, unit, page), draw)
    view = {"page": found, "queue": shown, "halts": office_halts(desk.outlook), "step_words": STEP_WORDS}
    return desk.renderer.page(request, "review_queue.html", view, active="review")


@router.get("/review/{entry}")
def review(request: Request, desk: TheDesk, entry: str, errand: str = "", done: str = "") -> HTMLResponse:
    """Show what an approver looks at; what has to be rendered first is on its way, and the page says how far it has come.

    `done` is the step that led here; it is told for as long as it is the entry's newest one.
    """
    begun = desk.errands.find(errand) if errand else None
    taken = desk.bench.store.workflow.steps(entry)[-1:] if done else ()
    if taken and taken[0].action.value == done:
        return _page(request, desk, entry, answer_at_once(taken[0].action))
    return _page(request, desk, entry, answer(begun, desk.bench.content.office))


@router.post("/review/{entry}/decision")
def decide(
    request: Request, desk: TheDesk, entry: str, action: Text, why: Text = "", field: Text = "",
    version: int = Form(-1, ge=-1, le=2**31), digest: Text = "",
) -> Response:  # fmt: skip
    """Take the step; where the posts have to be made anew for it, that is an errand."""
    bench = _known(desk, entry)
    typed = Typed(action=action, why=why, field=field)
    try:
        wanted = _action(action)
        person = acting(desk, NEEDED[wanted])
        step = Step(action=wanted, person=person, version=version, why=_reason(wanted, why, field), digest=digest)
        begun = _take(desk, bench, entry, step)
    except BadInput as error:
        return _page(request, desk, entry, turned_down(error, typed, desk.bench.content.office), status=status_of(error))
    if begun is None:
        there = "#comments" if wanted is Action.COMMENT else f"?done={wanted.value}"
        return RedirectResponse(f"/review/{entry}{there}", status_code=303)
    begun.wait(GLANCE)
    return RedirectResponse(f"/review/{entry}?errand={begun.id}", status_code=303)


@router.get("/errands/{id}")
def how_far(request: Request, desk: TheDesk, id: str) -> HTMLResponse:
    """Show how far an errand has come; once it is over, let the page that asks show what came of it."""
    errand = desk.errands.find(id)
    shown = desk.renderer.page(request, "_errand.html", {"errand": errand, "id": id})
    if errand is not None and errand.over:
        shown.headers["hx-refresh"] = "true"
    return shown


def _take(desk: Desk, bench: Workbench, entry: str, step: Step) -> Errand | None:
    """Take a step that is about no bytes at once; begin an errand for one that is."""
    if step.action in WITH_BYTES:
        work, own = partial(_decide, bench, entry, step), f"{step.person.id} {step.action.value} {step.digest}"
        return desk.errands.begin(f"decide/{entry}", work, page=f"/review/{entry}", about=own)
    revision = bench.content.entries[entry].revision
    version = None if step.action is Action.COMMENT else step.version  # a remark hurts nobody who was faster
    bench.store.workflow.take(entry, step.action, step.person, revision=revision, version=version, why=step.why)
    return None


def _decide(bench: Workbench, entry: str, step: Step, engine: Engine, progress: HowFar) -> Action:
    take_with_bytes(bench, entry, step, engine, progress)
    return step.action


def _page(request: Request, desk: Desk, entry: str, answer: Answer, *, status: int = 200) -> HTMLResponse:
    bench = _known(desk, entry)
    look = _look(desk, bench, entry)
    posts = look.outcome if look is not None else None
    view = {
        "page": read_review(desk.outlook, bench, entry, posts if isinstance(posts, tuple) else None),
        "answer": answer,
        "look": look if look is not None and not look.over else None,
        "look_refused": look.refusal.problems if look is not None and look.refusal else (),
    }
    return desk.renderer.page(request, "review.html", view, active="review", status=status)


def _look(desk: Desk, bench: Workbench, entry: str) -> Errand | None:
    """Begin to make the posts of an entry that nobody has handed in as it is now; None where that is not needed."""
    progress = bench.store.workflow.of(entry)
    if handed_in_posts(bench, progress) is not None or not bench.slots_of(entry):
        return None
    key = f"look/{entry}/{progress.version}/{id(bench.workspace)}"
    errand = desk.errands.begin(key, partial(_make, bench, entry), page=f"/review/{entry}", again=False)
    errand.wait(GLANCE)
    return errand


def _make(bench: Workbench, entry: str, engine: Engine, progress: HowFar) -> tuple[Post, ...]:
    return posts_to_come(bench, entry, engine, progress)


def _known(desk: Desk, entry: str) -> Workbench:
    if entry not in desk.bench.content.entries:
        raise HTTPException(404, "Không có bài này. Có thể tệp của bài đã đổi tên hoặc đã bị xóa khỏi content/.")
    return desk.workbench


def _action(text: str) -> Action:
    known = next((each for each in DECISIONS if each.value == text), None)
    if known is None:
        raise BadInput(Problem(rule="unknown-choice", key="action", message="không có cách xử lý này"))
    return known


def _reason(action: Action, why: str, field: str) -> str:
    """Return what the log will say: which field it is about, and what about it."""
    needed = said(why, "why", "điều cần sửa hoặc lý do") if action in _WITH_REASON else why.strip()
    return f"{field.strip()}: {needed}" if field.strip() and needed else needed


def _filters(desk: Desk, step: str, unit: str) -> QueueFilters:
    stages = {stage.value: stage for stage in WAITING}
    for key, value, offered in (("step", step, stages), ("unit", unit, desk.bench.content.office.units)):
        if value and value not in offered:
            message = f"không có lựa chọn “{value[:40]}”; hãy bỏ bộ lọc này và chọn lại trên trang"
            raise BadInput(Problem(rule="unknown-choice", key=key, message=message))
    return QueueFilters(stage=stages.get(step), unit=unit or None)
