"""The store cannot be used while somebody looks at a page: plain words, and nothing but them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desk.web.browser import Browser
from tests.desk.web.small_office import open_small_office


@pytest.fixture
def broken(tmp_path: Path) -> Iterator[Browser]:
    """A browser that is signed in to an office whose database file was then written over by something else."""
    office = open_small_office(tmp_path)
    browser = Browser(office)
    office.store.close()
    for file in tmp_path.rglob("*sqlite*"):
        file.write_bytes(b"khong phai co so du lieu" * 1000)
    yield browser
    office.store.close()


def test_a_page_says_what_is_the_matter_and_that_nothing_is_lost(broken: Browser) -> None:
    answer = broken.get("/deliveries")
    assert answer.status_code == 503
    assert "hãy khôi phục bản sao lưu" in answer.text
    assert "không bài nào đăng hai lần" in answer.text
    assert "Traceback" not in answer.text


def test_the_api_says_it_as_json(broken: Browser) -> None:
    answer = broken.get("/api/deliveries")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert "hãy khôi phục bản sao lưu" in answer.json()["detail"]
