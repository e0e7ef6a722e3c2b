"""Facts as texts quote them: `{{ fact.wards }}`, `{{ fact.wards.value }}`, `{{ fact.wards.unit }}`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from editorial.fact import Fact
from editorial.fact_words import lacks_english, unit_words, value_words, words
from editorial.problem import BadInput, Problem
from editorial.workspace import Place
from studio.expression import print_text

_QUOTED = re.compile(r"\bfact\.([A-Za-z_]\w*)")
_PART = re.compile(r"\bfact\.([A-Za-z_]\w*)\.([A-Za-z_]\w*)(?=[^{}]*\}\})")
_PARTS = ("value", "unit", "source")


@dataclass(frozen=True)
class Quoted:
    """A fact in one language; printed whole, or by its parts."""

    fact: Fact
    language: str

    def __str__(self) -> str:
        self._ask_for("unit", "value")
        return words(self.fact, self.language)

    @property
    def value(self) -> str:
        """Return the value without its unit."""
        self._ask_for("value")
        return value_words(self.fact, self.language)

    @property
    def unit(self) -> str:
        """Return the unit alone."""
        self._ask_for("unit")
        return unit_words(self.fact, self.language)

    @property
    def source(self) -> str:
        """Return where the fact comes from."""
        return self.fact.source


    def _ask_for(self, *needed: str) -> None:
        """Raise BadInput where the fact can only be said in Vietnamese."""
        lacking = lacks_english(self.fact) if self.language == "en" else None
        if lacking in needed:
            raise BadInput(Problem(rule="missing-english", key=self.fact.id, message=self._advice(lacking)))

    def _advice(self, lacking: str | None) -> str:
        if lacking == "unit":
            return f"dữ kiện {self.fact.id} chưa có đơn vị tiếng Anh cho “{self.fact.unit}”; hãy thêm unit_en cho dữ kiện này"
        wanted = "hãy ghi dạng quý IV/2026, tháng 10/2026, 2026-2030 hoặc 20/11"
        return f"kỳ “{self.fact.value}” của dữ kiện {self.fact.id} không viết được bằng tiếng Anh; {wanted}"


@dataclass(frozen=True, kw_only=True)
class Quoter:
    """Write facts into the texts of one entry in one language."""

    facts: Mapping[str, Fact]
    language: str
    context: Mapping[str, object] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        quoted = {name: Quoted(fact, self.language) for name, fact in self.facts.items()}
        object.__setattr__(self, "context", {"fact": quoted, "language": self.language})

    def text(self, source: str, place: Place) -> str:
        """Return the text with its facts written out; raise BadInput at `place` when it quotes what is not there."""
        unknown = [name for name in _QUOTED.findall(source) if name not in self.facts]
        if unknown:
            raise BadInput(*(_problem("unknown-fact", self._advice(name), _line_of(name, source, place)) for name in unknown))
        lacking = [(name, part) for name, part in _PART.findall(source) if part not in _PARTS]
        if lacking:
            raise BadInput(*(_no_part(name, part, _line_of(f"{name}.{part}", source, place)) for name, part in lacking))
        try:
            return print_text(source, self.context)
        except BadInput as error:
            places = [(problem, _line_of(problem.key or "", source, place)) for problem in error.problems]
            raise BadInput(*(_problem(problem.rule, problem.message, where) for problem, where in places)) from error

    def _advice(self, name: str) -> str:
        near = get_close_matches(name, self.facts, n=1, cutoff=0.6)
        advice = f"có phải “{near[0]}”?" if near else "hãy thêm vào content/facts/ kèm nguồn, hoặc sửa tên"
        return f"không có dữ kiện “{name}”; {advice}"

    def values(self, value: object, place: Place) -> object:
        """Return a tree of data with the facts in all of its texts written out."""
        if isinstance(value, str):
            return self.text(value, place)
        if isinstance(value, Mapping):
            return {str(name): self.values(inner, place) for name, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self.values(inner, place) for inner in value]
        return value


def _no_part(name: str, part: str, place: Place) -> Problem:
    message = f"dữ kiện {name} không có phần “{part}”; hãy trích cả dữ kiện, hoặc phần value, unit, source"
    return _problem("unknown-part", message, place)


def quoted_in(source: str) -> frozenset[str]:
    """Return the names of the facts that a text quotes."""
    return frozenset(_QUOTED.findall(source))


def _line_of(name: str, source: str, place: Place) -> Place:
    """Return the line of a text on which it quotes a fact; YAML has a text of several lines below its key."""
    file, line, key = place
    before, quoted, _ = source.partition(f"fact.{name}")
    return (file, line + before.count("\n") + ("\n" in source and key != "body"), key) if quoted else place


def _problem(rule: str, message: str, place: Place) -> Problem:
    file, line, key = place
    return Problem(rule=rule, message=message, file=file, line=line, key=key)
