"""A template's way to its second person: handed in as it is, and signed by another while it still is so."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import partial

from desk.rendering import HowFar
from desk.showroom import Exhibit
from desk.template_saving import current_files
from desk.trials import Wanted, trials
from desk.workbench import Workbench
from editorial.problem import BadInput, Problem
from editorial.role import Person, Right, require
from editorial.template_approval import TemplateApproval, approve_template
from scheduler.engines.contract import Engine
from store.audit import Deed
from store.store import Store

RETURN = "return-template"
_PREFIX = "template-handed-in."  # settings under which a version waits for its second person


class Stand(Enum):
    """Where a template stands; the value is how a page marks it."""

    NOT_SIGNED = ""
    WAITING = "waiting"  # this very version is handed in
    SIGNED = "signed"  # this very version is approved
    CHANGED = "changed"  # another version was approved


@dataclass(frozen=True, kw_only=True)
class HandedIn:
    """A version of a template that waits for its second person."""

    version: str
    author: str
    at: datetime


def handed_in(store: Store, template: str) -> HandedIn | None:
    """Return the version that was handed in last and not signed since."""
    kept = store.settings.get(_PREFIX + template)
    return _read(kept) if kept else None


def stands(store: Store, versions: Mapping[str, str]) -> Mapping[str, Stand]:
    """Return where each template stands, by its id; `versions` has the version of each as it is now."""
    signed = store.template_approvals.versions()
    waiting = {name.removeprefix(_PREFIX): _read(kept).version for name, kept in store.settings.starting(_PREFIX).items()}
    return {id: _stand(version, signed.get(id), waiting.get(id)) for id, version in versions.items()}


def _stand(version: str, signed: str | None, waiting: str | None) -> Stand:
    if signed == version:
        return Stand.SIGNED
    if waiting == version:
        return Stand.WAITING
    return Stand.CHANGED if signed else Stand.NOT_SIGNED


def hand_in(bench: Workbench, exhibit: Exhibit, person: Person, version: str) -> None:
    """Let a second person know that a template is ready as it is; raise BadInput where it is not the version that was seen."""
    require(person, Right.DESIGN)
    _same(exhibit, version)
    kept = {"version": version, "author": person.id, "at": bench.clock.now().isoformat()}
    bench.store.settings.set(_PREFIX + exhibit.id, json.dumps(kept))
    bench.store.audit.write(person.id, "submit-template", exhibit.id, version)


def send_back(bench: Workbench, exhibit: Exhibit, person: Person, why: str) -> None:
    """Take a template out of the queue, with what has to be mended."""
    require(person, Right.SEND_BACK)
    if handed_in(bench.store, exhibit.id) is None:
        raise BadInput(Problem(rule="not-handed-in", message="mẫu này không còn chờ duyệt; hãy tải lại trang"))
    bench.store.settings.forget(_PREFIX + exhibit.id)
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
    require(person, Right.APPROVE)
    _same(exhibit, version)
    waiting = handed_in(bench.store, exhibit.id)
    author = waiting.author if waiting is not None and waiting.version == version else ""
    files = current_files(bench.workspace.place, exhibit.id)
    savers = bench.store.template_versions.savers(exhibit.id, files.digest) if files else frozenset()
    now = bench.clock.now()
    signed = partial(approve_template, exhibit.id, version, author=author, savers=savers, approver=person.id, at=now)
    signed(problems=())  # whoever may not sign need not wait for the pictures
    approval = signed(problems=_problems(exhibit, engine, progress))
    bench.store.template_approvals.save(approval)
    bench.store.settings.forget(_PREFIX + exhibit.id)
    return approval


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


def _read(kept: str) -> HandedIn:
    values = json.loads(kept)
    return HandedIn(version=values["version"], author=values["author"], at=datetime.fromisoformat(values["at"]))
