"""The text of a post, from templates/caption/<channel>.j2."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from pathlib import Path

from jinja2 import FileSystemLoader, Template, TemplateError, TemplateNotFound, TemplateSyntaxError
from jinja2.meta import find_undeclared_variables

from editorial.problem import BadInput, Problem
from reading.source import relative_name
from studio.expression import environment
from studio.markup import to_html, to_plain, to_telegram_html


class Captions:
    """Fill in caption templates, sandboxed; a name that is not there is an error, never an empty gap."""

    def __init__(self, folder: Path, root: Path) -> None:
        self._folder = folder
        self._root = root
        self._jinja = environment()
        self._jinja.trim_blocks = self._jinja.lstrip_blocks = False  # line breaks are part of a caption
        self._jinja.loader = FileSystemLoader(folder)
        self._jinja.filters.update(to_html=to_html, to_plain=to_plain, to_telegram_html=to_telegram_html)

    def names(self) -> tuple[str, ...]:
        """Return the channels that have a caption template."""
        return tuple(sorted(path.stem for path in self._folder.glob("*.j2")))

    def render(self, channel_template: str, context: Mapping[str, object]) -> str:
        """Return the whole template filled in; raise BadInput with file and line."""
        template = self._template(channel_template)
        try:
            return template.render(context).strip()
        except Exception as error:  # a template may make any function of the sandbox fail: all are the template's mistake
            raise BadInput(self._problem(channel_template, error)) from error

    def blocks(self, channel_template: str, context: Mapping[str, object]) -> Mapping[str, str]:
        """Return each block of the template filled in and stripped; raise BadInput with file and line."""
        template = self._template(channel_template)
        try:
            return {name: self._block(template, name, context) for name in template.blocks}
        except Exception as error:  # see render
            raise BadInput(self._problem(channel_template, error)) from error

    def asks_for(self, channel_template: str, name: str) -> bool:
        """Tell whether the template has a place for something; raise BadInput where it cannot be read."""
        self._template(channel_template)
        source, _, _ = FileSystemLoader(self._folder).get_source(self._jinja, f"{channel_template}.j2")
        return name in find_undeclared_variables(self._jinja.parse(source))

    def lines(self, channel_template: str) -> tuple[tuple[str, int, str], ...]:
        """Return (file, line, text) of the template's lines as they are written, without the blank ones."""
        text = (self._folder / f"{channel_template}.j2").read_text(encoding="utf-8")
        file = self._file(channel_template)
        return tuple((file, number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip())

    def _block(self, template: Template, name: str, context: Mapping[str, object]) -> str:
        try:
            return "".join(template.blocks[name](template.new_context(dict(context)))).strip()
        except Exception:  # raised again at once, with the template's own line numbers
            self._jinja.handle_exception()

    def _template(self, name: str) -> Template:
        try:
            return self._jinja.get_template(f"{name}.j2")
        except TemplateNotFound as error:
            missing = Problem(rule="unknown-template", file=self._file(name), message="chưa có mẫu lời đăng cho kênh này")
            raise BadInput(missing) from error
        except TemplateError as error:
            raise BadInput(self._problem(name, error)) from error

    def _problem(self, name: str, error: Exception) -> Problem:
        line = error.lineno if isinstance(error, TemplateSyntaxError) else _line_of(error)
        return Problem(rule="wrong-expression", file=self._file(name), line=line, message=f"mẫu lời đăng viết sai: {error}")

    def _file(self, name: str) -> str:
        return relative_name(self._folder / f"{name}.j2", self._root)


def _line_of(error: Exception) -> int | None:
    """Return the line of the template where it failed; Jinja gives its frames the template's own line numbers."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(".j2")]
    return lines[-1] if lines else None
