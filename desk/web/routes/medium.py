"""The pages on which a picture or clip of an entry is chosen, filled in, saved into the entry's files and taken out of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import quote, urlencode

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from desk.media_writing import MediumConflict, MediumSaved, found_medium, mark_of, remove_medium, save_medium, tidy
from desk.medium_form import read_held, typed_medium
from desk.web.form_drafts import NONE, FormDrafts, Held, going_on, held_of, pairs_of
from desk.web.medium_reader import Given, MediumReader, Refused, opened
from desk.web.routes.editing import Form, Room, TheRoom
from desk.web.routes.templates import place_of, showroom_of
from editorial.problem import BadInput
from store.entry_text import EntryText, read_entry_text
from store.medium_text import Data, WrittenMedium
from studio.template import KINDS, Template

router = APIRouter(include_in_schema=False)

NEW = "new"


@router.post("/entries/{id}/edit/media")
def go(request: Request, room: TheRoom, form: Form, kind: str = "") -> Response:
    """Keep what is typed on the entry's page as a draft, and go to a picture or clip of it, or to a new one."""
    room.keep_typed(form)
    medium = form.get("medium", NEW)
    there = _address(room, quote(medium, safe="")) + (f"?kind={kind}" if medium == NEW and kind in KINDS else "")
    return _gone(request, there)


@router.get("/entries/{id}/media/new")
def choose(
    request: Request, room: TheRoom, kind: str = "", template: str = "", theme: str = "", draft: str = ""
) -> HTMLResponse:  # fmt: skip
    """Show the templates to choose from, or the form of the one that was chosen: empty, or as the person's draft has it."""
    text, drafts = read_entry_text(room.bench.root, room.name), _drafts(room, NEW)
    if template or draft:
        found = _restored(room, NEW, template, draft)
        if found is not None:
            return _page(request, room, *found)
    if template:
        known = _template(room, template)
        colours = theme if theme in known.themes else known.themes[0]
        empty = WrittenMedium(id="", template=known.id, theme=colours, data={"vi": {}})
        return _page(request, room, Given(text=text, medium=empty, base="", digest=text.digest, is_touched=False), held_of({}))
    desk, chosen = room.desk, kind if kind in KINDS else ""
    page = _reader(room).choice(text, place_of(desk), showroom_of(request), desk.errands, chosen, drafts.all())
    return desk.renderer.page(request, "medium_choice.html", {"page": page}, active="calendar")


@router.get("/entries/{id}/media/{medium}")
def show(request: Request, room: TheRoom, medium: str, draft: str = "") -> HTMLResponse:
    """Show a picture or clip as the person's draft has it, where there is one, else as the entry's files do."""
    text = read_entry_text(room.bench.root, room.name)
    found, kept = found_medium(text, medium), _restored(room, medium, "", draft)
    if kept is not None and found is None:  # what was typed for it can be added again
        given = replace(kept[0], medium=replace(kept[0].medium, id=""), base="")
        return _page(request, room, given, kept[1], Refused(is_gone=True))
    if kept is not None and found is not None and mark_of(tidy(kept[0].medium)) != mark_of(tidy(found)):
        return _page(request, room, *kept)
    if found is None:
        raise HTTPException(404, "Mục này không có ảnh hay clip ấy. Có thể ai đó vừa bỏ; hãy mở lại trang soạn.")
    if found.template not in room.bench.workspace.studio.templates:
        message = f"Không dùng được mẫu {found.template} của hình này. Hãy xem trang Mẫu, hoặc bỏ hình này ở trang soạn."
        raise HTTPException(404, message)
    return _page(request, room, opened(text, found), held_of({}))


@router.post("/entries/{id}/media/{medium}/draft")
def keep_draft(room: TheRoom, medium: str, form: Form) -> JSONResponse:
    """Keep what a page holds; say who else is at the entry and whether its files are still those that it was opened with."""
    return JSONResponse(_drafts(room, medium).told(form, form.items()), headers={"cache-control": "no-store"})


