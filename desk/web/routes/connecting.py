"""Connect a channel to an account of the office: a form, the way to the platform and back, and taking it off again."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from desk.account_fields import BASE_URL, SECRET, read_typed, stays
from desk.connecting import Connecting
from desk.round_trip import RoundTrip
from desk.web.connecting_reader import BACK, read_choosing, read_connecting, read_going
from desk.web.cookies import leave_cookie, read_cookie, take_cookie
from desk.web.desk import Desk, TheDesk
from desk.web.failures import status_of
from desk.web.routes.channels import known_channel
from desk.web.signed import acting
from editorial.office import Channel
from editorial.problem import BadInput
from editorial.role import Right
from publishers.registry import consent_of, manifest_of
from store.connections import LONGEST, Connection

router = APIRouter(prefix="/channels", include_in_schema=False)

COOKIE = "loa-channel"  # the word of the trip, and for which channel it is
MOST_LETTERS = 4000


@router.get("/back")
def back(request: Request, desk: TheDesk) -> Response:
    """Take somebody in who comes back from a platform; the code in the address works once, and the next page has none."""
    word, id = _cookie(request)
    channel = known_channel(desk, id) if id else None
    if channel is None:
        raise HTTPException(HTTPStatus.BAD_REQUEST, "Lượt kết nối này không bắt đầu từ trình duyệt này, hoặc đã quá lâu.")
    answer = {name: value[:MOST_LETTERS] for name, value in request.query_params.items()}
    try:
        found = _connecting(desk, channel).come_back(RoundTrip(word=word), _back(request, desk), answer)
    except BadInput as error:
        failed = _form(request, desk, channel, {}, error)
        take_cookie(request, failed, COOKIE)
        return failed
    if not isinstance(found, Connection):
        return RedirectResponse(f"/channels/{channel.id}/connect/choose", HTTPStatus.SEE_OTHER)
    return _done(request, channel)


@router.get("/{id}/connect")
def show(request: Request, desk: TheDesk, id: str) -> HTMLResponse:
    """Show what is needed to connect the channel."""
    channel = known_channel(desk, id)
    _allowed(desk)
    return _form(request, desk, channel, {})


@router.post("/{id}/connect")
async def connect(request: Request, desk: TheDesk, id: str) -> Response:
    """Connect with what was typed, or begin to ask for the owner's consent."""
    form = {name: str(value)[:MOST_LETTERS] for name, value in (await request.form()).items()}
    return await run_in_threadpool(_connect, request, desk, id, form)


@router.get("/{id}/connect/go")
def go(request: Request, desk: TheDesk, id: str) -> Response:
    """Show where it goes on: a link, since a form may not lead to another host."""
    channel = known_channel(desk, id)
    word, _ = _cookie(request)
    try:
        address = _connecting(desk, channel).address(RoundTrip(word=word), _back(request, desk))
    except BadInput as error:
        return _form(request, desk, channel, {}, error)
    view = {"page": read_going(desk, channel, address, _back(request, desk))}
    return desk.renderer.page(request, "connect_go.html", view, active="channels")


@router.get("/{id}/connect/choose")
def choose(request: Request, desk: TheDesk, id: str) -> Response:
    """Show the accounts that the platform has opened."""
    return _choosing(request, desk, known_channel(desk, id))


@router.post("/{id}/connect/choose")
def chosen(request: Request, desk: TheDesk, id: str, choice: Annotated[str, Form(max_length=10)] = "") -> Response:
    """Connect with one of them."""
    channel = known_channel(desk, id)
    word, _ = _cookie(request)
    try:
        _connecting(desk, channel).choose(RoundTrip(word=word), int(choice) if choice.isascii() and choice.isdigit() else -1)
    except BadInput as error:
        return _choosing(request, desk, channel, error)
    return _done(request, channel)


