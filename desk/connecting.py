"""Connect a channel to the office's account on its platform, by what is typed or by its owner's consent, and take it off again.

The platform is asked who the account is before anything is kept. Whoever connects is named in the log; no secret is, nor does any
stand in an address or on a page.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta

from desk.account_fields import Typed
from desk.held_account import HeldAccount
from desk.round_trip import RoundTrip
from editorial.office import Channel
from editorial.outcome import Greeting, PublishError
from editorial.problem import BadInput, Problem
from publishers.consent import Consent, Opened, Trip
from publishers.contract import Greets
from publishers.registry import consent_of, manifest_of, open_publisher
from publishers.wire import Wire
from store.connections import Begun, Connection
from store.store import Store

DEADLINE = timedelta(seconds=20)  # of each call to a platform's token server


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One of several accounts that the platform has opened: a person says which is the channel's."""

    number: int
    id: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Connecting:
    """One channel's way to its account; `by` is who goes it."""

    store: Store
    channel: Channel
    by: str

    def type(self, typed: Typed) -> Connection:
        """Connect with what was typed; raise BadInput, with nothing changed, where the platform does not take it."""
        return self._keep(self._held(typed.base_url, typed.settings, typed.secrets))

    def begin(self, typed: Typed) -> RoundTrip:
        """Begin to ask for the owner's consent; the word of the trip goes into the browser's cookie and nowhere else."""
        trip = RoundTrip.new()
        values = {"base_url": typed.base_url, "settings": dict(typed.settings), "secrets": dict(typed.secrets)}
        self.store.connections.begin(self.channel.id, Begun(by=self.by, word=trip.digest, values={"typed": json.dumps(values)}))
        return trip

    def address(self, trip: RoundTrip, back: str) -> str:
        """Return where the owner is asked; nothing secret is in it."""
        held, _ = self._begun(trip)
        return self._consent.address(held.account, _trip(trip, back))

    def come_back(self, trip: RoundTrip, back: str, answer: Mapping[str, str]) -> Connection | tuple[Choice, ...]:
        """Take the platform's answer, which works once: connect, or return what there is to choose from.

        Raise BadInput with what to do where it is no answer to this question, or the platform says no.
        """
        held, _ = self._begun(trip)
        if not hmac.compare_digest(answer.get("state", "").encode(), trip.state.encode()):
            raise BadInput(_problem("lần quay về này không phải của lượt kết nối đang làm; hãy kết nối lại từ đầu"))
        self.store.connections.end(self.channel.id)
        opened = self._opened(held, trip, back, answer)
        if len(opened) == 1:
            return self._take(held, opened[0])
        self._keep_choices(held, trip, opened)
        return _choices(opened)

    def choices(self, trip: RoundTrip) -> tuple[Choice, ...]:
        """Return what there is to choose from; raise BadInput where nothing is, any more."""
        return _choices(self._begun(trip)[1])

    def choose(self, trip: RoundTrip, number: int) -> Connection:
        """Connect with one of the accounts."""
        held, opened = self._begun(trip)
        if not 0 <= number < len(opened):
            raise BadInput(_problem("hãy chọn một trong các tài khoản", key="choice"))
        connection = self._take(held, opened[number])
        self.store.connections.end(self.channel.id)
        return connection

    def end(self) -> bool:
        """Take the channel off its account, and forget its credentials; False where it had none."""
        return self.store.connections.disconnect(self.channel.id, who=self.by)

    @property
    def _consent(self) -> Consent:
        consent = consent_of(self.channel.publisher)
        if consent is None:
            raise BadInput(_problem("kênh này kết nối bằng cách nhập mật khẩu, không qua trang của nền tảng"))
        return consent

    def _opened(self, held: HeldAccount, trip: RoundTrip, back: str, answer: Mapping[str, str]) -> tuple[Opened, ...]:
        platform = manifest_of(self.channel.publisher).name
        wire = Wire(DEADLINE)
        try:
            if not answer.get("code"):
                raise self._consent.declined(answer, platform)
            return self._consent.opened(held.account, wire, answer["code"], _trip(trip, back))
        except PublishError as error:
            raise BadInput(_told(error)) from error
        finally:
            wire.close()

    def _take(self, held: HeldAccount, opened: Opened) -> Connection:
        settings = {**held.account.settings, **opened.settings}
        taken = self._held(held.account.base_url, settings, {**held.secrets.values, **opened.secrets})
        for name, value in held.notes.values.items():
            taken.notes.put(name, value)
        return self._keep(taken)

    def _keep(self, held: HeldAccount) -> Connection:
        """Ask the platform who the account is, and keep what is known of it."""
        try:
            greeting = _greeted(self.channel, held)
        except PublishError as error:
            raise BadInput(_told(error)) from error
        account = held.account
        made = Connection(base_url=account.base_url, settings=account.settings, name=greeting.name or account.base_url,
                          url=greeting.url, lacks=greeting.lacks, account=greeting.account)  # fmt: skip
        secrets, notes = held.secrets.values, held.notes.values
        self.store.connections.connect(self.channel.id, made, secrets=secrets, notes=notes, who=self.by)
        return made

    def _held(self, base_url: str, settings: Mapping[str, str], secrets: Mapping[str, str]) -> HeldAccount:
        return HeldAccount(self.channel, base_url, settings, secrets, self.store.clock)

    def _begun(self, trip: RoundTrip) -> tuple[HeldAccount, tuple[Opened, ...]]:
        """Return what was begun by this person in this browser."""
        begun = self.store.connections.begun(self.channel.id)
        if begun is None or begun.by != self.by or not hmac.compare_digest(begun.word, trip.digest):
            message = "lượt kết nối này đã quá mười phút, đã xong, hoặc bắt đầu ở nơi khác; hãy kết nối lại từ đầu"
            raise BadInput(_problem(message))
        typed = json.loads(begun.values["typed"])
        held = self._held(typed["base_url"], typed["settings"], typed["secrets"])
        for name, value in json.loads(begun.values.get("notes", "{}")).items():
            held.notes.put(name, value)
        return held, tuple(Opened(**each) for each in json.loads(begun.values.get("opened", "[]")))

    def _keep_choices(self, held: HeldAccount, trip: RoundTrip, opened: tuple[Opened, ...]) -> None:
        typed = {"base_url": held.account.base_url, "settings": dict(held.account.settings), "secrets": held.secrets.values}
        found = [asdict(each) for each in opened]
        values = {"typed": json.dumps(typed), "opened": json.dumps(found), "notes": json.dumps(dict(held.notes.values))}
        self.store.connections.begin(self.channel.id, Begun(by=self.by, word=trip.digest, values=values))


def _greeted(channel: Channel, held: HeldAccount) -> Greeting:
    publisher = open_publisher(channel.publisher, held.account)
    try:
        return publisher.greet() if isinstance(publisher, Greets) else Greeting(name=channel.name)
    finally:
        publisher.close()


def _choices(opened: tuple[Opened, ...]) -> tuple[Choice, ...]:
    return tuple(Choice(number=number, id=each.id, name=each.name) for number, each in enumerate(opened))


def _trip(trip: RoundTrip, back: str) -> Trip:
    return Trip(back=back, state=trip.state, verifier=trip.verifier)


def _told(error: PublishError) -> Problem:
    """Return what a platform's refusal means; its own code stays, for whoever looks it up there."""
    return _problem(str(error))


def _problem(message: str, key: str = "") -> Problem:
    return Problem(rule="connecting", key=key, message=message)
