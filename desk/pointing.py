"""The line of a designer's own file that a problem of a picture comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from editorial.problem import BadInput, Problem
from reading.document import Tree, dotted, line_of, parse_tree
from reading.key_path import KeyPath
from reading.source import read_text, relative_name

# what is said of a field of the data; everything else is said of a layer, even where both have one name. A list in the data
# and the layer that shows it may both have too many rows.
_OF_DATA = frozenset(
    {
        "missing-field",
        "wrong-type",
        "wrong-date",
        "too-long",
        "too-long-clip",
        "too-many-marks",
        "unsafe-address",
        "too-few",
        "too-many",
        "unknown-field",
        "missing-picture",
        "unreadable-picture",
        "small-picture",
        "missing-voice",
        "unreadable-voice",
        "silent-voice",
        "voice-too-long",
    }
)


@dataclass(frozen=True, kw_only=True)
class Sources:
    """The files behind a picture; `section` is the key under which a file of several samples has this picture's data."""

    template: Tree
    data: Tree
    section: str | None = None

    def placed(self, problem: Problem) -> Problem:
        """Return the problem with file, line and key, where one of the files has its key."""
        if problem.file is not None:
            return problem
        if problem.rule == "wrong-expression":
            return self._in_template(problem)
        layer = self._layer(problem.key or "")
        in_data = problem.rule in _OF_DATA and not (problem.rule == "too-many" and layer and self._data(problem) is None)
        if in_data:
            return self._in_data(problem)
        return problem if layer is None else replace(problem, file=self.template.file, line=self.template.lines[layer])

    def _in_template(self, problem: Problem) -> Problem:
        """Return the problem of a Jinja text at the key where it is written; its own key is that text."""
        places = (path for path, value in leaves(self.template.value) if value and _is_written(value, problem.key or ""))
        path = next(places, None)
        if path is None:
            return problem
        return replace(problem, file=self.template.file, line=self.template.lines[path], key=dotted(path))

    def _in_data(self, problem: Problem) -> Problem:
        start: KeyPath = (self.section,) if self.section else ()
        path = self._data(problem)
        line = line_of(self.data.lines, start if path is None else path)
        key = dotted(path) if path is not None else ".".join(part for part in (self.section, problem.key) if part)
        return replace(problem, file=self.data.file, line=line, key=key)

    def _data(self, problem: Problem) -> KeyPath | None:
        """Return where the data has the key, or the picture of that name."""
        start = f"{self.section}." if self.section else ""
        for path in self.data.lines:
            if dotted(path) == f"{start}{problem.key}":
                return path
        named = (
            path for path, value in leaves(self.data.value) if problem.rule.endswith("-picture") and _same(value, problem.key)
        )
        return next((path for path in named if not self.section or path[0] == self.section), None)

    def _layer(self, key: str) -> KeyPath | None:
        """Return the place of the layer that a key names, `headline` or `opening.headline`."""
        places = {value: path[:-1] for path, value in leaves(self.template.value) if path and path[-1] == "id"}
        return next((places[name] for name in reversed(key.split("[")[0].split(".")) if name in places), None)


def _is_written(value: object, expression: str) -> bool:
    """Return whether a value is a Jinja text, or a bare expression as it is put into one."""
    return isinstance(value, str) and expression in (value, "{% if " + value + " %}1{% endif %}")


def _same(value: object, name: str | None) -> bool:
    return name is not None and (value == name or str(value).endswith(f"/{name}"))


def leaves(value: object, path: KeyPath = ()) -> Iterator[tuple[KeyPath, object]]:
    """Yield every plain value of a tree with its path."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from leaves(inner, (*path, str(key)))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, (*path, index))
    else:
        yield path, value


def read_tree(path: Path, root: Path) -> Tree:
    """Return a YAML or JSON file as a tree; raise BadInput where it cannot be read."""
    return parse_tree(read_text(path, root), relative_name(path, root))


def sample_sources(folder: Path, root: Path, sample: str) -> Sources:
    """Return the files behind a picture of a template's own sample; a sample.yaml that cannot be read has no lines."""
    return Sources(template=read_tree(folder / "template.yaml", root), data=_samples(folder, root), section=sample)


def _samples(folder: Path, root: Path) -> Tree:
    try:
        return read_tree(folder / "sample.yaml", root)
    except BadInput:
        return Tree(file=relative_name(folder / "sample.yaml", root), value={}, lines={(): 1})
