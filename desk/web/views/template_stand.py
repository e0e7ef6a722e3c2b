"""How the pages say where a template stands with its second person."""

from __future__ import annotations

from collections.abc import Mapping

from desk.template_approving import Stand

STAND_WORDS: Mapping[Stand, str] = {
    Stand.NOT_SIGNED: "Chưa duyệt",
    Stand.WAITING: "Chờ duyệt",
    Stand.SIGNED: "Đã duyệt",
    Stand.CHANGED: "Đổi sau khi duyệt",
}
STAND_MARKS: Mapping[Stand, str] = {  # the status whose hue and icon it takes
    Stand.NOT_SIGNED: "draft", Stand.WAITING: "moving", Stand.SIGNED: "verified", Stand.CHANGED: "held",
}  # fmt: skip
