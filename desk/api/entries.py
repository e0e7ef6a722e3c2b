"""Entries, their messages and what was made for them; a new draft, and a change of one."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Query, Request
from fastapi.responses import Response

from desk.api.caller import Caller, needs
from desk.api.check_records import CheckRecord, check_record
from desk.api.cursor import After, Limit, read_cursor, write_cursor
from desk.api.drafts import begin, change, etag_of
from desk.api.entry_records import (
    DraftBegun,
    EntryAmended,
    EntryChange,
    EntryDetail,
    EntryPage,
    EntryRecord,
    MessageList,
    NewEntry,
    RenditionList,
    draft_begun,
    entry_amended,
    entry_detail,
    entry_record,
    message_record,
    rendition_record,
)
from desk.api.once import Reply, TheWrite
from desk.api.problem_document import refusal
from desk.api_tokens import Scope
from desk.drafting import file_name
from desk.entry_checking import check_entry
from desk.web.choices import read_filters
from desk.web.desk import Desk, TheDesk, desk_of, reread
from desk.web.prose import headline
from desk.workbench import Workbench
from editorial.entry import Entry
from editorial.workflow import Stage
from store.entry_text import read_entry_text

router = APIRouter(prefix="/api/entries", tags=["entries"])

Reader = Annotated[Caller, Depends(needs(Scope.ENTRIES_READ))]
Writer = Annotated[Caller, Depends(needs(Scope.ENTRIES_DRAFT))]
Id = Annotated[str, Path(max_length=120)]
Filter = Annotated[str, Query(max_length=80)]


@router.get("")
def entries(
    desk: TheDesk, caller: Reader, cursor: After = "", limit: Limit = 50, channel: Filter = "", group: Filter = "",
    unit: Filter = "", axis: Filter = "", q: Annotated[str, Query(max_length=200)] = "",
) -> EntryPage:  # fmt: skip
    """List the entries by id; `q` keeps those whose headline or id has these letters."""
    content = desk.bench.content
    filters = read_filters(content.office, "", channel, group, unit, axis)
    asked = {"of": "entries", "channel": channel, "group": group, "unit": unit, "axis": axis, "q": q}
    after, wanted = read_cursor(cursor, asked, ""), q.strip().casefold()
    found: list[Entry] = []
    for id in sorted(content.entries):
        entry = content.entries[id]
        if id > after and filters.passes(entry) and (not channel or channel in entry.channels) and _says(desk, entry, wanted):
            found.append(entry)
        if len(found) > limit:
            break
    shown = found[:limit]
    stages = desk.bench.store.workflow.stages([entry.id for entry in shown])
    records = [entry_record(each, headline(content, each), stages.get(each.id, Stage.DRAFT)) for each in shown]
    return EntryPage(items=records, next=write_cursor(asked, shown[-1].id) if len(found) > limit else None)


@router.get("/{id}")
def entry(desk: TheDesk, caller: Reader, response: Response, id: Id) -> EntryDetail:
    """Return an entry with its fields as its files say them; the ETag is what a change has to name."""
    found = _entry(desk, id)
    text = read_entry_text(_files(desk).root, file_name(found))
    response.headers["etag"] = etag_of(text)
    return entry_detail(_record(desk, found), text.read().entry)


@router.get("/{id}/messages")
def messages(desk: TheDesk, caller: Reader, id: Id) -> MessageList:
    """Return what an entry says, in each of its languages."""
    found = _entry(desk, id)
    facts = desk.bench.content.facts_of(found)
    return MessageList(items=[message_record(each, facts) for each in found.messages.values()])


@router.get("/{id}/renditions")
def renditions(desk: TheDesk, caller: Reader, id: Id) -> RenditionList:
    """Return the pictures and clips of the entry's posts as they were handed in last; none before that."""
    posts = desk.bench.store.posts.of_entry(_entry(desk, id).id)
    return RenditionList(items=[rendition_record(post, medium) for post in posts for medium in post.media])


@router.post("/{id}/check")
def check(desk: TheDesk, caller: Reader, response: Response, id: Id) -> CheckRecord:
    """Check an entry as its files say it now, and change nothing. The ETag names the files that were checked."""
    found = _entry(desk, id)
    checked = check_entry(_files(desk), file_name(found), found.id)
    response.headers["etag"] = etag_of(checked.text)
    return check_record(found.id, checked)


@router.post("", status_code=201, response_model=DraftBegun)
def create(request: Request, desk: TheDesk, caller: Writer, write: TheWrite, new: NewEntry) -> Response:
    """Write a new entry's file. Nothing of it goes out before people of the office have checked and approved it."""

    def do() -> Reply:
        begun, text = begin(_files(desk), new, caller.person)
        reread(request, begun.draft.id)
        shown = desk_of(request)
        detail = entry_detail(_record(shown, _entry(shown, begun.draft.id)), text.read().entry)
        headers = {"etag": etag_of(text), "location": f"/api/entries/{begun.draft.id}"}
        return Reply(status=201, record=draft_begun(detail, begun.consequences), headers=headers)

    return write.once(caller, do)


@router.patch("/{id}", response_model=EntryAmended)
def amend(
    request: Request, desk: TheDesk, caller: Writer, write: TheWrite, id: Id, wanted: EntryChange,
    if_match: Annotated[str, Header(max_length=200)] = "",
) -> Response:  # fmt: skip
    """Change fields and properties of an entry's files, never over what somebody else wrote since: If-Match names what was read.

    What was approved stands no more when it says something else. With a channel goes what was made for it alone: read
    `consequences`. A channel on which a post is out stays until that post is taken back.
    """
    found = _entry(desk, id)

    def do() -> Reply:
        text, follows = change(_files(desk), found, caller.person, wanted, if_match)
        reread(request, file_name(found))
        shown = desk_of(request)
        there = _there_now(shown, found)
        detail = entry_amended(entry_detail(_record(shown, there), text.read().entry), follows)
        return Reply(status=200, record=detail, headers={"etag": etag_of(text)})

    return write.once(caller, do)


def _there_now(desk: Desk, before: Entry) -> Entry:
    """Return the entry as it goes by now: its first turn where it has become a series, itself where it is one no more."""
    entries = desk.bench.content.entries
    mine = (each for each in entries.values() if file_name(each) == file_name(before))
    return entries.get(before.id) or next(mine)


def _says(desk: Desk, entry: Entry, wanted: str) -> bool:
    return not wanted or wanted in entry.id or wanted in headline(desk.bench.content, entry).casefold()


def _entry(desk: Desk, id: str) -> Entry:
    found = desk.bench.content.entries.get(id)
    if found is None:
        raise refusal(404, "unknown-entry", "không có mục nội dung này trong content/; hãy xem danh sách ở /api/entries")
    return found


def _files(desk: Desk) -> Workbench:
    return desk.workbench


def _record(desk: Desk, entry: Entry) -> EntryRecord:
    stages = desk.bench.store.workflow.stages([entry.id])
    return entry_record(entry, headline(desk.bench.content, entry), stages.get(entry.id, Stage.DRAFT))
