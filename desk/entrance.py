"""How somebody of the office comes in: name and password, a one-time code, a link that begins an account.

What is said to whoever fails is the same for a wrong name, a wrong password and a person without an account, after the same time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import IPv6Address, ip_address

from desk.one_time_codes import is_recovery_code, new_recovery_codes, new_secret, plain_recovery_code, step_of
from desk.passwords import hashed, is_outdated, is_right, refuse_weak
from editorial.clock import OFFICE_ZONE, Clock
from editorial.problem import BadInput, Problem
from editorial.role import Person, Right
from store.accounts import Account, subject_of
from store.sessions import Session, Stage
from store.store import Store
from store.token import digest_of
from store.trials import Counter

LONGEST_WAIT = timedelta(minutes=5)
# Failures that make nobody wait; a whole office may share an address.
FREE_OF_ACCOUNT, FREE_OF_ADDRESS, FREE_OF_BROWSER = 5, 30, 10
LOOKS_ON = frozenset({Right.READ, Right.COMMENT})
LONGEST_NAME = 80


@dataclass(frozen=True, kw_only=True)
class Where:
    """From where somebody tries to come in. `known` is the token that an earlier sign-in left in the browser."""

    address: str
    browser: str = ""
    known: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class Came:
    """Somebody has come in, or halfway. `known` is to be left in the browser; `recovery` is shown once."""

    person: Person
    stage: Stage
    token: str = field(repr=False)
    known: str = field(default="", repr=False)
    recovery: tuple[str, ...] = field(default=(), repr=False)


class Entrance:
    """The door of one office."""

    def __init__(self, store: Store, people: Mapping[str, Person], clock: Clock) -> None:
        self._store = store
        self._people = people
        self._clock = clock

    def enter(self, name: str, password: str, where: Where) -> Came:
        """Let in whoever knows the password, halfway where a code is asked for; raise BadInput for everybody else."""
        typed = name.strip().casefold()[:LONGEST_NAME]
        person, account = self._people.get(typed), self._store.accounts.find(typed)
        counters = self._counters(typed, where)
        self._count(counters)
        right = is_right(account.password if account else "", password)
        if person is None or account is None or not right:
            self._tell(counters, person, where)
            raise BadInput(Problem(rule="wrong-sign-in", key="password", message="tên đăng nhập hoặc mật khẩu không đúng"))
        if is_outdated(account.password):
            self._store.accounts.rehash(person.id, hashed(password))
        self._store.trials.take_back(counters)
        if account.totp:
            return self._begin(person, Stage.CODE, where)
        return self._without_codes(person, where, "mật khẩu")

    def answer(self, session: Session, token: str, code: str, where: Where) -> Came:
        """Let in fully whoever has typed the one-time code, or one from paper; raise BadInput for another."""
        person, account = self._of(session), self._store.accounts.find(session.person)
        counters = (_code_counter(session.person),)
        self._count(counters)
        how = self._right_code(account, code) if account else ""
        if person is None or not how:
            self._tell(counters, person, where)
            message = "mã xác thực không đúng hoặc đã dùng; hãy đợi mã mới trên điện thoại rồi nhập lại"
            raise BadInput(Problem(rule="wrong-code", key="code", message=message))
        self._store.sessions.end(token, told=False)
        return self._in(person, where, how)

    def accept(self, link: str, password: str, again: str, where: Where) -> Came:
        """Begin the account that a link is for with this password, and use the link up; raise BadInput where it opens nothing."""
        invitation = self._store.invitations.find(link)
        person = self._people.get(invitation.person) if invitation else None
        if person is None:
            raise BadInput(dead_link())
        refuse_weak(password, again, names=(person.id, person.name))
        if self._store.invitations.accept(link, hashed(password)) is None:
            raise BadInput(dead_link())
        return self._without_codes(person, where, "liên kết mời")

    def confirm(self, session: Session, token: str, code: str, where: Where) -> Came:
        """Set up one-time codes: the phone shows one of the secret that this session offers; raise BadInput for another."""
        person = self._of(session)
        step = step_of(session.secret, code, self._clock.now())
        if person is None or step is None:
            message = "mã chưa khớp; hãy xem điện thoại có đặt giờ tự động không, rồi nhập mã đang hiện"
            raise BadInput(Problem(rule="wrong-code", key="code", message=message))
        codes = new_recovery_codes()
        self._store.accounts.use_codes_of(person.id, session.secret, step, map(plain_recovery_code, codes))
        self._store.sessions.end(token, told=False)
        return self._in(person, where, "mật khẩu, vừa cài mã xác thực", recovery=codes)

    def set_up_codes(self, person: Person, token: str, where: Where) -> Came:
        """Begin to set up one-time codes anew, as on another phone; those of before count until the new ones are confirmed."""
        self._store.sessions.end(token, told=False)
        return self._begin(person, Stage.ENROL, where, secret=new_secret())

    def vouched_for(self, person: Person, where: Where, how: str) -> Came:
        """Let in somebody for whom another server vouches, or the rehearsal."""
        self._store.accounts.vouched(person.id)
        return self._in(person, where, how)

    def knows(self, person: Person, password: str, where: Where) -> bool:
        """Tell whether somebody who is signed in knows the password, as is asked before what weighs; raise BadInput to wait."""
        account, counters = self._store.accounts.find(person.id), self._counters(person.id, where)
        self._count(counters)
        right = is_right(account.password if account else "", password)
        if right:
            self._store.trials.take_back(counters)
        else:
            self._tell(counters, person, where)
        return right

    def _of(self, session: Session) -> Person | None:
        return self._people.get(session.person)

    def _without_codes(self, person: Person, where: Where, how: str) -> Came:
        if needs_codes(person):
            return self._begin(person, Stage.ENROL, where, secret=new_secret())
        return self._in(person, where, how)

    def _right_code(self, account: Account, code: str) -> str:
        """Return how somebody has shown who they are; empty where the code is none."""
        if is_recovery_code(code):
            return "mã dự phòng" if self._store.accounts.use_recovery(account.person, plain_recovery_code(code)) else ""
        step = step_of(self._store.accounts.codes_secret(account), code, self._clock.now())
        return "mật khẩu và mã xác thực" if step is not None and self._store.accounts.use_step(account.person, step) else ""

    def _begin(self, person: Person, stage: Stage, where: Where, secret: str = "") -> Came:
        token = self._store.sessions.begin(person.id, roles_of(person), where.browser, stage, secret=secret)
        return Came(person=person, stage=stage, token=token)

    def _in(self, person: Person, where: Where, how: str, recovery: tuple[str, ...] = ()) -> Came:
        for counter in (self._counters(person.id, where)[0], _code_counter(person.id)):
            self._store.trials.forget(counter)
        self._store.sessions.signed_in(person.id, f"{how}; từ {where.address}")
        known = self._store.sessions.know_browser(person.id, where.known)
        token = self._store.sessions.begin(person.id, roles_of(person), where.browser)
        return Came(person=person, stage=Stage.FULL, token=token, known=known, recovery=recovery)

    def _counters(self, typed: str, where: Where) -> tuple[Counter, ...]:
        """Return under what a trial is counted; on a browser that the person is known by, strangers count for nothing."""
        if where.known and self._store.sessions.knows_browser(typed, where.known):
            return (Counter(name=f"browser:{digest_of(where.known)}", free=FREE_OF_BROWSER, longest=LONGEST_WAIT),)
        return (
            Counter(name=f"account:{digest_of(typed)}", free=FREE_OF_ACCOUNT, longest=LONGEST_WAIT),
            Counter(name=f"address:{_network(where.address)}", free=FREE_OF_ADDRESS, longest=LONGEST_WAIT),
        )

    def _count(self, counters: tuple[Counter, ...]) -> None:
        if until := self._store.trials.begin(counters):
            at = until.astimezone(OFFICE_ZONE)
            message = f"đã nhập sai nhiều lần; hãy thử lại sau {at:%H:%M:%S} (giờ Hà Nội)"
            raise BadInput(Problem(rule="sign-in-later", key="password", message=message))

    def _tell(self, counters: tuple[Counter, ...], person: Person | None, where: Where) -> None:
        """Let the log tell of many failures: whom they were about, where it is somebody; what was typed is never written down."""
        if person is not None:
            self._store.trials.tell(counters[0], subject_of(person.id), f"từ {where.address}")
        for address in counters[1:]:
            self._store.trials.tell(address, "sign-in", f"từ {where.address}")


def _code_counter(person: str) -> Counter:
    """Return under what wrong codes are counted: only who knows the password gets so far, and a right password forgets none."""
    return Counter(name=f"code:{person}", free=FREE_OF_ACCOUNT, longest=LONGEST_WAIT)


def needs_codes(person: Person) -> bool:
    """Tell whether a password alone is too little: for everybody who may do more than look on and comment."""
    return bool(person.rights - LOOKS_ON)


def roles_of(person: Person) -> str:
    """Return a person's roles as a session keeps them: another text is a change of rights."""
    return " ".join(sorted(role.value for role in person.roles))


def dead_link() -> Problem:
    """Return that a link opens nothing any more."""
    message = "liên kết này đã dùng, đã quá hạn hoặc đã được thay; hãy xin quản trị một liên kết mới (./loa people invite MÃ)"
    return Problem(rule="dead-link", key="link", message=message)


def _network(address: str) -> str:
    """Return what an address is counted by: a home has 2^64 addresses of IPv6, and counts once."""
    try:
        known = ip_address(address)
    except ValueError:
        return "?"
    return f"{IPv6Address(int(known) >> 64 << 64)}/64" if isinstance(known, IPv6Address) else str(known)
