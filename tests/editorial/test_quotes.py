from __future__ import annotations

from dataclasses import replace

from editorial.entry import MediaOrder
from editorial.fact import Fact, FactKind
from editorial.message import Handwritten, Message
from editorial.quotes import quoted_by
from tests.editorial.small_plan import content, entry

DAY = "2026-10-10@08:00"
TEXT = {"headline": "{{ fact.a }}", "summary": "", "body": "{{ fact.b.value }} và {{fact.c}}"}
VIETNAMESE = Message(language="vi", variants={"zalo": Handwritten(text="{{ fact.d }}")}, **TEXT)
ENGLISH = Message(language="en", headline="{{ fact.e }}", summary="", body="no_fact.x")
PICTURE = MediaOrder(id="anh", template="infographic/a", data={"vi": {"rows": ["{{ fact.f }}"]}}, alt={"vi": "{{ fact.g }}"})


def test_a_fact_is_quoted_in_words_variants_translations_pictures_and_alt_texts() -> None:
    made = replace(entry("mot", DAY), messages={"vi": VIETNAMESE, "en": ENGLISH}, media=(PICTURE,), uses=("h",))
    assert quoted_by(made) == frozenset("abcdefgh")


def test_an_entry_s_own_fact_goes_by_the_entry_and_hides_the_shared_one() -> None:
    own = Fact(id="a", kind=FactKind.NUMBER, value=1, source="Thử")
    message = Message(language="vi", headline="{{ fact.a }}", summary="", body="")
    mine = replace(entry("mot", DAY), messages={"vi": message}, facts=(own,))
    turn = replace(entry("hai--2026-w44", DAY), messages={"vi": message}, facts=(own,), series="hai")
    other = replace(entry("ba", DAY), messages={"vi": message})
    assert content(mine, turn, other).quoting == {"mot/a": ("mot",), "hai/a": ("hai--2026-w44",), "a": ("ba",)}
