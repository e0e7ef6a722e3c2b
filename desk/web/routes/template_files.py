"""A template's files: written in the page with each error at its line, or sent as a folder or a zip."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import UploadFile

from desk.template_saving import LIMITS, current_files, likely_name, named_template, save_files
from desk.web.desk import Desk, TheDesk
from desk.web.failures import status_of
from desk.web.routes.templates import TABS, Table, TheTable, place_of
from desk.web.signed import acting
from desk.web.template_files_reader import Writing, read_aside, read_writing, upload_page
from desk.web.templates_reader import read_head
from desk.web.views.template_editing import EditPage, UploadPage
from editorial.problem import BadInput, Problem
from editorial.role import Person, Right
from reading.parcel import Parcel, gather, open_zip
from store.template_folder import FolderOvertaken, TemplateFiles
from store.template_versions import KeptVersion

router = APIRouter(include_in_schema=False)

Number = Annotated[int, Path(ge=1, le=2**31)]


@dataclass(frozen=True)
class Parts:
    """The files of a form, by the names that the browser gives them: `folder/template.yaml` where a folder was chosen."""

    files: tuple[tuple[str, bytes], ...]

    @property
    def zip_name(self) -> str:
        """Return what the zip is called, where one was sent."""
        return next((name for name, _ in self.files if name.lower().endswith(".zip")), "")

    def parcel(self) -> Parcel:
        """Return what was sent, unpacked; raise BadInput with all that is wrong with it."""
        if not self.zip_name:
            return gather(self.files, LIMITS)
        if len(self.files) > 1:
            message = "hãy gửi một tệp zip, hoặc một thư mục, không gửi cả hai"
            raise BadInput(Problem(rule="two-ways", key="files", message=message))
        return open_zip(self.files[0][1], LIMITS)


@dataclass(frozen=True)
class SentForm:
    """A form as it came: what was typed, by field, and the files."""

    typed: Mapping[str, str]
    parts: Parts

    def field(self, name: str) -> str:
        """Return what was typed in a field; empty where it did not come."""
        return self.typed.get(name, "")


async def sent_form(request: Request) -> SentForm:
    """Return the form, read to its end; how long it may be was decided before. A field without a file has an empty name."""
    async with request.form() as form:
        typed = {name: value for name, value in form.items() if isinstance(value, str)}
        chosen = [part for _, part in form.multi_items() if isinstance(part, UploadFile) and part.filename]
        return SentForm(typed, Parts(tuple([(part.filename or "", await part.read()) for part in chosen])))


Sent = Annotated[SentForm, Depends(sent_form)]


@router.get("/templates/new")
def ask_files(request: Request, desk: TheDesk) -> HTMLResponse:
    """Show the form for a new template's files."""
    return _upload(request, desk, UploadPage())


@router.post("/templates/new")
def take_files(request: Request, desk: TheDesk, sent: Sent) -> Response:
    """Put a new template in place; where its files are no template yet, keep them aside and show what is wrong."""
    name, parts, place = sent.field("name"), sent.parts, place_of(desk)
    try:
        person = acting(desk, Right.DESIGN)
        parcel = parts.parcel()
        files = named_template(parcel, name.strip() or likely_name(parcel.folder or parts.zip_name))
        if (place.templates / files.template).exists():
            message = f"đã có mẫu “{files.template}”; hãy đặt tên khác, hoặc mở mẫu đó rồi thay tệp ở trang Sửa tệp"
            raise BadInput(Problem(rule="taken", key="name", message=message))
    except BadInput as error:
        return _upload(request, desk, upload_page(name, error), status=status_of(error))
    return _put(desk, files, None, person, "thêm mẫu từ tệp tải lên")


@router.post("/templates/{kind}/{name}/files")
def replace_files(table: TheTable, sent: Sent) -> Response:
    """Put other files in the place of a template's; what was there is kept as a version."""
    desk, id = table.desk, table.exhibit.id
    before = current_files(table.place, id)
    head = read_head(desk.bench, table.exhibit)
    try:
        person = acting(desk, Right.DESIGN)
        files = named_template(sent.parts.parcel(), id.partition("/")[2])
        if files.template != id:
            raise BadInput(Problem(rule="wrong-kind", key="files", message=f"template.yaml phải có kind: {id.partition('/')[0]}"))
        if before is None or before.digest != sent.field("digest"):
            message = "tệp của mẫu vừa được người khác đổi; hãy xem lại trang Sửa tệp rồi gửi lại"
            raise BadInput(Problem(rule="overtaken", key="files", message=message))
    except BadInput as error:
        return _upload(table.request, desk, upload_page("", error, head), status=status_of(error))
    return _put(desk, files, before, person, "thay tệp bằng bản tải lên")


def _put(desk: Desk, files: TemplateFiles, before: TemplateFiles | None, person: Person, what: str) -> Response:
    """Put files in place, or keep them aside until they are a template."""
    try:
        save_files(desk.workbench, files, before, person, what)
    except BadInput:
        number = desk.bench.store.template_versions.set_aside(files, person.id, what)
        return RedirectResponse(f"/templates/aside/{number}", status_code=303)
    except FolderOvertaken as error:
        raise HTTPException(409, "Đã có người đặt tệp vào đúng chỗ này trong lúc bạn gửi. Hãy xem lại rồi gửi lại.") from error
    return RedirectResponse(f"/templates/{files.template}", status_code=303)


@router.get("/templates/aside/{number}")
def edit_aside(request: Request, desk: TheDesk, number: Number, file: str = "template.yaml") -> HTMLResponse:
    """Show files that were sent and are no template yet, with what is wrong at its line."""
    files = desk.bench.store.template_versions.files_of(_aside(desk, number))
    return _page(request, desk, read_aside(place_of(desk), files, number, Writing(file=file, text=files.text(file))))


