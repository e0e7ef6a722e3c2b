"""Facts: the ledger, where each is said, and the correction that travels from here to every copy."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from desk.correcting import Draft, draft_correction
from desk.errands import Errand
from desk.proposing import Proposal, Settled, drop, propose, proposed, settle
from desk.rendering import HowFar
from desk.web.desk import Desk, TheDesk
from desk.web.facts_reader import read_decisions, read_fact, read_ledger, read_plan
from desk.web.failures import status_of
from desk.web.prose import sentence
from desk.web.signed import Why, acting, said
from desk.web.turns import TurnRoute
from desk.workbench import Workbench
from editorial.approval import ask_second_person
from editorial.problem import BadInput, Problem
from editorial.role import Right
from scheduler.engines.contract import Engine
from store.errors import Lost

router = APIRouter(include_in_schema=False, route_class=TurnRoute)

GLANCE = 0.3  # seconds that a page waits for an errand before it shows how far it has come
Text = Annotated[str, Form(max_length=500)]
STALE = "stale-plan"


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What stood in the form, and what is wrong with it, by field."""

    form: str = ""  # "propose", "sign", "drop"
    values: dict[str, str] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
    refused: tuple[Problem, ...] = ()


@router.get("/facts")
def ledger(request: Request, desk: TheDesk, q: str = "", page: int = Query(1, ge=1, le=100_000)) -> HTMLResponse:
    """List the facts, those that have every word that is looked for."""
    asked = q.strip()[:200]
    view = {
        "page": read_ledger(desk.outlook, asked, page, desk.remembered),
        "asked": asked,
        "link": lambda *, page: "/facts?" + urlencode({"q": asked, "page": page}),
    }
    return desk.renderer.page(request, "facts.html", view, active="facts")


@router.get("/facts/{name:path}/copies")
def copies(request: Request, desk: TheDesk, name: str) -> HTMLResponse:
    """Show how far each copy of the decisions about a fact has come."""
    bench = _bench(desk, name)
    view = {"decisions": read_decisions(desk.outlook, bench, name), "name": name}
    return desk.renderer.page(request, "_copies.html", view)


@router.get("/facts/{name:path}")
def fact(
    request: Request, desk: TheDesk, name: str, page: int = Query(1, ge=1, le=100_000), parts: int = Query(0, ge=0, le=1),
    errand: str = "",
) -> HTMLResponse:  # fmt: skip
    """Show a fact with every post that quotes it; `parts=1` also says in which part of each post."""
    return _page(request, desk, name, page=page, parts=bool(parts), errand=desk.errands.find(errand) if errand else None)


@router.post("/facts/{name:path}/proposal")
def make_proposal(
    request: Request, desk: TheDesk, name: str, value: Text = "", source: Text = "", as_of: Text = "", why: Text = "",
) -> Response:  # fmt: skip
    """Keep what somebody wants the fact to be; nothing is changed before a second person has signed."""
    bench = _bench(desk, name)
    given = {"value": value, "source": source, "as_of": as_of, "why": why}
    try:
        author = acting(desk, Right.WRITE).id
        propose(bench, Proposal(fact=name, value=said(value, "value", "giá trị mới"), why=said(why, "why", "lý do"),
                                source=source.strip(), as_of=_day(as_of), author=author, at=bench.clock.now()))  # fmt: skip
    except BadInput as error:
        return _page(request, desk, name, typed=_typed("propose", given, error), status=status_of(error))
    return _back(name, "#correction")


@router.post("/facts/{name:path}/signature")
def sign_proposal(
    request: Request, desk: TheDesk, name: str, seen: Text = ""
) -> Response:  # fmt: skip
    """Sign what somebody else has proposed; the copies are put right from now on, one after another."""
    bench = _bench(desk, name)
    try:
        approver = acting(desk, Right.APPROVE).id
        proposal = _waiting(bench, name)
        ask_second_person(proposal.author, approver)
        errand = desk.errands.begin(f"settle/{name}", partial(_settle, bench, proposal, approver, seen), page=_address(name))
    except BadInput as error:
        return _page(request, desk, name, typed=_typed("sign", {}, error), status=status_of(error))
    errand.wait(GLANCE)
    return _back(name, f"?errand={errand.id}#correction")


@router.post("/facts/{name:path}/drop")
def drop_proposal(
    request: Request, desk: TheDesk, name: str, why: Why = ""
) -> Response:  # fmt: skip
    """Let a proposal be: whoever proposed it, or may sign it, thinks better of it."""
    bench = _bench(desk, name)
    try:
        person = acting(desk, Right.COMMENT)
        drop(bench.store, _waiting(bench, name), person, said(why, "why", "lý do"))
    except BadInput as error:
        return _page(request, desk, name, typed=_typed("drop", {"why": why}, error), status=status_of(error))
    return _back(name, "")


