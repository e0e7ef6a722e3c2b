"""Ask the application for pages, without a socket."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from copy import copy
from http.cookies import SimpleCookie

import httpx

from desk.entrance import roles_of
from desk.errands import Errands
from desk.web.app import create_app
from desk.web.bench import Bench
from desk.web.cookies import SESSION
from desk.web.front import Front
from desk.web.visitor import csrf_of

Files = Sequence[tuple[str, tuple[str, bytes]]]  # field, and the name and bytes of a file that was chosen in it
HOST = "http://127.0.0.1:8000"


def signed_in(bench: Bench, person: str) -> str:
    """Return the token of a new session of somebody of the office: the value of the cookie SESSION."""
    return bench.store.sessions.begin(person, roles_of(bench.content.office.people[person]), "trình duyệt thử")


class Browser:
    """A browser of one office's desk. It follows no redirect.

    It is signed in as `person`, the one on duty where nobody is named; with "" as nobody.
    """

    def __init__(
        self, bench: Bench, person: str | None = None, *, front: Front | None = None, host: str = HOST,
        errands: Errands | None = None,
    ) -> None:  # fmt: skip
        self._bench = bench
        self._front = front
        self._host = host
        self._errands = errands
        self._app = create_app(bench, front=front, errands=errands)
        self.cookies: dict[str, str] = {}
        if person := "le-chi" if person is None else person:
            self.cookies[SESSION] = signed_in(bench, person)

    def as_person(self, person: str) -> Browser:
        """Return another browser of the same office, signed in as somebody else."""
        other = copy(self)  # of the same desk: to make one anew takes longer than to ask it
        other.cookies = {SESSION: signed_in(self._bench, person)} if person else {}
        return other

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Open a page."""
        return self._send("GET", path, headers)

    def post(
        self, path: str, form: Mapping[str, str | list[str]], *, csrf: str | None = None, files: Files = (), **headers: str
    ) -> httpx.Response:  # fmt: skip
        """Send a form as one of our own pages does, unless the headers or `csrf` say otherwise."""
        word = csrf if csrf is not None else csrf_of(self.cookies[SESSION]) if SESSION in self.cookies else ""
        return self._send("POST", path, {"sec-fetch-site": "same-origin", **headers}, {"csrf": word, **form}, files)

    def _send(
        self, method: str, path: str, headers: Mapping[str, str],
        form: Mapping[str, str | list[str]] | None = None, files: Files = (),
    ) -> httpx.Response:  # fmt: skip
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        own = [f"{name}={value}" for name, value in self.cookies.items()]
        kept = "; ".join([*own, *filter(None, [named.pop("cookie", "")])])

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(app=self._app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url=self._host) as client:
                sent = {**named, "cookie": kept} if kept else named
                return await client.request(method, path, headers=sent, data=form, files=list(files) or None)

        answer = asyncio.run(send())
        self._keep(answer)
        return answer

    def _keep(self, answer: httpx.Response) -> None:
        for line in answer.headers.get_list("set-cookie"):
            for name, morsel in SimpleCookie(line).items():
                if morsel.value and morsel["max-age"] != "0":
                    self.cookies[name] = morsel.value
                else:
                    self.cookies.pop(name, None)