@router.post("/entries/{id}/media/{medium}/drop")
def drop(room: TheRoom, medium: str, form: Form) -> RedirectResponse:
    """Give a draft up and show what the files say."""
    _drafts(room, medium).settle(held_of(form))
    there = f"?template={quote(form.get('drawn', ''), safe='/')}&draft={NONE}" if medium == NEW else f"?draft={NONE}"
    return RedirectResponse(_address(room, quote(medium, safe="")) + there, status_code=303)


@router.post("/entries/{id}/media/{medium}/look")
def look(request: Request, room: TheRoom, medium: str, form: Form) -> HTMLResponse:
    """Return what is typed, drawn: the part of an open page."""
    _ = room.person
    found = _reader(room).look(_given(room, medium, form))
    shown = room.desk.renderer.fragment(request, "_medium_look.html", {"look": found, "is_part": True})
    return HTMLResponse(shown, headers={"cache-control": "no-store"})


@router.post("/entries/{id}/media/{medium}")
def save(request: Request, room: TheRoom, medium: str, form: Form, of: str = "") -> Response:
    """Write the picture or clip into the entry's files, take it out of them, or show it as it is typed."""
    person, given, do = room.person, _given(room, medium, form), form.get("do", "look")
    drafts, held = _drafts(room, medium), held_of(form)
    if do == "save" or "hx-request" not in request.headers:  # without a script this is when a page can be kept
        drafts.keep(form.items(), held)
    if do == "take":
        given = _with_proposed(room, given, of or form.get("of", "vi"))
    changed_template = form.get("drawn", given.medium.template) != given.medium.template
    if do not in ("save", "remove") or (do == "save" and changed_template):
        return _page(request, room, given, held)
    try:
        if do == "remove":
            saved = remove_medium(room.bench, room.name, person, medium, base=given.base)
        else:
            wanted = _to_save(room, given)
            saved = save_medium(room.bench, room.name, person, wanted, base=given.base, is_new=medium == NEW)
    except MediumConflict as conflict:
        again = replace(given, text=conflict.now, base=mark_of(conflict.theirs), digest=conflict.now.digest)
        if conflict.theirs is None:  # taken away: it can be added again
            again = replace(again, medium=replace(given.medium, id=""))
        refused = Refused(conflict=conflict, is_gone=conflict.theirs is None and medium != NEW)
        return _page(request, room, again, held, refused, status=409)
    except BadInput as error:
        return _page(request, room, given, held, Refused(problems=error.problems), status=422)
    drafts.settle(held)
    room.show(saved.bench)
    return _gone(request, _edit_address(room, medium, do, saved))


@router.post("/entries/{id}/edit/media/remove")
def remove(request: Request, room: TheRoom, form: Form) -> Response:
    """Take a picture or clip out of the entry's files, from the entry's own page; what is typed there stays as a draft."""
    room.keep_typed(form)
    text = read_entry_text(room.bench.root, room.name)
    id = form.get("medium", "")
    try:
        saved = remove_medium(room.bench, room.name, room.person, id, base=mark_of(found_medium(text, id)))
    except MediumConflict:
        raise HTTPException(404, "Mục này không có ảnh hay clip ấy. Có thể ai đó vừa bỏ; hãy mở lại trang soạn.") from None
    room.show(saved.bench)
    return _gone(request, _edit_address(room, id, "remove", saved))


def _reader(room: Room) -> MediumReader:
    return MediumReader(room.bench, room.entry, room.press)


def _template(room: Room, name: str) -> Template:
    found = room.bench.workspace.studio.templates.get(name)
    if found is None:
        raise HTTPException(404, "Không có mẫu này trong templates/. Có thể thư mục của mẫu đã đổi tên.")
    return found


