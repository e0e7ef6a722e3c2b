from __future__ import annotations

from datetime import date

from editorial.consistency import Said, certify
from editorial.fact import Fact, FactKind
from editorial.validity import outdated

OLD = Fact(id="old", kind=FactKind.NUMBER, value=126, unit="xã, phường", source="Kế hoạch", valid_until=date(2026, 6, 30))
NEW = Fact(id="new", kind=FactKind.NUMBER, value=126, unit="xã, phường", source="Nghị quyết")


def told(facts: list[Fact], uses: list[str], days: dict[str, date]) -> list[tuple[str | None, str]]:
    said = [Said(channel=channel, part="text", text="Hà Nội có 126 xã, phường.") for channel in days]
    known = {fact.id: fact for fact in facts}
    found = outdated(certify(said, known, uses, "mot"), known, uses, days, "mot")
    return [(problem.channel, problem.rule) for problem in found]


def test_a_fact_that_has_ended_is_told_for_the_channels_that_go_out_later() -> None:
    assert told([OLD], ["old"], {"portal": date(2026, 6, 30), "zalo": date(2026, 7, 1)}) == [("zalo", "outdated-fact")]
    assert told([NEW], ["new"], {"zalo": date(2026, 7, 1)}) == []


def test_the_same_words_of_a_fact_that_holds_are_no_mistake_unless_the_entry_names_the_other() -> None:
    assert told([OLD, NEW], [], {"zalo": date(2026, 7, 1)}) == []
    assert told([OLD, NEW], ["old"], {"zalo": date(2026, 7, 1)}) == [("zalo", "outdated-fact")]
