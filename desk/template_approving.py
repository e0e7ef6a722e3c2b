"""A template's way to its second person: handed in as it is, and signed by another while it still is so."""

from __future__ import annotations

import json
from functools import partial

from desk.rendering import HowFar
from desk.showroom import Exhibit
from desk.template_saving import current_files
from desk.template_standing import HANDED_IN, handed_in
from desk.trials import Wanted, trials
from desk.workbench import Workbench
from editorial.problem import BadInput, Problem
from editorial.role import Person, Right, require
from editorial.template_approval import TemplateApproval, approve_template
from scheduler.engines.contract import Engine
from store.audit import Deed
from store.store import Store
from store.template_folder import TemplateFiles

RETURN = "return-template"


def hand_in(bench: Workbench, exhibit: Exhibit, person: Person, version: str) -> None:
    """Let a second person know that a template is ready as it is; raise BadInput where it is not the version that was seen."""
    require(person, Right.DESIGN)
    _same(exhibit, version)
    kept = {"version": version, "author": person.id, "at": bench.clock.now().isoformat()}
    bench.store.settings.set(HANDED_IN + exhibit.id, json.dumps(kept))
    bench.store.audit.write(person.id, "submit-template", exhibit.id, version)


def send_back(bench: Workbench, exhibit: Exhibit, person: Person, why: str) -> None:
    """Take a template out of the queue, with what has to be mended."""
    require(person, Right.SEND_BACK)
    if handed_in(bench.store, exhibit.id) is None:
        raise BadInput(Problem(rule="not-handed-in", message="mẫu này không còn chờ duyệt; hãy tải lại trang"))
    bench.store.settings.forget(HANDED_IN + exhibit.id)
    bench.store.audit.write(person.id, RETURN, exhibit.id, why)


def returned(store: Store, template: str) -> Deed | None:
    """Return the deed by which a template was sent back, where nobody has handed it in since."""
    about = [deed for deed in store.audit.of(template) if deed.action in ("submit-template", "approve-template", RETURN)]
    return about[-1] if about and about[-1].action == RETURN else None


def sign_template(
    bench: Workbench, exhibit: Exhibit, person: Person, version: str, engine: Engine, progress: HowFar
) -> TemplateApproval:  # fmt: skip
    """Approve the version that was seen; raise BadInput where an error stands in any size, sample or theme.

    Everything is rendered for it, or taken from the cache: nobody signs what cannot be drawn.
    """
    _same(exhibit, version)
    waiting = handed_in(bench.store, exhibit.id)
    author = waiting.author if waiting is not None and waiting.version == version else ""
    files = current_files(bench.workspace.place, exhibit.id)
    makers = makers_of(bench.store, files) if files else frozenset()
    now = bench.clock.now()
    signed = partial(approve_template, exhibit.id, version, author=author, makers=makers, approver=person, at=now)
    signed(problems=())  # whoever may not sign need not wait for the pictures
    approval = signed(problems=_problems(exhibit, engine, progress))
    bench.store.template_approvals.save(approval)
    bench.store.settings.forget(HANDED_IN + exhibit.id)
    return approval


def makers_of(store: Store, files: TemplateFiles) -> frozenset[str]:
    """Return everybody whose changes are in these files of a template and were not approved with an earlier version."""
    signed = store.template_approvals.newest(files.template)
    return store.template_versions.makers(files.template, files.digest, signed.at if signed is not None else None)


def _problems(exhibit: Exhibit, engine: Engine, progress: HowFar) -> tuple[Problem, ...]:
    from desk.proofing import make_all  # an idle desk loads nothing that paints

    assert exhibit.studio is not None
    made = make_all(exhibit.studio, trials(exhibit.studio, Wanted()), engine, progress)
    found = (each if isinstance(each, tuple) else each.problems for each in made.values())
    return tuple(dict.fromkeys(problem for problems in found for problem in problems))


def _same(exhibit: Exhibit, version: str) -> None:
    template = exhibit.template
    if template is None:
        raise BadInput(*exhibit.problems)
    if template.version != version:
        message = "mẫu đã đổi từ lúc bạn xem (tệp, màu hoặc phông chữ); hãy xem lại rồi làm tiếp"
        raise BadInput(Problem(rule="changed-since", message=message))

