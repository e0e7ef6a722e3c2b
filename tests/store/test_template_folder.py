"""A template's folder: put in place in one step where nobody was faster, and every state of it kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import update

from editorial.problem import BadInput
from store import folder_swap
from store.errors import Tampered
from store.schema import TEMPLATE_FILES
from store.store import Store
from store.template_folder import FolderOvertaken, TemplateFiles, put_template, read_template_files, write_template_files

CARD = TemplateFiles(template="infographic/card", files={"template.yaml": b"schema: 1\n", "hinh/a.png": b"\x00\xff"})
OTHER = CARD.with_text("template.yaml", "schema: 1\nkind: clip\n")


def made(tmp_path: Path, files: TemplateFiles) -> Path:
    folder = tmp_path / "made"
    folder.mkdir()
    write_template_files(folder, files.files)
    return folder


@pytest.mark.parametrize("can_exchange", [True, False])
def test_a_folder_takes_its_place_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, can_exchange: bool) -> None:
    if not can_exchange:
        monkeypatch.setattr(folder_swap, "_exchange", lambda one, other: False)
    templates = tmp_path / "templates"
    put_template(templates, made(tmp_path, CARD), CARD.template, "")
    assert read_template_files(templates, CARD.template) == CARD
    put_template(templates, made(tmp_path, OTHER), CARD.template, CARD.digest)
    assert read_template_files(templates, CARD.template) == OTHER
    assert (tmp_path / "made" / "template.yaml").read_bytes() == b"schema: 1\n", "what was there stands where the new one stood"
    assert [path.name for path in (templates / "infographic").iterdir()] == ["card"]


def test_whoever_was_faster_stays(tmp_path: Path) -> None:
    templates = tmp_path / "templates"
    put_template(templates, made(tmp_path, CARD), CARD.template, "")
    folder = made(tmp_path, OTHER)
    for before in ("", OTHER.digest):
        with pytest.raises(FolderOvertaken) as faster:
            put_template(templates, folder, CARD.template, before)
        assert faster.value.now == CARD
    with pytest.raises(FolderOvertaken) as gone:
        put_template(templates, folder, "infographic/khac", CARD.digest)
    assert gone.value.now is None
    assert read_template_files(templates, CARD.template) == CARD


def test_a_linked_folder_is_left_alone_and_a_link_in_it_is_no_file_of_it(tmp_path: Path) -> None:
    templates, elsewhere = tmp_path / "templates", tmp_path / "elsewhere"
    write_template_files(elsewhere, CARD.files)
    (elsewhere / "b.png").symlink_to("/etc/passwd")
    (elsewhere / ".an").write_text("ẩn")
    (templates / "infographic").mkdir(parents=True)
    (templates / "infographic" / "card").symlink_to(elsewhere)
    assert read_template_files(templates, CARD.template) == CARD
    with pytest.raises(BadInput) as refused:
        put_template(templates, made(tmp_path, OTHER), CARD.template, CARD.digest)
    assert refused.value.problems[0].rule == "linked-folder"


def test_the_line_ends_of_a_file_stay(tmp_path: Path) -> None:
    windows = TemplateFiles(template="infographic/card", files={"template.yaml": b"\xef\xbb\xbfa: 1\r\nb: 2\r\n"})
    assert windows.text("template.yaml") == "a: 1\nb: 2\n"
    assert windows.with_text("template.yaml", "a: 2\nb: 2\n").files["template.yaml"] == b"a: 2\r\nb: 2\r\n"


def test_every_state_is_kept_once_and_what_was_found_before_it(store: Store) -> None:
    table = store.template_versions
    table.keep(CARD, OTHER, "thiet-ke", "sửa")
    table.keep(OTHER, CARD, "bien-tap", "trở về")
    assert [(each.who, each.digest) for each in table.of(CARD.template)] == [
        ("bien-tap", CARD.digest), ("thiet-ke", OTHER.digest), ("", CARD.digest),
    ]  # fmt: skip
    assert [table.files_of(each) for each in table.of(CARD.template)] == [CARD, OTHER, CARD]
    assert table.makers(CARD.template, CARD.digest, None) == {"thiet-ke", "bien-tap"}, "each changed a part of what is there"
    newest = table.of(CARD.template)[0].at
    assert table.makers(CARD.template, CARD.digest, newest) == {"bien-tap"}, "these very files, whenever they were approved"
    assert table.makers(CARD.template, "0" * 64, newest) == frozenset()
    number = table.set_aside(OTHER, "thiet-ke", "tải lên")
    again = table.set_aside(CARD, "thiet-ke", "tải lên", instead_of=number)
    assert again == number
    assert table.files_of(table.aside(again)) == CARD
    assert len(table.of(CARD.template)) == 3, "what is set aside is no version"
    with pytest.raises(KeyError):
        table.get(again)
    table.forget_aside(again)
    with pytest.raises(KeyError):
        table.aside(again)


def test_a_kept_file_that_was_changed_behind_our_back_is_not_handed_out(store: Store) -> None:
    store.template_versions.keep(None, CARD, "thiet-ke", "thêm")
    (kept,) = store.template_versions.of(CARD.template)
    with store._database.write() as connection:
        connection.execute(update(TEMPLATE_FILES).values(content=b"khac"))
    with pytest.raises(Tampered):
        store.template_versions.files_of(kept)
