"""Templates: the gallery, and each template with its sample as a form and every size beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Request
from fastapi.responses import FileResponse, HTMLResponse, Response
from starlette.concurrency import run_in_threadpool

from desk.place import Place
from desk.sample_form import MOST_ROWS, data_of
from desk.showroom import Exhibit, Showroom
from desk.web.desk import Desk, TheDesk
from desk.web.looking import GLANCE, Wish, Wishes, begin_look, chosen_wish, seen
from desk.web.templates_reader import read_gallery, read_template
from studio.rendition import Shelf
from studio.studio import frames_folder
from studio.template import KINDS

router = APIRouter(include_in_schema=False)

Kind = Annotated[str, Path(pattern="^[a-z]{1,20}$")]
Name = Annotated[str, Path(pattern="^[^/]{1,100}$")]
Digest = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]
MOST_FIELDS = 40 * MOST_ROWS
MOST_BYTES = 500_000  # of what is tried on a page: sample.yaml says no more
TABS = (
    ("look", "", "Xem thử"), ("edit", "/edit", "Sửa tệp"), ("proof", "/proof", "In thử"),
    ("versions", "/versions", "Các bản và duyệt"),
)  # fmt: skip
_SIDE = re.compile(r"(small-[0-9]{2,4}|frame-[0-9]{1,6})\.jpg|proof\.png|difference-[a-z0-9-]{1,40}\.png")
_PICTURES = {"jpg": "image/jpeg", "png": "image/png"}
KEPT = {"cache-control": "private, max-age=3600"}


@dataclass(frozen=True)
class Table:
    """What each of these routes works with: one template of the office, as its files are now."""

    request: Request
    desk: Desk
    place: Place
    exhibit: Exhibit


def wishes_of(request: Request) -> Wishes:
    """Return what every open page has asked for last."""
    wishes: Wishes = request.app.state.wishes
    return wishes


def showroom_of(request: Request) -> Showroom:
    """Return what the application keeps of its templates."""
    room: Showroom = request.app.state.showroom
    return room


def place_of(desk: Desk) -> Place:
    """Return where the office's files lie; raise 404 for a desk that has none."""
    return desk.workbench.workspace.place


def table(request: Request, desk: TheDesk, kind: Kind, name: Name) -> Table:
    """Return what a route works with; raise 404 where there is no such template."""
    place = place_of(desk)
    exhibit = showroom_of(request).find(place, f"{kind}/{name}") if kind in KINDS else None
    if exhibit is None:
        raise HTTPException(404, "Không có mẫu này trong templates/. Có thể thư mục của mẫu đã đổi tên.")
    return Table(request, desk, place, exhibit)


TheTable = Annotated[Table, Depends(table)]


@router.get("/templates")
def gallery(request: Request, desk: TheDesk, kind: str = "") -> HTMLResponse:
    """Show every template with its picture."""
    chosen = kind if kind in KINDS else ""
    page = read_gallery(desk.bench, place_of(desk), showroom_of(request), desk.errands, chosen)
    return desk.renderer.page(request, "templates.html", {"page": page}, active="templates")


@router.get("/templates/{kind}/{name}")
def show(table: TheTable, sample: str = "", theme: str = "") -> HTMLResponse:
    """Show a template with one of its samples in every size."""
    template = table.exhibit.template
    return _page(table, chosen_wish(template, sample, theme) if template else Wish(sample="", theme=""))


@router.post("/templates/{kind}/{name}/look")
async def look(table: TheTable) -> HTMLResponse:
    """Show the template with what stands in the form: the part of an open page, or all of it where no script runs."""
    template = table.exhibit.template
    if template is None:
        return _page(table, Wish(sample="", theme=""))
    form = await _typed(table.request)
    wish = chosen_wish(template, form.get("sample", ""), form.get("theme", ""))
    data = {**data_of(template, form), **({"language": wish.data["language"]} if "language" in wish.data else {})}
    return await run_in_threadpool(_page, table, Wish(sample=wish.sample, theme=wish.theme, data=data, is_edited=True))


@router.get("/templates/{kind}/{name}/looks/{errand}")
def follow(table: TheTable, errand: str) -> HTMLResponse:
    """Show how far the drawing has come, and the pictures once they are there."""
    found = table.desk.errands.find(errand)
    if found is None or not found.key.startswith("look/"):
        raise HTTPException(404, "Lần vẽ này không còn; hãy tải lại trang.")
    found.wait(GLANCE)
    view = {"look": seen(found, f"/templates/{table.exhibit.id}"), "head": {"id": table.exhibit.id}}
    return table.desk.renderer.page(table.request, "_template_look.html", view)


@router.get("/template-pictures/{digest}/{name}")
def picture(desk: TheDesk, digest: Digest, name: str) -> Response:
    """Serve a picture of the cache, by the digest of what it was made from."""
    memory = place_of(desk).memory
    if name == "whole.jpg":
        made = Shelf(cache=memory).find(digest)
        path = made.path if made is not None else None
    else:
        path = frames_folder(memory, digest) / name if _SIDE.fullmatch(name) else None
    if path is None or not path.is_file():
        raise HTTPException(404, "Ảnh này không còn trong bộ nhớ đệm; hãy tải lại trang.")
    return FileResponse(path, media_type=_PICTURES[path.suffix[1:]], headers=KEPT)


async def _typed(request: Request) -> dict[str, str]:
    if int(request.headers.get("content-length") or 0) > MOST_BYTES:
        raise HTTPException(413, "Dữ liệu thử dài quá; hãy rút ngắn rồi xem lại.")
    form = await request.form(max_fields=MOST_FIELDS)
    return {name: value for name, value in form.items() if isinstance(value, str)}


def _page(table: Table, wish: Wish) -> HTMLResponse:
    desk, exhibit = table.desk, table.exhibit
    drawn = begin_look(desk.errands, wishes_of(table.request), exhibit, wish, desk.person.id)
    if "hx-request" in table.request.headers:
        view = {"look": drawn, "head": {"id": exhibit.id}}
        return desk.renderer.page(table.request, "_template_look.html", view)
    page = read_template(desk.bench, table.place, exhibit, wish, drawn)
    view = {"page": page, "head": page.head, "tab": "look", "tabs": TABS}
    return desk.renderer.page(table.request, "template.html", view, active="templates")
