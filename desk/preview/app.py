"""The light table as a local web page."""

from __future__ import annotations

from typing import Annotated

from fastapi import Body, FastAPI, Path, Request
from pydantic import BaseModel, ConfigDict
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, PlainTextResponse, Response

from desk.preview.table import LightTable
from desk.preview.values import drawn_values, state_values
from desk.web.app import LOOPBACK, Cached
from desk.web.headers import SecureHeaders
from desk.web.reader_language import InReadersLanguage
from desk.web.renderer import STATIC, Renderer
from desk.web.routes import language, theme
from desk.web.same_origin import SameOrigin

_GONE = "Ảnh này không còn nữa; hãy tải lại trang."
Digest = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]


class Wish(BaseModel):
    """What the page wants drawn."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    size: str
    theme: str
    sample: str
    data: dict[str, object]


def create_preview(table: LightTable, office: str) -> FastAPI:
    """Return the application for one template."""
    app = FastAPI(title="Loa", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(SameOrigin)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(LOOPBACK), www_redirect=False)
    app.add_middleware(SecureHeaders)
    app.add_middleware(InReadersLanguage)
    _add_page(app, table, Renderer(office))
    _add_pictures(app, table)
    app.include_router(theme.router)
    app.include_router(language.router)
    app.mount("/static", Cached(directory=STATIC), name="static")
    fonts = table.assets / "fonts"
    app.mount("/assets/fonts", Cached(directory=fonts, check_dir=False), name="fonts")
    return app


def _add_page(app: FastAPI, table: LightTable, renderer: Renderer) -> None:
    @app.get("/")
    def page(request: Request) -> HTMLResponse:
        return renderer.page(request, "preview.html", {"template": table.name})

    @app.get("/version")
    def version() -> JSONResponse:
        return _fresh({"version": table.look()})

    @app.get("/state")
    def state() -> JSONResponse:
        table.look()
        return _fresh(state_values(table))


def _add_pictures(app: FastAPI, table: LightTable) -> None:
    @app.post("/draw")
    def draw(wish: Annotated[Wish, Body()]) -> JSONResponse:
        template = table.template
        if template is None or wish.size not in template.sizes or wish.theme not in template.themes:
            return JSONResponse({"detail": "mẫu đã đổi; trang sẽ tự đọc lại"}, status_code=409)
        return _fresh(drawn_values(table.draw(wish.data, wish.size, wish.theme, wish.sample), wish.size))

    @app.get("/picture/{digest}")
    def picture(digest: Digest) -> Response:
        path = table.picture(digest)
        return PlainTextResponse(_GONE, 404) if path is None else FileResponse(path, headers={"cache-control": "max-age=3600"})

    @app.get("/frame/{digest}/{number}")
    def frame(digest: Digest, number: int) -> Response:
        content = table.frame(digest, number)
        if content is None:
            return PlainTextResponse(_GONE, 404)
        return Response(content, media_type="image/jpeg", headers={"cache-control": "max-age=3600"})


def _fresh(values: dict[str, object]) -> JSONResponse:
    return JSONResponse(values, headers={"cache-control": "no-store"})
