"""Files that somebody sends: what could hurt is refused by name, and nothing that a zip says of itself is believed."""

from __future__ import annotations

import io
import random
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable

import pytest

from editorial.problem import BadInput
from reading.parcel import Limits, Parcel, gather, open_zip
from tests.fuzz import examples

LIMITS = Limits(endings=frozenset({".yaml", ".png", ".txt"}), files=5, each=2000, whole=5000)
YAML = b"schema: 1\n"


def zipped(entries: Iterable[tuple[str | zipfile.ZipInfo, bytes]], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", how) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return stream.getvalue()


def rules(content: bytes, limits: Limits = LIMITS) -> set[str]:
    with pytest.raises(BadInput) as refused:
        open_zip(content, limits)
    return {problem.rule for problem in refused.value.problems}


def test_the_folder_that_everything_lies_in_is_left_out_and_its_name_is_known() -> None:
    sent = zipped([("lễ hội/template.yaml", YAML), ("lễ hội/hinh/a.png", b"x"), ("__MACOSX/lễ hội/._a.png", b"y")])
    assert open_zip(sent, LIMITS) == Parcel(files={"template.yaml": YAML, "hinh/a.png": b"x"}, folder="lễ hội")
    assert open_zip(zipped([("template.yaml", YAML), ("hinh/a.png", b"x")]), LIMITS).folder == ""
    assert gather([("lễ hội/template.yaml", YAML)], LIMITS).folder == "lễ hội"


@pytest.mark.parametrize(
    "name",
    [
        "../template.yaml", "/etc/template.yaml", "a/../../b.yaml", "a\\..\\b.yaml", "C:/b.yaml", "a//b.yaml", "./b.yaml",
        "a/\x00.yaml", "a\n.yaml", "a\u202egnp.yaml", "a\ud800.yaml",
    ],
)  # fmt: skip
def test_a_path_that_leads_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(BadInput) as refused:
        gather([(name, YAML)], LIMITS)
    assert refused.value.problems[0].rule == "unsafe-path"
    assert refused.value.problems[0].key
    refused.value.problems[0].key.encode()


def test_what_is_no_plain_file_is_refused() -> None:
    for kind in (stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR):
        link = zipfile.ZipInfo("template.yaml")
        link.external_attr = (kind | 0o777) << 16
        assert rules(zipped([(link, b"/etc/passwd")])) == {"not-a-file"}


def test_a_bomb_is_refused_before_it_has_swollen() -> None:
    assert rules(zipped([("a.txt", bytes(2_000_000))])) == {"file-too-large"}
    assert rules(zipped([(f"{number}.txt", bytes(1900)) for number in range(4)])) == {"parcel-too-large"}


def test_a_zip_that_lies_about_its_sizes_is_not_believed() -> None:
    honest = zipped([("a.txt", bytes(2_000_000))])
    lying = honest.replace(struct.pack("<I", 2_000_000), struct.pack("<I", 10))
    assert rules(lying) <= {"broken-zip", "parcel-too-large", "file-too-large"}


def test_a_directory_of_countless_entries_is_not_even_read() -> None:
    sent = zipped([(f"{number}.txt", b"") for number in range(400)])
    assert rules(sent) == {"too-many-files"}
    assert rules(zipped([(f"{number}.txt", b"") for number in range(6)])) == {"too-many-files"}


def test_odd_ways_of_packing_are_refused() -> None:
    for how in (zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2):
        assert rules(zipped([("a.txt", b"x" * 100)], how)) == {"odd-zip"}
    locked = bytearray(zipped([("a.txt", b"x")], zipfile.ZIP_STORED))
    locked[6] |= 1  # the flag of the entry itself
    place = locked.index(b"PK\x01\x02")
    locked[place + 8] |= 1  # and of the directory
    assert rules(bytes(locked)) == {"locked-zip"}


def test_names_that_mean_one_file_or_are_of_no_use_are_refused() -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        twice = zipped([("a.txt", b"x"), ("a.txt", b"y")])
    assert rules(twice) == {"twice"}
    assert rules(zipped([("A.txt", b"x"), ("a.txt", b"y")])) == {"twice"}
    assert rules(zipped([("a.txt/b.txt", b"x"), ("a.txt", b"y"), ("c.txt", b"")])) == {"twice"}
    assert rules(zipped([("run.py", b"x")])) == {"odd-file"}
    assert rules(zipped([(".git/a.txt", b"x"), ("b.txt", b"")])) == {"hidden-file"}
    assert rules(zipped([("a/b/c/d/e.txt", b"x"), ("b.txt", b"")])) == {"long-path"}
    assert rules(zipped([])) == {"no-file"}
    assert rules(b"no zip at all") == {"broken-zip"}
    assert rules(b"") == {"broken-zip"}


def test_whatever_bytes_come_they_are_a_parcel_or_a_problem() -> None:
    """Bytes of a real zip turned over, cut and doubled, thousands of times: no other exception, and never more than may be."""
    whole = zipped([("mau/template.yaml", YAML * 40), ("mau/a.png", bytes(range(256)) * 6), ("mau/b/c.txt", b"")])
    luck = random.Random(20261130)
    opened = 0
    for _ in range(examples(20_000)):
        sent = bytearray(whole)
        for _ in range(luck.randint(1, 6)):
            match luck.randrange(5):
                case 0:
                    sent[luck.randrange(len(sent))] = luck.randrange(256)
                case 1:
                    del sent[luck.randrange(len(sent)) :]
                case 2:
                    place = luck.randrange(len(sent))
                    sent[place:place] = sent[luck.randrange(len(sent)) :][: luck.randrange(1, 80)]
                case 3:
                    place = luck.randrange(max(1, len(sent) - 4))
                    sent[place : place + 4] = struct.pack("<I", luck.choice((0, 1, 2**31, 2**32 - 1, luck.randrange(2**32))))
                case _:
                    place = bytes(sent).rfind(b"PK\x01\x02")
                    if place >= 0 and place + 46 < len(sent):
                        sent[place + luck.randrange(4, 46)] = luck.randrange(256)
            sent = sent or bytearray(b"P")
        try:
            parcel = open_zip(bytes(sent), LIMITS)
        except BadInput as error:
            assert all(problem.rule and problem.message for problem in error.problems)
            for problem in error.problems:
                str(problem).encode()
        else:
            opened += 1
            assert sum(map(len, parcel.files.values())) <= LIMITS.whole
            assert len(parcel.files) <= LIMITS.files
            assert not any(".." in name.split("/") or name.startswith("/") for name in parcel.files)
    assert opened, "some of what was turned over does not matter"


def test_a_member_whose_bytes_do_not_unpack_is_a_broken_zip() -> None:
    sent = bytearray(zipped([("a.txt", b"hello " * 50)]))
    body = zlib.compress(b"hello")[2:6]
    assert body
    sent[40:60] = bytes(20)
    assert rules(bytes(sent)) == {"broken-zip"}
