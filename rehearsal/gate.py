"""The way in to every stand-in: numbers the calls, lets time pass, strikes with the armed faults, saves before replying."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.responses import HTMLResponse, Response
from starlette.types import Message, Receive, Scope, Send

from rehearsal import call as calls
from rehearsal.call import Call
from rehearsal.faults import Armed, Fault
from rehearsal.ledger import REQUEST
from rehearsal.platform import Platform
from rehearsal.server import cut

SERVER_FAILED = 503
DROPPED_QUERY_SECONDS = 5  # what a Bot API server that restarts asks the callers of unfinished queries to wait
PROXY_PAGE = "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>"


@dataclass(frozen=True, kw_only=True)
class Parked:
    """A call whose work is done later than its reply."""

    due: datetime
    request_id: str
    call: Call


class Gate:
    """An ASGI application around one platform."""

    def __init__(self, platform: Platform, sandbox: Callable[[Scope, Receive, Send], Awaitable[None]]) -> None:
        self._platform = platform
        self._sandbox = sandbox
        self._parked: list[Parked] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        body = await _whole(receive)
        await self._catch_up()
        if scope["path"].startswith("/__sandbox/"):
            await self._sandbox(scope, _replay(body, receive), send)
            self._platform.journal.flush()
            return
        await self._serve(scope, body, receive, send)

    async def _serve(self, scope: Scope, body: bytes, receive: Receive, send: Send) -> None:
        call = await calls.read(scope, body)
        request_id = f"rehearsal-{self._platform.name}-{self._platform.counter.next('request'):06d}"
        armed = self._platform.strike(call, request_id)
        response = await self._before(armed, request_id, call) or await self._work(request_id, call)
        if armed and armed.fault is Fault.DROP_RESPONSE_AFTER_COMMIT:
            await cut(scope, receive)
        elif armed and armed.fault is Fault.TIMEOUT_MID_BODY:
            await _half(response, send)
            await cut(scope, receive)
        else:
            await self._after(armed, response)(scope, receive, send)

    async def _work(self, request_id: str, call: Call) -> Response:
        """Let the platform do a call's work and save it; a reply that leaves is a reply that is remembered."""
        token = REQUEST.set(request_id)
        try:
            response = await self._platform.answer(call)
        finally:
            REQUEST.reset(token)
            self._platform.journal.flush()
        response.headers["x-rehearsal-request"] = request_id
        return response

    async def _before(self, armed: Armed | None, request_id: str, call: Call) -> Response | None:
        """Give the reply of a fault that keeps the work from being done now, if this is one."""
        if armed is None:
            return None
        if armed.fault is Fault.SLOW_COMMIT:
            due = self._platform.town_time() + timedelta(seconds=armed.seconds)
            self._parked.append(Parked(due=due, request_id=request_id, call=call))
            return self._platform.broken(SERVER_FAILED)
        return {
            Fault.ERROR_BEFORE_COMMIT: lambda: self._platform.broken(SERVER_FAILED),
            Fault.RATE_LIMIT_NEXT: lambda: self._platform.throttled(armed.seconds or 1),
            Fault.HTML_ERROR_PAGE: lambda: HTMLResponse(PROXY_PAGE, status_code=502),
            Fault.DUPLICATE_DETECT: self._platform.duplicate,
        }.get(armed.fault, lambda: None)()

    def _after(self, armed: Armed | None, response: Response) -> Response:
        if armed is not None and armed.fault is Fault.DROPPED_QUERY:
            return self._platform.throttled(DROPPED_QUERY_SECONDS)
        if armed is None or armed.fault not in (Fault.ERROR_AFTER_COMMIT, Fault.INSERT_THEN_FAIL):
            return response
        failed = self._platform.insert_failed() if armed.fault is Fault.INSERT_THEN_FAIL else self._platform.broken(SERVER_FAILED)
        for name, value in response.headers.items():
            if name.startswith("x-wp-upload"):  # WordPress sends it as soon as the row exists, so it survives a failure
                failed.headers[name] = value
        return failed

    async def _catch_up(self) -> None:
        """Do what the clock says is due: parked calls first, then what the platform itself had planned."""
        self._platform.happen()
        due = [parked for parked in self._parked if parked.due <= self._platform.town_time()]
        for parked in due:
            self._parked.remove(parked)
            await self._work(parked.request_id, parked.call)
        self._platform.tick()
        await self._platform.errands()
        self._platform.journal.flush()

    async def settle(self) -> None:
        """Bring the public state up to the clock, outside any request."""
        await self._catch_up()


async def _whole(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return bytes(body)
        body += message.get("body", b"")
        if not message.get("more_body"):
            return bytes(body)


def _replay(body: bytes, rest: Receive) -> Receive:
    """Give the body once more, then wait with the connection for its end."""
    waiting = [body]

    async def receive() -> Message:
        return {"type": "http.request", "body": waiting.pop(), "more_body": False} if waiting else await rest()

    return receive


async def _half(response: Response, send: Send) -> None:
    """Promise a whole reply and send half of it."""
    body = bytes(response.body) or b" " * 64
    headers = [(name, value) for name, value in response.raw_headers if name != b"content-length"]
    headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
    await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
