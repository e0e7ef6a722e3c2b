"""Who may do what: roles in the domain, asked for wherever something is decided, in pages and commands alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from editorial.problem import BadInput, Problem


class Right(Enum):
    """One thing that a person may be allowed to do; the value says it in the person's words."""

    READ = "xem"
    COMMENT = "góp ý"
    WRITE = "soạn và trình bài"
    DESIGN = "làm ảnh và clip"
    CHECK_FACTS = "kiểm chứng"
    SEND_BACK = "yêu cầu sửa"
    APPROVE = "duyệt"
    SCHEDULE = "lên lịch"
    PAUSE = "tạm dừng và xử lý bài bị giữ"
    EMERGENCY = "đăng khẩn cấp"
    REHEARSE = "diễn tập"
    MANAGE = "cấp quyền và kết nối kênh"


class Role(Enum):
    """What a person is in the office; one person may be several."""

    READER = "reader"  # looks on
    DESIGNER = "designer"  # makes templates and pictures
    EDITOR = "editor"  # writes and hands in
    FACT_CHECKER = "fact-checker"  # holds every figure against its source, sends back what does not hold
    APPROVER = "approver"  # signs, sends back or rejects
    PUBLISHER = "publisher"  # may be given the right to publish in an emergency
    ADMIN = "admin"  # gives rights and connects channels; signs nothing


ROLE_WORDS = {
    Role.READER: "người xem",
    Role.DESIGNER: "thiết kế",
    Role.EDITOR: "biên tập",
    Role.FACT_CHECKER: "kiểm chứng",
    Role.APPROVER: "người duyệt",
    Role.PUBLISHER: "trực ban",
    Role.ADMIN: "quản trị",
}

_LOOK = frozenset({Right.READ, Right.COMMENT})
RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.READER: frozenset({Right.READ}),
    Role.DESIGNER: _LOOK | {Right.DESIGN},
    Role.EDITOR: _LOOK | {Right.WRITE, Right.DESIGN, Right.REHEARSE},
    Role.FACT_CHECKER: _LOOK | {Right.CHECK_FACTS, Right.SEND_BACK},
    Role.APPROVER: _LOOK | {Right.APPROVE, Right.SEND_BACK, Right.SCHEDULE, Right.PAUSE, Right.REHEARSE},
    Role.PUBLISHER: _LOOK | {Right.SCHEDULE, Right.PAUSE, Right.EMERGENCY, Right.REHEARSE},
    Role.ADMIN: _LOOK | {Right.PAUSE, Right.MANAGE, Right.REHEARSE},
}


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody of the office, in the unit that they speak for."""

    id: str
    name: str
    roles: tuple[Role, ...]
    unit: str | None = None
    email: str | None = None  # by which the city's own accounts may know the person

    @property
    def rights(self) -> frozenset[Right]:
        """Return everything that any of the person's roles allows."""
        return frozenset(right for role in self.roles for right in RIGHTS[role])

    def may(self, right: Right) -> bool:
        """Tell whether the person is allowed to."""
        return right in self.rights


# Notices what changed and what is over; signs nothing.
MACHINE = Person(id="loa", name="Loa", roles=(Role.EDITOR, Role.PUBLISHER))


def require(person: Person, right: Right) -> None:
    """Raise BadInput, with who could do it, when the person is not allowed to."""
    if person.may(right):
        return
    able = ", ".join(ROLE_WORDS[role] for role in Role if right in RIGHTS[role])
    message = f"{person.name} không có quyền {right.value}; việc này thuộc vai trò: {able}"
    raise BadInput(Problem(rule="no-right", message=message))


def anyone_with(people: Mapping[str, Person], right: Right, besides: str = "") -> Person:
    """Return the first of the office's people who may, another than `besides`; raise BadInput where there is none."""
    found = next((person for person in people.values() if person.may(right) and person.id != besides), None)
    if found is None:
        able = ", ".join(role.value for role in Role if right in RIGHTS[role])
        message = f"chưa có ai được {right.value}; hãy thêm một người có vai trò {able}"
        raise BadInput(Problem(rule="nobody-may", file="content/office.yaml", key="people", message=message))
    return found


def person_of(people: Mapping[str, Person], id: str, key: str = "--by") -> Person:
    """Return a person of the office; raise BadInput for somebody whom the office does not name."""
    if id not in people:
        known = ", ".join(sorted(people)) or "chưa khai báo ai"
        message = f"không có “{id}” trong danh sách people của content/office.yaml (có: {known})"
        raise BadInput(Problem(rule="unknown-person", key=key, message=message))
    return people[id]
