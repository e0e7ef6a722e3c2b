"""The properties of an entry: chosen, thought through, written into its file and nowhere else, and had back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desk.consequences import Kind
from desk.drafting import take_back
from desk.entry_fields import written_fields
from desk.place import Place
from desk.property_file import with_properties
from desk.property_words import FactWords, Properties, written_properties
from desk.property_writing import Change, carry_out, merged, think_through
from desk.workbench import Workbench, open_workbench
from desk.workspace import Workspace, read_workspace
from editorial.clock import SimulatedClock
from editorial.problem import BadInput
from editorial.role import Person, Role
from store.entry_text import EntryText, read_entry_text
from tests.story.workspace import HOUSE, make_workspace

ENTRY, ENGLISH, SERIES = "chuyen-doi-so", "di-san-van-hoa", "nhac-ho-so-cuoi-thang"
OWN_FACT = "an-toan-thuc-pham"
NOW = datetime(2026, 9, 1, tzinfo=UTC)
MONTHLY = {"every": "month", "from": "2027-01-01", "until": "2027-03-31"}
AN = Person(id="an", name="An", roles=(Role.EDITOR,))
LAN = Person(id="lan", name="Lan", roles=(Role.READER,))
EVERY_ENTRY = sorted(path.stem for path in (HOUSE / "content").glob("*.md") if "." not in path.stem)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    root = make_workspace(tmp_path_factory.mktemp("office"), (ENTRY, ENGLISH, SERIES, OWN_FACT))
    return read_workspace(Place(root=root))


@pytest.fixture
def bench(workspace: Workspace, tmp_path: Path) -> Iterator[Workbench]:
    """Return the office before its quarter, with a memory of its own and its content as it was."""
    content = workspace.place.root / "content"
    before = {path: path.read_bytes() for path in content.glob("*.md")}
    with open_workbench(workspace.place, tmp_path / "office", SimulatedClock(NOW), workspace) as bench:
        yield bench
    for path, words in before.items():
        path.write_bytes(words)


@pytest.fixture(scope="module")
def house() -> Workspace:
    return read_workspace(Place(root=HOUSE))


Choice = Callable[[Properties], Properties]


def text_of(bench: Workbench, name: str) -> EntryText:
    return read_entry_text(bench.root, name)


def thought(bench: Workbench, name: str, choose: Choice, pointed: str = "") -> Change:
    text = text_of(bench, name)
    return think_through(bench, pointed or name, text, choose(written_properties(text.read().entry)))


def without(*channels: str) -> Choice:
    return lambda now: replace(now, channels=tuple(each for each in now.channels if each not in channels))


def lines_changed(before: str, after: str) -> tuple[list[str], list[str]]:
    old, new = before.split("\n"), after.split("\n")
    return [line for line in old if line not in new], [line for line in new if line not in old]


@pytest.mark.parametrize("name", EVERY_ENTRY)
def test_every_entry_says_its_properties_and_stays_to_the_letter(house: Workspace, name: str) -> None:
    text = read_entry_text(HOUSE, name)
    now = written_properties(text.read().entry)
    assert with_properties(text, now, house.catalogue, NOW) == text
    fresh = FactWords(id="so_thu", kind="percentage", value="12,5", source="Báo cáo: số #1", as_of="2026-08-01", note="để thử")
    other = replace(
        now, unit="btgdv", axis="hdnd", group="1.9", tone="solemn", form="seminar", campaign="toan-quoc-khang-chien-80",
        after="quoc-khanh", uses=(*now.uses, "wards", "so_thu"), facts=(*now.facts, fresh),
        channels=(*now.channels, *(each for each in ("youtube", "zalo") if each not in now.channels)),
    )  # fmt: skip
    made = with_properties(text, other, house.catalogue, NOW)
    assert written_properties(made.read().entry).facts[-1].value == "12.5"
    assert written_fields(made.read().entry).items() >= written_fields(text.read().entry).items()
    assert with_properties(made, now, house.catalogue, NOW).read().entry == text.read().entry  # and back again
    kept = [line for line in text.texts["vi"].split("\n") if not line.startswith(("unit:", "axis:", "group:", "tone:", "uses:",
            "channels:", "campaign:", "form:", "after:"))]  # fmt: skip
    assert set(kept) <= set(made.texts["vi"].split("\n"))


@pytest.mark.parametrize("name", EVERY_ENTRY)
def test_any_channel_of_any_entry_is_taken_away_with_what_was_made_for_it(house: Workspace, name: str) -> None:
    text = read_entry_text(HOUSE, name)
    now = written_properties(text.read().entry)
    for channel in now.channels if len(now.channels) > 1 else ():
        entry = with_properties(text, without(channel)(now), house.catalogue, NOW).read().entry
        assert channel not in (*entry.channels, *entry.moments, *entry.languages)
        assert all(channel not in message.variants for message in entry.messages.values())
        assert all(channel not in order.channels for order in entry.media)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_what_is_typed_is_read_back_or_refused(house: Workspace, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from((ENTRY, OWN_FACT, "di-metro", SERIES)))
    text = read_entry_text(HOUSE, name)
    now, words = written_properties(text.read().entry), st.text(max_size=30)
    fact = FactWords(
        id=data.draw(st.sampled_from(("so_a", "ten", "a-b", ""))),
        kind=data.draw(st.sampled_from(("number", "name", "money", "x"))),
        value=data.draw(words), source=data.draw(words), unit=data.draw(words), note=data.draw(words),
    )  # fmt: skip
    channels = tuple(data.draw(st.lists(st.sampled_from(("portal", "facebook", "zalo", "youtube", "telegram")), unique=True)))
    wanted = replace(now, channels=channels, facts=(*now.facts, fact), campaign=data.draw(words), unit=data.draw(words))
    try:
        made = with_properties(text, wanted, house.catalogue, NOW)
    except BadInput as error:
        assert all(problem.message for problem in error.problems)
        return
    read = written_properties(made.read().entry)
    assert set(read.channels) == set(channels) and read.facts[:-1] == now.facts
    assert made.read().entry.messages["vi"].body == text.read().entry.messages["vi"].body


@pytest.mark.parametrize(
    ("typed", "written"), [("12,5", "12.5"), ("12.50", "12.5"), ("007", "7"), ("1250", "1250"), ("5.00", "5.0")]
)
def test_a_number_is_written_as_files_have_it(bench: Workbench, typed: str, written: str) -> None:
    fact = FactWords(id="so", value=typed, unit="gian", source="Sở")
    made = thought(bench, ENTRY, lambda now: replace(now, facts=(fact,)))
    assert f"so: {{kind: number, value: {written}, " in made.after.texts["vi"]


@pytest.mark.parametrize("typed", ["1.250", "1,250", "1.250.000"])
def test_a_number_that_can_be_read_in_two_ways_is_asked_about(bench: Workbench, typed: str) -> None:
    fact = FactWords(id="so", value=typed, unit="gian", source="Sở")
    with pytest.raises(BadInput, match="đọc được hai cách; hãy ghi 1250"):
        thought(bench, ENTRY, lambda now: replace(now, facts=(fact,)))


def test_remarks_and_the_way_a_list_is_written_stay(bench: Workbench) -> None:
    path = bench.root / "content" / f"{ENTRY}.md"
    old = "channels: [portal, facebook, zalo, telegram, youtube]\n"
    new = 'channels:   # nơi đăng\n  - "portal"  # cổng\n  - facebook\n  # từ năm 2027\n  - zalo\n  - telegram\n  - youtube # x\n'
    path.write_text(path.read_text("utf-8").replace(old, new), encoding="utf-8")
    text = text_of(bench, ENTRY)
    now = written_properties(text.read().entry)
    made = with_properties(text, without("zalo", "youtube")(now), bench.catalogue, NOW).texts["vi"]
    assert 'channels:   # nơi đăng\n  - "portal"  # cổng\n  - facebook\n' in made and "- telegram\n" in made
    added = with_properties(text, replace(without("facebook")(now), uses=("wards",)), bench.catalogue, NOW).texts["vi"]
    assert '  - "portal"  # cổng\n  # từ năm 2027\n  - zalo\n' in added and "uses: [wards]\n" in added


def test_a_series_begins_and_ends_with_moments_that_fit(bench: Workbench) -> None:
    monthly = {"every": "month", "day": "25", "from": "2026-10-01", "until": "2026-12-31"}
    begun = thought(bench, ENTRY, lambda now: replace(now, repeat=monthly))
    assert [each.id for each in begun.turns] == [f"{ENTRY}--2026-{month}" for month in (10, 11, 12)]
    entry = begun.look.after.entry
    assert (entry.when, entry.moments["youtube"]) == ("ky@08:00", "ky@12:00")
    ended = thought(bench, SERIES, lambda now: replace(now, repeat={}), f"{SERIES}--2027-01")
    assert ended.look.after.entry.when == "2027-01-31@16:00~prev"
    assert Kind.RULE in {each.kind for each in ended.consequences}


@pytest.mark.parametrize(
    ("choose", "key", "rule"),
    [
        (lambda now: replace(now, channels=()), "channels", "missing-text"),
        (lambda now: replace(now, channels=("portal", "tiktok")), "channels[1]", "unknown-channel"),
        (lambda now: replace(now, unit="x"), "unit", "unknown-unit"),
        (lambda now: replace(now, axis=""), "axis", "missing-text"),
        (lambda now: replace(now, tone="buồn"), "tone", "unknown-value"),
        (lambda now: replace(now, campaign="khong-co"), "campaign", "unknown-campaign"),
        (lambda now: replace(now, after="khong-co"), "after", "unknown-entry"),
        (lambda now: replace(now, uses=("khong_co",)), "uses[0]", "unknown-fact"),
        (lambda now: replace(now, languages={"portal": "en"}), "languages.portal", "missing-translation"),
        (lambda now: replace(now, repeat=MONTHLY), "repeat.day", "missing-text"),
        (lambda now: replace(now, repeat={**MONTHLY, "day": "30"}), "repeat.day", "bad-repeat"),
        (lambda now: replace(now, facts=(FactWords(id="Số", value="1", source="x"),)), "facts[0].id", "bad-id"),
        (lambda now: replace(now, facts=(FactWords(id="so", value="một", source="x", unit="x"),)), "facts.so.value",
         "wrong-value"),
        (lambda now: replace(now, facts=(FactWords(id="so", value="1", source="x"),)), "facts.so", "missing-unit"),
        (lambda now: replace(now, facts=(FactWords(id="so", kind="date", value="2026-02-30", source="x"),)), "facts.so.value",
         "wrong-value"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_at_its_key_and_nothing_is_written(bench: Workbench, choose: Choice, key: str, rule: str) -> None:
    before = text_of(bench, ENTRY)
    with pytest.raises(BadInput) as error:
        thought(bench, ENTRY, choose)
    assert (key, rule) in [(problem.key, problem.rule) for problem in error.value.problems]
    assert text_of(bench, ENTRY) == before


def test_taking_a_channel_away_says_what_goes_with_it(bench: Workbench) -> None:
    bench.store.drafts.keep(ENTRY, "bien-tap", "t1", fields={"variants.youtube.text": "Gõ dở"}, base={}, digest="")
    found = thought(bench, ENTRY, without("youtube", "telegram"))
    told = " ".join(each.words for each in found.consequences)
    assert "Lời riêng cho Kênh YouTube ra khỏi tệp: “Bài viết đi cùng clip: {{ post.portal }}”" in told
    assert "Giờ riêng của Kênh Telegram" in told and "Clip “clip” chỉ dành cho" in told
    assert "Biên tập viên mẫu đã gõ lời riêng cho Kênh YouTube mà chưa lưu" in told
    assert found.asks and not found.stops


def test_adding_a_channel_says_what_the_check_asks_for(bench: Workbench) -> None:
    carry_out(bench, thought(bench, ENTRY, without("youtube", "telegram")), AN)
    back = thought(bench, ENTRY, lambda now: replace(now, channels=(*now.channels, "youtube")))
    needs = [each.words for each in back.consequences if each.kind is Kind.NEEDS]
    assert any("Kênh YouTube" in each and "clip" in each for each in needs), needs
    bench.clock.advance(timedelta(days=100))  # type: ignore[attr-defined]  # a clock that is moved
    late = thought(bench, ENTRY, lambda now: replace(now, channels=(*now.channels, "youtube")))
    assert [each.kind for each in late.stops] == [Kind.PAST]


def test_a_fact_that_is_quoted_does_not_go(bench: Workbench) -> None:
    found = thought(bench, OWN_FACT, lambda now: replace(now, facts=()))
    assert [each.kind for each in found.stops] == [Kind.QUOTED]
    assert "Tiêu đề" in found.stops[0].words and "chữ trong hình “anh”" in found.stops[0].words
    with pytest.raises(BadInput):
        carry_out(bench, found, AN)


def test_saving_keeps_the_earlier_text_and_can_be_taken_back(bench: Workbench) -> None:
    before = text_of(bench, ENTRY)
    saved = carry_out(bench, thought(bench, ENTRY, without("youtube")), AN)
    gone, come = lines_changed(before.texts["vi"], saved.text.texts["vi"])
    assert come == ["moments: {telegram: chuyen_doi_so/2026-3d@17:30}", "channels: [portal, facebook, zalo, telegram]",
                    "    channels: [telegram]"]  # fmt: skip
    assert "  youtube:" in gone and len(gone) == 5
    assert saved.bench.content.entries[ENTRY].channels == ("portal", "facebook", "zalo", "telegram")
    deed = bench.store.audit.of(ENTRY)[-1]
    assert (deed.who, deed.action, deed.detail) == ("an", "save", "đã ghi vào tệp: kênh")
    kept = next(each for each in bench.store.entry_texts.of(ENTRY) if each.digest == before.digest)
    take_back(saved.bench, ENTRY, AN, kept.id, digest=saved.text.digest)
    assert text_of(bench, ENTRY) == before


def test_whoever_may_not_write_writes_nothing(bench: Workbench) -> None:
    before, change = text_of(bench, ENTRY), thought(bench, ENTRY, without("zalo"))
    with pytest.raises(BadInput):
        carry_out(bench, change, LAN)
    assert text_of(bench, ENTRY) == before


def test_a_file_that_was_changed_meanwhile_is_not_written_over(bench: Workbench) -> None:
    change, path = thought(bench, ENTRY, without("zalo")), bench.root / "content" / f"{ENTRY}.md"
    path.write_text(path.read_text("utf-8") + "\nMột câu nữa.\n", encoding="utf-8")
    with pytest.raises(BadInput) as error:
        carry_out(bench, change, AN)
    assert error.value.problems[0].rule == "stale-write"
    assert "Một câu nữa." in text_of(bench, ENTRY).texts["vi"] and "zalo" in text_of(bench, ENTRY).read().entry.channels


def test_what_two_people_chose_is_put_together_and_what_both_chose_is_named() -> None:
    base = Properties(channels=("portal",), unit="a", axis="x", group="1.1", tone="neutral")
    mine, theirs = replace(base, unit="b", axis="y"), replace(base, unit="c", tone="solemn")
    together, both = merged(mine, base, theirs)
    assert together == replace(base, unit="b", axis="y", tone="solemn") and both == ("unit",)


def test_an_english_text_is_begun_beside_the_vietnamese_one(bench: Workbench) -> None:
    text, now = text_of(bench, ENTRY), written_properties(text_of(bench, ENTRY).read().entry)
    with pytest.raises(BadInput) as error:
        think_through(bench, ENTRY, text, now, {"headline": "Report it"})
    assert [problem.key for problem in error.value.problems] == ["english.summary", "english.body"]
    typed = {"headline": 'Say "it": now', "summary": "One line.", "body": "First.\r\n\r\n---\r\n\r\nSecond."}
    change = think_through(bench, ENTRY, text, now, typed)
    assert change.changed == ("english",)
    saved = carry_out(bench, change, AN)
    assert (bench.root / "content" / f"{ENTRY}.en.md").is_file() and text_of(bench, ENTRY) == saved.text
    english = saved.bench.content.entries[ENTRY].messages["en"]
    assert (english.headline, english.link) == ('Say "it": now', "https://hanoi.gov.vn/")
    spoken = think_through(saved.bench, ENTRY, saved.text, replace(now, languages={"telegram": "en"}))
    assert carry_out(saved.bench, spoken, AN).bench.content.entries[ENTRY].language_for("telegram") == "en"
    with pytest.raises(BadInput):
        think_through(saved.bench, ENTRY, saved.text, now, typed)
    (bench.root / "content" / f"{ENTRY}.en.md").unlink()
