"""An entry as somebody types it: read, saved beside other people's changes, and had back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desk.drafting import Conflict, Saved, alone, examined, read_typed, save, take_back
from desk.entry_fields import fields_for, typed_fields, written_fields
from desk.place import Place
from desk.workbench import Workbench
from desk.workspace import Workspace, read_workspace
from editorial.problem import BadInput
from editorial.role import Person, Role
from store.entry_text import EntryText, read_entry_text
from tests.desk.written_content import content_kept
from tests.story.workspace import make_workspace

ENTRY, SERIES = "di-san-van-hoa", "nhac-ho-so-cuoi-thang"
AN = Person(id="an", name="An", roles=(Role.EDITOR,))
BINH = Person(id="binh", name="Bình", roles=(Role.EDITOR,))


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    root = make_workspace(tmp_path_factory.mktemp("office"), (ENTRY, SERIES, "giai-phong-thu-do"))
    return read_workspace(Place(root=root))


@pytest.fixture
def bench(workspace: Workspace, tmp_path: Path) -> Iterator[Workbench]:
    """Return the office with a memory of its own, and with its content as it was."""
    with content_kept(workspace, tmp_path / "office") as bench:
        yield bench


def opened(bench: Workbench, name: str = ENTRY) -> tuple[EntryText, dict[str, str]]:
    text = read_entry_text(bench.root, name)
    return text, written_fields(text.read().entry)


def saved(bench: Workbench, text: EntryText, base: dict[str, str], person: Person = AN, **typed: str) -> Saved:
    fields = base | {name.replace("__", "."): value for name, value in typed.items()}
    return save(bench, text.name, person, typed=fields, base=base, digest=text.digest)


def test_a_save_writes_what_was_typed_and_no_other_line(bench: Workbench) -> None:
    text, base = opened(bench)
    made = saved(bench, text, base, headline="Di sản: {{ fact.wards }}", en__summary="Short.", variants__facebook__title="Di sản")
    after = read_entry_text(bench.root, ENTRY)
    for language in ("vi", "en"):
        gone = set(text.texts[language].split("\n")) - set(after.texts[language].split("\n"))
        assert len(gone) == 1, gone
    assert after.read().entry.messages["vi"].headline == "Di sản: {{ fact.wards }}"
    assert after.read().entry.messages["vi"].variants["facebook"].title == "Di sản"
    assert made.changed == ("headline", "variants.facebook.title", "en.summary")
    assert made.bench.content.entries[ENTRY].messages["en"].summary == "Short."
    assert made.bench.content.entries.keys() == bench.content.entries.keys()
    assert [(each.who, each.action) for each in bench.store.audit.of(ENTRY)] == [("an", "save")]


def test_fields_that_nobody_changed_leave_the_file_as_it_is(bench: Workbench) -> None:
    text, base = opened(bench)
    stamp = (bench.root / "content" / f"{ENTRY}.md").stat().st_mtime_ns
    assert saved(bench, text, base).changed == ()
    assert (bench.root / "content" / f"{ENTRY}.md").stat().st_mtime_ns == stamp
    assert bench.store.entry_texts.of(ENTRY) == ()


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [("headline", "", "empty"), ("link", "hanoi.gov.vn", "wrong-form"), ("summary", "  ", "empty")],
)
def test_a_field_that_cannot_be_read_stops_the_save_at_its_place(bench: Workbench, field: str, value: str, rule: str) -> None:
    text, base = opened(bench)
    with pytest.raises(BadInput) as error:
        saved(bench, text, base, body="Chữ mới", **{field: value})
    assert [(problem.rule, problem.key) for problem in error.value.problems] == [(rule, field)]
    assert read_entry_text(bench.root, ENTRY) == text
    typed = read_typed(text, base | {field: value, "body": "Chữ mới"})
    assert typed.written.entry.messages["vi"].body == "Chữ mới"  # the rest is looked at all the same
    assert [problem.key for problem in typed.problems] == [field]


@pytest.mark.parametrize(
    "words",
    ["- a: {b}, [c] # d", "'một' \"hai\" \\ ba", "*sao* &neo !thẻ %phần @ai `mã` | >", "2026-10-10", "true",
     "\u00a0dính\u00a0liền",
     "dòng một\n\n  thụt vào\n# không phải đề mục\n---\nhết", "😀 e\u0302 \u2028 xuống dòng", "\x07chuông: {{ fact.wards }}\t."],
)  # fmt: skip
def test_whatever_is_typed_is_read_again_as_it_was_typed(bench: Workbench, words: str) -> None:
    text, base = opened(bench)
    names = ("headline", "summary", "body", "variants.facebook.text", "variants.zalo.title", "media.anh.alt", "en.action")
    saved(bench, text, base, **dict.fromkeys(names, words))
    said = opened(bench)[1]
    whole = typed_fields(dict.fromkeys(names, words), fields_for(text.read().entry))
    assert {name: said[name] for name in names} == whole
    assert {name: value for name, value in said.items() if name not in names} == {
        name: value for name, value in base.items() if name not in names
    }


def test_two_people_who_change_different_fields_both_keep_their_words(bench: Workbench) -> None:
    text, base = opened(bench)
    saved(bench, text, base, BINH, summary="Tóm tắt của Bình.")
    made = saved(bench, text, base, AN, body="Thân bài của An.")
    assert made.taken_over == ("summary",)
    message = read_entry_text(bench.root, ENTRY).read().entry.messages["vi"]
    assert (message.summary, message.body) == ("Tóm tắt của Bình.", "Thân bài của An.")


def test_two_people_who_change_one_field_are_asked_and_nothing_is_written_over(bench: Workbench) -> None:
    text, base = opened(bench)
    saved(bench, text, base, BINH, body="Của Bình.", action="Hãy đến.")
    with pytest.raises(Conflict) as conflict:
        saved(bench, text, base, AN, body="Của An.", headline="Tiêu đề của An")
    assert [(each.field, each.theirs, each.mine) for each in conflict.value.differences] == [("body", "Của Bình.", "Của An.")]
    assert conflict.value.merged["action"] == "Hãy đến."
    assert conflict.value.merged["headline"] == "Tiêu đề của An"
    assert read_entry_text(bench.root, ENTRY).read().entry.messages["vi"].body == "Của Bình."


def test_a_save_is_taken_back_and_that_too(bench: Workbench) -> None:
    text, base = opened(bench)
    saved(bench, text, base, body="Mới.")
    now = read_entry_text(bench.root, ENTRY)
    newest, first = bench.store.entry_texts.of(ENTRY)
    take_back(bench, ENTRY, BINH, first.id, digest=now.digest)
    assert read_entry_text(bench.root, ENTRY) == text
    take_back(bench, ENTRY, BINH, newest.id, digest=text.digest)
    assert read_entry_text(bench.root, ENTRY) == now
    with pytest.raises(Conflict):
        take_back(bench, ENTRY, BINH, first.id, digest=text.digest)
    with pytest.raises(BadInput):
        take_back(bench, SERIES, BINH, first.id, digest=read_entry_text(bench.root, SERIES).digest)


def test_a_series_is_written_in_its_one_file_and_every_turn_knows(bench: Workbench) -> None:
    text, base = opened(bench, SERIES)
    made = saved(bench, text, base, headline="Nhắc hồ sơ")
    turns = [each for each in made.bench.content.entries.values() if each.series == SERIES]
    assert len(turns) > 1
    assert {each.messages["vi"].headline for each in turns} == {"Nhắc hồ sơ"}
    with pytest.raises(BadInput) as error:
        saved(made.bench, *opened(bench, SERIES), when="2026-10-10@08:00")
    assert error.value.problems[0].key == "when"


def test_what_is_typed_is_checked_as_the_command_checks_the_file(bench: Workbench) -> None:
    text, base = opened(bench)
    typed = read_typed(text, base | {"body": base["body"] + "\n\nThành phố có 127 phường và 45 lễ hội."})
    problems, certificate = examined(alone(bench.workspace, typed.written), ENTRY)
    assert certificate is not None
    saved(bench, text, base, body=base["body"] + "\n\nThành phố có 127 phường và 45 lễ hội.")
    told = [each for each in read_workspace(bench.workspace.place).problems() if each.file == f"content/{ENTRY}.md"]
    assert {problem.rule for problem in told} == {"wrong-figure", "unsourced-figure"}
    assert set(told) <= set(problems)
    assert {(each.file, each.line, each.key) for each in problems} == {(each.file, each.line, each.key) for each in told}
