"""The words of a page's template, found in its source: what stands between tags, what people read in attributes, and literals.

The Vietnamese words are the keys: `Đã đăng {0} trên {1} lượt`, the values of a sentence numbered in their order.
A tag, a statement and a macro that draws something end a sentence; white space counts as one blank.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

Lexer = Callable[[str], Iterable[tuple[int, str, str]]]  # a template's source as (line, kind, text), nothing left out
READ = frozenset({"title", "aria-label", "aria-description", "aria-valuetext", "placeholder", "alt", "label", "data-label"})
VIETNAMESE = re.compile(
    "[àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ]", re.IGNORECASE
)
_LETTER = re.compile(r"[^\W\d_]")
_PLACE = re.compile(r"\{(\d+)(?::\w+)?\}")
_ATTRIBUTE = re.compile(r"""([\w:-]+)\s*=\s*(["'])""")
_MACROS = re.compile(
    r"\{%-?\s*(?:from\s.*?import\s+(.*?)(?:\s+with(?:out)?\s+context)?|macro\s+(\w+)\s*\(.*?)\s*-?%\}", re.DOTALL
)
_LITERAL = re.compile(r'"(?:[^"\\]|\\.)*"' + r"|'(?:[^'\\]|\\.)*'", re.DOTALL)
_CODE = frozenset({"script", "style"})
_AS_TYPED = frozenset({"code", "kbd"})
_EDGE = re.compile(r"^(\s*)(.*?)(\s*)$", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a sentence is in the other language: one form, or two where the first value is a count."""

    one: str
    many: str = ""  # empty where both are the same

    def of(self, count: str) -> str:
        """Return the form for a count as it is written."""
        return self.one if not self.many or count == "1" else self.many


Book = Mapping[str, Said]


@dataclass
class Page:
    """A template on its way into another language; `own` are the expressions of it that carry the desk's own words."""

    lex: Lexer
    book: Book
    own: tuple[str, ...] = ()
    found: list[str] = field(default_factory=list)  # every key, in the order of the page
    _out: list[str] = field(default_factory=list)
    _run: list[tuple[bool, str]] = field(default_factory=list)  # (is it a value, text)
    _state: str = "text"  # or "tag", "value", "code"
    _attribute: str = ""
    _quote: str = ""
    _tag: str = ""

    def translated(self, source: str) -> str:
        """Return the template with its words in the other language; a sentence that the book lacks stays as it is."""
        drawing = frozenset({"icon", *_macros(source)})
        for kind, text in _parts(self.lex(source)):
            if kind == "data":
                self._data(text)
            elif kind == "value" and self._is_read() and not _calls(text, drawing):
                self._run.append((True, text))
            else:
                self._flush()
                self._out.append(text if kind == "comment" else self._code(text, kind))
        self._flush()
        return "".join(self._out)

    def _is_read(self) -> bool:
        return self._state == "text" or (self._state == "value" and self._attribute in READ)

    def _data(self, text: str) -> None:
        at = 0
        while at < len(text):
            at = getattr(self, f"_in_{self._state}")(text, at)

    def _in_text(self, text: str, at: int) -> int:
        end = text.find("<", at)
        self._run.append((False, text[at:] if end < 0 else text[at:end]))
        if end < 0:
            return len(text)
        self._flush()
        name = re.compile(r"</?([a-zA-Z][\w-]*)|<!").match(text, end)
        self._tag, self._state = (name[1] or "").lower() if name else "", "tag"
        self._out.append("<")
        return end + 1

    def _in_tag(self, text: str, at: int) -> int:
        attribute, end = _ATTRIBUTE.search(text, at), text.find(">", at)
        if attribute and (end < 0 or attribute.start() < end):
            self._out.append(text[at : attribute.end()])
            self._attribute, self._quote, self._state = attribute[1], attribute[2], "value"
            return attribute.end()
        if end < 0:
            self._out.append(text[at:])
            return len(text)
        self._out.append(text[at : end + 1])
        opened = self._tag in _CODE and not text[:end].rstrip().endswith("/") and "</" not in text[max(0, at - 2) : at]
        self._state = "code" if opened else "text"
        return end + 1

    def _in_code(self, text: str, at: int) -> int:
        end = text.find(f"</{self._tag}", at)
        self._out.append(text[at:] if end < 0 else text[at : end])
        if end < 0:
            return len(text)
        self._tag, self._state = "", "tag"
        self._out.append("</")
        return end + 2

    def _in_value(self, text: str, at: int) -> int:
        end = text.find(self._quote, at)
        part = text[at:] if end < 0 else text[at:end]
        if self._attribute in READ:
            self._run.append((False, part))
        else:
            self._out.append(part)
        if end < 0:
            return len(text)
        self._flush()
        self._out.append(self._quote)
        self._state = "tag"
        return end + 1

    def _flush(self) -> None:
        """Put out the sentence that has come together, in the other language where it is one."""
        run, self._run = self._run, []
        values = [text for is_value, text in run if is_value]
        numbers = iter(range(len(values)))
        whole = "".join(f"{{{next(numbers)}}}" if is_value else text for is_value, text in run)
        before, middle, after = _edges(whole)
        key = " ".join(middle.split())
        if not self._is_said(key):
            self._out += (self._code(text, "value") if is_value else text for is_value, text in run)
            return
        self.found.append(key)
        values = [self._code(value, "value") for value in values]
        said = self.book.get(key)
        if said is None:
            self._out += (values.pop(0) if is_value else text for is_value, text in run)
            return
        one, many = (_PLACE.sub(lambda place: values[int(place[1])], form) for form in (said.one, said.many))
        if many:
            one = f'{{% if ("" ~ ({_inner(values[0])})) == "1" %}}{one}{{% else %}}{many}{{% endif %}}'
        self._out += (before, one, after)

    def _is_said(self, key: str) -> bool:
        """Tell whether a text is words: one without a Vietnamese letter may be the name of a class, or a command."""
        plain = _PLACE.sub("", key)
        first = _LETTER.search(plain)
        if first is None:
            return False
        if '="' in plain:
            return False
        named = (first[0].isupper() or plain != key) and len(plain) > 1 and self._tag not in _AS_TYPED
        return bool(VIETNAMESE.search(plain)) or named or key in self.book

    def _code(self, text: str, kind: str) -> str:
        """Return a value or statement with its literals in the other language, and its own words marked to be said."""
        return self._marked(_LITERAL.sub(self._literal, text), kind) if kind in ("value", "statement") else text

    def _literal(self, literal: re.Match[str]) -> str:
        before, middle, after = _edges(literal[0][1:-1])
        is_key = bool(VIETNAMESE.search(middle)) or (middle[:1].isupper() and middle in self.book)
        if not is_key:
            return literal[0]
        self.found.append(middle)
        said = self.book.get(middle)
        return f'"{before}{said.one}{after}"' if said else literal[0]

    def _marked(self, text: str, kind: str) -> str:
        head = ""
        if kind == "statement":
            split = re.match(r"\{%-?\s*(?:for\s.*?\sin\s|set\s+\w+\s*=|with\s+\w+\s*=)", text, re.DOTALL)
            if split is None:
                return text
            head, text = text[: split.end()], text[split.end() :]
        for each in self.own:
            text = re.sub(rf"(?<![\w.]){re.escape(each)}(?![\w(.]|\s*=[^=]|\s*\|\s*said)", f"({each}|said)", text)
        return head + text


def _macros(source: str) -> Iterator[str]:
    for imported, own in _MACROS.findall(source):
        yield from (name.split()[-1] for name in imported.split(",") if name.strip())
        if own:
            yield own


def _calls(value: str, macros: frozenset[str]) -> bool:
    name = re.match(r"\{\{-?\s*(\w+)\s*\(", value)
    return bool(name and name[1] in macros)


def _inner(value: str) -> str:
    return re.sub(r"^\{\{-?\s*|\s*-?\}\}$", "", value)


def _edges(text: str) -> tuple[str, str, str]:
    found = _EDGE.match(text)
    assert found
    return found[1], found[2], found[3]


def _parts(tokens: Iterable[tuple[int, str, str]]) -> Iterator[tuple[str, str]]:
    """Yield data, values, statements and comments, each whole."""
    ends = {"variable_begin": ("variable_end", "value"), "block_begin": ("block_end", "statement"),
            "comment_begin": ("comment_end", "comment")}  # fmt: skip
    end, kind, held = "", "", ""
    for _, token, text in tokens:
        if end:
            held += text
            if token == end:
                yield kind, held
                end, held = "", ""
        elif token in ends:
            (end, kind), held = ends[token], text
        else:
            yield ("data" if token == "data" else "comment"), text
