"""When an entry goes out is changed in its file, and every other byte stays as the person wrote it."""

from __future__ import annotations

from pathlib import Path

import pytest

from editorial.problem import BadInput
from store.entry_file import Moments, create_entry, entry_path, open_entry, write_moments

HEAD = '---\nid: bai\ngroup: "1.1"   # nhóm\naxis: thanh-uy\nunit: btgdv\ntone: festive\n'
TAIL = "channels: [portal, zalo, youtube]\n\n# lời\nheadline:   Tựa  \nsummary: Một câu.\n---\n\nThân bài.  \n"
WHEN = "when: trung_thu/2026-3d@08:00"


def written(root: Path, middle: str, tail: str = TAIL) -> Path:
    path = entry_path(root, "bai")
    path.parent.mkdir(exist_ok=True)
    path.write_bytes((HEAD + middle + tail).encode())
    return path


def changed(root: Path, rules: dict[str, str]) -> str:
    file = open_entry(root, "bai")
    write_moments(file, file.moments.with_rules(rules))
    return entry_path(root, "bai").read_bytes().decode()


@pytest.mark.parametrize(
    ("before", "rules", "after"),
    [
        (f"{WHEN}\n", {"": "2026-09-20@09:00"}, "when: 2026-09-20@09:00\n"),
        (f"{WHEN}   # ba ngày trước\n", {"": "a/2026@09:00"}, "when: a/2026@09:00   # ba ngày trước\n"),
        ("when: \"trung_thu/2026@08:00\"\n", {"": "a/2026@09:00"}, "when: \"a/2026@09:00\"\n"),
        ("when:   'trung_thu/2026@08:00'  # x\n", {"": "a/2026@09:00"}, "when:   'a/2026@09:00'  # x\n"),
        (f"{WHEN}\n", {"zalo": "a/2026@09:00"}, f"{WHEN}\nmoments:\n  zalo: a/2026@09:00\n"),
        (
            f"{WHEN}\nmoments: {{youtube: b/2026@19:00}}  # tối\n",
            {"youtube": "b/2026-1d@20:00"},
            f"{WHEN}\nmoments: {{youtube: b/2026-1d@20:00}}  # tối\n",
        ),
        (
            f"{WHEN}\nmoments: {{youtube: b/2026@19:00}}\n",
            {"zalo": "a/2026@09:00"},
            f"{WHEN}\nmoments: {{youtube: b/2026@19:00, zalo: a/2026@09:00}}\n",
        ),
        (
            f"{WHEN}\nmoments:\n    youtube: b/2026@19:00 # tối\n    # hết\n",
            {"zalo": "a/2026@09:00", "youtube": "c/2026@19:00"},
            f"{WHEN}\nmoments:\n    youtube: c/2026@19:00 # tối\n    zalo: a/2026@09:00\n    # hết\n",
        ),
    ],
)  # fmt: skip
def test_a_moment_changes_and_every_other_byte_stays(tmp_path: Path, before: str, rules: dict[str, str], after: str) -> None:
    written(tmp_path, before)
    was = open_entry(tmp_path, "bai").moments
    assert changed(tmp_path, rules) == HEAD + after + TAIL
    back = {name: was.when if not name else was.moments.get(name, "") for name in rules}
    assert changed(tmp_path, back) in (HEAD + before + TAIL, (HEAD + before + TAIL).replace("moments: {}\r\n", ""))


def test_line_ends_of_another_system_are_kept(tmp_path: Path) -> None:
    path = written(tmp_path, f"{WHEN}\n")
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    before = path.read_bytes()
    changed(tmp_path, {"zalo": "a/2026@09:00"})
    assert b"\r\nmoments:\r\n  zalo: a/2026@09:00\r\n" in path.read_bytes()
    changed(tmp_path, {"zalo": ""})
    assert path.read_bytes() == before


def test_a_mark_at_the_start_and_letters_with_loose_accents_are_kept(tmp_path: Path) -> None:
    loose = TAIL.replace("Tựa", "Tu\u031b\u0323a")
    path = entry_path(tmp_path, "bai")
    path.parent.mkdir()
    path.write_bytes(("\ufeff" + HEAD + WHEN + "\n" + loose).encode())
    assert changed(tmp_path, {"": "a/2026@09:00"}) == "\ufeff" + HEAD + "when: a/2026@09:00\n" + loose


STRANGE = (
    f"x: &a b\n{WHEN}\n",
    "when: &r trung_thu/2026@08:00\n",
    "when: trung_thu/2026@08:00\nmoments: &m {youtube: b/2026@19:00}\n",
)


@pytest.mark.parametrize("middle", STRANGE)
def test_what_only_a_person_can_change_is_left_as_it_was(tmp_path: Path, middle: str) -> None:
    path = written(tmp_path, middle)
    before = path.read_bytes()
    with pytest.raises(BadInput) as refused:
        changed(tmp_path, {"": "c/2026@09:00", "portal": "b/2026@09:00"})
    assert path.read_bytes() == before
    assert "hãy mở tệp và tự sửa" in str(refused.value) or "x" in middle
    assert [each.name for each in path.parent.iterdir()] == ["bai.md"]


def test_somebody_s_edit_meanwhile_is_not_lost(tmp_path: Path) -> None:
    path = written(tmp_path, f"{WHEN}\n")
    file = open_entry(tmp_path, "bai")
    path.write_bytes(path.read_bytes().replace(b"T\xe1\xbb\xb1a", b"Kh\xc3\xa1c"))
    before = path.read_bytes()
    done: list[int] = []
    with pytest.raises(BadInput) as refused:
        write_moments(file, Moments(when="a/2026@09:00"), meanwhile=lambda: done.append(1))
    assert [problem.rule for problem in refused.value.problems] == ["stale-write"]
    assert path.read_bytes() == before and not done


def test_an_edit_between_the_last_look_and_the_exchange_is_not_lost(tmp_path: Path) -> None:
    path = written(tmp_path, f"{WHEN}\n")
    file = open_entry(tmp_path, "bai")

    def save() -> None:
        path.write_bytes(b"moi")

    with pytest.raises(BadInput):
        write_moments(file, Moments(when="a/2026@09:00"), meanwhile=save)
    assert path.read_bytes() == b"moi"


def test_a_file_keeps_who_may_read_it(tmp_path: Path) -> None:
    path = written(tmp_path, f"{WHEN}\n")
    path.chmod(0o640)
    changed(tmp_path, {"": "a/2026@09:00"})
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_new_entry_never_takes_the_place_of_another(tmp_path: Path) -> None:
    path = written(tmp_path, f"{WHEN}\n")
    before = path.read_bytes()
    with pytest.raises(BadInput) as refused:
        create_entry(tmp_path, "bai", "mới")
    assert [problem.rule for problem in refused.value.problems] == ["file-exists"]
    assert path.read_bytes() == before
    create_entry(tmp_path, "bai-hai", "mới")
    assert entry_path(tmp_path, "bai-hai").read_text() == "mới"
