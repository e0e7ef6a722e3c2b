"""Pictures and clips written into an entry's files: what was meant and no other letter, over every entry of the office."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from unicodedata import normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from editorial.problem import BadInput
from store.entry_text import EntryText, read_entry_text
from store.medium_text import WrittenMedium, with_medium, without_medium, written_media

HOUSE = Path(__file__).resolve().parents[2]
NAMES = sorted(path.stem for path in (HOUSE / "content").glob("*.md") if "." not in path.stem)
NEW = WrittenMedium(
    id="anh-9", template="infographic/figures", theme="dark", channels=("portal",), alt={"vi": "Hình: một, hai"},
    data={"vi": {"headline": "Di sản: {{ fact.wards }}", "figures": [{"value": 3, "label": "a, b"},
                                                                          {"value": "5", "unit": "xã"}]}},
)  # fmt: skip


def written(name: str) -> EntryText:
    return read_entry_text(HOUSE, name)


def lines_gone(before: EntryText, after: EntryText) -> list[str]:
    gone = []
    for language, text in before.texts.items():
        left = after.texts[language].split("\n")
        for line in text.split("\n"):
            if line in left:
                left.remove(line)
            else:
                gone.append(line)
    return gone


@pytest.mark.parametrize("name", NAMES)
def test_a_medium_is_added_and_taken_away_and_every_letter_is_as_it_was(name: str) -> None:
    text = written(name)
    with_it = with_medium(text, NEW)
    assert written_media(with_it) == (*written_media(text), NEW)
    assert lines_gone(text, with_it) == []
    assert without_medium(with_it, NEW.id).texts == text.texts


@pytest.mark.parametrize("name", NAMES)
def test_a_medium_that_says_the_same_is_written_as_it_stands(name: str) -> None:
    text = written(name)
    for medium in written_media(text):
        assert with_medium(text, medium).texts == text.texts


@pytest.mark.parametrize("name", NAMES)
def test_a_changed_word_changes_its_line_alone(name: str) -> None:
    text = written(name)
    for medium in written_media(text):
        data = dict(medium.data["vi"]) | {"source": "Nguồn: mới, đã sửa"}
        other = replace(medium, theme="solemn", data={**medium.data, "vi": data})
        after = with_medium(text, other)
        assert other in written_media(after)
        shared = [line for line in lines_gone(text, after) if "&" in line or "*" in line]  # written out: others say it too
        own = [line for line in lines_gone(text, after) if line not in shared]
        assert 1 <= len(own) <= 2, own
        assert with_medium(after, medium).read().entry == text.read().entry


@pytest.mark.parametrize("name", NAMES)
def test_every_medium_is_taken_away_and_the_others_say_what_they_said(name: str) -> None:
    text = written(name)
    for medium in written_media(text):
        after = without_medium(text, medium.id)
        assert written_media(after) == tuple(each for each in written_media(text) if each != medium)
    while written_media(text):
        text = without_medium(text, written_media(text)[0].id)
    assert "media" not in text.texts["vi"].split("---")[1]


def test_a_translation_is_written_into_its_own_file_and_only_there() -> None:
    text = written("di-metro")
    medium = next(iter(written_media(text)))
    said = {**medium.data, "en": {**medium.data["en"], "lead": "Cheap: fast"}}
    after = with_medium(text, replace(medium, data=said, alt={**medium.alt, "en": "A picture"}))
    assert after.texts["vi"] == text.texts["vi"]
    assert len(lines_gone(text, after)) == 2
    bare = with_medium(text, replace(medium, data={"vi": medium.data["vi"]}, alt={"vi": medium.alt["vi"]}))
    assert "alt:" not in bare.texts["en"]
    assert "data:" not in bare.texts["en"]
    assert with_medium(bare, medium).read().entry == text.read().entry


HEAD = """---
id: muc
group: "1.7"
axis: ubnd
unit: so-vhtt
tone: festive
when: 2026-10-28@07:00  # giờ này đã hẹn
channels: [portal, facebook]
headline: Tiêu đề
summary: Tóm tắt
{media}
action: Làm ngay
---
Thân bài.
"""
SHAPES = {
    "none": "# chưa có hình",
    "block": "media:\n  # hình chính\n  - id: anh\n    # mẫu này\n    template: infographic/figures # đã chọn\n"
    "    data: # chữ\n      headline: 'Một' # đầu\n      lead: |\n        Hai\n        # ba\n\n      figures:\n"
    "      - {value: 1, label: x} # dòng một\n      # giữa hai dòng\n      - value: 2\n        label: y\n",
    "flow": "media: [{id: anh, template: infographic/figures, data: {headline: Một, figures: [{value: 1, label: x}, "
    "{value: 2, label: y},]}}]",
    "level": "media:\n- id: anh\n  template: infographic/figures\n  data:\n    headline: Một\n    figures:\n"
    "    - {value: 1, label: x}\n    - {value: 2, label: y}",
    "dashes apart": "media:\n  -\n    template: infographic/figures\n    id: anh\n    data: {}",
    "shared": "media:\n  - id: clip\n    template: clip/occasion\n    data: &chu\n      headline: Một # đầu\n      lead: Hai\n"
    "  - id: anh\n    template: infographic/figures\n    data: *chu",
}


def of_shape(shape: str) -> EntryText:
    return EntryText(name="muc", texts={"vi": HEAD.format(media=SHAPES[shape])})


WORDS = st.one_of(
    st.text(st.characters(exclude_categories=("Cs", "Cc", "Co", "Cn")), max_size=30).map(str.strip),
    st.sampled_from(
        ["12", "1.5", "true", "no", "null", "~", "- a", "a: b", "#x", "x #y", "{a}", "[b]", "&a", "*b", "!c", "|", ">", "%",
         "@", "`", "---", "a\n---\nb", "một\nhai", "{{ fact.wards }}", "'", '"', "\\", "a\u00a0b", "2026-10-28", "18:00", "0x1F",
         "1_000", ","]
    ),
)  # fmt: skip
SCALARS = st.one_of(WORDS, st.integers(-(10**9), 10**9), st.floats(-1e6, 1e6, allow_nan=False), st.booleans())
KEYS = st.sampled_from(["headline", "lead", "figures", "source", "value"])
ROWS = st.dictionaries(st.sampled_from(["value", "label", "unit"]), SCALARS, min_size=1)
DATA = st.dictionaries(KEYS, st.one_of(SCALARS, st.lists(st.one_of(SCALARS, ROWS), max_size=4), ROWS), max_size=5)


def normal(value: object) -> object:
    """Return what a file can say of it: letters put together, and no blanks around."""
    if isinstance(value, str):
        return normalize("NFC", value).strip()
    if isinstance(value, list):
        return [normal(each) for each in value]
    return {key: normal(each) for key, each in value.items()} if isinstance(value, dict) else value


@pytest.mark.parametrize("shape", SHAPES)
@settings(max_examples=60, deadline=None)
@given(first=DATA, then=DATA)
def test_whatever_a_medium_says_is_read_back_as_it_was_meant(
    shape: str, first: dict[str, object], then: dict[str, object]
) -> None:
    text = of_shape(shape)
    for data in (first, then, first):
        try:
            text = with_medium(text, WrittenMedium(id="anh", template="infographic/figures", data={"vi": normal(data)}))
        except BadInput as refused:
            assert refused.problems[0].rule == "cannot-write"
            continue
        assert "# giờ này đã hẹn" in text.texts["vi"]
        assert "action: Làm ngay\n" in text.texts["vi"]
        assert text.texts["vi"].endswith("\n---\nThân bài.\n")
    assert "headline: Một # đầu" in text.texts["vi"] or shape != "shared"


def test_comments_stay_where_somebody_wrote_them() -> None:
    text = of_shape("block")
    medium = written_media(text)[0]
    rows = [{"value": 1, "label": "x mới"}, {"value": 2, "label": "y"}, {"value": 3, "label": "z"}]
    after = with_medium(text, replace(medium, data={"vi": {**medium.data["vi"], "figures": rows, "headline": "Hai"}}))
    gone = lines_gone(text, after)
    assert gone == ["      headline: 'Một' # đầu", "      - {value: 1, label: x} # dòng một"]
    assert "      headline: 'Hai' # đầu\n" in after.texts["vi"]
    assert "      - {value: 1, label: x mới} # dòng một\n      # giữa hai dòng\n" in after.texts["vi"]
    fewer = with_medium(
        text, replace(medium, data={"vi": {**medium.data["vi"], "figures": rows[1:2]}})
    )
    assert lines_gone(text, fewer) == ["      - {value: 1, label: x} # dòng một"]


def test_what_only_a_person_can_write_is_refused_and_nothing_is_changed() -> None:
    text = EntryText(name="muc", texts={"vi": HEAD.format(
        media="media:\n  - &a\n    id: anh\n    template: infographic/figures\n    data: {headline: Một}\n"
        "  - <<: *a\n    id: anh-2\n"
    )})  # fmt: skip
    with pytest.raises(BadInput) as refused:
        without_medium(text, "anh")
    assert refused.value.problems[0].rule == "cannot-write"
    assert "tự sửa" in refused.value.problems[0].message


def test_a_medium_that_is_not_there_cannot_be_taken_away() -> None:
    with pytest.raises(KeyError):
        without_medium(of_shape("none"), "anh")
