"""What somebody is typing, and every saved text of an entry, in both databases."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from editorial.clock import SimulatedClock
from store.entry_text import EntryText, Overtaken, read_entry_text, write_entry_text
from store.store import Store

FIELDS = {"headline": "Chợ hoa “xuân”", "body": "Một\n\nHai"}
PAGE = "\ufeff---\r\nid: cho-hoa  # tên\r\nheadline: Chợ\r\n---\r\nThân bài\r\n"


def text(words: str) -> EntryText:
    return EntryText(name="cho-hoa", texts={"vi": words})


def test_a_draft_is_kept_page_by_page_and_the_newest_comes_first(store: Store, clock: SimulatedClock) -> None:
    store.drafts.keep("cho-hoa", "an", "trang-1", fields=FIELDS, base={}, digest="a")
    clock.advance(timedelta(seconds=1))
    store.drafts.keep("cho-hoa", "an", "trang-2", fields={"headline": "Khác"}, base=FIELDS, digest="b")
    store.drafts.keep("cho-hoa", "an", "trang-2", fields={"headline": "Khác nữa"}, base=FIELDS, digest="b")
    found = store.drafts.of("cho-hoa")
    assert [(each.tab, each.fields["headline"], each.base, each.digest) for each in found] == [
        ("trang-2", "Khác nữa", FIELDS, "b"), ("trang-1", "Chợ hoa “xuân”", {}, "a"),
    ]  # fmt: skip
    store.drafts.drop("cho-hoa", "an", "trang-2")
    assert [each.tab for each in store.drafts.of("cho-hoa")] == ["trang-1"]
    assert store.drafts.of("bai-khac") == ()


def test_a_save_keeps_the_text_before_it_once_and_the_text_after(store: Store) -> None:
    store.entry_texts.keep(text("một"), text("hai"), "an")
    store.entry_texts.keep(text("hai"), text("ba"), "binh")
    store.entry_texts.keep(text("ba, sửa ngoài"), text("bốn"), "an")
    found = store.entry_texts.of("cho-hoa")
    assert [(each.text.texts["vi"], each.who) for each in reversed(found)] == [
        ("một", ""), ("hai", "an"), ("ba", "binh"), ("ba, sửa ngoài", ""), ("bốn", "an"),
    ]  # fmt: skip
    assert store.entry_texts.get(found[0].id).text == text("bốn")
    with pytest.raises(KeyError):
        store.entry_texts.get(999)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "cho-hoa.md").write_bytes(PAGE.encode())
    return tmp_path


def test_a_file_keeps_its_line_ends_its_mark_and_its_rights(root: Path) -> None:
    path = root / "content" / "cho-hoa.md"
    path.chmod(0o640)
    before = read_entry_text(root, "cho-hoa")
    write_entry_text(root, before, EntryText(name="cho-hoa", texts={"vi": before.texts["vi"].replace("Chợ", "Hội")}))
    assert path.read_bytes() == PAGE.replace("Chợ", "Hội").encode()
    assert path.stat().st_mode & 0o777 == 0o640
    assert [each.name for each in (root / "content").iterdir()] == ["cho-hoa.md"]


def test_nothing_is_written_over_what_somebody_wrote_meanwhile(root: Path) -> None:
    path = root / "content" / "cho-hoa.md"
    before = read_entry_text(root, "cho-hoa")
    path.write_bytes(PAGE.replace("Thân bài", "Của người khác").encode())
    with pytest.raises(Overtaken) as error:
        write_entry_text(root, before, EntryText(name="cho-hoa", texts={"vi": "mất chữ"}))
    assert "Của người khác" in error.value.now.texts["vi"]
    assert "Của người khác" in path.read_text("utf-8")
