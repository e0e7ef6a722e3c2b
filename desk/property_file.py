"""The file of an entry with other properties: these keys say otherwise, and every other letter stays as a person wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from desk.property_words import (
    FACT_KEYS,
    NAMES,
    NUMBERS,
    REPEAT_KEYS,
    REQUIRED,
    FactWords,
    Properties,
    cleaned,
    is_ambiguous,
    written_properties,
)
from editorial.calendar import Catalogue
from editorial.clock import OFFICE_ZONE
from editorial.date_expression import parse
from editorial.entry import Entry, Form, MediaOrder
from editorial.fact_rule import read_number
from editorial.message import Message
from editorial.problem import BadInput, Problem
from editorial.recurrence import occurrences
from editorial.repeat import PERIOD_ANCHOR
from editorial.tone import Tone
from reading.amending import Scalar, Value, amended
from reading.key_path import KeyPath
from store.entry_text import EntryText

_WHOLE = re.compile(r"(?:0|[1-9]\d{0,8})", re.ASCII)
_FACT_ID = re.compile(r"[a-z][a-z0-9_]*")
_ASKED = {"week": ("weekday",), "month": ("day",), "quarter": ("day",), "year": ("day", "month"), "occasion": ("anchor",)}
_REPEAT_WORDS = {"from": "ngày bắt đầu", "until": "ngày cuối", "weekday": "thứ", "day": "ngày", "month": "tháng", "anchor": "dịp"}
Changes = dict[str, list[tuple[KeyPath, Value]]]  # by language, in the order in which they are written


def with_properties(text: EntryText, typed: Properties, catalogue: Catalogue, now: datetime) -> EntryText:
    """Return the files' text with these properties in it and everything else as it was.

    What is said for a channel that is taken away goes with it, in every language. Raise BadInput, its problems at their keys,
    where a property cannot be, or where only a person can write it.
    """
    entry = text.read().entry
    before = written_properties(entry)
    wanted = cleaned(typed, before)
    missing = tuple(_missing(wanted, before))
    if missing:
        raise BadInput(*missing)
    timed = _timed(entry, before, wanted, catalogue, now)
    changes = _changes(entry, before, wanted, timed)
    made = dict(text.texts)
    for language, values in changes.items():
        for path, value in values:
            made[language] = _amended(made[language], _file(text.name, language), path, value)
    after = EntryText(name=text.name, texts=made)
    read = after.read().entry
    if written_properties(read) != wanted or read != _meant(entry, wanted, timed, read):
        message = "chưa ghi được đúng như đã chọn; hãy mở tệp và tự sửa chỗ này"  # never a file that says anything else
        raise BadInput(Problem(rule="cannot-write", file=_file(text.name, "vi"), key=_first_key(before, wanted), message=message))
    return after


def _first_key(before: Properties, wanted: Properties) -> str:
    return next((name for name in NAMES if getattr(before, name) != getattr(wanted, name)), "channels")


def _amended(text: str, file: str, path: KeyPath, value: Value) -> str:
    try:
        return amended(text, file, {path: value})
    except BadInput as error:
        if path[0] != "media" or value is not None:
            raise
        message = (
            "ảnh hay clip chỉ dành cho kênh bị bỏ là khuôn mà hình khác trong tệp lấy theo (dấu & và *); hãy mở tệp, "
            "chép phần data ấy sang hình còn lại rồi bỏ kênh"
        )
        raise BadInput(Problem(rule="cannot-write", file=file, key="channels", message=message)) from error


def _file(name: str, language: str) -> str:
    return f"content/{name}.md" if language == "vi" else f"content/{name}.{language}.md"


def _missing(wanted: Properties, before: Properties) -> Iterator[Problem]:
    for key, what in REQUIRED.items():
        if not getattr(wanted, key):
            yield Problem(rule="missing-text", key=key, message=f"hãy chọn {what}")
    if not wanted.channels:
        yield Problem(rule="missing-text", key="channels", message="hãy chọn ít nhất một kênh")
    asked = ("from", "until", *_ASKED.get(wanted.repeat.get("every", ""), ())) if wanted.repeat else ()
    for key in asked:
        if key not in wanted.repeat:
            yield Problem(rule="missing-text", key=f"repeat.{key}", message=f"hãy ghi {_REPEAT_WORDS[key]} của chuỗi lặp lại")
    for index, fact in enumerate(wanted.facts):
        yield from _missing_of(fact, index, {each.id for each in wanted.facts[:index]})
        if is_ambiguous(fact) and fact not in before.facts:
            plain = fact.value.replace(".", "").replace(",", "")
            message = f"“{fact.value}” đọc được hai cách; hãy ghi {plain}, hoặc bỏ số 0 cuối nếu là số lẻ"
            yield Problem(rule="wrong-value", key=f"facts[{index}].value", message=message)


def _missing_of(fact: FactWords, index: int, taken: set[str]) -> Iterator[Problem]:
    place = f"facts[{index}]"
    if not _FACT_ID.fullmatch(fact.id) or len(fact.id) > 60:
        message = "mã dữ kiện bắt đầu bằng chữ, chỉ gồm chữ thường không dấu, chữ số và gạch dưới, ví dụ so_gian_hang"
        yield Problem(rule="bad-id", key=f"{place}.id", message=message)
    elif fact.id in taken:
        yield Problem(rule="duplicate-fact", key=f"{place}.id", message=f"đã có dữ kiện “{fact.id}” ở trên; hãy đặt mã khác")
    if not fact.value:
        yield Problem(rule="missing-text", key=f"{place}.value", message="hãy ghi giá trị")
    if not fact.source:
        yield Problem(rule="missing-text", key=f"{place}.source", message="hãy ghi nguồn: số liệu lấy ở văn bản, cơ quan nào")


# what the file says otherwise


@dataclass(frozen=True, kw_only=True)
class _Timing:
    """When an entry goes out once it begins to repeat, or ends to: a series counts from its turns, one post has a day."""

    when: str
    moments: Mapping[str, str]


def _timed(entry: Entry, before: Properties, wanted: Properties, catalogue: Catalogue, now: datetime) -> _Timing:
    moments = {channel: rule for channel, rule in entry.moments.items() if channel in wanted.channels}
    if wanted.repeat and not before.repeat:
        return _Timing(when=_of_turn(entry.when), moments={channel: _of_turn(rule) for channel, rule in moments.items()})
    if before.repeat and not wanted.repeat:
        today = now.astimezone(OFFICE_ZONE).date()
        turns = occurrences(entry, catalogue)
        next_one = next((each for each in turns if (_day_of(each) or date.max) >= today), turns[-1])
        return _Timing(when=next_one.when, moments={channel: next_one.moments[channel] for channel in moments})
    return _Timing(when=entry.when, moments=moments)


def _of_turn(text: str) -> str:
    """Return a rule that moves with the turns: a day of one year says nothing of the next turn."""
    rule = parse(text)
    if rule.fixed is None and rule.year is None:
        return text
    return str(replace(rule, anchor=PERIOD_ANCHOR, year=None, fixed=None, offsets=()))


def _day_of(turn: Entry) -> date | None:
    return parse(turn.when).fixed


def _changes(entry: Entry, before: Properties, wanted: Properties, timed: _Timing) -> Changes:
    made: Changes = {language: [] for language in entry.messages}
    own = made["vi"]
    for key in ("unit", "axis", "group", "tone"):
        if getattr(wanted, key) != getattr(before, key):
            own.append(((key,), getattr(wanted, key)))
    if wanted.form != before.form:
        own.append((("form",), None if wanted.form == Form.COMMUNICATION.value else wanted.form))
    for key in ("campaign", "after"):
        if getattr(wanted, key) != getattr(before, key):
            own.append(((key,), getattr(wanted, key) or None))
    own.extend(_of_channels(entry, before, wanted))
    for language, message in entry.messages.items():
        gone = (channel for channel in message.variants if not _speaks(channel, language, before, wanted))
        made[language].extend((("variants", channel), None) for channel in gone)
    for index, order in reversed(tuple(enumerate(entry.media))):
        for language, path, value in _of_medium(entry, index, order, wanted):
            made[language].append((path, value))
    if timed.when != entry.when:
        own.append((("when",), timed.when))
    for channel, rule in entry.moments.items():
        if timed.moments.get(channel) != rule:
            own.append((("moments", channel), timed.moments.get(channel)))
    own.extend(_of_repeat(before, wanted))
    own.extend(_of_facts(before, wanted))
    return made


def _speaks(channel: str, language: str, before: Properties, wanted: Properties) -> bool:
    """Tell whether what is written for a channel in a language still goes out; what never did is left for the check to tell."""
    was, now = before.languages.get(channel, "vi"), wanted.languages.get(channel, "vi")
    return channel not in before.channels or (channel in wanted.channels and (was == now or language != was))


def _of_channels(entry: Entry, before: Properties, wanted: Properties) -> Iterator[tuple[KeyPath, Value]]:
    for channel, language in wanted.languages.items():
        if before.languages.get(channel) != language:
            yield ("languages", channel), language
    for channel in entry.languages:
        if channel not in wanted.channels or (channel in before.languages and channel not in wanted.languages):
            yield ("languages", channel), None
    if wanted.channels != before.channels:
        yield ("channels",), wanted.channels
    if wanted.uses != before.uses:
        yield ("uses",), wanted.uses or None


def _of_medium(
    entry: Entry, index: int, order: MediaOrder, wanted: Properties
) -> Iterator[tuple[str, KeyPath, Value]]:  # fmt: skip
    kept = _kept_channels(entry, order, wanted)
    if kept == order.channels:
        return
    if kept:
        yield "vi", ("media", index, "channels"), kept
        return
    yield "vi", ("media", index), None
    for language in entry.messages:
        if language != "vi":
            yield language, ("alt", order.id), None
            yield language, ("data", order.id), None


def _kept_channels(entry: Entry, order: MediaOrder, wanted: Properties) -> tuple[str, ...]:
    """Return where a picture or clip still goes; nothing where it was only for what is taken away."""
    return tuple(each for each in order.channels if each in wanted.channels or each not in entry.channels)


def _of_repeat(before: Properties, wanted: Properties) -> Iterator[tuple[KeyPath, Value]]:
    if before.repeat and not wanted.repeat:
        yield ("repeat",), None
    elif wanted.repeat and not before.repeat:
        yield ("repeat",), {key: _bare(value) if key in ("day", "month") else value for key, value in wanted.repeat.items()}
    else:
        for key in REPEAT_KEYS:
            value = wanted.repeat.get(key)
            if value != before.repeat.get(key):
                yield ("repeat", key), None if value is None else _bare(value) if key in ("day", "month") else value


def _bare(text: str) -> Scalar:
    return int(text) if _WHOLE.fullmatch(text) else text


def _of_facts(before: Properties, wanted: Properties) -> Iterator[tuple[KeyPath, Value]]:
    old, new = {fact.id: fact for fact in before.facts}, {fact.id: fact for fact in wanted.facts}
    for id, fact in new.items():
        if id not in old:
            yield ("facts", id), {key: _fact_scalar(fact, key) for key in fact.said}
            continue
        for key in FACT_KEYS:
            value = getattr(fact, key)
            if value != getattr(old[id], key) or (key == "value" and fact.kind != old[id].kind):
                yield ("facts", id, key), _fact_scalar(fact, key) if value else None
    for id in old:
        if id not in new:
            yield ("facts", id), None


def _fact_scalar(fact: FactWords, key: str) -> Scalar:
    value: str = getattr(fact, key)
    if key != "value" or fact.kind not in NUMBERS:
        return value
    try:
        number: int | Decimal = read_number(value)
    except ValueError:
        return value  # the reading of the file tells what its kind asks for
    return number


# what is meant


def _meant(entry: Entry, wanted: Properties, timed: _Timing, read: Entry) -> Entry:
    """Return the entry as it should read: facts and repeat are compared in their words, all else here."""
    before = written_properties(entry)
    media = tuple(
        replace(order, channels=kept) if order.channels else order
        for order in entry.media
        if (kept := _kept_channels(entry, order, wanted)) or not order.channels
    )
    languages = {channel: each for channel, each in entry.languages.items() if channel in wanted.channels and each == "vi"}
    return replace(
        entry, channels=wanted.channels, unit=wanted.unit, axis=wanted.axis, group=wanted.group, tone=Tone(wanted.tone),
        form=Form(wanted.form), campaign=wanted.campaign or None, after=wanted.after or None, uses=wanted.uses,
        languages={**languages, **wanted.languages}, when=timed.when, moments=dict(timed.moments), media=media,
        facts=read.facts, repeat=read.repeat,
        messages={language: _message(each, language, before, wanted) for language, each in entry.messages.items()},
    )  # fmt: skip


def _message(message: Message, language: str, before: Properties, wanted: Properties) -> Message:
    variants = {channel: each for channel, each in message.variants.items() if _speaks(channel, language, before, wanted)}
    return replace(message, variants=variants)