@router.post("/{id}/disconnect")
def disconnect(desk: TheDesk, id: str) -> Response:
    """Forget the account with its credentials."""
    channel = known_channel(desk, id)
    _connecting(desk, channel).end()
    return RedirectResponse(f"/channels/{channel.id}#account", HTTPStatus.SEE_OTHER)


def _connect(request: Request, desk: Desk, id: str, form: Mapping[str, str]) -> Response:
    channel = known_channel(desk, id)
    try:
        connecting = _connecting(desk, channel)
        typed = read_typed(channel, form, _kept(desk, channel, form))
        if consent_of(channel.publisher) is None:
            connecting.type(typed)
            return RedirectResponse(f"/channels/{channel.id}#account", HTTPStatus.SEE_OTHER)
        trip = connecting.begin(typed)
    except BadInput as error:
        return _form(request, desk, channel, form, error)
    answer = RedirectResponse(f"/channels/{channel.id}/connect/go", HTTPStatus.SEE_OTHER)
    word = f"{trip.word} {channel.id}".encode().hex()
    leave_cookie(request, answer, COOKIE, word, lasting=int(LONGEST.total_seconds()))
    return answer


def _kept(desk: Desk, channel: Channel, form: Mapping[str, str]) -> Mapping[str, str]:
    """Return the credentials of a channel that is connected: a form that leaves one empty keeps it, for the same address."""
    connection = desk.bench.store.connections.of(channel.id)
    if connection is None or not stays(channel, form, {**connection.settings, BASE_URL: connection.base_url}):
        return {}
    manifest, secrets = manifest_of(channel.publisher), desk.bench.store.secrets.of(channel.id)
    return {name: secrets.find(name) for name in (*manifest.secrets, *manifest.optional_secrets)}


def _connecting(desk: Desk, channel: Channel) -> Connecting:
    return Connecting(store=desk.bench.store, channel=channel, by=_allowed(desk))


def _allowed(desk: Desk) -> str:
    """Return who connects; raise for one who may not, and in a rehearsal, which never leaves this machine."""
    person = acting(desk, Right.MANAGE)
    if desk.front.demo:
        message = "Bản diễn tập luôn đăng lên máy chủ thử. Hãy kết nối ở bàn làm việc của văn phòng."
        raise HTTPException(HTTPStatus.CONFLICT, message)
    return person.id


def _form(
    request: Request, desk: Desk, channel: Channel, form: Mapping[str, str], error: BadInput | None = None
) -> HTMLResponse:  # fmt: skip
    shown = {name: value for name, value in form.items() if not name.startswith(SECRET)}
    page = read_connecting(desk, channel, shown, _back(request, desk), error)
    status = status_of(error) if error is not None else HTTPStatus.OK
    return desk.renderer.page(request, "connect.html", {"page": page}, active="channels", status=status)


def _choosing(request: Request, desk: Desk, channel: Channel, error: BadInput | None = None) -> Response:
    word, _ = _cookie(request)
    try:
        choices = _connecting(desk, channel).choices(RoundTrip(word=word))
    except BadInput as lost:
        return _form(request, desk, channel, {}, lost)
    view = {"page": read_choosing(desk, channel, choices, error)}
    status = status_of(error) if error is not None else HTTPStatus.OK
    return desk.renderer.page(request, "connect_choose.html", view, active="channels", status=status)


def _done(request: Request, channel: Channel) -> Response:
    answer = RedirectResponse(f"/channels/{channel.id}#account", HTTPStatus.SEE_OTHER)
    take_cookie(request, answer, COOKIE)
    return answer


def _back(request: Request, desk: Desk) -> str:
    """Return our own address to which a platform sends people back."""
    return (desk.front.address or str(request.base_url).rstrip("/")) + BACK


def _cookie(request: Request) -> tuple[str, str]:
    try:
        word, _, id = bytes.fromhex(read_cookie(request, COOKIE)).decode().partition(" ")
    except ValueError:
        return "", ""
    return word, id
