"""Gather the page of tokens from what Loa remembers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from desk.api_tokens import NEEDS, SPANS, Scope, Tokens
from desk.web.desk import Desk
from desk.web.moment_words import short_moment
from desk.web.sign_in_pages import errors_of
from editorial.problem import BadInput
from editorial.role import Right
from store.api_tokens import ApiToken

SCOPE_WORDS: Mapping[Scope, str] = {
    Scope.ENTRIES_READ: "Đọc mục nội dung, thông điệp, ảnh và clip",
    Scope.ENTRIES_DRAFT: "Soạn mục mới và sửa mục (không duyệt, không đăng)",
    Scope.FACTS_READ: "Đọc dữ kiện và chỗ dùng",
    Scope.FACTS_PROPOSE: "Đề nghị đính chính (người khác ký)",
    Scope.TEMPLATES_READ: "Đọc mẫu ảnh và clip",
    Scope.DELIVERIES_READ: "Đọc lượt đăng",
    Scope.CALENDAR_READ: "Đọc lịch",
    Scope.REPORTS_READ: "Đọc báo cáo quý",
}


@dataclass(frozen=True, kw_only=True)
class TokenForm:
    """What stood in the form."""

    person: str
    name: str = ""
    days: str = "90"
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ScopeChoice:
    """A scope that may be given; `ours` is False where the person lacks the right behind it."""

    value: str
    words: str
    chosen: bool
    ours: bool


@dataclass(frozen=True, kw_only=True)
class TokenRow:
    """A token that stands."""

    id: int
    name: str
    whose: str
    mine: bool
    scopes: tuple[str, ...]
    until: str
    made: str
    used: str


@dataclass(frozen=True, kw_only=True)
class TokensPage:
    """The tokens that one sees, and the form for a new one."""

    rows: tuple[TokenRow, ...]
    form: TokenForm
    scopes: tuple[ScopeChoice, ...]
    spans: tuple[int, ...]
    people: tuple[tuple[str, str], ...]  # for whom one may be made; nobody but oneself where it is empty
    errors: Mapping[str, str]


def tokens_of(desk: Desk) -> Tokens:
    """Return what makes and takes away tokens."""
    return Tokens(store=desk.bench.store, people=desk.bench.content.office.people, clock=desk.bench.clock)


def read_tokens(desk: Desk, form: TokenForm, error: BadInput | None) -> TokensPage:
    """Return the page: one's own tokens, and everybody's for those who manage the office."""
    managed, people = desk.may(Right.MANAGE), desk.bench.content.office.people
    found = tokens_of(desk).standing(None if managed else desk.person.id)
    return TokensPage(
        rows=tuple(_row(desk, each) for each in found),
        form=form,
        scopes=tuple(
            ScopeChoice(value=scope.value, words=words, chosen=scope.value in form.scopes, ours=desk.person.may(NEEDS[scope]))
            for scope, words in SCOPE_WORDS.items()
        ),
        spans=SPANS,
        people=tuple((id, each.name) for id, each in people.items()) if managed else (),
        errors=errors_of(error),
    )


def _row(desk: Desk, token: ApiToken) -> TokenRow:
    words = {scope.value: said for scope, said in SCOPE_WORDS.items()}
    return TokenRow(
        id=token.id, name=token.name, whose=desk.bench.content.office.name_of(token.person), mine=token.person == desk.person.id,
        scopes=tuple(words.get(each, each) for each in token.scopes), until=short_moment(token.expires_at),
        made=short_moment(token.made_at), used=short_moment(token.used_at) if token.used_at else "",
    )  # fmt: skip
