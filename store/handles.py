"""What has been made on a platform for one delivery and is not public yet."""

from __future__ import annotations

from sqlalchemy import delete, insert, select

from editorial.clock import Clock
from editorial.delivery import Delivery
from store.database import Database
from store.schema import HANDLES


class DeliveryHandles:
    """The handles of one delivery for one version of its post: another version starts without any."""

    def __init__(self, database: Database, clock: Clock, delivery: Delivery) -> None:
        self._database = database
        self._clock = clock
        self._owner = {"delivery": delivery.id, "post_digest": delivery.post_digest}

    def get(self, name: str) -> str | None:
        """Return the handle, or None when it was never made."""
        with self._database.read() as connection:
            return connection.execute(select(HANDLES.c.value).filter_by(**self._owner, name=name)).scalar_one_or_none()

    def save(self, name: str, value: str) -> None:
        """Keep the handle; it is durable when this returns."""
        with self._database.write_beside() as connection:
            connection.execute(delete(HANDLES).filter_by(**self._owner, name=name))
            row = {**self._owner, "name": name, "value": value, "saved_at": self._clock.now()}
            connection.execute(insert(HANDLES).values(**row))

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
