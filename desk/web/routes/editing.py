"""The page on which an entry is written: what is typed is looked at, kept, saved into the files and handed in."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from secrets import token_hex
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from desk.deciding import Step, take_with_bytes
from desk.drafting import Conflict, Saved, file_name, save, take_back
from desk.entry_fields import written_fields
from desk.web.desk import Desk, TheDesk
from desk.web.draft_look import label_of
from desk.web.editing_reader import NOTHING, EditingReader, Opened, Told
from desk.web.fact_picker import pick
from desk.web.moment_words import clock_words
from desk.web.presence import Presence
from desk.web.press import Press
from desk.web.signed import acting
from desk.web.turns import TurnRoute, out_of_turn
from desk.web.views.mark import mark
from desk.workbench import Workbench
from editorial.entry import Entry
from editorial.problem import BadInput, Problem
from editorial.role import Person, Right
from editorial.workflow import Action
from store.entry_text import read_entry_text

router = APIRouter(include_in_schema=False, route_class=TurnRoute)

MOST_BYTES = 2_000_000  # of a form: an entry's files are a megabyte at most
MOST_FIELDS = 2000
_TAB = re.compile(r"[a-z0-9-]{8,40}")


async def typed_form(request: Request) -> dict[str, str]:
    """Return the fields of a form as they were sent; raise 413 for more than any entry can hold."""
    if int(request.headers.get("content-length") or 0) > MOST_BYTES:
        raise HTTPException(413, "Bài dài quá sức một mục nội dung. Hãy rút gọn; chữ bạn viết vẫn còn trên trang.")
    form = await request.form(max_fields=MOST_FIELDS)
    return {name: value for name, value in form.items() if isinstance(value, str)}


Form = Annotated[dict[str, str], Depends(typed_form)]


@dataclass(frozen=True)
class Room:
    """What each of these routes works with."""

    request: Request
    desk: Desk
    bench: Workbench
    entry: Entry

    @property
    def press(self) -> Press:
        press: Press = self.request.app.state.press
        return press

    @property
    def presence(self) -> Presence:
        presence: Presence = self.request.app.state.presence
        return presence

    @property
    def reader(self) -> EditingReader:
        return EditingReader(self.bench, self.entry, self.press)

    @property
    def name(self) -> str:
        return file_name(self.entry)

    @property
    def person(self) -> Person:
        """Return who is writing: the one place where these routes ask."""
        return acting(self.desk, Right.WRITE)

    def show(self, bench: Workbench) -> None:
        """Let every page speak of what was saved."""
        desk: Desk = self.request.app.state.desk  # the office's, with nobody before it
        self.request.app.state.desk = replace(desk, bench=bench)

    def keep_typed(self, form: Mapping[str, str]) -> None:
        """Keep what is typed on the page as a draft where it is not what the files say."""
        opened = _opened(self, form)
        if opened.fields and dict(opened.base) | dict(opened.fields) != dict(opened.base):
            _keep(self, self.person, opened)

    def page(self, opened: Opened, who: str, channel: str, told: Told = NOTHING, status: int = 200) -> HTMLResponse:
        """Draw the page of what is typed."""
        page = self.reader.page(opened, who, channel, told)
        return self.desk.renderer.page(self.request, "edit.html", {"page": page}, active="calendar", status=status)


def room(request: Request, desk: TheDesk, id: str) -> Room:
    """Return what a route works with; raise 404 where there is no such entry."""
    found = desk.bench.content.entries.get(id)
    if found is None or not isinstance(desk.bench, Workbench):
        raise HTTPException(404, "Không có bài này. Có thể tệp của bài đã đổi tên hoặc đã bị xóa khỏi content/.")
    return Room(request, desk, desk.bench, found)


TheRoom = Annotated[Room, Depends(room)]


@router.get("/entries/{id}/edit")
def edit(room: TheRoom, channel: str = "", draft: str = "", saved: str = "", taken: str = "", undo: str = "") -> HTMLResponse:
    """Show the entry to be written: the person's draft where there is one, else what the files say."""
    who = room.person.id
    opened = room.reader.open(who, _new_tab(), draft)
    can = saved == "medium-gone" and _can_be_had_back(room, opened, _number(undo))
    back = f"{_number(undo)}@{opened.text.digest}" if can else ""
    told = Told(said=tuple(_saved_words(room, saved, taken, has_undo=can)), undo=back) if saved else NOTHING
    return room.page(opened, who, channel, told)


def _new_tab() -> str:
    return token_hex(8)


def _can_be_had_back(room: Room, opened: Opened, kept: int) -> bool:
    """Tell whether a kept text is the one before what the files say now: nobody else's save would be undone with it."""
    newest = room.bench.store.entry_texts.of(room.name, most=2)
    return len(newest) == 2 and newest[0].digest == opened.text.digest and newest[1].id == kept


