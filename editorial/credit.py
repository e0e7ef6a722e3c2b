"""Which facts the places of a text really say: what is quoted there, not whatever else in the ledger has the same value."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from editorial.fact import Fact
from editorial.fact_words import value_words, words
from editorial.finding import Finding, FindingKind, Statement
from editorial.origin import Origin, carried, origin_of

_SAID_RIGHT = frozenset({FindingKind.WRONG_WEEKDAY})  # the day beside the wrong weekday is right


@dataclass(frozen=True, kw_only=True, slots=True)
class Credit:
    """A place that says a fact, and where it is written."""

    statement: Statement
    origin: Origin | None


def credits(
    text: str, statements: Iterable[Statement], against: Iterable[Finding], origins: Sequence[Origin], own: Collection[str]
) -> Iterator[Credit]:
    """Yield what each place of a text says: the facts quoted there, else those of the entry, else the only one there is.

    Without origins nothing is known of what was quoted, and every fact of that value is said.
    """
    wrong = {finding.start for finding in against if finding.kind not in _SAID_RIGHT and finding.start >= 0}
    places: dict[tuple[int, str], list[Statement]] = {}
    for statement in statements:
        if statement.start not in wrong:
            places.setdefault((statement.start, statement.text), []).append(statement)
    for (start, shown), together in places.items():
        origin = origin_of(text, start, shown, origins)
        for statement in _meant(together, origin, own):
            yield Credit(statement=statement, origin=origin)


def quotations(
    text: str, language: str, origins: Sequence[Origin], facts: Mapping[str, Fact], silent: Collection[str]
) -> Iterator[Credit]:
    """Yield the facts that the text quotes and that reading it does not tell, such as a number in `số 113`.

    `silent` are the facts that it says already, or says wrong.
    """
    for origin in carried(text, [origin for origin in origins if origin.quotes - frozenset(silent)]):
        for name in sorted(origin.quotes - frozenset(silent)):
            shown = next((one for one in _spelt(facts[name], language) if one in origin.text), None) if name in facts else None
            if shown is not None:
                yield Credit(statement=Statement(fact=name, text=shown), origin=origin)


def _spelt(fact: Fact, language: str) -> tuple[str, ...]:
    return words(fact, language), value_words(fact, language)


def _meant(together: Sequence[Statement], origin: Origin | None, own: Collection[str]) -> Sequence[Statement]:
    if origin is None or len({statement.fact for statement in together}) == 1:
        return together
    quoted = [statement for statement in together if statement.fact in origin.quotes]
    return quoted or [statement for statement in together if statement.fact in own]