@router.post("/facts/{name:path}/copies/{item}/done")
def done_by_hand(desk: TheDesk, name: str, item: int, why: Why = "") -> RedirectResponse:
    """Take a person's word that a copy was put right on the channel itself."""
    bench = _bench(desk, name)
    person = acting(desk, Right.PAUSE).id
    try:
        bench.store.corrections.done_by_hand(item, who=person, why=said(why, "why", "đã làm gì trên kênh"))
    except (KeyError, OverflowError, Lost) as error:
        raise HTTPException(409, "Bản này không còn chờ làm tay. Hãy mở lại trang.") from error
    return _back(name, "#correction")


def _page(
    request: Request, desk: Desk, name: str, *, page: int = 1, parts: bool = False, errand: Errand | None = None,
    typed: Typed | None = None, status: int = 200,
) -> HTMLResponse:  # fmt: skip
    bench = _bench(desk, name)
    try:
        shown = read_fact(desk.outlook, bench, name, page, desk.remembered, parts=parts)
    except KeyError as error:
        raise HTTPException(404, "Không có dữ kiện này. Có thể nó đã đổi tên hoặc đã bị xóa khỏi content/facts/.") from error
    refusal = errand.refusal.problems if errand is not None and errand.refusal is not None else ()
    look = _plan(desk, bench, name, again=any(problem.rule == STALE for problem in refusal))
    draft, proposal = look.outcome if look is not None else None, proposed(bench.store, name)
    view = {
        "page": shown,
        "name": name,
        "address": _address(name),
        "parts": parts,
        "plan": read_plan(desk.outlook, bench, proposal, draft) if isinstance(draft, Draft) and proposal else None,
        "may_drop": proposal is not None and (proposal.author == desk.person.id or desk.may(Right.APPROVE)),
        "look": look if look is not None and not look.over else None,
        "look_refused": look.refusal.problems if look is not None and look.refusal else (),
        "errand": errand if errand is not None and not errand.over else None,
        "refused": refusal,
        "settled": errand.outcome if errand is not None and isinstance(errand.outcome, Settled) else None,
        "typed": typed or Typed(),
        "link": lambda *, page: f"{_address(name)}?page={page}",
        "place": partial(desk.renderer.piece, "_fact_place.html"),
    }
    return desk.renderer.page(request, "fact.html", view, active="facts", status=status)


def _plan(desk: Desk, bench: Workbench, name: str, *, again: bool) -> Errand | None:
    """Begin to work out what a proposal would do, unless that is known; None where nothing is proposed."""
    proposal = proposed(bench.store, name)
    if proposal is None:
        return None
    key = f"plan/{name}/{proposal.at.isoformat()}/{id(bench.workspace)}"
    work = partial(_drafted, bench, proposal)
    errand = desk.errands.begin(key, work, page=f"{_address(name)}#correction", again=again)
    errand.wait(GLANCE)
    return errand


def _drafted(bench: Workbench, proposal: Proposal, engine: Engine, progress: HowFar) -> Draft:
    return draft_correction(bench, proposal.fact, proposal.value, proposal.why, None)


def _settle(bench: Workbench, proposal: Proposal, approver: str, seen: str, engine: Engine, progress: HowFar) -> Settled:
    return settle(bench, proposal, approver, engine, seen)


def _bench(desk: Desk, name: str) -> Workbench:
    if len(name) > 200:
        raise HTTPException(404, "Không có dữ kiện này.")
    return desk.workbench


def _waiting(bench: Workbench, name: str) -> Proposal:
    found = proposed(bench.store, name)
    if found is None:
        message = "không còn đề nghị đính chính nào chờ ký ở đây; hãy tải lại trang"
        raise BadInput(Problem(rule="nothing-proposed", message=message))
    return found


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text.strip()).isoformat() if text.strip() else ""
    except ValueError as error:
        message = "ngày này không đọc được; hãy viết dạng 2026-09-25"
        raise BadInput(Problem(rule="wrong-value", key="as_of", message=message)) from error


def _typed(form: str, values: dict[str, str], error: BadInput) -> Typed:
    """Return what was typed with each problem beside the field that can mend it."""
    keys = {problem: (problem.key or "").removeprefix("--") for problem in error.problems}
    wrong = {key: sentence(problem.message) for problem, key in keys.items() if key in values}
    return Typed(form=form, values=values, wrong=wrong, refused=tuple(each for each, key in keys.items() if key not in values))


def _address(name: str) -> str:
    return f"/facts/{quote(name)}"


def _back(name: str, rest: str) -> RedirectResponse:
    return RedirectResponse(_address(name) + rest, status_code=303)
