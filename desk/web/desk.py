"""What a page's route is given: the office, and the hand that draws pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from desk.web.bench import Bench
from desk.web.outlook import Outlook
from desk.web.renderer import Renderer


@dataclass(frozen=True, kw_only=True)
class Desk:
    """One office's desk."""

    bench: Bench
    renderer: Renderer

    @property
    def outlook(self) -> Outlook:
        """Return a fresh look at the office."""
        return Outlook(self.bench)


def desk_of(request: Request) -> Desk:
    """Return the desk that the application was made for."""
    desk: Desk = request.app.state.desk
    return desk


TheDesk = Annotated[Desk, Depends(desk_of)]