def _saved_words(room: Room, saved: str, taken: str, *, has_undo: bool = False) -> list[str]:
    words = {
        "same": "Không có gì khác với tệp nên không ghi lại.", "back": "Đã trở về bản bạn chọn.",
        "medium": "Đã lưu hình vào tệp.", "medium-new": "Đã thêm hình vào tệp. Hãy đọc lại lời mô tả của hình.",
        "medium-gone": "Đã bỏ hình khỏi tệp. Muốn lấy lại, hãy trở về bản trước ở phần Các bản đã lưu.",
    }  # fmt: skip
    if has_undo:
        words["medium-gone"] = "Đã bỏ hình khỏi tệp. Hoàn tác thì hình trở lại; phê duyệt đã hết hiệu lực thì phải duyệt lại."
    lines = [words.get(saved, f"Đã lưu vào {room.entry.file}.")]
    names = [label_of(name, lambda id: mark(room.bench.content.office, id)) for name in taken.split(",") if name]
    if names:
        lines.append(f"Người khác vừa đổi {', '.join(names)}; thay đổi đó vẫn được giữ, hãy đọc lại.")
    return lines


@router.post("/entries/{id}/edit")
def save_entry(room: TheRoom, form: Form) -> Response:
    """Write what was typed into the entry's files, and hand it in where that was asked for."""
    opened = _opened(room, form)
    person, channel = room.person, form.get("show") or form.get("channel", "")
    if form.get("show"):  # another channel's preview, where the browser runs no script
        return room.page(opened, person.id, channel)
    try:
        _keep(room, person, opened)
        saved = save(room.bench, room.name, person, typed=opened.fields, base=opened.base, digest=opened.digest)
    except Conflict as conflict:
        now = written_fields(conflict.now.read().entry)
        merged = replace(opened, text=conflict.now, fields=conflict.merged, base=now, digest=conflict.now.digest)
        return room.page(merged, person.id, channel, Told(conflict=conflict), status=409)
    except BadInput as error:
        return room.page(opened, person.id, channel, Told(problems=error.problems), status=422)
    _settle(room, person, saved, opened)
    if form.get("do") == "submit":
        _hand_in(room, saved.bench, person)
    return _back(room, channel, saved)


@router.post("/entries/{id}/edit/back")
def back(room: TheRoom, form: Form) -> Response:
    """Write an earlier text again. What the files say now is kept, and what was typed and not saved stays as a draft."""
    person, opened = room.person, _opened(room, form)
    try:
        version, _, now = form.get("version", "").partition("@")  # an undo names the files that it stands beside itself
        saved = take_back(room.bench, room.name, person, _number(version), digest=now or opened.digest)
    except Conflict:
        message = "tệp vừa có người đổi sau khi bạn mở trang; hãy mở lại trang, xem bản mới rồi chọn lại"
        raise BadInput(Problem(rule="stale-write", message=message)) from None
    if opened.fields and dict(opened.base) | dict(opened.fields) != dict(opened.base):
        _keep(room, person, opened)
        room.show(saved.bench)
    else:
        _settle(room, person, saved, opened)
    return _back(room, form.get("channel", ""), saved, "back")


@router.post("/entries/{id}/edit/drop")
def drop(room: TheRoom, form: Form) -> Response:
    """Give a draft up and show what the files say."""
    person = room.person
    opened = _opened(room, form)
    room.presence.settle(opened.tab)
    _forget(room, person, opened)
    return RedirectResponse(_address(room, channel=form.get("channel", ""), draft="-"), status_code=303)


@router.post("/entries/{id}/edit/properties")
def to_properties(room: TheRoom, form: Form) -> Response:
    """Keep what was typed as a draft and lead to the entry's properties: no word is lost on the way, script or not."""
    person, opened = room.person, _opened(room, form)
    if dict(opened.base) | dict(opened.fields) != dict(opened.base):
        _keep(room, person, opened)
    there = f"/entries/{room.entry.id}/properties"
    if "hx-request" in room.request.headers:
        return Response(status_code=204, headers={"hx-redirect": there})
    return RedirectResponse(there, status_code=303)


@router.post("/entries/{id}/edit/draft")
def keep_draft(room: TheRoom, form: Form) -> JSONResponse:
    """Keep what a page holds, say who else is at it and whether the files are still those that it was opened with."""
    opened, person = _opened(room, form), room.person
    is_new = form.get("changed") and not room.presence.is_settled(opened.tab)
    at = _keep(room, person, opened) if is_new else None
    people = room.bench.content.office.people
    others = room.presence.see(room.name, person.id, opened.tab, room.bench.clock.now())
    words = {
        "kept": at,
        "others": [people[each].name for each in others if each in people],
        "overtaken": opened.text.digest != opened.digest,
    }
    return JSONResponse(words, headers={"cache-control": "no-store"})


@router.post("/entries/{id}/edit/leave", status_code=204)
def leave(room: TheRoom, form: Form) -> None:
    """Take note that a page was closed."""
    room.presence.leave(room.name, form.get("tab", ""))


