"""Pages wait in line for their making; what is written, or waits for something else, goes past them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import httpx
import pytest
from fastapi import APIRouter, FastAPI

from desk.web.turns import TurnRoute, Turns, out_of_turn

PATIENCE = 30.0


class Workshop:
    """An application whose pages are finished when somebody lets them; it knows how many are being made."""

    def __init__(self) -> None:
        self.begun = threading.Semaphore(0)
        self.let_go = threading.Event()
        self.making = self.most = 0
        self._lock = threading.Lock()
        router = APIRouter(route_class=TurnRoute)
        router.get("/page")(self.page)
        router.get("/broken")(self.broken)
        router.get("/news")(out_of_turn(lambda: "tin"))
        router.post("/page")(lambda: "ghi")
        self.app = FastAPI()
        self.app.state.turns = Turns(at_once=2)
        self.app.include_router(router)

    def page(self) -> str:
        with self._lock:
            self.making += 1
            self.most = max(self.most, self.making)
        self.begun.release()
        assert self.let_go.wait(PATIENCE)
        with self._lock:
            self.making -= 1
        return "trang"

    def broken(self) -> str:
        raise RuntimeError("hỏng")


@pytest.fixture
def workshop() -> Iterator[Workshop]:
    made = Workshop()
    yield made
    made.let_go.set()


def test_no_more_pages_are_made_at_once_and_nobody_is_forgotten(workshop: Workshop) -> None:
    async def ask() -> list[int]:
        async with _client(workshop) as client:
            pages = [asyncio.create_task(client.get("/page")) for _ in range(8)]
            for _ in range(2):
                await asyncio.to_thread(workshop.begun.acquire, timeout=PATIENCE)
            assert (await client.post("/page")).json() == "ghi", "who writes does not wait for who reads"
            assert (await client.get("/news")).json() == "tin"
            assert workshop.making == 2 and not any(page.done() for page in pages)
            workshop.let_go.set()
            return [page.status_code for page in await asyncio.gather(*pages)]

    assert asyncio.run(ask()) == [200] * 8
    assert workshop.most == 2


def test_a_page_that_fails_and_a_reader_who_leaves_give_their_turn_back(workshop: Workshop) -> None:
    async def ask() -> int:
        async with _client(workshop) as client:
            for _ in range(4):
                assert (await client.get("/broken")).status_code == 500
            waiting = [asyncio.create_task(client.get("/page")) for _ in range(4)]
            for _ in range(2):
                await asyncio.to_thread(workshop.begun.acquire, timeout=PATIENCE)
            for each in waiting[2:]:  # still in line
                each.cancel()
            await asyncio.wait(waiting[2:])
            workshop.let_go.set()
            await asyncio.gather(*waiting[:2])
            return (await client.get("/page")).status_code

    assert asyncio.run(ask()) == 200


def test_one_application_serves_several_loops(workshop: Workshop) -> None:
    async def ask() -> list[int]:
        async with _client(workshop) as client:
            return [page.status_code for page in await asyncio.gather(*(client.get("/page") for _ in range(5)))]

    workshop.let_go.set()
    assert [asyncio.run(ask()) for _ in range(2)] == [[200] * 5] * 2


def _client(workshop: Workshop) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=workshop.app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://test", timeout=PATIENCE)