@router.post("/templates/aside/{number}")
def save_aside(request: Request, desk: TheDesk, number: Number, sent: Sent) -> Response:
    """Put the files in place with what was written; keep them aside where they are still no template."""
    kept, table, place = _aside(desk, number), desk.bench.store.template_versions, place_of(desk)
    person = acting(desk, Right.DESIGN)
    before = table.files_of(kept)
    writing = Writing(file=_known(before, sent.field("file")), text=sent.field("text"))
    files = before.with_text(writing.file, writing.text)
    if sent.field("do") == "check":
        return _checked(request, desk, read_aside(place, files, number, writing))
    there = current_files(place, files.template)
    try:
        if sent.field("digest") != before.digest:
            message = "bản tải lên này vừa được đổi ở trang khác; chữ của bạn còn ở dưới, bấm Lưu lần nữa để lấy bản của bạn"
            raise BadInput(Problem(rule="overtaken", message=message))
        if there is not None:
            message = f"đã có mẫu “{files.template}” trong templates/; hãy gửi lại tệp dưới tên khác"
            raise BadInput(Problem(rule="taken", message=message))
        save_files(desk.workbench, files, None, person, kept.what)
    except BadInput as error:
        refused = tuple(problem.message for problem in error.problems if problem.rule in ("taken", "cannot-write", "overtaken"))
        page = read_aside(place, files, number, writing, refused=refused)
        if sent.field("digest") != before.digest:
            return _page(request, desk, replace(page, digest=before.digest), status=409)
        table.set_aside(files, person.id, kept.what, instead_of=number)
        return _page(request, desk, page, status=422)
    except FolderOvertaken as error:
        raise HTTPException(409, "Đã có người đặt tệp vào đúng chỗ này. Hãy tải lại trang.") from error
    table.forget_aside(number)
    return RedirectResponse(f"/templates/{files.template}", status_code=303)


@router.get("/templates/{kind}/{name}/edit")
def edit(table: TheTable, file: str = "template.yaml", line: int = 0, saved: str = "") -> HTMLResponse:
    """Show one of a template's files to be written."""
    files = there(table)
    said = "Đã lưu. Bài đã duyệt giữ nguyên hình đã ký; bài chưa duyệt sẽ được dựng lại theo mẫu mới." if saved else ""
    writing = Writing(file=_known(files, file), text=files.text(_known(files, file)), line=max(0, line), said=said)
    return _page(table.request, table.desk, read_writing(table, files, writing))


@router.post("/templates/{kind}/{name}/edit")
def save(table: TheTable, sent: Sent) -> Response:
    """Write what was typed into the file; where it is no template then, nothing is written and nothing typed is lost."""
    desk, now = table.desk, there(table)
    person = acting(desk, Right.DESIGN)
    writing = Writing(file=_known(now, sent.field("file")), text=sent.field("text"))
    files = now.with_text(writing.file, writing.text)
    if sent.field("do") == "check":
        return _checked(table.request, desk, read_writing(table, files, writing))
    if now.digest != sent.field("digest"):
        return _page(table.request, desk, read_writing(table, files, writing, overtaken=now), status=409)
    try:
        save_files(desk.workbench, files, now, person, f"sửa {writing.file}")
    except BadInput as error:
        refused = tuple(problem.message for problem in error.problems if problem.rule in ("linked-folder", "cannot-write"))
        page = read_writing(table, files, writing, refused=refused, digest=now.digest)
        return _page(table.request, desk, page, status=422)
    except FolderOvertaken as faster:
        return _page(table.request, desk, read_writing(table, files, writing, overtaken=faster.now), status=409)
    return RedirectResponse(f"/templates/{table.exhibit.id}/edit?file={writing.file}&saved=1", status_code=303)


def there(table: Table) -> TemplateFiles:
    """Return the template's files as they are now; raise 404 where the folder is gone."""
    files = current_files(table.place, table.exhibit.id)
    if files is None:
        raise HTTPException(404, "Thư mục của mẫu không còn trong templates/.")
    return files


def _known(files: TemplateFiles, file: str) -> str:
    """Return the file that is meant; raise 404 for one that is not written here."""
    if file not in files.files or not file.endswith(".yaml"):
        raise HTTPException(404, "Không có tệp này trong mẫu, hoặc tệp này không sửa được ở đây.")
    return file


def _aside(desk: Desk, number: int) -> KeptVersion:
    acting(desk, Right.DESIGN)
    try:
        return desk.bench.store.template_versions.aside(number)
    except KeyError as error:
        raise HTTPException(404, "Bản tải lên này không còn chờ: có thể đã vào chỗ của nó rồi.") from error


def _checked(request: Request, desk: Desk, page: EditPage) -> HTMLResponse:
    """Show what was checked: the part that an open page asks for, or all of it where no script runs."""
    if "hx-request" in request.headers:
        return desk.renderer.page(request, "_template_faults.html", {"page": page})
    return _page(request, desk, page)


def _page(request: Request, desk: Desk, page: EditPage, status: int = 200) -> HTMLResponse:
    view = {"page": page, "head": page.head, "tab": "edit", "tabs": TABS}
    return desk.renderer.page(request, "template_edit.html", view, active="templates", status=status)


def _upload(request: Request, desk: Desk, page: UploadPage, status: int = 200) -> HTMLResponse:
    return desk.renderer.page(request, "template_upload.html", {"page": page}, active="templates", status=status)
