"""One entry with a fact of every kind: right it raises nothing; each mistake is found in each kind of text, where it stands."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from desk.command import run
from tests.story.workspace import make_workspace

KEPT = ("infographic/steps", "clip/explainer")
VI = """\
---
id: cap-nuoc
group: "1.8"
axis: ubnd
unit: vp-ubnd
tone: neutral
when: 2026-12-02@08:00
moments: {youtube: 2026-12-02@10:00}
channels: [portal, facebook, zalo, telegram, youtube]
languages: {telegram: en}
headline: "Tạm ngừng cấp nước ngày {{ fact.day }}"
summary: "Chiều {{ fact.day }}, {{ fact.homes }} tạm mất nước."
action: "Gọi {{ fact.tel }} khi cần."
link: https://capnuoc.hanoi.gov.vn/
hashtags: [HaNoi, CapNuoc]
uses: [day, homes]
facts:
  homes: {kind: number, value: 6420, unit: hộ dân, unit_en: households, source: Sở, as_of: 2026-11-25, valid_until: 2026-12-31}
  rate: {kind: percentage, value: 12.5, source: Công ty nước sạch}
  cost: {kind: money, value: 1250000000000, source: Công ty nước sạch}
  fund: {kind: number, value: 1250, unit: tỷ đồng, source: Công ty nước sạch}
  day: {kind: date, value: 2026-12-05, source: Thông báo}
  from: {kind: time, value: "13:00", source: Thông báo}
  quarter: {kind: period, value: quý IV/2026, source: Thông báo}
  order: {kind: document, value: 14/CĐ-UBND, source: Thông báo}
  chief: {kind: name, value: Nguyễn Văn Hưng, source: Thông báo}
  ward: {kind: place, value: phường Tây Hồ, source: Thông báo}
  tel: {kind: phone, value: 1900 6168, source: Thông báo}
  site: {kind: link, value: "https://capnuoc.hanoi.gov.vn/", source: Thông báo}
  pipe: {kind: number, value: 30, unit: cm, source: Thông báo}
media:
  - id: anh
    template: infographic/steps
    theme: light
    channels: [portal, facebook, zalo, telegram]
    alt: "Ba việc cần làm trước khi mất nước ngày {{ fact.day }}."
    data:
      kicker: Cấp nước
      headline: "Trữ nước trước khi mất nước"
      lead: "Từ {{ fact.from }}, {{ fact.homes }}."
      steps:
        - {title: Trữ nước, text: "Dùng xô sạch."}
        - {title: Khóa van, text: "Tránh tràn khi có lại."}
        - {title: Lưu số, text: "Gọi {{ fact.tel }}."}
      source: Văn phòng
  - id: clip
    template: clip/explainer
    theme: light
    channels: [youtube]
    alt: "Đoạn phim về việc tạm ngừng cấp nước ngày {{ fact.day }}."
    data:
      kicker: Cấp nước
      headline: "Trữ nước trước khi mất nước"
      lead: "Từ {{ fact.from }}, {{ fact.homes }} mất nước."
      steps:
        - {title: Trữ nước, text: "Dùng xô và bình sạch."}
        - {title: Khóa van, text: "Tránh tràn khi có lại."}
        - {title: Lưu số, text: "Gọi {{ fact.tel }}."}
      source: Văn phòng
variants:
  zalo:
    title: "Mất nước chiều {{ fact.day }}"
    summary: "Bà con {{ fact.ward }} trữ nước, {{ fact.homes }}."
  facebook:
    text: |
      Bà con {{ fact.ward }} lưu ý ngày {{ fact.day }}: {{ fact.homes }}.

      Giá {{ fact.cost }}, giảm {{ fact.rate }} trong {{ fact.quarter }}.
---
Theo Công điện {{ fact.order }}, từ {{ fact.from }} ngày {{ fact.day }}, {{ fact.homes }} ở {{ fact.ward }} tạm mất nước.

