"""A template's approval: a second person signs the version, which is another whenever anything changes that a picture shows."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from editorial.approval import ask_second_person
from editorial.problem import BadInput, Problem, Severity


@dataclass(frozen=True, kw_only=True)
class TemplateApproval:
    """Who handed a template in, who signed it, and the version that was signed."""

    template: str
    version: str
    author: str
    approver: str
    at: datetime


def approve_template(
    template: str, version: str, problems: Iterable[Problem], *, author: str, savers: Collection[str], approver: str, at: datetime
) -> TemplateApproval:
    """Return the approval of a version; raise BadInput when an error stands in its pictures, or whoever made it signs it.

    `savers` are all who have saved these files.
    """
    standing = [problem for problem in problems if problem.severity is Severity.ERROR]
    if standing:
        raise BadInput(*standing)
    if not author:
        raise BadInput(Problem(rule="not-handed-in", message="chưa ai trình bản này của mẫu; người thiết kế hãy trình trước"))
    for maker in (author, *savers):
        ask_second_person(maker, approver)
    return TemplateApproval(template=template, version=version, author=author, approver=approver, at=at)
