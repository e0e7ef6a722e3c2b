"""What somebody typed into a form while their session ran out: it travels through the sign-in pages in the browser itself.

Nothing of it is stored here, so that nobody fills our disk; files that were chosen have to be chosen again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import FormData
from starlette.requests import Request

from desk.web.back import HOME, own_page, page_before

CSRF = "csrf"  # the field with which our own pages show that they are ours
NEVER = frozenset({CSRF, "password", "again", "code", "kept"})  # fields that are typed anew
SECRET = "secret."  # and those whose names begin like this: an account's credentials
MOST_BYTES = 262_144
MOST_FIELDS = 500
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A form as it was sent: from which page, to where, and what was in it."""

    page: str
    action: str
    fields: tuple[tuple[str, str], ...]

    def __bool__(self) -> bool:
        return bool(self.fields)

    @property
    def shown(self) -> tuple[tuple[str, str], ...]:
        """Return what a person typed, leaving out what is empty."""
        return tuple((name, value) for name, value in self.fields if value.strip())

    def written(self) -> str:
        """Return it as a hidden field carries it."""
        return json.dumps({"page": self.page, "action": self.action, "fields": self.fields}, ensure_ascii=False) if self else ""


NOTHING = Kept(page=HOME, action=HOME, fields=())


async def keep(request: Request) -> Kept:
    """Return what the request's form says; nothing where it is no form, or more than anybody types."""
    size = request.headers.get("content-length", "")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in FORMS or not size.isdigit() or int(size) > MOST_BYTES:
        return NOTHING
    return kept_of(request, await request.form(max_fields=MOST_FIELDS, max_part_size=MOST_BYTES))


def kept_of(request: Request, form: FormData) -> Kept:
    """Return a form that was read already."""
    fields = tuple((name, value) for name, value in form.multi_items() if isinstance(value, str) and _may_travel(name))
    address = urlsplit(str(request.url))
    action = own_page(address.path + (f"?{address.query}" if address.query else ""))
    return Kept(page=page_before(request), action=action, fields=fields)


def _may_travel(name: str) -> bool:
    return name not in NEVER and not name.startswith(SECRET)


def read_kept(text: str) -> Kept:
    """Return what a hidden field carries; nothing where it was not written by us."""
    try:
        said = json.loads(text) if text else {}
        fields = tuple((str(name), str(value)) for name, value in said["fields"])
        json.dumps(fields, ensure_ascii=False).encode()  # half a letter, which JSON can write, cannot stand on any page
        return Kept(page=own_page(str(said["page"])), action=own_page(str(said["action"])), fields=fields)
    except (ValueError, KeyError, TypeError, RecursionError):
        return NOTHING
