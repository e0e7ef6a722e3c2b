"""Render what a ticket asks for, in a process of its own; whoever hands the work to that process loads nothing of the studio."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING

from desk.place import Place
from editorial.problem import BadInput

if TYPE_CHECKING:
    from studio.studio import Studio


def render_ticket(place: Place, subject: str) -> bool:
    """Render a recipe, given as JSON; False where this machine's workspace does not make that recipe.

    Raise BadInput where nothing can be drawn.
    """
    from studio.rendition import Recipe

    asked = Recipe(**json.loads(subject))
    studio = _studio(place)
    try:
        same = studio.recipe(asked.template_id, json.loads(asked.data), asked.size, asked.theme, asked.image_type)
    except BadInput:
        return False
    if same != asked:
        _studio.cache_clear()  # the workspace may have been brought up to date since
        return False
    made = studio.render(asked)
    if made.cached:  # whoever asks has not found it
        studio.share(made)
    return True


@lru_cache(maxsize=1)
def _studio(place: Place) -> Studio:
    """Return this process's studio."""
    from desk.workspace import read_workspace

    return read_workspace(place).studio
