"""A new entry begun from a day or an occasion: its file, held against everything that any file is held against, then written.

The same for the calendar's page and for `./loa new-entry`.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Container
from dataclasses import dataclass, replace
from itertools import count

from desk.consequences import Consequence, consequences
from desk.web.bench import Bench
from editorial.campaign_check import check_campaigns
from editorial.entry import Form
from editorial.entry_check import check_entry
from editorial.plan import Plan, PlannedSlot, plan
from editorial.problem import BadInput, Problem, Severity
from editorial.role import Person, Right, require
from editorial.workspace import Content
from store.entry_file import Moments, create_entry, entry_path
from store.entry_reading import WrittenEntry, entry_of

LONGEST_ID = 60
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_STROKE = {0x111: "d"}  # the one Vietnamese letter that is no plain letter with a mark
_WORD = re.compile(r"[A-Za-z0-9_./@:~+-]+")
_GUIDE = "# Bản nháp. Viết tiếp lời dưới dòng --- thứ hai; thêm hình (media), dữ kiện (uses, facts) như các mục khác.\n"
_TEXTS = {"headline": "tiêu đề", "summary": "câu tóm tắt", "when": "thời điểm"}


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What a person fills in. Without a body the summary stands in for it until somebody writes one."""

    id: str
    headline: str
    summary: str
    group: str
    axis: str
    unit: str
    tone: str
    when: str
    channels: tuple[str, ...]
    form: str = Form.COMMUNICATION.value
    campaign: str = ""
    body: str = ""


@dataclass(frozen=True, kw_only=True)
class Begun:
    """A draft that holds together: its file's text, its slots, and what a planner should know before it is written."""

    draft: Draft
    text: str
    slots: tuple[PlannedSlot, ...]
    consequences: tuple[Consequence, ...]


def begin_entry(bench: Bench, draft: Draft) -> Begun:
    """Hold a draft against the office, the calendar and the plan; raise BadInput, key by key, with all that is wrong with it."""
    missing = tuple(_missing(bench, draft))
    if missing:
        raise BadInput(*missing)
    text = draft_text(draft)
    written = entry_of({"vi": text}, draft.id)
    content = _with(bench.content, written)
    alone = replace(content, entries={draft.id: written.entry})
    planned = plan(alone, bench.catalogue)
    found = (*check_entry(written.entry, content, ()), *planned.problems, *_campaign(planned, alone, bench))
    wrong = [problem for problem in found if problem.severity is Severity.ERROR]
    if wrong:
        raise BadInput(*wrong)
    follows = consequences(
        bench, entry=written.entry, before=Plan(slots=(), problems=()), after=planned, content=content,
        moved={(slot.entry, slot.channel) for slot in planned.slots}, left=(),
        rules=(Moments(when=draft.when), Moments(when=draft.when)),
    )  # fmt: skip
    stops = [Problem(rule=each.kind.value, key="when", message=each.words) for each in follows if each.stops]
    if stops:
        raise BadInput(*stops)
    return Begun(draft=draft, text=text, slots=planned.slots, consequences=follows)


def write_entry(bench: Bench, begun: Begun, person: Person) -> None:
    """Put the new file into content/; raise BadInput where the person may not, or somebody was faster with the same id."""
    require(person, Right.WRITE)
    id = begun.draft.id
    create_entry(bench.root, id, begun.text)
    bench.store.audit.write(person.id, "new-entry", id, f"{begun.draft.headline} ({begun.draft.when})")


def draft_text(draft: Draft) -> str:
    """Return the file of a draft; text that people typed is quoted, so that no sign in it means anything."""
    keys = {
        "id": draft.id, "group": _quoted(draft.group), "axis": _word(draft.axis), "unit": _word(draft.unit),
        "tone": _word(draft.tone), "form": "" if draft.form == Form.COMMUNICATION.value else _word(draft.form),
        "when": _word(draft.when), "campaign": _word(draft.campaign) if draft.campaign else "",
        "channels": f"[{', '.join(map(_word, draft.channels))}]", "headline": _quoted(draft.headline),
        "summary": _quoted(draft.summary),
    }  # fmt: skip
    head = "".join(f"{key}: {value}\n" for key, value in keys.items() if value)
    return f"---\n{_GUIDE}{head}---\n{draft.body.strip() or draft.summary}\n"


def suggested_id(headline: str, taken: Container[str]) -> str:
    """Return an id that says what the headline says, in plain letters, and that no entry has."""
    plain = unicodedata.normalize("NFD", headline.lower().translate(_STROKE))
    words = re.findall(r"[a-z0-9]+", "".join(letter for letter in plain if not unicodedata.combining(letter)))
    id = ""
    for word in words:
        if len(id) + len(word) > 40:
            break
        id = f"{id}-{word}" if id else word[:40]
    id = id or "bai-moi"
    return id if id not in taken else next(each for number in count(2) if (each := f"{id}-{number}") not in taken)


def _missing(bench: Bench, draft: Draft) -> list[Problem]:
    found = []
    for key, what in _TEXTS.items():
        if not getattr(draft, key).strip():
            found.append(Problem(rule="missing-text", key=key, message=f"hãy ghi {what}"))
    if not draft.channels:
        found.append(Problem(rule="missing-text", key="channels", message="hãy chọn ít nhất một kênh"))
    if not _ID.fullmatch(draft.id) or len(draft.id) > LONGEST_ID:
        message = "mã chỉ gồm chữ thường không dấu, chữ số và gạch nối, ví dụ tet-pho-co-2027"
        found.append(Problem(rule="bad-id", key="id", message=message))
    elif draft.id in bench.content.names or entry_path(bench.root, draft.id).exists():
        found.append(Problem(rule="file-exists", key="id", message=f"đã có mục “{draft.id}”; hãy đặt mã khác"))
    return found


def _with(content: Content, written: WrittenEntry) -> Content:
    id = written.entry.id
    return replace(
        content, entries={**content.entries, id: written.entry}, places={**content.places, id: written.places}
    )  # fmt: skip


def _campaign(planned: Plan, alone: Content, bench: Bench) -> list[Problem]:
    """Return what is wrong with the campaign that the entry names; what is wrong with others is not this entry's."""
    entry = next(iter(alone.entries.values()))
    own = {id: each for id, each in alone.campaigns.items() if id == entry.campaign}
    if entry.campaign is None:
        return []
    return list(check_campaigns(planned, replace(alone, campaigns=own), bench.catalogue))


def _word(text: str) -> str:
    """Return a word of ours as it is, and whatever else was typed in its place in quotes."""
    return text if _WORD.fullmatch(text) else _quoted(text)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # a JSON string is a YAML string
