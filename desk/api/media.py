"""Pictures and clips of an entry as programs order them: by the functions that the pages write with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Header, Path, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from desk.api.drafts import as_refusal, etag_of, stale
from desk.api.entries import Id, Reader, Writer
from desk.api.entry_records import Body, Word
from desk.api.once import Reply, TheWrite
from desk.api.problem_document import refusal
from desk.drafting import file_name
from desk.media_writing import MediumConflict, MediumSaved, found_medium, mark_of, remove_medium, save_medium
from desk.web.desk import Desk, TheDesk, reread
from desk.workbench import Workbench
from editorial.problem import BadInput
from store.content_records import Data, Language
from store.entry_text import EntryText, read_entry_text
from store.medium_text import WrittenMedium, written_media

router = APIRouter(prefix="/api/entries", tags=["entries"])

Medium = Annotated[str, Path(max_length=120)]
Seen = Annotated[str, Header(max_length=200, alias="If-Match")]


class MediumWish(BaseModel):
    """What a picture or clip shows: its template's fields by language (of another than Vietnamese only what it says otherwise).

    Without channels it goes to all of the entry that take its kind. Without an alt text it is not approved.
    """

    model_config = ConfigDict(extra="forbid")

    template: Word
    theme: Word = "light"
    channels: Annotated[list[Word], Field(max_length=40)] = []
    alt: dict[Language, Body] = {}
    data: dict[Language, Data]


class MediumRecord(BaseModel):
    """A picture or clip that an entry asks for, as its files say it."""

    id: str
    template: str
    theme: str
    channels: list[str]
    alt: dict[str, str]
    data: dict[str, dict[str, object]]


class MediaList(BaseModel):
    """The pictures and clips that an entry asks for, in their order."""

    items: list[MediumRecord]


@router.get("/{id}/media")
def media(desk: TheDesk, caller: Reader, response: Response, id: Id) -> MediaList:
    """Return the pictures and clips that an entry asks for; the ETag is what a change of them has to name."""
    text = read_entry_text(desk.workbench.root, _name(desk, id))
    response.headers["etag"] = etag_of(text)
    return _list(text)


@router.post("/{id}/media", status_code=201, response_model=MediumRecord)
def add(
    request: Request, desk: TheDesk, caller: Writer, write: TheWrite, id: Id, wanted: MediumWish, if_match: Seen = ""
) -> Response:  # fmt: skip
    """Order a picture or clip for an entry; the desk gives it its id. If-Match names the files that were read."""
    name = _name(desk, id)

    def do() -> Reply:
        _seen(desk.workbench, name, if_match)
        saved = _saved(lambda: save_medium(desk.workbench, name, caller.person, _medium("", wanted), base="", is_new=True))
        reread(request, name)
        headers = {"etag": etag_of(saved.text), "location": f"/api/entries/{id}/media/{saved.id}"}
        return Reply(status=201, record=_record(saved.text, saved.id), headers=headers)

    return write.once(caller, do)


@router.put("/{id}/media/{medium}", response_model=MediumRecord)
def put(
    request: Request, desk: TheDesk, caller: Writer, write: TheWrite, id: Id, medium: Medium, wanted: MediumWish,
    if_match: Seen = "",
) -> Response:  # fmt: skip
    """Let a picture or clip of an entry say this and nothing else. What was approved and shows something else stands no more."""
    name = _name(desk, id)

    def do() -> Reply:
        now = _seen(desk.workbench, name, if_match)
        base = mark_of(_found(now, medium))
        order = _medium(medium, wanted)
        saved = _saved(lambda: save_medium(desk.workbench, name, caller.person, order, base=base, digest=now.digest))
        reread(request, name)
        return Reply(status=200, record=_record(saved.text, medium), headers={"etag": etag_of(saved.text)})

    return write.once(caller, do)


@router.delete("/{id}/media/{medium}", response_model=MediaList)
def remove(
    request: Request, desk: TheDesk, caller: Writer, write: TheWrite, id: Id, medium: Medium, if_match: Seen = ""
) -> Response:  # fmt: skip
    """Take a picture or clip out of an entry; answer those that are left."""
    name = _name(desk, id)

    def do() -> Reply:
        now = _seen(desk.workbench, name, if_match)
        base = mark_of(_found(now, medium))
        saved = _saved(lambda: remove_medium(desk.workbench, name, caller.person, medium, base=base, digest=now.digest))
        reread(request, name)
        return Reply(status=200, record=_list(saved.text), headers={"etag": etag_of(saved.text)})

    return write.once(caller, do)


def _name(desk: Desk, id: str) -> str:
    found = desk.bench.content.entries.get(id)
    if found is None:
        raise refusal(404, "unknown-entry", "không có mục nội dung này trong content/; hãy xem danh sách ở /api/entries")
    return file_name(found)


def _seen(bench: Workbench, name: str, seen: str) -> EntryText:
    """Return the files as they are; raise Refused where they are not those that were `seen`."""
    if not seen.strip():
        message = "hãy gửi If-Match với ETag của lần đọc mục này, để không ghi đè lời người khác vừa viết"
        raise refusal(428, "if-match-needed", message)
    now = read_entry_text(bench.root, name)
    if seen.strip() != etag_of(now):
        raise stale(now)
    return now


def _saved(do: Callable[[], MediumSaved]) -> MediumSaved:
    try:
        return do()
    except MediumConflict as conflict:
        raise stale(conflict.now) from conflict
    except BadInput as error:
        raise as_refusal(error) from error


def _found(text: EntryText, id: str) -> WrittenMedium:
    found = found_medium(text, id)
    if found is None:
        raise refusal(404, "unknown-media", "mục này không có ảnh hay clip ấy; hãy xem danh sách ở …/media của mục")
    return found


def _medium(id: str, wanted: MediumWish) -> WrittenMedium:
    return WrittenMedium(
        id=id, template=wanted.template, theme=wanted.theme, channels=tuple(wanted.channels),
        alt={str(language): words for language, words in wanted.alt.items()},
        data={"vi": {}, **{str(language): dict(said) for language, said in wanted.data.items()}},
    )  # fmt: skip


def _list(text: EntryText) -> MediaList:
    return MediaList(items=[_as_record(each) for each in written_media(text)])


def _record(text: EntryText, id: str) -> MediumRecord:
    return _as_record(_found(text, id))


def _as_record(medium: WrittenMedium) -> MediumRecord:
    return MediumRecord(
        id=medium.id, template=medium.template, theme=medium.theme, channels=list(medium.channels), alt=dict(medium.alt),
        data={language: dict(said) for language, said in medium.data.items()},
    )  # fmt: skip