@router.post("/entries/{id}/edit/look")
def look(room: TheRoom, form: Form) -> JSONResponse:
    """Return what is typed, looked at: what stands against it, when it goes out, and one channel's post."""
    found = room.reader.look(_fields(form), form.get("channel", ""))
    shown = {part: room.desk.renderer.fragment(room.request, f"_edit_{part}.html", {"look": found}) for part in _PARTS}
    notes = {name: [(note.text, note.warning) for note in notes] for name, notes in found.of_field.items()}
    marks = {name: [(each.start, each.end, each.text) for each in marks] for name, marks in found.marks.items()}
    return JSONResponse({"parts": shown, "notes": notes, "marks": marks}, headers={"cache-control": "no-store"})


_PARTS = ("problems", "when", "channels")


@router.get("/entries/{id}/edit/facts")
def facts(room: TheRoom, q: str = "") -> JSONResponse:
    """Return the facts that words may mean, those of the entry first."""
    known = room.bench.content.facts_of(room.entry)
    first = (*room.entry.uses, *(fact.id for fact in room.entry.facts))
    found = [
        {"id": each.row.id, "words": each.row.words, "kind": each.row.kind, "source": each.row.source, "as_of": each.row.as_of,
         "quote": each.quote} for each in pick(known.values(), q[:100], first)
    ]  # fmt: skip
    return JSONResponse(found, headers={"cache-control": "no-store"})


@router.get("/entries/{id}/edit/handing")
def handing(room: TheRoom) -> HTMLResponse:
    """Show how far the handing in has come."""
    view = {"errand": room.desk.errands.latest(_handing(room)), "id": room.entry.id}
    shown = room.desk.renderer.fragment(room.request, "_edit_handing.html", view)
    return HTMLResponse(shown, headers={"cache-control": "no-store"})


@router.get("/sketches/{digest}.jpg")
@out_of_turn
def sketch(request: Request, desk: TheDesk, digest: str) -> Response:
    """Serve a picture of what is typed, drawn when it is first asked for."""
    press: Press = request.app.state.press
    try:
        picture = press.draw(digest, desk.errands)
    except BadInput as error:
        raise HTTPException(404, error.problems[0].message) from error
    if picture is None:
        raise HTTPException(404, "Hình này không còn; hãy mở lại trang để dựng lại.")
    return Response(picture, media_type="image/jpeg", headers={"cache-control": "private, max-age=86400"})


def _handing(room: Room) -> str:
    return f"hand-in/{room.entry.id}"


def _hand_in(room: Room, bench: Workbench, person: Person) -> None:
    """Begin to hand the entry in, beside everything else; where an earlier text is on its way, this one follows it."""
    step = Step(action=Action.SUBMIT, person=person, version=None, why="")
    work, entry = partial(take_with_bytes, bench, room.entry.id, step), bench.content.entries.get(room.entry.id)
    room.desk.errands.begin(_handing(room), work, page=_address(room), about=entry.revision if entry else "")


def _number(text: str) -> int:
    """Return the number of a kept text; 0, which none has, for what is no number or larger than a database holds."""
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _opened(room: Room, form: Mapping[str, str]) -> Opened:
    """Return what the page holds, the person's choices between two people's changes carried out."""
    text = read_entry_text(room.bench.root, room.name)
    try:
        base = json.loads(form.get("base") or "{}")
    except ValueError:
        base = {}
    base = {str(name): str(value) for name, value in base.items()} if isinstance(base, dict) else {}
    tab = form.get("tab", "")
    fields = _fields(form)
    chosen = {name: base[name] for name in fields if form.get(f"choice.{name}") == "theirs" and name in base}
    tab = tab if _TAB.fullmatch(tab) else _new_tab()
    took = form.get("took", "")
    return Opened(text=text, fields=fields | chosen, base=base, digest=form.get("digest", ""), tab=tab, took=took)


def _fields(form: Mapping[str, str]) -> dict[str, str]:
    return {name.removeprefix("f."): value for name, value in form.items() if name.startswith("f.")}


def _keep(room: Room, person: Person, opened: Opened) -> str:
    at = room.bench.store.drafts.keep(
        room.name, person.id, opened.tab, fields=opened.fields, base=opened.base, digest=opened.digest
    )  # fmt: skip
    if opened.took not in ("", opened.tab):  # a draft goes on in this page: it is one draft
        room.bench.store.drafts.drop(room.name, person.id, opened.took)
    return clock_words(at)


def _settle(room: Room, person: Person, saved: Saved, opened: Opened) -> None:
    room.presence.settle(opened.tab)
    _forget(room, person, opened)
    room.show(saved.bench)


def _forget(room: Room, person: Person, opened: Opened) -> None:
    for tab in {opened.tab, opened.took} - {""}:
        room.bench.store.drafts.drop(room.name, person.id, tab)


def _back(room: Room, channel: str, saved: Saved, how: str = "") -> RedirectResponse:
    told = how or ("yes" if saved.changed else "same")
    shown = "-" if how == "back" else ""  # the text that was chosen, whatever draft there is
    where = _address(room, channel=channel, saved=told, taken=",".join(saved.taken_over), draft=shown)
    return RedirectResponse(where, status_code=303)


def _address(room: Room, **given: str) -> str:
    return f"/entries/{room.entry.id}/edit?" + urlencode({name: value for name, value in given.items() if value})
