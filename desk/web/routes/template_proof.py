"""A template's proof sheet, and the single frames of its clips."""

from __future__ import annotations

from functools import partial
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from desk.showroom import Exhibit
from desk.template_proof import ProofSheet, draw_sheet, proof_sheet
from desk.trials import Wanted
from desk.web.desk import TheDesk
from desk.web.looking import GLANCE, as_it_stands, begin_frame
from desk.web.routes.templates import KEPT, TABS, Digest, Table, TheTable, place_of, wishes_of
from desk.web.template_versions_reader import default_wanted, read_sheet, refusal_lines
from desk.web.views.template_versions import SheetPage
from editorial.problem import BadInput
from studio.studio import frame_picture

router = APIRouter(include_in_schema=False)

FRAME_WAIT = 20.0  # seconds that somebody who drags a scrub bar waits for its frame
MOST_FRAMES = 60_000  # of a clip: half an hour
Asked = Annotated[list[str], Query(max_length=12)]
Sent = Annotated[list[str], Form(max_length=12)]


@router.get("/template-frames/{digest}/{number}")
def frame(request: Request, desk: TheDesk, digest: Digest, number: int) -> Response:
    """Serve a frame of a clip that a page shows; the processes that render draw it."""
    path = frame_picture(place_of(desk).memory, digest, number)
    if not path.is_file():
        found = wishes_of(request).clip(digest)
        if found is None or not 0 <= number < MOST_FRAMES:
            raise HTTPException(404, "Khung hình này không còn; hãy tải lại trang.")
        begin_frame(desk.errands, *found, number).wait(FRAME_WAIT)
    if not path.is_file():
        raise HTTPException(503, "Máy đang bận nên chưa vẽ kịp khung hình này; hãy thử lại.")
    return FileResponse(path, media_type="image/jpeg", headers=KEPT)


@router.get("/templates/{kind}/{name}/proof")
def proof(table: TheTable, theme: Asked = [], sample: Asked = [], errand: str = "") -> HTMLResponse:  # noqa: B006  # FastAPI copies
    """Show the proof sheet that is asked for, or what may be asked for."""
    wanted = _wanted(table.exhibit, theme, sample)
    under_way, refusal, _ = as_it_stands(table.desk.errands.find(errand) if errand else None)
    sheet = None
    try:
        sheet = _sheet(table.exhibit, wanted)
    except BadInput as error:
        refusal = error
    page = read_sheet(table.desk, table.exhibit, wanted, sheet, under_way, refusal_lines(refusal))
    return _show(table, page)


@router.post("/templates/{kind}/{name}/proof")
def draw(table: TheTable, theme: Sent = [], sample: Sent = []) -> Response:  # noqa: B006  # FastAPI copies them
    """Have the sheet drawn that is asked for."""
    wanted = _wanted(table.exhibit, theme, sample)
    asked = urlencode([*(("theme", each) for each in wanted.themes), *(("sample", each) for each in wanted.samples)])
    address = f"/templates/{table.exhibit.id}/proof?{asked}"
    try:
        sheet = _sheet(table.exhibit, wanted)
        work = partial(draw_sheet, sheet, table.place.memory)
        errand = table.desk.errands.begin(f"sheet/{sheet.digest}", work, page=address)
    except BadInput as error:
        page = read_sheet(table.desk, table.exhibit, wanted, None, None, refusal_lines(error))
        return _show(table, page, status=400)
    errand.wait(GLANCE)
    return RedirectResponse(f"{address}&errand={errand.id}", status_code=303)


def _wanted(exhibit: Exhibit, themes: list[str], samples: list[str]) -> Wanted:
    """Return what is asked for, without names that the template has not; where nothing is left, what a sheet mostly has."""
    template = exhibit.template
    if template is None:
        return Wanted()
    usual = default_wanted(template)
    known = tuple(theme for theme in template.themes if theme in themes)
    chosen = tuple(sample for sample in usual.samples if sample in samples)
    return Wanted(themes=known or usual.themes, samples=chosen or usual.samples)


def _sheet(exhibit: Exhibit, wanted: Wanted) -> ProofSheet:
    """Return the sheet; raise BadInput where the template cannot be read, or has no sample."""
    if exhibit.template is None:
        raise BadInput(*exhibit.problems)
    return proof_sheet(exhibit, wanted)


def _show(table: Table, page: SheetPage, status: int = 200) -> HTMLResponse:
    view = {"page": page, "head": page.head, "tab": "proof", "tabs": TABS}
    return table.desk.renderer.page(table.request, "template_proof.html", view, active="templates", status=status)
