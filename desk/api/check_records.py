"""An entry's check as programs read it: what stands against it, and which channel says which fact in which words."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from desk.certificate import CertificatePage
from desk.entry_checking import Checked
from desk.language import told
from desk.web.prose import sentence
from editorial.problem import Problem, Severity


class CheckProblem(BaseModel):
    """One thing that stands against the entry; only an `error` keeps it from being approved."""

    rule: str
    severity: Literal["error", "warning"]
    detail: str
    file: str | None
    line: int | None
    key: str | None
    channel: str | None
    template: str | None


class SaidPlace(BaseModel):
    """Words of a post that say a fact, and in which part."""

    part: str
    text: str


class CertifiedFact(BaseModel):
    """A fact and where each channel says it; an empty list where one says nothing of it. `required` has to be said."""

    id: str
    words: str
    source: str
    required: bool
    said: dict[str, list[SaidPlace]]


class ReadText(BaseModel):
    """A text that was read: everything that will go out on a channel."""

    channel: str
    part: str
    language: str
    text: str


class CertificateRecord(BaseModel):
    """The consistency certificate: the required facts first, then the others that are said."""

    facts: list[CertifiedFact]
    texts: list[ReadText]


class CheckRecord(BaseModel):
    """What was found; `clean` where no error stands. There is no certificate where the posts cannot be written out."""

    entry: str
    clean: bool
    problems: list[CheckProblem]
    certificate: CertificateRecord | None


def check_record(entry: str, checked: Checked) -> CheckRecord:
    """Return the record of a check."""
    return CheckRecord(
        entry=entry,
        clean=not any(problem.severity is Severity.ERROR for problem in checked.problems),
        problems=[_problem(each) for each in checked.problems],
        certificate=_certificate(checked.certificate) if checked.certificate is not None else None,
    )


def _problem(problem: Problem) -> CheckProblem:
    return CheckProblem(
        rule=problem.rule, severity=problem.severity.value, detail=sentence(told(problem).message), file=problem.file,
        line=problem.line, key=problem.key, channel=problem.channel, template=problem.template,
    )  # fmt: skip


def _certificate(page: CertificatePage) -> CertificateRecord:
    facts = [
        CertifiedFact(
            id=row.fact.id, words=row.value, source=row.fact.source, required=row.required,
            said={channel: [SaidPlace(part=each.part, text=each.text) for each in said] for channel, said in row.cells.items()},
        )
        for row in page.rows
    ]  # fmt: skip
    texts = [ReadText(channel=each.channel, part=each.part, language=each.language, text=each.text) for each in page.texts]
    return CertificateRecord(facts=facts, texts=texts)