Ông {{ fact.chief }} cho biết ống {{ fact.pipe }}, giá {{ fact.cost }} ({{ fact.fund }}), xong trong {{ fact.quarter }}.

Thất thoát giảm {{ fact.rate }}. Xem {{ fact.site }}, gọi {{ fact.tel }}.
"""
EN = """\
---
headline: "Water off on {{ fact.day }}"
summary: "On {{ fact.day }}, {{ fact.homes }} will be without water."
action: "Call {{ fact.tel }} if you need help."
link: https://capnuoc.hanoi.gov.vn/
hashtags: [Hanoi, Water]
alt:
  anh: "What to do before the water goes off on {{ fact.day }}."
data:
  anh:
    kicker: Water
    headline: Store water first
    lead: "From {{ fact.from }}, {{ fact.homes }}."
    steps:
      - {title: Store water, text: "Use clean buckets."}
      - {title: Close the valve, text: "Avoid a flood later."}
      - {title: Keep the number, text: "Call {{ fact.tel }}."}
    source: Office
variants:
  telegram:
    text: |
      **Water off** on {{ fact.day }}: {{ fact.homes }}. It costs {{ fact.cost }} ({{ fact.fund }}), see {{ fact.site }}.
---
From {{ fact.from }} on {{ fact.day }}, {{ fact.homes }} will be without water.
"""
PLACES = (  # language, the words before which a mistake is put, the key at which it then stands
    ("vi", "Tạm ngừng cấp nước ngày", "headline"),
    ("vi", "Chiều {{ fact.day }}, {{", "summary"),
    ("vi", "Gọi {{ fact.tel }} khi", "action"),
    ("vi", "Từ {{ fact.from }}, {{ fact.homes }}.", "media[0].data.lead"),
    ("vi", "Dùng xô sạch.", "media[0].data.steps[0].text"),
    ("vi", "Ba việc", "media[0].alt"),
    ("vi", "Từ {{ fact.from }}, {{ fact.homes }} mất", "media[1].data.lead"),  # what the clip says, and its subtitles
    ("vi", "Đoạn phim", "media[1].alt"),
    ("vi", "Mất nước chiều", "variants.zalo.title"),
    ("vi", "Bà con {{ fact.ward }} trữ", "variants.zalo.summary"),
    ("vi", "Giá {{", "variants.facebook.text"),
    ("vi", "Ông {{", "body"),
    ("en", "Water off on {{", "headline"),
    ("en", "On {{ fact.day }}, {{", "summary"),
    ("en", "From {{ fact.from }}, {{ fact.homes }}.", "data.anh.lead"),
    ("en", "What to do", "alt.anh"),
    ("en", "**Water off**", "variants.telegram.text"),
)
MISTAKES = {  # kind: in Vietnamese, in English
    "wrong-figure": ("Có 6.240 hộ dân.", "It is 6,240 households."),
    "wrong-date": ("Ngày 6/12/2026.", "See you on 6 December 2026."),
    "wrong-weekday": ("Chủ nhật 5/12/2026.", "Sunday, 5 December 2026."),
    "unsourced-figure": ("Có 77 máy bơm.", "There are 77 pumps."),
    "wrong-name": ("Ông Nguyễn Văn Hùng.", "Mr Nguyen Van Hong."),
    "unit": ("Ống 30 m.", "A 30 m pipe."),
    "wrong-link": ("Xem https://capnuoc-hanoi.gov.vn/.", "See https://capnuoc-hanoi.gov.vn/."),
}
SAID_RIGHT = frozenset({"wrong-figure", "wrong-date", "unit"})  # in English these are wrong translations


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return an office with the one entry, and with no other templates than the entry's."""
    root = make_workspace(tmp_path_factory.mktemp("office"), ())
    for folder in root.glob("templates/*/*"):
        if folder.is_dir() and "/".join(folder.parts[-2:]) not in KEPT:
            shutil.rmtree(folder)
    yield root


