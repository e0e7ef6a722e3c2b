"""An exported audit log: JSON, one row a line, each with its links, so that anybody can check it without Loa."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from editorial.problem import BadInput, Problem
from reading.source import reason
from store.audit_chain import Link


class ExportedRow(BaseModel):
    """One line of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    row: int = Field(ge=1, lt=2**63)
    at: str
    who: str
    action: str
    subject: str
    detail: str
    prev: str
    sha256: str
    seals: str = ""


def exported(links: Iterable[Link]) -> str:
    """Return the text of the file."""
    return "".join(f"{json.dumps(_values(link), ensure_ascii=False)}\n" for link in links)


def read_export(path: Path) -> tuple[Link, ...]:
    """Return the rows of the file as they stand; raise BadInput when it is no exported log."""
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        message = f"không đọc được tệp: {reason(error)}"
        raise BadInput(Problem(rule="unreadable-file", file=path.name, message=message)) from error
    links = tuple(_link(line, path.name, number) for number, line in enumerate(lines, start=1) if line.strip())
    if not links:
        message = "tệp không có dòng nhật ký nào; hãy chọn tệp do ./loa audit export ghi"
        raise BadInput(Problem(rule="bad-export", file=path.name, message=message))
    return links


def _link(line: bytes, file: str, number: int) -> Link:
    try:
        row = ExportedRow.model_validate_json(line)
    except ValidationError as error:
        message = "không phải một dòng nhật ký do ./loa audit export ghi"
        raise BadInput(Problem(rule="bad-export", file=file, line=number, message=message)) from error
    return Link(number=row.row, who=row.who, action=row.action, subject=row.subject, detail=row.detail, at=row.at,
                prev=row.prev, sha256=row.sha256, seals=row.seals)  # fmt: skip


def _values(link: Link) -> dict[str, object]:
    moment = link.at if isinstance(link.at, str) else link.at.isoformat()
    seals = {"seals": link.seals} if link.seals else {}
    return {"row": link.number, "at": moment, "who": link.who, "action": link.action, "subject": link.subject,
            "detail": link.detail, "prev": link.prev, "sha256": link.sha256, **seals}  # fmt: skip
