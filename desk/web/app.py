"""The desk's web application."""

from __future__ import annotations

from pathlib import Path

from fastapi import Depends, FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from desk.api import calendar as api_calendar
from desk.api import deliveries as api_deliveries
from desk.api import entries as api_entries
from desk.api import facts as api_facts
from desk.api import media as api_media
from desk.api import reports as api_reports
from desk.api import templates as api_templates
from desk.api.bounds import Bounds
from desk.api.description import describe
from desk.api.pace import Pace
from desk.errands import Errands
from desk.place import Place
from desk.rehearsals import Rehearsals
from desk.showroom import Showroom
from desk.web.bench import Bench
from desk.web.body_limit import BodyLimit
from desk.web.desk import Desk
from desk.web.door import Door
from desk.web.failures import add_failures
from desk.web.front import LOOPBACK, Front
from desk.web.genuine import genuine
from desk.web.headers import SecureHeaders
from desk.web.live import Live
from desk.web.looking import Wishes
from desk.web.presence import Presence
from desk.web.press import Press
from desk.web.reader_language import InReadersLanguage
from desk.web.renderer import STATIC, Renderer
from desk.web.routes import (
    account,
    audit,
    board,
    calendar,
    channels,
    connecting,
    decisions,
    deliveries,
    drafting,
    editing,
    entry,
    facts,
    feeds,
    halts,
    health,
    inbox,
    language,
    media,
    medium,
    moving,
    oidc,
    pauses,
    people,
    properties,
    rehearse,
    report,
    review,
    settings,
    sign_in,
    template_files,
    template_proof,
    template_versions,
    templates,
    theme,
    tokens,
    webhooks,
    welcome,
)
from desk.web.same_origin import SameOrigin
from desk.web.turns import Turns

__all__ = ("LOOPBACK", "Cached", "create_app")
PAGES = (
    calendar, moving, drafting, entry, editing, medium, properties, review, facts,
    template_files, template_proof, template_versions, templates,
    deliveries, decisions, halts, pauses, connecting, channels, people, audit, settings, account, tokens, webhooks, sign_in,
    welcome, oidc, inbox, rehearse, report, board,
)  # fmt: skip
OTHERS = (media, feeds, theme, language, health)
API = (api_entries, api_media, api_facts, api_templates, api_deliveries, api_calendar, api_reports)


def create_app(
    workbench: Bench, *, front: Front | None = None, notice: str = "", live: Live | None = None, errands: Errands | None = None,
    pace: Pace | None = None,
) -> FastAPI:  # fmt: skip
    """Return the application for one office.

    `front` is how it is reached, `notice` stands on top of every page, `live` tells the pages that listen what changes.
    `errands` do what takes longer than a page may; whoever gives them stops them. `pace` is how often a program may ask.
    """
    front = front or Front()
    app = FastAPI(title="Loa", docs_url=None, redoc_url=None, openapi_url="/api/openapi.json", dependencies=[Depends(genuine)])
    app.state.press, app.state.presence, app.state.turns = Press(), Presence(), Turns()
    app.state.showroom, app.state.wishes = Showroom(), Wishes()
    renderer = Renderer(workbench.content.office.short_name, notice)
    app.state.desk = Desk(bench=workbench, renderer=renderer, front=front, errands=errands or Errands())
    app.state.live, app.state.pace = live or Live(), pace or Pace()
    app.state.rehearsals = Rehearsals(Place(root=workbench.root))  # whoever serves the desk closes them
    app.add_middleware(Bounds)
    app.add_middleware(BodyLimit)
    app.add_middleware(Door)
    app.add_middleware(SameOrigin)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(front.hosts), www_redirect=False)
    app.add_middleware(SecureHeaders)
    app.add_middleware(InReadersLanguage)
    add_failures(app)
    for routes in (*PAGES, *OTHERS, *API):
        app.include_router(routes.router)
    describe(app)
    app.mount("/static", Cached(directory=STATIC), name="static")
    app.mount("/assets/fonts", Cached(directory=_fonts(workbench.root), check_dir=False), name="fonts")
    return app


def _fonts(root: Path) -> Path:
    return root / "assets" / "fonts"


class Cached(StaticFiles):
    """Static files that a browser keeps: for a year where their address carries a digest, else for a day."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return the file, with how long it may be kept."""
        answer = await super().get_response(path, scope)
        forever = b"v=" in scope.get("query_string", b"")
        answer.headers["cache-control"] = "public, max-age=31536000, immutable" if forever else "public, max-age=86400"
        return answer
