from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI

from desk.workbench import Workbench
from tests.desk.api.programs import Program, open_api, token_for
from tests.desk.written_office import open_written_office, sign


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    """Return the office at nine in the morning of 28 September; one of its entries has deliveries."""
    opened = open_written_office(tmp_path)
    sign(opened, "giai-phong-thu-do")
    yield opened
    opened.store.close()


@pytest.fixture
def app(bench: Workbench) -> FastAPI:
    return open_api(bench)


@pytest.fixture
def editor(app: FastAPI, bench: Workbench) -> Program:
    """Return an editor's program that may do all that a program may."""
    return Program(app, token_for(bench))
