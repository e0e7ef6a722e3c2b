from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from editorial.entry import Entry, MediaOrder
from editorial.fact import Fact, FactKind, FactValue
from editorial.message import Message
from editorial.retyping import quoting
from editorial.source import Source
from editorial.tone import Tone

WARDS = Fact(id="wards", kind=FactKind.NUMBER, value=126, source="x", unit="xã, phường", unit_en="wards and communes")
MONEY = Fact(id="von", kind=FactKind.MONEY, value=1_250_000_000_000, source="x")
SHARE = Fact(id="ty_le", kind=FactKind.PERCENTAGE, value=Decimal("12.5"), source="x")
DAY = Fact(id="ngay", kind=FactKind.DATE, value=date(2026, 9, 25), source="x")
LINK = Fact(id="cong", kind=FactKind.LINK, value="https://hanoi.gov.vn/", source="x")


def requoted(text: str, fact: Fact, value: FactValue, language: str = "vi") -> str:
    """Return a body after the fact got another value."""
    message = Message(language=language, headline="Tin", summary="Tin.", body=text)
    entry = Entry(id="tin", group="1.1", axis="ubnd", unit="a", tone=Tone.NEUTRAL, when="2026-10-10", channels=("portal",),
                  messages={language: message})  # fmt: skip
    source = Source(entry=entry, facts={each.id: each for each in (WARDS, MONEY, SHARE, DAY, LINK)})
    made = quoting(source, fact, replace(fact, value=value))
    assert made.fact(fact.id) == replace(fact, value=value)
    return made.entry.messages[language].body


@pytest.mark.parametrize(
    ("text", "fact", "value", "expected"),
    [
        ("Cả 126 xã, phường cùng làm.", WARDS, 127, "Cả {{ fact.wards }} cùng làm."),
        ("Cả 126 xã và phường cùng làm.", WARDS, 127, "Cả {{ fact.wards.value }} xã và phường cùng làm."),
        ("Tại {{ fact.wards }} và 126 xã, phường.", WARDS, 127, "Tại {{ fact.wards }} và {{ fact.wards }}."),
        ("Vốn 1.250 tỷ đồng.", MONEY, 10**12, "Vốn {{ fact.von }}."),
        ("Tăng 12,5% so với năm trước.", SHARE, Decimal("13.5"), "Tăng {{ fact.ty_le }} so với năm trước."),
        ("Ngày 25/9/2026 khai mạc.", DAY, date(2026, 9, 26), "Ngày {{ fact.ngay }} khai mạc."),
        ("Một trăm hai mươi sáu xã, phường.", WARDS, 127, "Một trăm hai mươi sáu xã, phường."),
        ("Nhà số 126 phố Hàng Bông.", WARDS, 127, "Nhà số 126 phố Hàng Bông."),
        ("Xem https://hanoi.gov.vn/ và https://hanoi.gov.vn/tin.", LINK, "https://thudo.gov.vn/",
         "Xem https://thudo.gov.vn/ và https://hanoi.gov.vn/tin."),
        ("Xem hanoi.gov.vn, hanoi.gov.vn/tin, so@hanoi.gov.vn.", LINK, "https://thudo.gov.vn/",
         "Xem thudo.gov.vn, hanoi.gov.vn/tin, so@hanoi.gov.vn."),
    ],
)  # fmt: skip
def test_what_was_typed_is_quoted_and_the_rest_stays(text: str, fact: Fact, value: FactValue, expected: str) -> None:
    assert requoted(text, fact, value) == expected


def test_another_language_is_read_in_its_own_words() -> None:
    assert requoted("All 126 wards and communes.", WARDS, 127, "en") == "All {{ fact.wards }}."


def test_pictures_and_alt_texts_are_read_too() -> None:
    order = MediaOrder(id="anh", template="infographic/steps", alt={"vi": "Bản đồ 126 xã, phường"},
                       data={"vi": {"steps": [{"text": "Ở 126 xã, phường"}], "number": 126}})  # fmt: skip
    entry = Entry(id="tin", group="1.1", axis="ubnd", unit="a", tone=Tone.NEUTRAL, when="2026-10-10", channels=("portal",),
                  messages={}, media=(order,))  # fmt: skip
    made = quoting(Source(entry=entry, facts={"wards": WARDS}), WARDS, replace(WARDS, value=127)).entry.media[0]
    assert made.data["vi"] == {"steps": [{"text": "Ở {{ fact.wards }}"}], "number": 126}
    assert made.alt["vi"] == "Bản đồ {{ fact.wards }}"


def test_a_fact_of_the_entry_itself_is_changed_in_the_entry() -> None:
    entry = Entry(id="tin", group="1.1", axis="ubnd", unit="a", tone=Tone.NEUTRAL, when="2026-10-10", channels=("portal",),
                  messages={}, facts=(WARDS,))  # fmt: skip
    made = quoting(Source(entry=entry, facts={"wards": replace(WARDS, value=1)}), WARDS, replace(WARDS, value=127))
    assert made.entry.facts[0].value == 127 and made.facts["wards"].value == 1
