"""A receiver as the city's app or a data bus would run one: it holds every call to its signature, age and key."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx

from rehearsal.faults import Fault
from rehearsal.publication import Event
from tests.publishers.bench import HandClock

KEY = b"khoa-bi-mat-dung-chung-cho-dien-tap"
SECRET = "whsec_" + base64.b64encode(KEY).decode()
OLDEST = 300  # seconds


@dataclass(frozen=True)
class Row:
    """What the public saw."""

    id: str
    event: Event


@dataclass
class Receiver:
    """Keeps posts by their key; a key that comes again with the same bytes is answered as the first time."""

    clock: HandClock
    address: str = ""
    secret: bytes = KEY
    posts: dict[str, dict[str, object]] = field(default_factory=dict)
    answers: dict[str, tuple[bytes, dict[str, object]]] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    armed: list[Fault] = field(default_factory=list)

    def arm(self, platform: str, fault: Fault, **_more: object) -> None:
        if fault is Fault.EXPIRE_TOKEN_NOW:
            self.secret = b"khac"
        else:
            self.armed.append(fault)

    def ledger(self, platform: str) -> tuple[Row, ...]:
        return tuple(self.rows)

    def answer(self, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, object]]:
        id, moment = headers["webhook-id"], headers["webhook-timestamp"]
        wanted = hmac.new(self.secret, f"{id}.{moment}.".encode() + body, hashlib.sha256).digest()
        if not hmac.compare_digest(headers["webhook-signature"], f"v1,{base64.b64encode(wanted).decode()}"):
            return 401, {"message": "wrong signature"}
        if abs(self.clock.now.timestamp() - int(moment)) > OLDEST:
            return 400, {"message": "too old"}
        assert headers["idempotency-key"] == f'"{id}"'
        if id in self.answers:
            before, answer = self.answers[id]
            return (200, answer) if before == body else (422, {"message": "the key came with another body"})
        call = json.loads(body)
        self.calls.append(call["type"])
        answer = getattr(self, call["type"].replace(".", "_"))(call["data"])
        self.answers[id] = (body, answer)
        return 200, answer

    def post_publish(self, data: dict[str, object]) -> dict[str, object]:
        return self.keep(data, Event.PUBLISHED)

    def post_correct(self, data: dict[str, object]) -> dict[str, object]:
        return self.keep(data, Event.EDITED)

    def keep(self, data: dict[str, object], event: Event) -> dict[str, object]:
        key = str(data["key"])
        fetched = [httpx.get(str(medium["url"]), trust_env=False).content for medium in data["media"]]  # type: ignore[attr-defined]
        shown = {**data, "media_sha256": [hashlib.sha256(raw).hexdigest() for raw in fetched], "state": "published"}
        told = {"id": f"tin-{key}", "url": f"{self.address}/tin/{key}"}
        self.posts[key] = {**shown, **told}
        self.rows.append(Row(told["id"], event))
        return told

    def post_withdraw(self, data: dict[str, object]) -> dict[str, object]:
        post = self.posts[str(data["key"])]
        if post["state"] == "published":
            self.rows.append(Row(str(post["id"]), Event.REMOVED))
        post["state"] = "withdrawn"
        return {}

    def post_look(self, data: dict[str, object]) -> dict[str, object]:
        return self.posts.get(str(data["key"]), {"state": "absent"})

    def channel_greet(self, data: dict[str, object]) -> dict[str, object]:
        return {"name": "Ứng dụng công dân diễn tập"}


@contextmanager
def receiving(receiver: Receiver) -> Iterator[Receiver]:
    """Run the receiver on loopback; an armed fault strikes the next call that is no look."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told = {name.lower(): value for name, value in self.headers.items()}
            struck = receiver.armed.pop(0) if receiver.armed and b'"post.look"' not in body else None
            before = {
                Fault.ERROR_BEFORE_COMMIT: (503, b"{}"), Fault.HTML_ERROR_PAGE: (502, b"<html>"),
                Fault.RATE_LIMIT_NEXT: (429, b"{}"),
            }  # fmt: skip
            if struck in before:
                return self.reply(*before[struck])
            status, answer = receiver.answer(told, body)
            if struck is Fault.DROP_RESPONSE_AFTER_COMMIT:
                return self.connection.close()
            if struck is Fault.ERROR_AFTER_COMMIT:
                return self.reply(503, b"{}")
            raw = json.dumps(answer).encode()
            return self.reply(status, raw, short=struck is Fault.TIMEOUT_MID_BODY)

        def reply(self, status: int, raw: bytes, *, short: bool = False) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(raw) + (50 if short else 0)))
            if status == 429:
                self.send_header("Retry-After", "120")
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver.address = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield receiver
        server.shutdown()
        thread.join()
