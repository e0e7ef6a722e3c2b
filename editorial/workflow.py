"""The way of an entry from draft to schedule, who may take each step, and what is refused because somebody was faster.

    draft -> in review -> fact-checked -> approved -> scheduled
    in review, fact-checked -> changes requested -> in review
    in review, fact-checked -> rejected;  anything before scheduled -> expired, when its moment has passed
    any new revision, other bytes included -> draft;  published in an emergency -> scheduled
    taken back by two people, at any stage -> withdrawn, whatever it says since;  withdrawn -> draft, with a reason
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import Enum

from editorial.problem import BadInput, Problem
from editorial.role import Person, Right, require


class Stage(Enum):
    """How far an entry has come."""

    DRAFT = "draft"  # being written
    IN_REVIEW = "in-review"  # handed in
    FACT_CHECKED = "fact-checked"  # every figure held against its source
    APPROVED = "approved"  # signed
    SCHEDULED = "scheduled"  # has its moments in the ledger
    CHANGES_REQUESTED = "changes-requested"  # back to its author, with a reason
    REJECTED = "rejected"  # will not be said
    EXPIRED = "expired"  # its moment passed before it was approved
    WITHDRAWN = "withdrawn"  # two people have taken it back; it stays so until somebody opens it again and says why


class Action(Enum):
    """What a person does with an entry."""

    SUBMIT = "submit"
    CHECK = "check"
    APPROVE = "approve"
    SCHEDULE = "schedule"
    REQUEST_CHANGES = "request-changes"
    REJECT = "reject"
    EXPIRE = "expire"
    REOPEN = "reopen"
    VOID = "void"  # what was handed in or approved reads otherwise now
    EMERGENCY = "emergency"  # published at once on one person's word
    WITHDRAW = "withdraw"  # a withdrawal of two people was signed
    COMMENT = "comment"  # changes nothing


STAGE_WORDS: Mapping[Stage, str] = {
    Stage.DRAFT: "bản nháp", Stage.IN_REVIEW: "đã trình, chờ kiểm chứng", Stage.FACT_CHECKED: "đã kiểm chứng, chờ duyệt",
    Stage.APPROVED: "đã duyệt, chưa lên lịch", Stage.SCHEDULED: "đã lên lịch", Stage.CHANGES_REQUESTED: "phải sửa rồi trình lại",
    Stage.REJECTED: "bị từ chối", Stage.EXPIRED: "hết hạn, đã qua giờ đăng",
    Stage.WITHDRAWN: "đã rút",
}  # fmt: skip
ACTION_WORDS: Mapping[Action, str] = {
    Action.SUBMIT: "trình", Action.CHECK: "kiểm chứng", Action.APPROVE: "duyệt", Action.SCHEDULE: "lên lịch",
    Action.REQUEST_CHANGES: "yêu cầu sửa", Action.REJECT: "từ chối", Action.EXPIRE: "hết hạn", Action.REOPEN: "mở lại",
    Action.VOID: "phê duyệt hết hiệu lực", Action.EMERGENCY: "đăng khẩn cấp", Action.COMMENT: "góp ý",
    Action.WITHDRAW: "rút",
}  # fmt: skip
S, A = Stage, Action
STEPS: Mapping[tuple[Stage, Action], Stage] = {
    (S.DRAFT, A.SUBMIT): S.IN_REVIEW,
    (S.CHANGES_REQUESTED, A.SUBMIT): S.IN_REVIEW,
    **{(stage, A.VOID): S.DRAFT for stage in (S.IN_REVIEW, S.FACT_CHECKED, S.APPROVED, S.SCHEDULED)},
    (S.IN_REVIEW, A.CHECK): S.FACT_CHECKED,
    (S.FACT_CHECKED, A.APPROVE): S.APPROVED,
    (S.APPROVED, A.SCHEDULE): S.SCHEDULED,
    **{(stage, A.REQUEST_CHANGES): S.CHANGES_REQUESTED for stage in (S.IN_REVIEW, S.FACT_CHECKED)},
    **{(stage, A.REJECT): S.REJECTED for stage in (S.IN_REVIEW, S.FACT_CHECKED)},
    **{(stage, A.EXPIRE): S.EXPIRED for stage in (S.DRAFT, S.IN_REVIEW, S.FACT_CHECKED, S.CHANGES_REQUESTED)},
    **{(stage, A.REOPEN): S.DRAFT for stage in (S.REJECTED, S.EXPIRED, S.WITHDRAWN)},
    # What two people took back is not sent again on one person's word: it is opened again first.
    **{(stage, A.EMERGENCY): S.SCHEDULED for stage in Stage if stage is not S.WITHDRAWN},
    **{(stage, A.WITHDRAW): S.WITHDRAWN for stage in Stage},
    **{(stage, A.COMMENT): stage for stage in Stage},
}
del S, A

NEEDED: Mapping[Action, Right] = {
    Action.SUBMIT: Right.WRITE,
    Action.CHECK: Right.CHECK_FACTS,
    Action.APPROVE: Right.APPROVE,
    Action.SCHEDULE: Right.SCHEDULE,
    Action.REQUEST_CHANGES: Right.SEND_BACK,
    Action.REJECT: Right.APPROVE,
    Action.EXPIRE: Right.SCHEDULE,
    Action.REOPEN: Right.WRITE,
    Action.VOID: Right.WRITE,
    Action.EMERGENCY: Right.EMERGENCY,
    Action.WITHDRAW: Right.APPROVE,
    Action.COMMENT: Right.COMMENT,
}
# Not on the way, and not to be proposed.
_ASIDE = frozenset({Action.COMMENT, Action.VOID, Action.EXPIRE, Action.EMERGENCY, Action.WITHDRAW})
WITH_REASON = frozenset({Action.REQUEST_CHANGES, Action.REJECT, Action.COMMENT, Action.VOID})
UNDER_WAY = frozenset({Stage.IN_REVIEW, Stage.FACT_CHECKED, Stage.APPROVED, Stage.SCHEDULED})  # other bytes void these
OPEN_STAGES = frozenset({Stage.DRAFT, Stage.IN_REVIEW, Stage.FACT_CHECKED, Stage.CHANGES_REQUESTED})  # these may expire


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Where an entry stands. `revision` is the digest of what it said at its last step; `version` grows with every step."""

    entry: str
    stage: Stage = Stage.DRAFT
    revision: str = ""
    author: str = ""  # the id of who handed it in
    checker: str = ""
    version: int = 0


