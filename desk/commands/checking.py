"""Is it right: the whole workspace, one entry, or a file of cases; and the certificate of what is said where."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desk.commands.options import AsJson, Workspace, print_json
from desk.commands.output import write_output
from desk.language import in_words, told
from desk.place import find_place
from editorial.consistency import Found, message
from editorial.problem import BadInput, Problem, Severity
from editorial.workspace import Content

if TYPE_CHECKING:
    from desk.workspace import Workspace as ReadWorkspace

CaseFile = Annotated[
    Path | None, typer.Option("--file", help="Tệp YAML gồm dữ kiện và lời cần soát, thay cho workspace; xem docs/checking.md.")
]


def register(app: typer.Typer) -> None:
    """Add the commands of this family."""
    app.command("check")(check)
    app.command("certificate")(certificate)


def check(
    entries: Annotated[list[str] | None, typer.Argument(help="Chỉ các mục này; mặc định là toàn bộ.")] = None,
    file: CaseFile = None,
    as_json: AsJson = False,
    workspace: Workspace = None,
) -> int:
    """Kiểm tra toàn bộ workspace mà không đăng gì, hoặc soát một tệp trường hợp bằng --file."""
    if file is not None:
        return _check_cases(file, as_json=as_json)
    from desk.workspace import read_workspace

    try:
        opened = read_workspace(find_place(workspace))
        problems = (*opened.problems(), *_waiting_for_templates(opened))
        _refuse_unknown(entries or (), opened.content.names, opened.content)
        problems = _of_entries(problems, entries, opened) if entries else problems
    except BadInput as error:
        # what keeps the workspace from being read keeps every entry from being checked
        problems = (_in_files(error.problems, entries) if entries else ()) or error.problems
    if as_json:
        print_json([_problem_values(problem) for problem in problems])
    else:
        for problem in problems:
            typer.echo(_shown(problem), err=True)
    wrong = any(problem.severity is Severity.ERROR for problem in problems)
    if not wrong and not as_json:
        typer.echo("Không có lỗi nào.")
    return 2 if wrong else 0


def certificate(
    entry: Annotated[str, typer.Argument(help="Mã mục nội dung, ví dụ trung-thu-pho-co.")],
    html: Annotated[Path | None, typer.Option("--html", help="Ghi giấy chứng nhận ra tệp HTML để đọc hoặc in.")] = None,
    as_json: AsJson = False,
    workspace: Workspace = None,
) -> int:
    """Cho biết mỗi kênh nói dữ kiện nào, ở đâu, bằng lời nào, và điều gì chưa đúng."""
    from desk.certificate import certificate_page, certificate_values
    from desk.workspace import read_workspace

    opened = read_workspace(find_place(workspace))
    _refuse_unknown([entry], opened.content.entries, opened.content)
    values = certificate_values(opened, entry)
    if html is not None:
        write_output(html, certificate_page(values).encode(), "--html")
        typer.echo(str(html))
    elif as_json:
        print_json(values.as_json())
    else:
        typer.echo(values.as_text())
    return 0 if values.clean else 1


def _waiting_for_templates(workspace: ReadWorkspace) -> tuple[Problem, ...]:
    """Return what the office's second person has still to sign; an office that remembers nothing has signed nothing."""
    from desk.commands.memory import open_folder
    from desk.records import OFFICE, is_kept
    from desk.template_standing import unapproved_templates, waiting_for_templates

    content, templates, memory = workspace.content, workspace.templates, workspace.place.memory / OFFICE
    asked = unapproved_templates(content, templates, None)  # most offices have none: then nothing is opened for it
    if not any(order.template in asked for entry in content.entries.values() for order in entry.media):
        return ()
    with open_folder(memory) if is_kept(memory) else nullcontext() as store:
        found = waiting_for_templates(content, templates, store, content.entries.values())
        return tuple(dict.fromkeys(found))  # a series would say the same thing once a turn


def _refuse_unknown(entries: Sequence[str], known: Collection[str], content: Content) -> None:
    unknown = [entry for entry in entries if entry not in known]
    if unknown:
        raise BadInput(*(content.unknown_entry(entry) for entry in unknown))


def _check_cases(file: Path, *, as_json: bool) -> int:
    """Print what is wrong in each case; the status is 0 whatever was found, for the cases themselves could be read."""
    from store.case_file import read_cases

    if not file.is_file():
        raise BadInput(Problem(rule="no-file", message=f"không có tệp “{file}”; hãy kiểm tra đường dẫn sau --file"))
    results = [(case.id, case.examine().found) for case in read_cases(file)]
    if as_json:
        print_json([{"id": name, "problems": [_finding_values(each) for each in found]} for name, found in results])
        return 0
    for name, found in results:
        for each in found:
            typer.echo(f"{name} [{each.channel}] {each.finding.kind.value}: {in_words(message(each.finding))}")
    wrong = sum(bool(found) for _, found in results)
    typer.echo(f"Đã soát {len(results)} trường hợp: {wrong} có lỗi, {len(results) - wrong} không có lỗi.")
    return 0


def _finding_values(found: Found) -> dict[str, object]:
    finding = found.finding
    return {
        "channel": found.channel,
        "kind": finding.kind.value,
        "text": finding.text,
        "fact": finding.fact,
        "expected": finding.expected,
        "message": in_words(message(finding)),
    }


def _of_entries(problems: Sequence[Problem], names: Sequence[str], workspace: ReadWorkspace) -> tuple[Problem, ...]:
    """Return the problems of the entries: in their files, and in the templates that their posts are made with."""
    mine = frozenset(_in_files(problems, names))
    if any((problem.file or "").startswith("templates/") for problem in problems):
        entries = [each for each in workspace.content.entries.values() if each.id in names or each.series in names]
        mine |= frozenset(workspace.made_problems(entries))
    return tuple(problem for problem in problems if problem in mine)


def _in_files(problems: Sequence[Problem], names: Sequence[str]) -> tuple[Problem, ...]:
    """Return the problems that stand in the files of the entries, or whose key names one of them."""
    entries = [name.partition("--")[0] for name in names]  # an occurrence is its series' file
    files = {f"content/{entry}.md" for entry in entries} | {f"content/{entry}.en.md" for entry in entries}
    return tuple(problem for problem in problems if problem.file in files or (problem.key or "").split(".", 1)[0] in entries)


def _problem_values(problem: Problem) -> dict[str, object]:
    return {
        "rule": problem.rule,
        "severity": problem.severity.value,
        "file": problem.file,
        "line": problem.line,
        "key": problem.key,
        "channel": problem.channel,
        **({"template": problem.template} if problem.template else {}),
        "message": told(problem).message,
    }


def _shown(problem: Problem) -> str:
    spoken = told(problem)
    return str(spoken) if problem.severity is Severity.ERROR else in_words(f"(lưu ý) {spoken}")
