"""YAML 1.2 read into a pydantic model, with every mistake reported by file, line and key.

YAML 1.2 because under 1.1 `18:00` is the number 1080 and `no` is false.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Generic, TypeVar
from unicodedata import normalize

from pydantic import BaseModel, ConfigDict, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import ConstructorError, RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode
from ruamel.yaml.reader import ReaderError
from ruamel.yaml.scalarstring import FoldedScalarString, LiteralScalarString

from editorial.problem import BadInput, Problem
from reading.complaint import complaint
from reading.key_path import KeyPath
from reading.plain_yaml import read_plainly
from reading.source import read_text, relative_name
from reading.yaml_fault import yaml_fault

MOST_NODES = 100_000  # aliases can make a small file explode; no honest file has this many values
MOST_DEEP = 60  # levels inside one another: far more than any file of ours has, far fewer than Python's own calls can go
KEPT_TEXTS, KEPT_LENGTH = 512, 200_000  # what a process remembers: an office is read again and again while one file of it changes


class Record(BaseModel):
    """Be the base of every model of a workspace file: unknown keys are refused, values are frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, allow_inf_nan=False, defer_build=True)


Model = TypeVar("Model", bound=BaseModel, covariant=True)


@dataclass(frozen=True, kw_only=True)
class Document(Generic[Model]):
    """A file that was read: its value, and where each key of it stands."""

    file: str
    value: Model
    lines: Mapping[KeyPath, int] = field(repr=False)

    def place(self, *path: str | int) -> tuple[str, int, str]:
        """Return (file, line, dotted key) of a key path; of its nearest parent where the key is absent."""
        return self.file, line_of(self.lines, path), dotted(path)

    def problem(self, rule: str, message: str, *path: str | int) -> Problem:
        """Return an error at a key path of this file."""
        file, line, key = self.place(*path)
        return Problem(rule=rule, message=message, file=file, line=line, key=key or None)


@dataclass(frozen=True, kw_only=True)
class Tree:
    """Plain values of a YAML text and the line (from 1) of each key path."""

    file: str
    value: object
    lines: Mapping[KeyPath, int]


