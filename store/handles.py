"""What has been made on a platform for one delivery and is not public yet."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, delete, insert, select

from editorial.clock import Clock
from editorial.delivery import Delivery
from store.database import Database
from store.errors import Lost
from store.schema import DELIVERIES, HANDLES
from store.statement import Statement

_MINE = (HANDLES.c.delivery == bindparam("whose"), HANDLES.c.post_digest == bindparam("of"))
_VALUE = Statement(select(HANDLES.c.value).where(*_MINE, HANDLES.c.name == bindparam("named")))


class DeliveryHandles:
    """The handles of one delivery for one version of its post: another version starts without any.

    Any worker may read them. Only the one that has the delivery in hand writes: another draft's id over the id of the draft that
    went out would hide the live post from whoever looks for it.
    """

    def __init__(self, database: Database, clock: Clock, delivery: Delivery) -> None:
        self._database = database
        self._clock = clock
        self._owner = {"delivery": delivery.id, "post_digest": delivery.post_digest}
        self._fence = delivery.fence

    def get(self, name: str) -> str | None:
        """Return the handle, or None when it was never made."""
        found = self._database.ask(_VALUE, {"whose": self._owner["delivery"], "of": self._owner["post_digest"], "named": name})
        value: str | None = found[0].value if found else None
        return value

    def save(self, name: str, value: str) -> None:
        """Keep the handle; it is durable when this returns. Raises Lost when somebody else has the delivery in hand by now."""
        with self._database.write_beside() as connection:
            self._ask_whose(connection, name)
            connection.execute(delete(HANDLES).filter_by(**self._owner, name=name))
            row = {**self._owner, "name": name, "value": value, "saved_at": self._clock.now()}
            connection.execute(insert(HANDLES).values(**row))

    def _ask_whose(self, connection: Connection, name: str) -> None:
        """Raise Lost where the same version has another fence by now; the row's lock keeps the next claim waiting."""
        same = {"id": self._owner["delivery"], "post_digest": self._owner["post_digest"]}
        fence = connection.execute(select(DELIVERIES.c.fence).filter_by(**same).with_for_update()).scalar_one_or_none()
        if fence is not None and fence != self._fence:
            raise Lost(f"{name} of delivery {self._owner['delivery']} under fence {self._fence}, now {fence}")

    def all(self) -> dict[str, str]:
        """Return every handle by name."""
        with self._database.read() as connection:
            rows = connection.execute(select(HANDLES.c.name, HANDLES.c.value).filter_by(**self._owner)).all()
        return {row.name: row.value for row in rows}


class HandleTable:
    """Handles by delivery."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def of(self, delivery: Delivery) -> DeliveryHandles:
        """Return the handles of a delivery."""
        return DeliveryHandles(self._database, self._clock, delivery)
