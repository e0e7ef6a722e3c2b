"""A Markdown file with YAML between two lines of `---` at its top."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Generic

from editorial.problem import BadInput, Problem
from reading.document import Document, Model, parse_tree, validate
from reading.source import read_text, relative_name

FENCE = "---"


@dataclass(frozen=True, kw_only=True)
class Page(Generic[Model]):
    """A Markdown file that was read: its front matter, its body, and the lines of its second fence and of the body."""

    head: Document[Model]
    body: str
    fence_line: int
    body_line: int


def read_page(path: Path, model: type[Model], root: Path) -> Page[Model]:
    """Return the file's front matter as a model and its body as text; raise BadInput with every problem found."""
    return page_of(read_text(path, root), relative_name(path, root), model)


def page_of(text: str, name: str, model: type[Model]) -> Page[Model]:
    """Return a text as the page that it would be in the file of that name; raise BadInput with every problem found."""
    lines = text.split("\n")
    end = closing_fence(lines, name)
    head = validate(parse_tree("\n".join(lines[1:end]) + "\n", name, first_line=2), model)
    body = "\n".join(lines[end + 1 :])
    blank = len(body) - len(body.lstrip("\n"))
    first = end + 2 + (blank if blank < len(body) else 0)
    return Page(head=head, body=body.strip("\n"), fence_line=end + 1, body_line=first)


def closing_fence(lines: list[str], name: str) -> int:
    """Return the line, from 0, of the fence that ends the front matter; raise BadInput where there is none."""
    if lines[0].strip() != FENCE:
        raise BadInput(_no_fence(name, "dòng đầu tiên phải là --- để mở phần khai báo"))
    for number, line in enumerate(lines[1:], start=1):
        if line.strip() == FENCE:
            return number
    raise BadInput(_no_fence(name, "phần khai báo chưa được đóng bằng một dòng ---"))


def _no_fence(name: str, message: str) -> Problem:
    return Problem(rule="no-front-matter", file=name, line=1, message=message)