def _given(room: Room, id: str, form: Mapping[str, str]) -> Given:
    """Return what a form holds; where another template was chosen in it, with what both have a field for filled in."""
    text = read_entry_text(room.bench.root, room.name)
    known = room.bench.workspace.studio.templates
    chosen, drawn = form.get("template", ""), form.get("drawn", "")
    chosen = chosen if chosen in known else drawn
    template = _template(room, drawn if drawn in known else chosen)
    held: Mapping[str, Data] = read_held(form.get("held", ""))
    own, channels = "" if id == NEW else id, _held_channels(text, id)
    before = WrittenMedium(id=own, template=chosen or template.id, channels=channels, data=held)
    languages = tuple(text.texts)
    medium = typed_medium(form, template, before, languages)
    medium = replace(medium, data={language: said for language, said in medium.data.items() if said or language == "vi"})
    kept = tuple(name for name in held.get("vi", {}) if form.get(f"keep.{name}") and name not in template.fields)
    return Given(text=text, medium=medium, base=form.get("base", ""), digest=form.get("digest", ""), kept=kept)


def _held_channels(text: EntryText, id: str) -> tuple[str, ...]:
    found = found_medium(text, id)
    return found.channels if found else ()


def _to_save(room: Room, given: Given) -> WrittenMedium:
    """Return the medium without what its template has no field for, but for what somebody wants kept."""
    fields = _template(room, given.medium.template).fields
    known = {*fields, *(given.kept or ()), "language"}
    data = {
        language: {name: value for name, value in said.items() if name in known}
        for language, said in given.medium.data.items()
    }
    return replace(given.medium, data=data)


def _with_proposed(room: Room, given: Given, language: str) -> Given:
    """Return the page's words with the proposed alt text taken over."""
    page = _reader(room).page(given)
    proposed = next((each.proposed for each in page.alts if each.language == language), "")
    alt = {**given.medium.alt, language: proposed or given.medium.alt.get(language, "")}
    return replace(given, medium=replace(given.medium, alt=alt))


def _drafts(room: Room, medium: str) -> FormDrafts:
    return FormDrafts(
        bench=room.bench, presence=room.presence, file=room.name, person=room.person, place=f"media/{medium}"
    )  # fmt: skip


def _restored(room: Room, medium: str, template: str, draft: str) -> tuple[Given, Held] | None:
    """Return what the person's newest draft says, or that of the page `draft`: of a new medium, the one with this template."""
    if draft == NONE:
        return None
    for each in _drafts(room, medium).all():
        form = dict(pairs_of(each))
        if draft in ("", each.tab) and template in ("", form.get("template")) and _is_drawn(room, form):
            return _given(room, medium, form), going_on(each)
    return None


def _is_drawn(room: Room, form: Mapping[str, str]) -> bool:
    """Tell whether the office still has the template for which a form was filled in."""
    return form.get("drawn") in room.bench.workspace.studio.templates


def _page(
    request: Request, room: Room, given: Given, held: Held, refused: Refused | None = None, status: int = 200
) -> HTMLResponse:
    if given.medium.template not in room.bench.workspace.studio.templates:
        raise HTTPException(404, "Không có mẫu này trong templates/. Có thể thư mục của mẫu đã đổi tên.")
    page = _reader(room).page(given, room.person.id, held, refused)
    return room.desk.renderer.page(request, "medium.html", {"page": page}, active="calendar", status=status)


def _address(room: Room, medium: str) -> str:
    return f"/entries/{room.entry.id}/media/{medium}"


def _edit_address(room: Room, medium: str, do: str, saved: MediumSaved) -> str:
    how = "medium-gone" if do == "remove" else "medium-new" if medium == NEW else "medium" if saved.is_changed else "same"
    undo = {"undo": str(saved.before)} if do == "remove" and saved.before else {}
    return f"/entries/{room.entry.id}/edit?{urlencode({'saved': how} | undo)}#media"


def _gone(request: Request, there: str) -> Response:
    if "hx-request" in request.headers:
        return Response(status_code=204, headers={"hx-redirect": there})
    return RedirectResponse(there, status_code=303)


