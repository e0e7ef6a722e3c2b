"""Who is in the office and who of them can sign in; links that begin an account. For pages and commands alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from editorial.clock import Clock
from editorial.problem import BadInput, Problem
from editorial.role import Person, Right
from store.store import Store

FIRST_LINK, INVITATION, RESET = timedelta(hours=1), timedelta(days=3), timedelta(days=1)  # for which a link opens
BY_COMMAND = "loa"  # who acts where somebody at the machine gives a command
WELCOME = "/welcome/"
CONSOLE = "từ dòng lệnh trên máy chủ"


class Access(Enum):
    """Whether somebody can sign in."""

    NONE = "none"  # neither account nor link
    INVITED = "invited"  # a link waits to be used
    PASSWORD = "password"  # with a password
    CODES = "codes"  # with a password and one-time codes
    VOUCHED = "vouched"  # the city's own accounts vouch for the person, or the rehearsal does


ACCESS_WORDS = {
    Access.NONE: "Chưa mời",
    Access.INVITED: "Đã mời, chưa đặt mật khẩu",
    Access.PASSWORD: "Đăng nhập được",
    Access.CODES: "Đăng nhập được, có mã xác thực",
    Access.VOUCHED: "Đăng nhập được, không dùng mật khẩu của Loa",
}


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How one person stands at the door."""

    person: Person
    access: Access
    invited_until: datetime | None  # where a link waits
    signed_in_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Link:
    """A link that was just made: it is shown once, and nobody can look it up again."""

    person: Person
    path: str = field(repr=False)
    until: datetime


@dataclass(frozen=True, kw_only=True)
class Reception:
    """Let people of the office in, or out."""

    store: Store
    people: Mapping[str, Person]
    clock: Clock

    def standings(self) -> tuple[Standing, ...]:
        """Return everybody of the office, in its order."""
        accounts, links = self.store.accounts.all(), self.store.invitations.open()
        found = []
        for person in self.people.values():
            account, link = accounts.get(person.id), links.get(person.id)
            if account is None:
                access = Access.INVITED if link else Access.NONE
            else:
                access = Access.CODES if account.totp else Access.PASSWORD if account.password else Access.VOUCHED
            found.append(Standing(person=person, access=access, invited_until=link.expires_at if link else None,
                                  signed_in_at=account.signed_in_at if account else None))  # fmt: skip
        return tuple(found)

    def invite(self, person: Person, *, by: str, span: timedelta = INVITATION, why: str = "") -> Link:
        """Make a link for somebody; raise BadInput for whoever can sign in already."""
        account = self.store.accounts.find(person.id)
        if account is not None and account.password:
            message = f"{person.name} đã đăng nhập được; quên mật khẩu hay mất điện thoại thì đặt lại (./loa people reset MÃ)"
            raise BadInput(Problem(rule="has-account", key="person", message=message))
        token = self.store.invitations.invite(person.id, by=by, span=span, why=why)
        return self._link(person, token, span)

    def reset(self, person: Person, *, by: str, why: str = "") -> Link:
        """Take away at once whatever somebody signs in with, and make a link to begin anew."""
        return self._link(person, self.store.invitations.reset(person.id, by=by, span=RESET, why=why), RESET)

    def sign_out(self, person: Person, *, by: str) -> int:
        """End every session of somebody; return how many."""
        return self.store.sessions.end_all(person.id, by=by)

    def first_link(self) -> Link | None:
        """Return a link for whoever may let the others in, while nobody can sign in; None later.

        Raise BadInput where the office names nobody who may.
        """
        if self.store.accounts.all():
            return None
        first = next((person for person in self.people.values() if person.may(Right.MANAGE)), None)
        if first is None:
            message = "chưa ai có vai trò admin nên chưa ai mời được người khác; hãy thêm một người có roles: [admin]"
            raise BadInput(Problem(rule="no-admin", file="content/office.yaml", key="people", message=message))
        return self.invite(first, by=BY_COMMAND, span=FIRST_LINK, why="lần chạy đầu")

    def _link(self, person: Person, token: str, span: timedelta) -> Link:
        return Link(person=person, path=f"{WELCOME}{token}", until=self.clock.now() + span)
