"""Alt text proposed from what a picture shows: its words, its figures with their units, what is drawn, and its source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from studio.contract import ROWS, Fields, Row, context_of, language_of
from studio.number import Figure

MOST_LETTERS = 420  # a screen reader takes half a minute for them
_ASIDE = frozenset({"unit", "office", "kicker", "date_line"})  # said with something else, or only where there is room
_UNREAD = frozenset({"icon", "image", "photo", "art", "logo"})  # columns that are seen and not read
_SOURCE = {"vi": "Nguồn: {}", "en": "Source: {}"}
_DRAWN = {"vi": "Hình vẽ: {}", "en": "Drawing: {}"}
_MOVES = {"vi": "Đoạn phim. ", "en": "Video. "}
_MORE = {"vi": "và {} mục nữa", "en": "and {} more"}
_ENDS = (".", "!", "?", "…", ".”", "!”", "?”")


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A proposed alt text: as people hear it, and as it is written down, with its facts quoted and never retyped."""

    text: str
    source: str


@dataclass(frozen=True, kw_only=True)
class _Sentence:
    """One thing to say, in parts of which the last may be left out; a smaller `rank` is said before there is no room."""

    rank: int
    parts: tuple[str, ...]
    frame: str = "{}"
    probe: str = ""  # what the picture must show for this to be said; empty where nothing is to be read


def propose(
    fields: Fields,
    data: Mapping[str, object],
    written: Mapping[str, object],
    shown: Sequence[str],
    pictures: Mapping[str, str],
    *,
    moves: bool = False,
) -> Proposal:
    """Return the alt text of a template with data; `written` is the same data with its facts still quoted.

    `shown` are the texts in the picture; what it leaves out is not said. `pictures` tells what is drawn, by name in the data.
    """
    language = language_of(data)
    start = _MOVES[language] if moves else ""
    spoken, quoted = (tuple(_sentences(fields, each, pictures)) for each in (data, written))
    chosen = _chosen(spoken, _letters(" ".join(shown)), MOST_LETTERS - len(start), language)
    return Proposal(text=start + _told(spoken, chosen, language), source=start + _told(quoted, chosen, language))


def _sentences(fields: Fields, data: Mapping[str, object], pictures: Mapping[str, str]) -> Iterator[_Sentence]:
    """Yield what there is to say, in the order of the contract, drawing and source last."""
    language, context = language_of(data), context_of(fields, data)
    figure = " ".join(_plain(context[name]) for name in fields if fields[name].type == "figure" or name == "unit").strip()
    for name, field in fields.items():
        value = context[name]
        if not value or name in ("source", "unit", "office") or name.endswith("_label"):
            continue
        if field.type in ROWS and field.type != "map" and isinstance(value, list):
            rows = tuple(_row(row, context) for row in value)
            yield _Sentence(rank=2, parts=tuple(row for row in rows if row), probe=_first(value[0]))
        elif field.type in ("text", "date"):
            text = f"{figure} {_plain(value)}".strip() if name == "headline" else _plain(value)
            rank = 5 if name in _ASIDE else 0 if field.required else 3
            yield _Sentence(rank=rank, parts=(text,), probe=_plain(value))
    for name, field in fields.items():
        drawn = pictures.get(str(data.get(name))) if field.type == "image" else None
        if drawn:
            yield _Sentence(rank=4, parts=(drawn,), frame=_DRAWN[language])
    if context.get("source"):
        credit = _plain(context["source"])
        yield _Sentence(rank=1, parts=(credit,), frame=_SOURCE[language], probe=credit)


def _row(row: object, context: Mapping[str, object]) -> str:
    """Return a row of a list as one phrase, in the order of its columns: `126 wards in the city`, `north: 12 km`."""
    if not isinstance(row, Row):
        return _plain(row)
    cells = [(name, value, _plain(value)) for name, value in row.cells.items() if name not in _UNREAD and _plain(value)]
    figures = [text for name, value, text in cells if isinstance(value, Figure) or name == "unit"]
    texts = [_under_its_head(text, context.get(f"{name}_label")) for name, value, text in cells if text not in figures]
    if figures and isinstance(cells[0][1], Figure):
        return " ".join((*figures, ", ".join(texts))).strip()
    if figures:
        return ": ".join((", ".join(texts), " ".join(figures)))
    return ": ".join(part for part in (*texts[:1], ", ".join(texts[1:])) if part)


def _under_its_head(text: str, head: object) -> str:
    return f"{text} ({_plain(head)})" if head else text


def _first(row: object) -> str:
    """Return what a picture shows of a row in any layout: its figure, or else its first text."""
    cells = list(row.cells.values()) if isinstance(row, Row) else [row]
    return next((_plain(cell) for cell in cells if isinstance(cell, Figure)), _plain(cells[0]) if cells else "")


def _plain(value: object) -> str:
    """Return a text on one line, without marks of emphasis and without its full stop."""
    text = " ".join(str(value).replace("\u00a0", " ").replace("**", "").split())
    return text.removesuffix(".") if not text.endswith("..") else text


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _chosen(sentences: Sequence[_Sentence], shown: str, room: int, language: str) -> dict[int, int]:
    """Return which sentences are said and how many parts of each, the most needed first, as long as there is room."""
    chosen: dict[int, int] = {}
    for index in sorted(range(len(sentences)), key=lambda index: (sentences[index].rank, index)):
        sentence = sentences[index]
        if _letters(sentence.probe) not in shown:
            continue
        for count in range(len(sentence.parts), 0, -1):
            if len(_told(sentences, {**chosen, index: count}, language)) <= room:
                chosen[index] = count
                break
    return chosen


def _told(sentences: Sequence[_Sentence], chosen: Mapping[int, int], language: str) -> str:
    return " ".join(_whole(sentences[index], chosen[index], language) for index in sorted(chosen))


def _whole(sentence: _Sentence, count: int, language: str) -> str:
    left = len(sentence.parts) - count
    parts = [*sentence.parts[:count], *([_MORE[language].format(left)] if left else [])]
    text = sentence.frame.format("; ".join(parts))
    text = text[:1].upper() + text[1:]
    return text if text.endswith(_ENDS) else text + "."
