"""What the pages show on which a template's files are written or sent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from desk.place import Place
from desk.template_saving import FILE, SAMPLE, YAML_FILES, tried_out
from desk.web.moment_words import size_words
from desk.web.templates_reader import read_head
from desk.web.views.template_editing import EditPage, UploadPage, faulty_lines
from desk.web.views.template_look import ProblemLine, problem_line
from desk.web.views.templates import KIND_WORDS, Head
from editorial.problem import BadInput
from store.template_folder import TemplateFiles

if TYPE_CHECKING:
    from desk.web.routes.templates import Table


@dataclass(frozen=True, kw_only=True)
class Writing:
    """What stands on the page of a file."""

    file: str
    text: str
    line: int = 0
    said: str = ""


def read_writing(
    table: Table, files: TemplateFiles, writing: Writing, *, overtaken: TemplateFiles | None = None,
    refused: tuple[str, ...] = (), digest: str = "",
) -> EditPage:  # fmt: skip
    """Return the page of a file of a template; `overtaken` are the files as somebody faster has left them."""
    now = overtaken or files
    page = _written(table.place, files, writing, read_head(table.desk.bench, table.exhibit))
    return replace(
        page,
        action=f"/templates/{table.exhibit.id}/edit",
        overtaken=overtaken is not None,
        theirs=overtaken.text(writing.file) if overtaken else "",
        digest=digest or now.digest,
        refused=refused,
    )


def read_aside(place: Place, files: TemplateFiles, number: int, writing: Writing, refused: tuple[str, ...] = ()) -> EditPage:
    """Return the page of files that were sent and are no template yet."""
    kind, _, name = files.template.partition("/")
    head = Head(id=files.template, name=name, kind=KIND_WORDS[kind], is_usable=False)
    page = _written(place, files, writing, head)
    return replace(page, action=f"/templates/aside/{number}", is_aside=True, refused=refused)


def _written(place: Place, files: TemplateFiles, writing: Writing, head: Head) -> EditPage:
    with tried_out(place, files) as tried:
        problems = tuple(problem_line(each) for each in tried.problems)
    writable = tuple(name for name in (FILE, SAMPLE, *sorted(YAML_FILES - {FILE, SAMPLE})) if name in files.files)
    others = tuple((name, size_words(len(content))) for name, content in files.files.items() if name not in writable)
    return EditPage(
        head=head, action="", file=writing.file, text=writing.text, line=writing.line, said=writing.said, digest=files.digest,
        files=writable, others=others, faults=faulty_lines(problems, writing.file, writing.text),
    )  # fmt: skip


def upload_page(name: str, error: BadInput, head: Head | None = None) -> UploadPage:
    """Return the form as it was sent, with what is wrong beside each field; of a file it is said at its name."""
    wrong: dict[str, tuple[ProblemLine, ...]] = {}
    for problem in error.problems:
        field = "name" if problem.key == "name" or problem.rule == "no-right" else "files"
        wrong[field] = (*wrong.get(field, ()), problem_line(problem))
    return UploadPage(name=name, wrong=wrong, head=head)
