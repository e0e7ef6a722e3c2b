"""Is the desk up, and can it read what Loa remembers?"""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

from desk.web.desk import TheDesk

router = APIRouter()


class Health(BaseModel):
    """How the desk is."""

    status: str
    deliveries: int
    heartbeat: str | None


@router.get("/health")
def health(desk: TheDesk) -> Health:
    """Answer 200 while the store can be read."""
    last = desk.outlook.heartbeat()
    count = desk.bench.store.delivery_tally.counts().total()
    return Health(status="ok", deliveries=count, heartbeat=last.isoformat() if last else None)
