"""Pages are made a few at a time: who comes while more are asked for than one process can make waits in line, not in its way.

Forty threads at work on forty pages take the processor twice as long for each as a few do: they share one interpreter, and hand
it to one another all the time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from fastapi import Request, Response
from fastapi.routing import APIRoute

AT_ONCE = 4  # some of them wait for the database; with six or two the processor is spent much alike

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


class Turns:
    """Whose page is being made; one line for each event loop, since tests run several on one application."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._at_once = at_once
        self._lines: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()

    def line(self) -> asyncio.Semaphore:
        """Return the line of the running loop: first come, first served."""
        return self._lines.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(self._at_once))


class TurnRoute(APIRoute):
    """A page that is read is made in its turn; what is written or sent, or waits for something else, is not held up."""

    def get_route_handler(self) -> Handler:
        """Return what makes the answer; it is sent when the turn is over, however slow the line of whoever asked."""
        make = super().get_route_handler()
        if "GET" not in (self.methods or ()) or getattr(self.endpoint, _WAITS, False):
            return make

        async def in_turn(request: Request) -> Response:
            turns: Turns = request.app.state.turns
            async with turns.line():
                return await make(request)

        return in_turn


_WAITS = "waits_for_something_else"


def out_of_turn(endpoint: Endpoint) -> Endpoint:
    """Mark what waits for a picture or for news: it needs no processor meanwhile, and would keep pages waiting."""
    setattr(endpoint, _WAITS, True)
    return endpoint
