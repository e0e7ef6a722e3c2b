from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from editorial.calendar import Catalogue
from editorial.campaign_check import check_campaigns
from editorial.collision import collisions
from editorial.entry_check import check_entries
from editorial.lead_time import deadlines
from editorial.order_check import check_order
from editorial.plan import plan
from editorial.problem import BadInput
from editorial.recurrence import with_occurrences
from editorial.workspace import Content
from store.workspace_files import read_content
from tests.editorial.small_plan import calendar, rule
from tests.fuzz import examples
from tests.store.test_workspace_files import workspace

CALENDAR = calendar(rule("tet", "lunar:01-01"), rule("ram", "lunar:11-15"), rule("quy", "quarter_end:4", first=1945))

WORDS = ["", "31", "last", "month", "1975-01-01", "9999-12-31", "2026-02-30", "tet", "ram", "mot", "mua-xuan"]
ODD = (
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(max_size=12) | some.sampled_from(WORDS)
    | some.lists(some.integers(), max_size=2) | some.dictionaries(some.text(max_size=5), some.integers(), max_size=2)
)  # fmt: skip
DATES = some.sampled_from(["2026-01-31", "2026-12-31", "2027-12-31", "2028-02-29"]) | some.dates().map(str)
RULES = some.sampled_from(
    ["ky@08:00", "ky-1wd@08:00~prev", "tet/2026@08:00", "tet-3d@08:00", "ram/2026@08:00", "2026-10-01@08:00", "quy+999m@07:00"]
)
REPEATS = some.fixed_dictionaries(
    {"every": some.sampled_from(["week", "month", "quarter", "year", "occasion"]), "from": DATES, "until": DATES},
    optional={
        "day": some.integers(-1, 33) | some.just("last"),
        "month": some.integers(-1, 14),
        "weekday": some.sampled_from(["mon", "sun", "thu"]),
        "anchor": some.sampled_from(["tet", "ram", "quy", "khong"]),
        "skip": some.sampled_from(["backward", "forward", "omit", "error"]),
    },
)
ENTRY_KEYS = [
    "group", "axis", "unit", "tone", "when", "channels", "headline", "summary", "repeat", "form", "campaign", "moments", "facts",
    "media", "uses", "languages", "hashtags", "link", "action",
]  # fmt: skip
PLAIN_ENTRY = {
    "id": "mot", "group": "1.7", "axis": "ubnd", "unit": "van-phong", "channels": ["portal"], "headline": "Một tin",
    "summary": "Tóm tắt",
}  # fmt: skip
PLANNED = some.fixed_dictionaries(
    {"when": RULES, "tone": some.sampled_from(["festive", "solemn", "neutral"])},
    optional={
        "repeat": REPEATS,
        "form": some.sampled_from(["ceremony", "seminar"]),
        "campaign": some.just("mua-xuan"),
        "moments": some.dictionaries(some.just("portal"), RULES, max_size=1),
    },
)
PHASE = some.fixed_dictionaries({"id": some.just("a"), "name": some.just("A"), "from": DATES, "to": DATES})
CAMPAIGNS = some.fixed_dictionaries(
    {
        "from": some.sampled_from(["tet/2026-3d", "2026-01-01", "tet", "ram/2026", "x~prev"]),
        "to": some.sampled_from(["tet/2026+3d~next", "2026-12-31", "quy/2026@07:00"]),
    },
    optional={"phases": some.lists(PHASE, max_size=2)},
)
PLAIN_CAMPAIGN = {"schema": 1, "id": "mua-xuan", "name": "Xuân", "message": "Một", "units": ["van-phong"]}


QUIET = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """Return a workspace in which each example writes its files over those of the one before."""
    return workspace(tmp_path)


def slips(keys: list[str]) -> some.SearchStrategy[dict[str, object]]:
    """Make no value, or one, that nobody meant."""
    return some.dictionaries(some.sampled_from(keys), ODD, max_size=1)


def everything(content: Content, catalogue: Catalogue) -> None:
    """Do all that planning does with what was read."""
    written = with_occurrences(content, catalogue)
    planned = plan(written, catalogue)
    told = (*planned.problems, *check_entries(written, ()), *check_campaigns(planned, written, catalogue))
    told += check_order(planned, written)
    told += collisions(planned, written, catalogue)
    assert all(problem.message and problem.file for problem in told)
    deadlines(planned.slots, catalogue)


@settings(max_examples=examples(2500), suppress_health_check=QUIET, deadline=None)
@given(
    planned=PLANNED,
    slip=slips(ENTRY_KEYS),
    span=CAMPAIGNS,
    other_slip=slips(["schema", "name", "message", "from", "to", "units", "phases", "more"]),
)
def test_whatever_an_editor_writes_is_planned_or_refused_at_its_place(
    office: Path, planned: dict[str, object], slip: dict[str, object], span: dict[str, object], other_slip: dict[str, object]
) -> None:
    entry, campaign = {**PLAIN_ENTRY, **planned, **slip}, {**PLAIN_CAMPAIGN, **span, **other_slip}
    (office / "content" / "mot.md").write_text(f"---\n{json.dumps(entry)}\n---\nThân bài.\n", encoding="utf-8")
    (office / "content" / "campaigns").mkdir(exist_ok=True)
    (office / "content" / "campaigns" / "mua-xuan.yaml").write_text(json.dumps(campaign), encoding="utf-8")
    try:
        everything(read_content(office), CALENDAR)
    except BadInput as refused:
        assert all("\n" not in str(problem) for problem in refused.problems)


PAGE = """\
---
id: mot
group: "1.7"
axis: ubnd
unit: van-phong
tone: neutral
when: tet/2026-3d@08:00
channels: [portal]
headline: Một tin
summary: "Tóm tắt"
facts:
  so: {kind: number, value: 126, unit: xã, source: Nghị quyết}
---
Có {{ fact.so }}.
"""
SIGNS = ["{", "}", "[", "]", "? ", "- ", ": ", "#", "|", ">", "'", '"', "~", "{{", "}}", "{%", "\n", "\t", "\r", "\0"]
MARKS = [
    *SIGNS, "---", "\ufeff", "\u2028",
    "\n---\n", "&a ", "*a", "<<: *a", "!!python/object:x ", "!!binary ", "%YAML 9\n", "{{ fact.x }}", "1e999", ".nan", "0x1F",
]  # fmt: skip
BYTES = some.binary(max_size=3).map(lambda odd: odd.decode("utf-8", "surrogateescape"))
PIECES = some.text(max_size=4) | some.sampled_from(MARKS) | BYTES
EDITS = some.lists(some.tuples(some.integers(0, len(PAGE)), some.integers(0, 6), PIECES), max_size=4)


@settings(max_examples=examples(5000), suppress_health_check=QUIET, deadline=None)
@given(edits=EDITS)
def test_a_page_broken_anywhere_is_read_or_refused_at_its_place(office: Path, edits: list[tuple[int, int, str]]) -> None:
    text = PAGE
    for start, length, put in edits:
        text = text[:start] + put + text[start + length :]
    (office / "content" / "mot.md").write_bytes(text.encode("utf-8", "surrogateescape"))
    try:
        everything(read_content(office), CALENDAR)
    except BadInput as refused:
        assert edits, "the page itself is right"
        assert all("\n" not in str(problem) and problem.file and problem.message for problem in refused.problems)
