"""What a review page says to the person who has just decided something: how far it has come, what is refused, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from desk.deciding import Outdated
from desk.errands import Errand
from desk.web.moment_words import moment_words
from desk.web.prose import sentence
from desk.web.views.mark import mark
from desk.web.views.review import WordChange, name_of, word_changes
from editorial.office import Office
from editorial.problem import BadInput, Problem
from editorial.workflow import ACTION_WORDS, Action

_DONE = {
    Action.CHECK: "Đã ghi: dữ kiện đã kiểm chứng. Bài chờ người duyệt.",
    Action.APPROVE: "Đã duyệt. Bài chờ được đưa vào lịch đăng.",
    Action.SCHEDULE: "Đã đưa vào lịch. Bài sẽ tự đăng đúng giờ.",
    Action.REQUEST_CHANGES: "Đã gửi lại cho người soạn kèm góp ý của bạn.",
    Action.REJECT: "Đã từ chối. Bài này không được đăng; người soạn đọc được lý do ở đây.",
    Action.VOID: "Đã rút lại. Bài lại là bản nháp: sửa xong hãy trình lại.",
    Action.REOPEN: "Đã mở lại. Bài lại là bản nháp: sửa xong hãy trình lại.",
}


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What stood in the form, so that a refusal loses nothing of it."""

    action: str = ""
    why: str = ""
    field: str = ""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What became of a decision; nothing of it where nobody has decided anything."""

    errand: Errand | None = None  # while it is under way
    done: str = ""
    typed: Typed = field(default_factory=Typed)
    wrong: Mapping[str, str] = field(default_factory=dict)  # by the form's field
    refused: tuple[Problem, ...] = ()  # what no field of the form could mend
    changes: tuple[WordChange, ...] = ()  # what reads otherwise than what the person saw
    pictures: tuple[str, ...] = ()  # of which channels a picture or clip is another
    steps: tuple[str, ...] = ()  # what others have done since


def answer(errand: Errand | None, office: Office) -> Answer:
    """Return what an errand has come to."""
    if errand is None:
        return Answer()
    if not errand.over:
        return Answer(errand=errand)
    if errand.refusal is not None:
        return turned_down(errand.refusal, Typed(), office)
    return Answer(done=_DONE.get(errand.outcome, "") if isinstance(errand.outcome, Action) else "")


def answer_at_once(action: Action) -> Answer:
    """Return what is said of a step that needed no errand."""
    return Answer(done=_DONE.get(action, ""))


def turned_down(error: BadInput, typed: Typed, office: Office) -> Answer:
    """Return a refusal, each problem beside the field that can mend it, with what was typed."""
    beside = {problem.key: sentence(problem.message) for problem in error.problems if problem.key in _FIELDS}
    others = tuple(problem for problem in error.problems if problem.key not in _FIELDS)
    if not isinstance(error, Outdated):
        return Answer(typed=typed, wrong=beside, refused=others)
    marks = {channel: mark(office, channel) for channel in office.channels}
    pictures = (marks[each.channel].name for each in error.changes if each.field.endswith(".bytes") and each.channel in marks)
    steps = (f"{name_of(office, each.who)} {ACTION_WORDS[each.action]}, {moment_words(each.at)}: {each.why or '-'}"
             for each in error.steps)  # fmt: skip
    return Answer(typed=typed, wrong=beside, refused=others, changes=word_changes(error.changes, marks),
                  pictures=_once(pictures), steps=tuple(steps))  # fmt: skip


_FIELDS = frozenset({"why", "field"})


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