def dotted(path: KeyPath) -> str:
    """Return a key path as people write it: `days[3].name.vi`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def line_of(lines: Mapping[KeyPath, int], path: KeyPath) -> int:
    """Return the line of a key path, or of its nearest parent that has one."""
    for length in range(len(path), -1, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return 1


def read_yaml(path: Path, model: type[Model], root: Path) -> Document[Model]:
    """Return the file as a validated model; raise BadInput with every problem found in it."""
    return validate(parse_tree(read_text(path, root), relative_name(path, root)), model)


def validate(tree: Tree, model: type[Model]) -> Document[Model]:
    """Return the tree as a model; raise BadInput with one problem a mistake."""
    try:
        value = model.model_validate(tree.value)
    except ValidationError as error:
        raise BadInput(*_problems(tree, model, error)) from error
    return Document(file=tree.file, value=value, lines=tree.lines)


def parse_tree(text: str, file: str, first_line: int = 1) -> Tree:
    """Return the plain values of a YAML text that starts at `first_line` of its file; raise BadInput when it is not YAML."""
    values, lines = (_kept if len(text) <= KEPT_LENGTH else _parsed)(text, file, first_line)
    return Tree(file=file, value=marshal.loads(values), lines=lines)  # values of its own: whoever asks may change them


def _parsed(text: str, file: str, first_line: int) -> tuple[bytes, Mapping[KeyPath, int]]:
    """Return the values, packed, and the line of each key path: to parse them takes many times as long as to unpack them."""
    found = read_plainly(text, most_nodes=MOST_NODES, most_deep=MOST_DEEP)
    if found is None:
        return slowly(text, file, first_line)
    values: Any = found[0]
    lines = found[1]
    return marshal.dumps(values), {path: first_line + line for path, line in lines.items()}


def slowly(text: str, file: str, first_line: int) -> tuple[bytes, Mapping[KeyPath, int]]:
    """Return the same by a reader that takes everything that is YAML 1.2 and says where each mistake stands."""
    reader = YAML(typ="rt", pure=True)
    reader.version = (1, 2)
    reader.Constructor = _Constructor
    reader.composer.warn_double_anchors = False  # an anchor may be given anew in YAML, and its alias means the nearest above
    try:
        root = reader.load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + (mark.line if mark else 0)
        message = yaml_fault(str(error.problem or error.context))
        raise BadInput(Problem(rule="yaml-syntax", file=file, line=line, message=message)) from error
    except ReaderError as error:
        line = first_line + text.count("\n", 0, error.position)
        raise BadInput(Problem(rule="yaml-syntax", file=file, line=line, message=yaml_fault(str(error.reason)))) from error
    except (NotImplementedError, AssertionError) as error:  # ruamel found no place for a remark
        message = "có chú thích (#) ở chỗ không đọc được; hãy để mỗi chú thích trên một dòng riêng, phía trên khóa"
        raise BadInput(Problem(rule="yaml-remark", file=file, line=first_line, message=message)) from error
    except RecursionError as error:
        raise BadInput(_too_deep(file, first_line)) from error
    except (YAMLError, ValueError, ArithmeticError) as error:
        raise BadInput(Problem(rule="yaml-syntax", file=file, line=first_line, message="không đọc được tệp YAML này")) from error
    lines: dict[KeyPath, int] = {(): first_line}
    plain: Any = _Plain(lines, first_line, file).of(CommentedMap() if root is None else root, ())
    return marshal.dumps(plain), lines


_kept = lru_cache(maxsize=KEPT_TEXTS)(_parsed)


class _Constructor(RoundTripConstructor):
    """Leave dates as they were written: whether 2026-02-30 is a day is for the model to say, at its key.

    Keys are words: a list, a mapping or several lines as a key is YAML, but no file of ours means it, and some of them cannot be
    kept in a dict.
    """

    def construct_mapping(self, node: MappingNode, maptyp: CommentedMap, deep: bool = False) -> None:  # type: ignore[override]
        for key, _ in node.value:
            if not isinstance(key, ScalarNode) or len(key.value.splitlines()) > 1:
                raise ConstructorError(problem="found unhashable key", problem_mark=key.start_mark)
        super().construct_mapping(node, maptyp, deep=deep)

    def construct_object(self, node: Node, deep: bool = False) -> object:
        """Make the value, or say at which line it stands: a type of YAML's own that its words are not, such as `!!bool vui`."""
        try:
            return super().construct_object(node, deep=deep)
        except (LookupError, TypeError, AttributeError, ValueError, ArithmeticError) as error:
            raise ConstructorError(problem="wrong value for its tag", problem_mark=node.start_mark) from error


_Constructor.add_constructor("tag:yaml.org,2002:timestamp", RoundTripConstructor.construct_scalar)


class _Plain:
    """Turn ruamel's containers into plain ones, noting the line of each key."""

    def __init__(self, lines: dict[KeyPath, int], first_line: int, file: str) -> None:
        self._lines = lines
        self._first_line = first_line
        self._file = file
        self._nodes = 0

    def of(self, node: object, path: KeyPath) -> object:
        self._count()
        if len(path) > MOST_DEEP:
            raise BadInput(_too_deep(self._file, line_of(self._lines, path)))
        if isinstance(node, CommentedMap):
            lines = {key: _line_of_key(node, key) for key in node}
            return {str(key): self._member(lines[key], value, (*path, str(key))) for key, value in node.items()}
        if isinstance(node, CommentedSeq):
            lines = {index: node.lc.item(index)[0] for index in range(len(node))} if node.lc.data else {}
            return [self._member(lines.get(index, node.lc.line), value, (*path, index)) for index, value in enumerate(node)]
        return self._scalar(node, path)

    def _member(self, line: int, value: object, path: KeyPath) -> object:
        self._lines[path] = self._first_line + line + _is_line_below(value)
        return self.of(value, path)

    def _scalar(self, node: object, path: KeyPath) -> object:
        """Return a plain scalar: ruamel's subclasses keep formatting that nobody needs and pydantic's strict types refuse."""
        for plain in (bool, int, float, str):
            if isinstance(node, plain):
                # the file is in NFC already, but "e\u0302\u0301" becomes two marks on a letter only now
                return normalize("NFC", str(node)) if isinstance(node, str) else plain(node)
        if node is None:
            return None
        place = (self._file, line_of(self._lines, path) if path else self._first_line, dotted(path) or None)
        said = "không dùng kiểu riêng của YAML (!, !!) ở đây; nếu là chữ, hãy đặt trong dấu nháy"
        raise BadInput(Problem(rule="wrong-type", file=place[0], line=place[1], key=place[2], message=said))

    def _count(self) -> None:
        self._nodes += 1
        if self._nodes > MOST_NODES:
            raise BadInput(Problem(rule="yaml-too-large", file=self._file, message="tệp có quá nhiều giá trị; hãy chia nhỏ"))


