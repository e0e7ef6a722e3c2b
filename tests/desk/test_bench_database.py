"""A bench on a PostgreSQL that is given empty needs no key of the office."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from desk.commands.bench import ask_empty_database
from editorial.clock import SystemClock
from store.store import Store
from store.vault import VARIABLE
from tests.store.fresh_database import fresh_database


def test_the_secrets_of_a_trial_need_no_key_of_the_office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = fresh_database(tmp_path, "postgresql")
    monkeypatch.setenv(VARIABLE, "")  # put back afterwards, whatever is set meanwhile
    del os.environ[VARIABLE]
    ask_empty_database(url)
    with Store.open(url, clock=SystemClock()) as store:
        store.secrets.of("trang-1").replace({"page_token": "thử"})
        assert store.secrets.of("trang-1").get("page_token") == "thử"