def seen_now(progress: Progress, revision: str) -> Progress:
    """Return where an entry stands now that it says `revision`: another word and what was reviewed is a draft again.

    Another word does not bring back what was withdrawn: that takes somebody who says why.
    """
    if not progress.revision or progress.revision == revision or progress.stage is Stage.WITHDRAWN:
        return progress
    return replace(progress, stage=Stage.DRAFT, revision=revision, author="", checker="")


def take(
    progress: Progress, action: Action, person: Person, *, revision: str, version: int | None = None, why: str = ""
) -> Progress:  # fmt: skip
    """Return where the entry stands after the step; raise BadInput with who or what is missing.

    `revision` is what the entry says; `version` is the step that the person last saw: an older one is a stale write.
    """
    require(person, NEEDED[action])
    if version is not None and version != progress.version:
        message = "có người vừa đổi mục này sau khi bạn mở; hãy mở lại, xem thay đổi rồi làm lại"
        raise BadInput(Problem(rule="stale-write", message=f"{progress.entry}: {message}"))
    now = seen_now(progress, revision)
    if (now.stage, action) not in STEPS:
        message = f"đang ở bước “{STAGE_WORDS[now.stage]}”, chưa thể {ACTION_WORDS[action]}; bước tiếp theo: {_next(now.stage)}"
        raise BadInput(Problem(rule="wrong-step", message=f"{progress.entry}: {message}"))
    if (action in WITH_REASON or now.stage is Stage.WITHDRAWN) and not why.strip():
        raise BadInput(Problem(rule="missing-text", key="--why", message="việc này cần ghi rõ lý do"))
    _ask_another(now, action, person)
    return _after(now, action, person, revision)


def _ask_another(progress: Progress, action: Action, person: Person) -> None:
    if action in (Action.CHECK, Action.APPROVE):
        ask_another(progress.entry, person, (progress.author,))


def ask_another(entry: str, person: Person, authors: Collection[str]) -> None:
    """Raise BadInput when the person is among those who wrote what is to be checked or approved."""
    if person.id in authors:
        message = "người soạn không được tự kiểm chứng hay tự duyệt bài của mình; hãy nhờ người khác"
        raise BadInput(Problem(rule="own-approval", message=f"{entry}: {message}"))


def _after(progress: Progress, action: Action, person: Person, revision: str) -> Progress:
    moved = replace(progress, stage=STEPS[progress.stage, action], version=progress.version + 1)
    match action:
        case Action.SUBMIT | Action.EMERGENCY:
            return replace(moved, revision=revision, author=person.id, checker="")
        case Action.CHECK:
            return replace(moved, checker=person.id)
    return moved


def _next(stage: Stage) -> str:
    steps = [action for start, action in STEPS if start is stage and action not in _ASIDE]
    return ", ".join(f"{ACTION_WORDS[action]} ({action.value})" for action in steps) or "không có"
