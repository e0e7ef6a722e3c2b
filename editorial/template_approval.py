"""A template's approval: a second person signs the version, which is another whenever anything changes that a picture shows.

Until then nothing that it draws is handed in or signed: what keeps an entry back for it is said here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from editorial.approval import ask_second_person
from editorial.entry import Entry
from editorial.problem import BadInput, Problem, Severity
from editorial.role import Person, Right, require
from editorial.workspace import Content

RULE = "unapproved-template"


@dataclass(frozen=True, kw_only=True)
class TemplateApproval:
    """Who handed a template in, who signed it, and the version that was signed."""

    template: str
    version: str
    author: str
    approver: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Unapproved:
    """A template as it draws now, where nobody has approved this version."""

    id: str
    name: str
    version: str


def approve_template(
    template: str, version: str, problems: Iterable[Problem], *, author: str, makers: Collection[str], approver: Person,
    at: datetime,
) -> TemplateApproval:  # fmt: skip
    """Return the approval of a version; raise BadInput when an error stands in its pictures, or somebody signs who may not.

    `makers` are all whose changes are in it and have not been approved yet: whoever is among them, or has handed it in, does
    not sign, whatever their roles are.
    """
    require(approver, Right.APPROVE)
    standing = [problem for problem in problems if problem.severity is Severity.ERROR]
    if standing:
        raise BadInput(*standing)
    if not author:
        raise BadInput(Problem(rule="not-handed-in", message="chưa ai trình bản này của mẫu; người thiết kế hãy trình trước"))
    for maker in (author, *makers):
        ask_second_person(maker, approver.id)
    return TemplateApproval(template=template, version=version, author=author, approver=approver.id, at=at)


def check_templates(
    entry: Entry, content: Content, unapproved: Mapping[str, Unapproved], severity: Severity, media: Collection[str] | None = None
) -> Iterator[Problem]:
    """Yield each picture or clip that is drawn by a template that nobody has approved; of these `media` alone, where given."""
    for index, order in enumerate(entry.media):
        found = unapproved.get(order.template)
        if found is not None and (media is None or order.id in media):
            file, line, key = content.place(entry.id, f"media[{index}].template")
            yield Problem(
                rule=RULE, message=unapproved_words(found), file=file, line=line, key=key, template=found.id, severity=severity
            )


def unapproved_words(found: Unapproved) -> str:
    """Return what is missing, and who puts it right."""
    return (
        f"mẫu “{found.name}” ({found.id}), bản {found.version[:10]}, chưa được duyệt; hãy mở trang mẫu, trình bản này và nhờ "
        "người duyệt duyệt"
    )
