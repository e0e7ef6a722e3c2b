"""An entry's English text begun on the desk: a file beside the Vietnamese one, with what no post can do without."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace

from desk.entry_fields import clean_line, clean_lines
from editorial.problem import BadInput, Problem
from store.entry_text import EntryText

WANTED = {"headline": "tiêu đề tiếng Anh", "summary": "câu tóm tắt tiếng Anh", "body": "thân bài tiếng Anh"}


def with_english(text: EntryText, typed: Mapping[str, str]) -> EntryText:
    """Return the files with an English one, its link that of the Vietnamese; raise BadInput where a part of it is missing."""
    said = {key: clean_lines(typed.get(key, "")) if key == "body" else clean_line(typed.get(key, "")) for key in WANTED}
    if not any(said.values()):
        return text
    if "en" in text.texts:
        message = "mục này vừa có bản tiếng Anh; hãy mở trang soạn để viết tiếp"
        raise BadInput(Problem(rule="file-exists", key="english", message=message))
    missing = tuple(_missing(said))
    if missing:
        raise BadInput(*missing)
    link = text.read().entry.messages["vi"].link
    head = {"headline": said["headline"], "summary": said["summary"], "link": link}
    lines = "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in head.items() if value)
    made = replace(text, texts={**text.texts, "en": f"---\n{lines}---\n{said['body']}\n"})
    read = made.read().entry.messages["en"]
    if (read.headline, read.summary, read.body.strip()) != (said["headline"], said["summary"], said["body"]):
        message = "chưa ghi được đúng như đã gõ; hãy bỏ những dấu lạ rồi lưu lại"
        raise BadInput(Problem(rule="cannot-write", key="english.body", message=message))
    return made


def _missing(said: Mapping[str, str]) -> Iterator[Problem]:
    for key, what in WANTED.items():
        if not said[key]:
            yield Problem(rule="missing-text", key=f"english.{key}", message=f"hãy ghi {what}")
