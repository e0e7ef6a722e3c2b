"""Every state that a template's folder had when it was changed from the desk, the one before the first change included."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, or_, select, true, update

from editorial.clock import Clock
from store.database import Database, new_id
from store.errors import Tampered
from store.schema import TEMPLATE_FILES, TEMPLATE_VERSIONS
from store.template_folder import TemplateFiles

MOST = 50  # versions that are asked for at once


@dataclass(frozen=True, kw_only=True)
class KeptVersion:
    """One state of a folder by the digests of its files; `who` is empty where it was found, changed by somebody's own editor."""

    id: int
    template: str
    digest: str
    files: Mapping[str, str]  # path -> SHA-256
    who: str
    what: str
    at: datetime


class TemplateVersionTable:
    """Kept states of templates, oldest first in the table."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def keep(self, before: TemplateFiles | None, after: TemplateFiles, who: str, what: str) -> None:
        """Keep what was saved, and what it took the place of unless that is the newest one kept."""
        newest = select(TEMPLATE_VERSIONS.c.digest).where(*_placed(after.template))
        with self._database.write() as connection:
            asked = newest.order_by(TEMPLATE_VERSIONS.c.id.desc()).limit(1)
            known = connection.execute(asked).scalar_one_or_none()
            found = [(before, "", "")] if before is not None and known != before.digest else []
            for files, person, words in (*found, (after, who, what)):
                values = {**_row(connection, files), "who": person, "what": words, "at": self._clock.now()}
                connection.execute(insert(TEMPLATE_VERSIONS).values(**values, placed=1))

    def set_aside(self, files: TemplateFiles, who: str, what: str, instead_of: int | None = None) -> int:
        """Keep files that are no template yet, in the place of those set aside before; return their number."""
        with self._database.write() as connection:
            values = {**_row(connection, files), "who": who, "what": what, "at": self._clock.now()}
            if instead_of is not None:
                connection.execute(update(TEMPLATE_VERSIONS).where(TEMPLATE_VERSIONS.c.id == instead_of, _ASIDE).values(**values))
                return instead_of
            return new_id(connection.execute(insert(TEMPLATE_VERSIONS).values(**values, placed=0)))

    def aside(self, id: int) -> KeptVersion:
        """Return files that were set aside; raise KeyError where there are none."""
        return self._one(id, _ASIDE)

    def forget_aside(self, id: int) -> None:
        """Forget files that were set aside: they are in place now, or nobody wants them."""
        with self._database.write() as connection:
            connection.execute(delete(TEMPLATE_VERSIONS).where(TEMPLATE_VERSIONS.c.id == id, _ASIDE))

    def of(self, template: str, most: int = MOST) -> tuple[KeptVersion, ...]:
        """Return the newest states of a template, the newest first."""
        asked = select(TEMPLATE_VERSIONS).where(*_placed(template))
        with self._database.read() as connection:
            rows = connection.execute(asked.order_by(TEMPLATE_VERSIONS.c.id.desc()).limit(most))
            return tuple(_kept(row) for row in rows)

    def get(self, id: int) -> KeptVersion:
        """Return one state; raise KeyError where there is none."""
        return self._one(id, TEMPLATE_VERSIONS.c.placed == 1)

    def _one(self, id: int, which: ColumnElement[bool]) -> KeptVersion:
        with self._database.read() as connection:
            row = connection.execute(select(TEMPLATE_VERSIONS).where(TEMPLATE_VERSIONS.c.id == id, which)).one_or_none()
        if row is None:
            raise KeyError(id)
        return _kept(row)

    def files_of(self, kept: KeptVersion) -> TemplateFiles:
        """Return the files of a state; raise Tampered where one of them is not what was kept."""
        asked = select(TEMPLATE_FILES).where(TEMPLATE_FILES.c.sha256.in_(set(kept.files.values())))
        with self._database.read() as connection:
            found = {row.sha256: bytes(row.content) for row in connection.execute(asked)}
        whole = all(digest in found and hashlib.sha256(found[digest]).hexdigest() == digest for digest in kept.files.values())
        if not whole:
            raise Tampered(f"version {kept.id} of {kept.template} is not what was kept")
        return TemplateFiles(template=kept.template, files={name: found[digest] for name, digest in kept.files.items()})

    def makers(self, template: str, digest: str, since: datetime | None) -> frozenset[str]:
        """Return everybody who has saved these very files from the desk, or any others of the template `since` a moment.

        Who changed one line and who changed another after that have both made what is there; None is from the beginning.
        """
        later = TEMPLATE_VERSIONS.c.at > since if since is not None else true()
        named = (*_placed(template), TEMPLATE_VERSIONS.c.who != "", or_(TEMPLATE_VERSIONS.c.digest == digest, later))
        with self._database.read() as connection:
            return frozenset(connection.execute(select(TEMPLATE_VERSIONS.c.who).where(*named)).scalars())


_ASIDE = TEMPLATE_VERSIONS.c.placed == 0


def _placed(template: str) -> tuple[ColumnElement[bool], ...]:
    return TEMPLATE_VERSIONS.c.template == template, TEMPLATE_VERSIONS.c.placed == 1


def _row(connection: Connection, files: TemplateFiles) -> dict[str, object]:
    """Keep the files, and return how a row names them."""
    _keep_files(connection, files.files.values())
    body = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.files.items())}
    return {"template": files.template, "digest": files.digest, "body": json.dumps(body, ensure_ascii=False)}


def _keep_files(connection: Connection, contents: Iterable[bytes]) -> None:
    files = {hashlib.sha256(content).hexdigest(): content for content in contents}
    asked = select(TEMPLATE_FILES.c.sha256).where(TEMPLATE_FILES.c.sha256.in_(files))
    known = frozenset(connection.execute(asked).scalars())
    for digest, content in files.items():
        if digest not in known:
            connection.execute(insert(TEMPLATE_FILES).values(sha256=digest, content=content))


def _kept(row: Row[tuple[object, ...]]) -> KeptVersion:
    return KeptVersion(
        id=row.id, template=row.template, digest=row.digest, files=json.loads(row.body), who=row.who, what=row.what, at=row.at
    )
