"""What a person decides about one delivery; each decision carries a name and a reason."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException
from fastapi.responses import RedirectResponse

from desk.after_steps import decide as decide_step
from desk.web.bench import Bench
from desk.web.desk import TheDesk
from desk.web.signed import Why, acting, said
from desk.web.views.next_step import Action
from editorial.outcome import Receipt
from editorial.problem import BadInput, Problem
from editorial.role import Right
from store.errors import Lost, NotAllowed, RemoteIdTaken
from store.store import Store

router = APIRouter(include_in_schema=False)

Text = Annotated[str, Form(max_length=500)]


@router.post("/deliveries/{id}/decision")
def decide(desk: TheDesk, id: int, action: Text, why: Why, url: Text = "", remote_id: Text = "") -> RedirectResponse:
    """Carry the decision out and show what became of the delivery."""
    person, reason = acting(desk, Right.PAUSE).id, said(why, "why", "lý do")
    try:
        _carry_out(desk.bench, id, _action(action), person, reason, Receipt(remote_id=remote_id.strip(), url=url.strip()))
    except (KeyError, OverflowError) as error:
        raise HTTPException(404, "Không có lượt đăng này.") from error
    except (NotAllowed, Lost) as error:
        raise HTTPException(409, "Lượt đăng này vừa đổi trạng thái, không nhận quyết định đó nữa. Hãy mở lại trang.") from error
    return RedirectResponse(f"/deliveries/{id}", status_code=303)


def _action(text: str) -> Action:
    try:
        return Action(text)
    except ValueError as error:
        raise BadInput(Problem(rule="unknown-choice", key="action", message="không có cách xử lý này")) from error


def _carry_out(bench: Bench, id: int, action: Action, who: str, why: str, found: Receipt) -> None:
    store, rule = bench.store, bench.content.office.release_rule()
    match action:
        case Action.PUBLISH:
            store.decisions.publish_now(id, who=who, why=why, rule=rule)
        case Action.SEND_AGAIN:
            store.decisions.send_again(id, who=who, why=why, rule=rule)
        case Action.ACCEPT_DIFFERENCE:
            store.decisions.accept_difference(id, who=who, why=why)
        case Action.CANCEL:
            store.decisions.cancel(id, who=who, why=why)
        case Action.FOUND:
            _accept(store, id, who, why, found)


def _accept(store: Store, id: int, who: str, why: str, found: Receipt) -> None:
    """Take a person's word that the post is public; it is read back like any other before it counts as verified."""
    if not found.remote_id or not (found.url or "").startswith(("https://", "http://")):
        message = "hãy ghi địa chỉ công khai (bắt đầu bằng https://) và mã của bài trên kênh"
        raise BadInput(Problem(rule="missing-address", key="url", message=message))
    try:
        store.decisions.found(id, found, who=who, why=why)
    except RemoteIdTaken as error:
        message = f"bài có mã {found.remote_id} trên kênh này là của một lượt đăng khác; hãy xem lại mã của bài"
        raise BadInput(Problem(rule="taken-address", key="remote_id", message=message)) from error


@router.post("/deliveries/{id}/comment")
def decide_comment(desk: TheDesk, id: int, action: Text, why: Why) -> RedirectResponse:
    """Carry out what a person decided of the first comment, and show what became of it."""
    person, reason = acting(desk, Right.PAUSE).id, said(why, "why", "lý do")
    step = desk.bench.store.steps.of(id)
    if step is None:
        raise HTTPException(404, "Lượt đăng này không có bình luận đầu.")
    decide_step(desk.bench.store, step.id, action, who=person, why=reason)
    return RedirectResponse(f"/deliveries/{id}#comment", status_code=303)
