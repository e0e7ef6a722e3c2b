"""Which version of a template was signed, by whom; the newest is the one that counts, and counts for its own version alone."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Row, func, insert, select

from editorial.clock import Clock
from editorial.template_approval import TemplateApproval
from store.audit import Deed, note
from store.database import Database, new_id
from store.schema import TEMPLATE_APPROVALS
from store.statement import Statement


class TemplateApprovalTable:
    """Approvals of templates, all of them kept."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def save(self, approval: TemplateApproval) -> None:
        """Keep an approval and write it in the log."""
        values = {name: getattr(approval, name) for name in ("template", "version", "author", "approver", "at")}
        detail = f"{approval.version} ({approval.author})"
        deed = Deed(who=approval.approver, action="approve-template", subject=approval.template, detail=detail,
                    at=self._clock.now())  # fmt: skip
        with self._database.write() as connection:
            made = new_id(connection.execute(insert(TEMPLATE_APPROVALS).values(**values)))
            note(connection, deed, (TEMPLATE_APPROVALS, made))

    def newest(self, template: str) -> TemplateApproval | None:
        """Return the newest approval of a template."""
        asked = select(TEMPLATE_APPROVALS).where(TEMPLATE_APPROVALS.c.template == template)
        with self._database.read() as connection:
            row = connection.execute(asked.order_by(TEMPLATE_APPROVALS.c.id.desc()).limit(1)).one_or_none()
        return _approval(row) if row is not None else None

    def versions(self) -> Mapping[str, str]:
        """Return the version of each template that was signed last."""
        return {row.template: row.version for row in self._database.ask(_VERSIONS, {})}


_NEWEST = select(func.max(TEMPLATE_APPROVALS.c.id)).group_by(TEMPLATE_APPROVALS.c.template)
_VERSIONS = Statement(
    select(TEMPLATE_APPROVALS.c.template, TEMPLATE_APPROVALS.c.version).where(TEMPLATE_APPROVALS.c.id.in_(_NEWEST))
)


def _approval(row: Row[tuple[object, ...]]) -> TemplateApproval:
    return TemplateApproval(
        template=row.template, version=row.version, author=row.author, approver=row.approver, at=row.at
    )
