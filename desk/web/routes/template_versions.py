"""A template's earlier versions with their differences, and its approval by a second person."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Path
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from desk.errands import Errand
from desk.rendering import HowFar
from desk.showroom import Exhibit
from desk.template_approving import hand_in, send_back, sign_template
from desk.template_comparing import Comparison, compare_versions
from desk.template_saving import save_files
from desk.web.failures import status_of
from desk.web.looking import GLANCE, as_it_stands
from desk.web.routes.template_files import there
from desk.web.routes.templates import TABS, Table, TheTable
from desk.web.signed import Why, acting, said
from desk.web.template_versions_reader import read_difference, read_versions, refusal_lines
from desk.web.views.template_versions import DifferencePage, VersionsPage
from desk.workbench import Workbench
from editorial.problem import BadInput, Problem
from editorial.role import Person, Right
from editorial.template_approval import TemplateApproval
from scheduler.engines.contract import Engine
from store.template_folder import FolderOvertaken, TemplateFiles
from store.template_versions import KeptVersion

router = APIRouter(include_in_schema=False)

Number = Annotated[int, Path(ge=1, le=2**31)]
Word = Annotated[str, Form(max_length=64)]


@router.get("/templates/{kind}/{name}/versions")
def versions(table: TheTable, errand: str = "") -> HTMLResponse:
    """Show the versions of a template and where it stands with its second person."""
    under_way, refusal, _ = as_it_stands(table.desk.errands.find(errand) if errand else None)
    return _show(table, read_versions(table.desk, table.exhibit, there(table), errand=under_way, refused=refusal_lines(refusal)))


@router.get("/templates/{kind}/{name}/versions/{number}")
def difference(table: TheTable, number: Number) -> HTMLResponse:
    """Show how the template differs from a version: line by line, and in the px of each size."""
    kept, now = _kept(table, number), there(table)
    before = table.desk.bench.store.template_versions.files_of(kept)
    try:
        under_way, refusal, found = as_it_stands(_compare(table, kept, before))
    except BadInput as error:
        under_way, refusal, found = None, error, None
    page = read_difference(table.desk, table.exhibit, kept, before, now, under_way, found, refusal_lines(refusal))
    return _show_page(table, "template_difference.html", page)


def _compare(table: Table, kept: KeptVersion, before: TemplateFiles) -> Errand:
    version = table.exhibit.template.version if table.exhibit.template else "-"
    key, address = f"compare/{kept.digest}/{version}", f"/templates/{table.exhibit.id}/versions/{kept.id}"
    work = partial(_comparison, table, before)
    errand = table.desk.errands.begin(key, work, page=address, again=False)
    errand.wait(GLANCE)
    return errand


def _comparison(table: Table, before: TemplateFiles, engine: Engine, progress: HowFar) -> Comparison:
    return compare_versions(table.place, before, table.exhibit, engine, progress)


@router.post("/templates/{kind}/{name}/versions/{number}/restore")
def restore(table: TheTable, number: Number, digest: Word = "") -> Response:
    """Put an earlier version's files in place; what is there now is kept as a version of its own."""
    kept, now = _kept(table, number), there(table)
    files = table.desk.bench.store.template_versions.files_of(kept)
    try:
        person = acting(table.desk, Right.DESIGN)
        if now.digest != digest:
            raise BadInput(Problem(rule="overtaken", message="tệp của mẫu vừa được đổi; hãy xem lại danh sách rồi làm tiếp"))
        save_files(table.desk.workbench, files, now, person, f"trở về bản {kept.digest[:10]}")
    except BadInput as error:
        page = read_versions(table.desk, table.exhibit, there(table), refused=refusal_lines(error))
        return _show(table, page, status=status_of(error))
    except FolderOvertaken as error:
        raise HTTPException(409, "Tệp của mẫu vừa được đổi. Hãy tải lại trang.") from error
    return RedirectResponse(f"/templates/{table.exhibit.id}/versions", status_code=303)


@router.post("/templates/{kind}/{name}/handing")
def give_in(table: TheTable, version: Word = "") -> Response:
    """Hand a template in, as it is, to its second person."""
    try:
        hand_in(table.desk.workbench, table.exhibit, acting(table.desk, Right.DESIGN), version)
    except BadInput as error:
        return _refused(table, error)
    return _back(table)


@router.post("/templates/{kind}/{name}/approval")
def approve(table: TheTable, version: Word = "") -> Response:
    """Sign the version that was seen; every picture of it is made for that, or taken from the cache."""
    bench, exhibit = table.desk.workbench, table.exhibit
    try:
        person = acting(table.desk, Right.APPROVE)
        work = partial(_sign, bench, exhibit, person, version)
        own, page = f"{person.id} {version}", f"/templates/{exhibit.id}/versions"
        errand = table.desk.errands.begin(f"sign-template/{exhibit.id}", work, page=page, about=own)
    except BadInput as error:
        return _refused(table, error)
    errand.wait(GLANCE)
    return _back(table, f"?errand={errand.id}")


def _sign(
    bench: Workbench, exhibit: Exhibit, person: Person, version: str, engine: Engine, progress: HowFar
) -> TemplateApproval:  # fmt: skip
    return sign_template(bench, exhibit, person, version, engine, progress)


@router.post("/templates/{kind}/{name}/return")
def give_back(table: TheTable, why: Why = "") -> Response:
    """Send a template back to whoever made it, with what has to be mended."""
    try:
        send_back(table.desk.workbench, table.exhibit, acting(table.desk, Right.SEND_BACK), said(why, "why", "điều cần sửa"))
    except BadInput as error:
        wrong = next((problem.message for problem in error.problems if problem.key == "why"), "")
        refused = () if wrong else refusal_lines(error)
        page = read_versions(table.desk, table.exhibit, there(table), refused=refused, wrong=wrong, typed=why)
        return _show(table, page, status=status_of(error))
    return _back(table)


def _kept(table: Table, number: int) -> KeptVersion:
    """Return a version of this template; raise 404 where it has none of that number."""
    try:
        kept = table.desk.bench.store.template_versions.get(number)
    except KeyError as error:
        raise HTTPException(404, "Không có bản này.") from error
    if kept.template != table.exhibit.id:
        raise HTTPException(404, "Bản này là của một mẫu khác.")
    return kept


def _back(table: Table, rest: str = "") -> Response:
    return RedirectResponse(f"/templates/{table.exhibit.id}/versions{rest}", status_code=303)


def _refused(table: Table, error: BadInput) -> HTMLResponse:
    page = read_versions(table.desk, table.exhibit, there(table), refused=refusal_lines(error))
    return _show(table, page, status=status_of(error))


def _show(table: Table, page: VersionsPage, status: int = 200) -> HTMLResponse:
    return _show_page(table, "template_versions.html", page, status)


def _show_page(table: Table, html: str, page: VersionsPage | DifferencePage, status: int = 200) -> HTMLResponse:
    view = {"page": page, "head": page.head, "tab": "versions", "tabs": TABS}
    return table.desk.renderer.page(table.request, html, view, active="templates", status=status)
