"""Does an entry hold together: does everything that it names exist?"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from difflib import get_close_matches

from editorial.entry import Entry, MediaOrder
from editorial.problem import Problem
from editorial.workspace import Content


def check_entries(content: Content, templates: Collection[str]) -> tuple[Problem, ...]:
    """Return what is wrong in any entry, each problem at its file, line and key."""
    return tuple(problem for entry in content.entries.values() for problem in check_entry(entry, content, templates))


def check_entry(entry: Entry, content: Content, templates: Collection[str]) -> tuple[Problem, ...]:
    """Return every name in the entry that names nothing, and what it leaves out."""
    return (
        *_names(entry, content),
        *_channel_keys(entry, content),
        *_body(entry, content),
        *(problem for index in range(len(entry.media)) for problem in _medium(entry, index, content, templates)),
    )


def _names(entry: Entry, content: Content) -> Iterator[Problem]:
    office = content.office
    yield from _unknown(entry, content, "group", entry.group, office.groups, "unknown-group", "nhóm nội dung")
    yield from _unknown(entry, content, "axis", entry.axis, office.axes, "unknown-axis", "trục nội dung")
    yield from _unknown(entry, content, "unit", entry.unit, office.units, "unknown-unit", "đơn vị")
    for index, channel in enumerate(entry.channels):
        yield from _unknown(entry, content, f"channels[{index}]", channel, office.channels, "unknown-channel", "kênh")
        if channel in entry.channels[:index]:
            message = f"kênh “{channel}” đã ghi ở trên; hãy bỏ một lần, mỗi kênh chỉ đăng một bài"
            yield _at(entry, content, f"channels[{index}]", "duplicate-channel", message)
    for index, fact in enumerate(entry.uses):
        yield from _unknown(entry, content, f"uses[{index}]", fact, content.facts_of(entry), "unknown-fact", "dữ kiện")


def _channel_keys(entry: Entry, content: Content) -> Iterator[Problem]:
    """Yield what is said for a channel that the entry does not go to, or in a language that it is not written in."""
    for channel in entry.moments:
        yield from _unknown(entry, content, f"moments.{channel}", channel, entry.channels, "unknown-channel", "kênh")
    for channel, language in entry.languages.items():
        yield from _unknown(entry, content, f"languages.{channel}", channel, entry.channels, "unknown-channel", "kênh")
        if language not in entry.messages:
            message = f"chưa có bản {language}; hãy viết tệp content/{entry.series or entry.id}.{language}.md"
            yield _at(entry, content, f"languages.{channel}", "missing-translation", message)
    for language, message_in in entry.messages.items():
        for channel in message_in.variants:
            yield from _variant(entry, content, channel, language)


def _variant(entry: Entry, content: Content, channel: str, language: str) -> Iterator[Problem]:
    """Yield what keeps a text written by hand for a channel from ever going out."""
    key, spoken = f"variants.{channel}", entry.language_for(channel)
    if channel not in entry.channels:
        yield from _unknown(entry, content, key, channel, entry.channels, "unknown-channel", "kênh", language)
    elif spoken != language:
        name = f"content/{entry.series or entry.id}{'' if spoken == 'vi' else f'.{spoken}'}.md"
        message = f"kênh “{channel}” đăng bản {spoken}; hãy viết bản này trong {name}"
        yield _at(entry, content, key, "wrong-language", message, language)


def _body(entry: Entry, content: Content) -> Iterator[Problem]:
    if not entry.messages["vi"].body.strip():
        yield _at(entry, content, "body", "missing-text", "chưa có thân bài; hãy viết nội dung dưới dòng --- thứ hai")


def _medium(entry: Entry, index: int, content: Content, templates: Collection[str]) -> Iterator[Problem]:
    order: MediaOrder = entry.media[index]
    key = f"media[{index}]"
    yield from _unknown(entry, content, f"{key}.template", order.template, templates, "missing-template", "mẫu")
    for position, channel in enumerate(order.channels):
        place = f"{key}.channels[{position}]"
        yield from _unknown(entry, content, place, channel, entry.channels, "unknown-channel", "kênh")
        if channel in order.channels[:position]:
            yield _at(entry, content, place, "duplicate-channel", f"kênh “{channel}” đã ghi ở trên; hãy bỏ một lần")
    if order.id in {other.id for other in entry.media[:index]}:
        yield _at(entry, content, f"{key}.id", "duplicate-media", f"đã có media tên “{order.id}”; hãy đặt tên khác")


def _unknown(
    entry: Entry, content: Content, key: str, name: str, known: Collection[str], rule: str, what: str, language: str = "vi"
) -> Iterator[Problem]:
    if name in known:
        return
    near = get_close_matches(name, list(known), n=1, cutoff=0.6)
    advice = f"có phải “{near[0]}”?" if near else f"các {what} có thể chọn: {', '.join(sorted(known)[:8])}"
    yield _at(entry, content, key, rule, f"không có {what} “{name}”; {advice}", language)


def _at(entry: Entry, content: Content, key: str, rule: str, message: str, language: str = "vi") -> Problem:
    file, line, shown = content.place(entry.id, key, language)
    return Problem(rule=rule, message=message, file=file, line=line, key=shown)
