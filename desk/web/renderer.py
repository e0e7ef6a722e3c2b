"""Turn view models into pages: Jinja with everything escaped, and addresses of static files that change with their bytes."""

from __future__ import annotations

import hashlib
import re
import threading
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import Extension
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from desk.certificate import part_name
from desk.language import VIETNAMESE, language, speaking
from desk.web.headers import SECURITY_HEADERS
from desk.web.moment_words import ZONE, count_words
from desk.web.own_words import OwnWords, script_address
from desk.web.reader_language import language_of
from desk.web.theme import theme_of
from desk.web.views.roles import refusal
from desk.web.visitor import Visitor, visitor_of
from editorial.role import Right

HERE = Path(__file__).resolve().parent
STATIC = HERE / "static"
PIECES = 2_000  # parts of pages that are kept as they were drawn: some 2 MB


class Renderer:
    """Render the templates of desk/web/pages/. `office` and `notice` stand on every page, `remarks` until there are others."""

    def __init__(self, office: str, notice: str = "") -> None:
        self.remarks: tuple[str, ...] = ()
        self.notice = notice
        self._office = office
        self._jinja: dict[str, Environment] = {}  # by language, each made for its first reader
        self._pieces: OrderedDict[tuple[Hashable, ...], Markup] = OrderedDict()
        self._lock = threading.Lock()

    def page(
        self, request: Request, template: str, view: Mapping[str, object], *, active: str = "", status: int = 200
    ) -> HTMLResponse:
        """Return a template filled with a view, in the reader's theme and language."""
        html = self.fragment(request, template, {**view, "active": active, "remarks": self.remarks})
        return HTMLResponse(html, status_code=status, headers={**SECURITY_HEADERS, "cache-control": "no-store"})

    def fragment(self, request: Request, template: str, view: Mapping[str, object]) -> str:
        """Return a part of a page, for a page that is open already."""
        spoken = language_of(request)
        with speaking(spoken):
            seen = _seen_by(visitor_of(request))
            page = self._environment(spoken).get_template(template)
            return page.render(view, theme=theme_of(request), notice=self.notice, language=spoken, **seen)

    def piece(self, template: str, **view: Hashable) -> Markup:
        """Return a part that says the same to all who read the language of now; it is drawn once for the same view."""
        spoken = language()
        key = (spoken, template, *view.values())
        with self._lock:
            if (known := self._pieces.get(key)) is not None:
                self._pieces.move_to_end(key)
                return known
        drawn = Markup(self._environment(spoken).get_template(template).render(view, language=spoken))
        with self._lock:
            self._pieces[key] = drawn
            while len(self._pieces) > PIECES:
                self._pieces.popitem(last=False)
        return drawn

    def _environment(self, spoken: str) -> Environment:
        if spoken not in self._jinja:
            self._jinja[spoken] = _environment(spoken, self._office)
        return self._jinja[spoken]


def _environment(spoken: str, office: str) -> Environment:
    """Return what draws pages in one language: in English a template's words are exchanged once, when it is loaded."""
    jinja = Environment(
        loader=FileSystemLoader(HERE / "pages"),
        autoescape=True,
        auto_reload=False,  # they come with the program: nobody changes one under an open desk
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=[OwnForms],
    )
    jinja.filters.update(part=part_name, said=_as_it_is)
    jinja.globals.update(static=static_address, number=count_words, zone=ZONE, office=office)
    if spoken != VIETNAMESE:
        own = OwnWords.of(spoken)
        own.put_into(jinja)
        jinja.globals.update(static=lambda name: script_address(spoken, name) or static_address(name), zone=own.book.say(ZONE))
    return jinja


class OwnForms(Extension):
    """Put the session's word into every form that changes something: nobody has to think of it, and no form lacks it."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Return the template with the hidden field behind each such form's tag."""
        return _FORM.sub(lambda tag: tag[0] + ("{{ csrf_field }}" if 'method="post"' in tag[1] else ""), source)


# A tag with its attributes; a `>` inside {{ }} or {% %} does not end it. Nothing is tried twice: a tag may hold many of them.
_FORM = re.compile(r"<form\b((?>\{\{.*?\}\}|\{%.*?%\}|[^>])*+)>", re.DOTALL)


def _as_it_is(value: object) -> object:
    return value


def _seen_by(visitor: Visitor | None) -> dict[str, object]:
    """Return what every page knows of its reader: `me`, the word for requests, and why something is not offered."""
    person, csrf = (visitor.person, visitor.csrf) if visitor and visitor.is_in else (None, "")
    word = visitor.csrf if visitor else ""
    field = Markup('<input type="hidden" name="csrf" value="{}">').format(word) if word else Markup("")
    return {"me": person, "csrf": csrf, "csrf_field": field, "why_not": lambda right: refusal(person, Right[right])}


@cache
def static_address(name: str) -> str:
    """Return where a static file is served; another content has another address."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()
    return f"/static/{name}?v={digest[:10]}"
