"""How the pages say where a template stands with its second person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from desk.template_standing import Stand

STAND_WORDS: Mapping[Stand, str] = {
    Stand.NOT_SIGNED: "Chưa duyệt",
    Stand.WAITING: "Chờ duyệt",
    Stand.SIGNED: "Đã duyệt",
    Stand.CHANGED: "Đổi sau khi duyệt",
    Stand.RELEASED: "Theo bản phát hành",
}
STAND_MARKS: Mapping[Stand, str] = {  # the status whose hue and icon it takes
    Stand.NOT_SIGNED: "draft", Stand.WAITING: "moving", Stand.SIGNED: "verified", Stand.CHANGED: "held",
    Stand.RELEASED: "verified",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class StoppedEntry:
    """An entry that is not handed in or signed before a template is approved."""

    id: str
    headline: str
    stage: str  # how far it has come


@dataclass(frozen=True, kw_only=True)
class WaitingTemplate:
    """A template that nobody has approved as it is now."""

    id: str
    name: str
    version: str
    words: str
    mark: str
    stopped: int = 0  # entries that wait for it
    by: str = ""  # the id of who handed it in, where somebody has
    author: str = ""
    at: str = ""