def answer(root: Path, texts: dict[str, str], capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    (root / "content" / "cap-nuoc.md").write_text(texts["vi"], encoding="utf-8")
    (root / "content" / "cap-nuoc.en.md").write_text(texts["en"], encoding="utf-8")
    run(["check", "cap-nuoc", "--workspace", str(root), "--json"])
    return [each for each in json.loads(capsys.readouterr().out) if each["severity"] == "error"]


def file_of(language: str) -> str:
    return "content/cap-nuoc.md" if language == "vi" else "content/cap-nuoc.en.md"


def test_every_kind_of_fact_quoted_in_every_text_raises_nothing(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(office, {"vi": VI, "en": EN}, capsys) == []
    run(["certificate", "cap-nuoc", "--workspace", str(office), "--json"])
    said = {fact["id"]: fact["said"] for fact in json.loads(capsys.readouterr().out)["facts"]}
    assert {place["text"] for place in said["fund"]["telegram"]} == {"1.25 trillion dong"} == {
        place["text"] for place in said["cost"]["telegram"]
    }
    assert {place["text"] for place in said["cost"]["portal"]} == {"1.250 tỷ đồng"}
    assert all(said[name]["facebook"] or said[name]["portal"] for name in said)


@pytest.mark.parametrize("kind", MISTAKES)
def test_each_kind_of_mistake_is_found_in_each_kind_of_text_at_its_line_and_key(
    office: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    texts = {"vi": VI, "en": EN}
    for language, before, _ in PLACES:
        assert texts[language].count(before) == 1, before
        texts[language] = texts[language].replace(before, f"{MISTAKES[kind][language == 'en']} {before}")
    found = {(each["rule"], each["file"], each["line"], each["key"]) for each in answer(office, texts, capsys)}
    for language, before, key in PLACES:
        line = texts[language][: texts[language].index(before)].count("\n") + 1
        rule = "translation" if language == "en" and kind in SAID_RIGHT else kind
        assert (rule, file_of(language), line, key) in found


def test_a_wrong_address_and_a_fact_left_out_stand_at_their_keys(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = VI.replace("link: https://capnuoc.hanoi.gov.vn/\n", "link: https://capnuoc-hanoi.gov.vn/\n").replace(
        "uses: [day, homes]", "uses: [day, homes, chief]"
    )
    found = {(each["rule"], each["key"], each["channel"]) for each in answer(office, {"vi": wrong, "en": EN}, capsys)}
    assert ("wrong-link", "link", "portal") in found
    assert {channel for rule, key, channel in found if (rule, key) == ("missing-fact", "uses[2]")} >= {"facebook", "telegram"}


def test_a_mistake_in_a_text_of_one_line_below_its_key_stands_on_that_line(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = VI.replace('summary: "Chiều', 'summary: >-\n  Có 6.240 hộ dân. Chiều').replace('tạm mất nước."', "tạm mất nước.")
    (line,) = {each["line"] for each in answer(office, {"vi": wrong, "en": EN}, capsys) if each["key"] == "summary"}
    assert line == wrong[: wrong.index("Có 6.240")].count("\n") + 1


@pytest.mark.parametrize(
    ("quoted", "said"),
    [
        ("{{ fact.day.valu }}", "dữ kiện day không có phần “valu”"),
        ("{{ fact.day }", "dấu ngoặc nhọn"),
        ("{% if x %}", "dấu ngoặc nhọn"),
        ("{{ ngay }}", "hỏi “ngay”, tên không có ở đây"),
    ],
)
def test_a_quotation_written_wrongly_is_told_in_plain_vietnamese(
    office: Path, capsys: pytest.CaptureFixture[str], quoted: str, said: str
) -> None:
    wrong = VI.replace("Tạm ngừng cấp nước ngày {{ fact.day }}", f"Tạm ngừng cấp nước ngày {quoted}")
    told = [str(each["message"]) for each in answer(office, {"vi": wrong, "en": EN}, capsys) if each["key"] == "headline"]
    assert told and all(said in each for each in told)
    assert not any(word in each for each in told for word in ("object", "attribute", "undefined", "unexpected", "Unexpected"))
