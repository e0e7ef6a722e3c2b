"""Facts that are quoted after the day until which their source stands by them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date

from editorial.consistency import Certificate
from editorial.day_name import short_day
from editorial.fact import Fact
from editorial.problem import Problem


def outdated(
    certificate: Certificate, facts: Mapping[str, Fact], uses: Collection[str], days: Mapping[str, date], entry: str
) -> Iterator[Problem]:
    """Yield a problem for each channel that goes out after a fact which it says has ended; `days` is channel -> last day.

    Where the words may be another fact's too, one that still holds, nothing is wrong, unless the entry names the fact.
    """
    meant: dict[tuple[str, str], set[str]] = {}
    for place in certificate.places:
        meant.setdefault((place.channel, place.text), set()).add(place.fact)
    ended = {
        (channel, fact)
        for (channel, _), together in meant.items()
        for fact in together
        if _ended(facts[fact], days[channel]) and (fact in uses or all(_ended(facts[one], days[channel]) for one in together))
    }
    origins = {(place.channel, place.fact): place.origin for place in reversed(certificate.places)}
    for channel, fact in sorted(ended):
        until = facts[fact].valid_until
        assert until is not None  # it has ended
        advice = "hãy cập nhật dữ kiện hoặc dời bài"
        message = f"dữ kiện {fact} chỉ có giá trị đến {short_day(until)}, bài đăng ngày {short_day(days[channel])}; {advice}"
        origin = origins[channel, fact]
        file, line, key = (origin.file, origin.line, origin.key) if origin else (None, None, entry)
        yield Problem(rule="outdated-fact", channel=channel, file=file, line=line, key=key, message=message)


def _ended(fact: Fact, day: date) -> bool:
    return fact.valid_until is not None and fact.valid_until < day
