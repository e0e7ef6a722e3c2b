"""What the pages show of a template's proof, its earlier versions and its approval, gathered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from desk.errands import Errand
from desk.showroom import Exhibit
from desk.template_approving import makers_of, returned
from desk.template_comparing import Comparison, changed_files, file_changes
from desk.template_proof import SHEET, ProofSheet
from desk.template_standing import CLEARED, Stand, handed_in, stands
from desk.trials import SAMPLES, THEMES, Wanted
from desk.web.bench import Bench
from desk.web.desk import Desk
from desk.web.moment_words import machine_moment, short_moment
from desk.web.prose import sentence
from desk.web.template_waiting_reader import stopped_entries
from desk.web.templates_reader import MOST_USES, read_head
from desk.web.views.template_look import ProblemLine, problem_line
from desk.web.views.template_stand import STAND_MARKS, STAND_WORDS
from desk.web.views.template_versions import (
    DifferencePage,
    SheetPage,
    StandView,
    VersionRow,
    VersionsPage,
)
from desk.web.views.templates import Option
from editorial.problem import BadInput, Severity
from editorial.role import Right
from store.template_folder import TemplateFiles
from store.template_versions import KeptVersion
from studio.template import Template

Lines = tuple[ProblemLine, ...]


def read_sheet(
    desk: Desk, exhibit: Exhibit, wanted: Wanted, sheet: ProofSheet | None, errand: Errand | None, refused: Lines
) -> SheetPage:  # fmt: skip
    """Return the page of a proof sheet."""
    template = exhibit.template
    found = sheet.findings(desk.workbench.workspace.place.memory) if sheet is not None else None
    is_drawn = sheet is not None and found is not None
    return SheetPage(
        head=read_head(desk.bench, exhibit),
        themes=_options(THEMES, template.themes if template else (), wanted.themes),
        samples=_options(SAMPLES, tuple(template.samples) if template else (), wanted.samples),
        count=len(sheet.trials) if sheet else 0,
        sheet=f"/template-pictures/{sheet.digest}/{SHEET}" if sheet is not None and is_drawn else "",
        problems=tuple(map(_finding, found or ())),
        errand=errand if not is_drawn else None,
        refused=refused,
    )


def _options(words: Mapping[str, str], offered: Sequence[str], chosen: Sequence[str]) -> tuple[Option, ...]:
    order = [name for name in words if name in offered] + [name for name in offered if name not in words]
    return tuple(Option(value=name, words=words.get(name, name), chosen=name in chosen) for name in order)


def _finding(found: Mapping[str, object]) -> ProblemLine:
    file, line = found.get("file"), found.get("line")
    where = f"{file}:{line}" if file and line else str(file or "")
    return ProblemLine(
        message=sentence(str(found.get("message"))), where=where, key=str(found.get("key") or ""),
        wrong=found.get("severity") == Severity.ERROR.value,
        line=line if isinstance(line, int) and str(file).endswith("/template.yaml") else None,
        places=str(found.get("where") or ""),
    )  # fmt: skip


def default_wanted(template: Template) -> Wanted:
    """Return what a sheet shows unless it is asked for otherwise: all of a picture, and a clip in its first theme."""
    themes = template.themes[:1] if template.kind == "clip" else template.themes
    return Wanted(themes=themes, samples=tuple(name for name in SAMPLES if name in template.samples))


def read_versions(
    desk: Desk, exhibit: Exhibit, files: TemplateFiles, *, errand: Errand | None = None, refused: Lines = (), wrong: str = "",
    typed: str = "",
) -> VersionsPage:  # fmt: skip
    """Return the versions of a template, the newest first, and where it stands with its second person."""
    kept = desk.bench.store.template_versions.of(exhibit.id)
    return VersionsPage(
        head=read_head(desk.bench, exhibit),
        stand=read_stand(desk, exhibit, files),
        rows=tuple(_row(desk.bench, each, files) for each in kept),
        digest=files.digest,
        errand=errand,
        refused=refused,
        wrong=wrong,
        typed=typed,
    )


def _row(bench: Bench, kept: KeptVersion, now: TemplateFiles) -> VersionRow:
    office = bench.content.office
    return VersionRow(
        id=kept.id, who=office.name_of(kept.who) if kept.who else "", what=kept.what, at=short_moment(kept.at),
        machine=machine_moment(kept.at), is_now=kept.digest == now.digest, short=kept.digest[:10],
    )  # fmt: skip


def read_stand(desk: Desk, exhibit: Exhibit, files: TemplateFiles) -> StandView:
    """Return where a template stands, and what the person who asks may do about it."""
    store, office, template = desk.bench.store, desk.bench.content.office, exhibit.template
    stand = stands(store, [template])[exhibit.id] if template is not None else Stand.NOT_SIGNED
    signed, waiting = store.template_approvals.newest(exhibit.id), handed_in(store, exhibit.id)
    makers = makers_of(store, files) | ({waiting.author} if waiting else set())
    is_waiting = stand is Stand.WAITING
    back, asked = returned(store, exhibit.id), office.approve_templates
    is_stopping = asked and template is not None and stand not in CLEARED
    stopped = stopped_entries(desk.workbench, {exhibit.id})[exhibit.id] if is_stopping else ()
    return StandView(
        words=STAND_WORDS[stand],
        mark=STAND_MARKS[stand],
        signed=f"{office.name_of(signed.approver)} duyệt bản {signed.version[:10]} lúc {short_moment(signed.at)}, "
               f"{office.name_of(signed.author)} trình" if signed else "",
        waiting=f"{office.name_of(waiting.author)} trình lúc {short_moment(waiting.at)}" if waiting and is_waiting else "",
        returned=f"{office.name_of(back.who)} trả lại lúc {short_moment(back.at)}" if back is not None else "",
        why=back.detail if back is not None else "",
        may_hand_in=template is not None and stand in (Stand.NOT_SIGNED, Stand.CHANGED) and desk.may(Right.DESIGN),
        may_sign=is_waiting and desk.may(Right.APPROVE) and desk.person.id not in makers,
        is_released=stand is Stand.RELEASED,
        is_asked=asked,
        stopped=stopped[:MOST_USES],
        more=max(0, len(stopped) - MOST_USES),
        why_not_sign="Bạn đã làm bản này nên người khác duyệt." if is_waiting and desk.person.id in makers else "",
    )  # fmt: skip


def read_difference(
    desk: Desk, exhibit: Exhibit, kept: KeptVersion, before: TemplateFiles, now: TemplateFiles, errand: Errand | None,
    found: object, refused: Lines,
) -> DifferencePage:  # fmt: skip
    """Return how the template of today differs from a version."""
    return DifferencePage(
        head=read_head(desk.bench, exhibit),
        row=_row(desk.bench, kept, now),
        lines=file_changes(before, now),
        files=changed_files(before, now),
        sizes=found.sizes if isinstance(found, Comparison) else (),
        errand=errand,
        refused=refused,
        digest=now.digest,
    )


def refusal_lines(error: BadInput | None) -> Lines:
    """Return why something was not done, in words."""
    return tuple(problem_line(each) for each in error.problems) if error is not None else ()
