"""Turn view models into pages: Jinja with everything escaped, and addresses of static files that change with their bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from desk.web.headers import SECURITY_HEADERS
from desk.web.moment_words import ZONE, count_words
from desk.web.theme import theme_of

HERE = Path(__file__).resolve().parent
STATIC = HERE / "static"


class Renderer:
    """Render the templates of desk/web/pages/. `office` and `notice` stand on every page, `remarks` until there are others."""

    def __init__(self, office: str, notice: str = "") -> None:
        self.remarks: tuple[str, ...] = ()
        self._jinja = Environment(
            loader=FileSystemLoader(HERE / "pages"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._jinja.globals.update(static=static_address, number=count_words, zone=ZONE, office=office, notice=notice)

    def page(
        self, request: Request, template: str, view: Mapping[str, object], *, active: str = "", status: int = 200
    ) -> HTMLResponse:
        """Return a template filled with a view, in the reader's theme."""
        html = self._jinja.get_template(template).render(view, theme=theme_of(request), active=active, remarks=self.remarks)
        return HTMLResponse(html, status_code=status, headers={**SECURITY_HEADERS, "cache-control": "no-store"})


@cache
def static_address(name: str) -> str:
    """Return where a static file is served; another content has another address."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()
    return f"/static/{name}?v={digest[:10]}"
