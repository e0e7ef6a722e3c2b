"""The page on which the properties of an entry are chosen: what follows is shown, then they are written into its file."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from desk.drafting import Conflict, Saved, file_name, take_back
from desk.property_writing import Change, carry_out
from desk.web.form_drafts import NONE, FormDrafts, Held, going_on, held_of, pairs_of
from desk.web.properties_form import read_form
from desk.web.properties_reader import PropertiesReader
from desk.web.routes.editing import MOST_BYTES, MOST_FIELDS, Room, TheRoom
from desk.web.views.properties import EVERY, SKIPS, WEEKDAYS, PropertiesPage
from editorial.problem import BadInput, Problem

router = APIRouter(include_in_schema=False)

STALE = "tệp vừa có người đổi sau khi bạn mở trang; hãy mở lại trang, xem bản mới rồi hoàn tác lại"


@router.get("/entries/{id}/properties")
def properties(room: TheRoom, saved: str = "", undo: str = "", draft: str = "") -> HTMLResponse:
    """Show what can be chosen: as the person's draft has it, where there is one, else as the file does."""
    reader = PropertiesReader(room.bench, room.entry)
    kept = None if saved else _restored(room, reader, draft)
    if kept is not None:
        return _show(room, *kept)
    words = {"yes": "Đã lưu thuộc tính vào tệp.", "same": "Không có gì khác với tệp nên không ghi lại.",
             "back": "Đã hoàn tác: tệp lại như trước khi lưu. Phê duyệt đã hết hiệu lực không tự trở lại."}  # fmt: skip
    told = (words[saved],) if saved in words else ()
    number = int(undo) if undo.isascii() and undo.isdigit() and len(undo) < 10 else 0
    return _show(room, reader.page(reader.opened(), told=told, undo=number if saved == "yes" else 0), held_of({}))


async def sent_form(request: Request) -> FormData:
    """Return the form with every choice of a list; raise 413 for more than any entry can hold."""
    if int(request.headers.get("content-length") or 0) > MOST_BYTES:
        raise HTTPException(413, "Trang gửi quá nhiều dữ liệu cho một mục nội dung. Hãy bỏ bớt dữ kiện rồi lưu lại.")
    return await request.form(max_fields=MOST_FIELDS)


Sent = Annotated[FormData, Depends(sent_form)]


@router.post("/entries/{id}/properties")
def choose(room: TheRoom, sent: Sent) -> Response:
    """Write what was chosen; with `do=look` say what would follow, and where something follows that was not shown, show that."""
    form, do = read_form(sent), "look" if "move" in sent else str(sent.get("do", "save"))
    person, reader = room.person, PropertiesReader(room.bench, room.entry)
    drafts, held = _drafts(room), held_of(sent)
    if do == "save" or "hx-request" not in room.request.headers:  # without a script this is when a page can be kept
        drafts.keep(sent.multi_items(), held)
    change: Change | None = None
    try:
        change = reader.thought(form)
        if do != "save":
            return _show(room, reader.page(form, change, spare=int(do == "more")), held)
        both = reader.wanted(form)[1]
        if both or change.stops or (change.asks and form.seal != change.seal):
            return _show(room, reader.page(form, change, unread=True), held, status=409)
        saved = carry_out(room.bench, change, person)
    except BadInput as error:
        looking = do != "save"
        return _show(
            room, reader.page(form, change, error.problems, spare=int(do == "more")), held, status=200 if looking else 422
        )
    drafts.settle(held)
    room.show(saved.bench)
    return RedirectResponse(_gone_to(room, saved, change), status_code=303)


@router.post("/entries/{id}/properties/draft")
def keep_draft(room: TheRoom, sent: Sent) -> JSONResponse:
    """Keep what a page holds; say who else is at the entry and whether its files are still those that it was opened with."""
    return JSONResponse(_drafts(room).told(sent, sent.multi_items()), headers={"cache-control": "no-store"})


@router.post("/entries/{id}/properties/drop")
def drop(room: TheRoom, sent: Sent) -> RedirectResponse:
    """Give a draft up and show what the file says."""
    _drafts(room).settle(held_of(sent))
    return RedirectResponse(f"/entries/{room.entry.id}/properties?draft={NONE}", status_code=303)


@router.post("/entries/{id}/properties/back")
def back(room: TheRoom, sent: Sent) -> Response:
    """Write the text again that the file had before its properties were saved."""
    version, digest = str(sent.get("version", "")), str(sent.get("digest", ""))
    number = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0
    try:
        saved = take_back(room.bench, room.name, room.person, number, digest=digest)
    except Conflict:
        raise BadInput(Problem(rule="stale-write", message=STALE)) from None
    room.show(saved.bench)
    return RedirectResponse(f"{_address(room, saved)}?saved=back", status_code=303)


def _drafts(room: Room) -> FormDrafts:
    return FormDrafts(bench=room.bench, presence=room.presence, file=room.name, person=room.person, place="properties")


def _restored(room: Room, reader: PropertiesReader, draft: str) -> tuple[PropertiesPage, Held] | None:
    """Return the page as the person's newest draft has it, or that of the page `draft`; None where the file says the same."""
    found = next((each for each in _drafts(room).all() if draft in ("", each.tab)), None)
    if found is None:
        return None
    form = read_form(FormData(list(pairs_of(found))))
    try:
        change = reader.thought(form)
    except BadInput as error:
        return reader.page(form, None, error.problems), going_on(found)
    return (reader.page(form, change), going_on(found)) if change.after.digest != change.before.digest else None


def _gone_to(room: Room, saved: Saved, change: Change) -> str:
    """Return where the page goes on, with how to take the change back."""
    if change.after.digest == change.before.digest:
        return f"{_address(room, saved)}?saved=same"
    if change.after.texts.keys() != change.before.texts.keys():
        return f"{_address(room, saved)}?saved=yes"  # going back takes no file away
    kept = room.bench.store.entry_texts.of(change.before.name, most=2)
    before = next((each.id for each in kept if each.digest == change.before.digest), 0)
    return f"{_address(room, saved)}?" + urlencode({"saved": "yes", "undo": before})


def _address(room: Room, saved: Saved) -> str:
    """Return the page of the entry; of the first turn, where it has become a series, or is one no more."""
    entries = saved.bench.content.entries
    id = room.entry.id
    if id not in entries:
        id = next(each.id for each in entries.values() if file_name(each) == room.name)
    return f"/entries/{id}/properties"


def _show(room: Room, page: PropertiesPage, held: Held, status: int = 200) -> HTMLResponse:
    view = {"page": page, "held": held, "who": room.person.id, "every": EVERY, "weekdays": WEEKDAYS, "skips": SKIPS}
    return room.desk.renderer.page(room.request, "properties.html", view, active="calendar", status=status)