def _too_deep(file: str, line: int) -> Problem:
    return Problem(rule="yaml-too-deep", file=file, line=line, message="có quá nhiều tầng lồng trong nhau; hãy viết gọn lại")


def _is_line_below(value: object) -> bool:
    """Tell whether a text of one line stands below its key, behind `|` or `>`: what is wrong in it is wrong there."""
    return isinstance(value, LiteralScalarString | FoldedScalarString) and "\n" not in value.strip("\n")


def _line_of_key(node: CommentedMap, key: object) -> int:
    """Return the line of a key, from 0; of the mapping where the key came in by a merge (<<) and stands elsewhere."""
    return int(node.lc.key(key)[0]) if key in (node.lc.data or {}) else int(node.lc.line)


def _problems(tree: Tree, model: type[BaseModel], error: ValidationError) -> Iterator[Problem]:
    for path, rule, message in complaints(error, model, partial(_shown, tree.value)):
        yield Problem(rule=rule, message=message, file=tree.file, line=line_of(tree.lines, path), key=dotted(path) or None)


def complaints(
    error: ValidationError, model: type[BaseModel], place: Callable[[KeyPath, bool], KeyPath]
) -> Iterator[tuple[KeyPath, str, str]]:
    """Yield (place, rule, message), one a place: where a value may be of several kinds, pydantic finds a fault with each of them.

    `place` is given the path of a fault, in which names of kinds stand that nobody wrote, and whether its last key is missing; it
    returns where in the file that is.
    """
    faults: dict[KeyPath, list[Mapping[str, object]]] = {}
    of_some_kind = set[KeyPath]()
    for fault in error.errors(include_url=False):
        path = tuple(part for part in fault["loc"] if isinstance(part, str | int))
        shown = place(path, fault["type"] == "missing")
        if shown[-1:] != path[-1:]:
            of_some_kind.add(shown)
        faults.setdefault(shown, []).append(fault)
    for path, together in faults.items():
        rule, message = complaint(together, model)
        if not ((rule == "empty" or path in of_some_kind) and _holds_another(path, faults)):
            yield path, rule, message


def _holds_another(path: KeyPath, found: Collection[KeyPath]) -> bool:
    """Tell whether a mistake stands deeper in the same value: a list that is called empty since its faulty members were dropped,
    and a value that is not of the other kinds that it might have been, are its echoes."""
    return any(other != path and other[: len(path)] == path for other in found)


def _shown(value: object, path: KeyPath, missing: bool) -> KeyPath:
    """Return the part of the path that stands in the file, and the key that is missing there."""
    found: list[str | int] = []
    for part in path:
        if not _has(value, part):
            continue
        value = value[part]  # type: ignore[index]  # _has has just looked
        found.append(part)
    return (*found, *path[-1:]) if missing else tuple(found)


def _has(value: object, part: str | int) -> bool:
    if isinstance(value, dict):
        return part in value
    return isinstance(value, list) and isinstance(part, int) and part < len(value)
