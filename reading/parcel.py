"""Files that somebody sends, as a zip or one by one: taken apart in memory, and nothing is believed that a zip says of itself.

A parcel is refused whole: what could lie elsewhere than it seems (paths, links), swell (bombs), or be of no use is a problem at
the file's name. What a system leaves in every folder (`__MACOSX`, `.DS_Store`) is left out without a word.
"""

from __future__ import annotations

import io
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from editorial.problem import BadInput, Problem

ENTRY_MARK = b"PK\x01\x02"  # with which each entry of a zip's directory begins
_LITTER = frozenset({"__macosx", ".ds_store", "thumbs.db", "desktop.ini"})
_WAYS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})  # others may ask for gigabytes before a byte is unpacked
_KINDS = frozenset({0, stat.S_IFREG, stat.S_IFDIR})  # some programs write no kind at all
_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, LookupError, NotImplementedError, RuntimeError,
    OverflowError,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a parcel may hold; `endings` are those of files that are of use, each with its dot, in small letters."""

    endings: Collection[str]
    files: int = 60
    each: int = 10_000_000  # bytes
    whole: int = 20_000_000  # bytes, unpacked
    name: int = 100  # letters of a path
    deep: int = 3  # folders in one another


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """Files by their paths in the folder that they belong to; `folder` is what that was called, where it had a name."""

    files: Mapping[str, bytes] = field(repr=False)
    folder: str = ""


def open_zip(content: bytes, limits: Limits) -> Parcel:
    """Return what a zip holds; raise BadInput with everything that is wrong with it."""
    if content.count(ENTRY_MARK) > 4 * limits.files + 200:  # a directory of a million entries would be read before any is seen
        raise BadInput(_too_many(limits))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _parcel(_entries(archive, limits), limits)
    except _BROKEN as error:
        message = "không mở được tệp zip này: tệp hỏng hoặc không phải zip; hãy nén lại thư mục rồi gửi lại"
        raise BadInput(Problem(rule="broken-zip", key="files", message=message)) from error


def gather(files: Iterable[tuple[str, bytes]], limits: Limits) -> Parcel:
    """Return the files of a folder that were sent one by one under their paths; raise BadInput with all that is wrong."""
    return _parcel(iter(files), limits)


def _entries(archive: zipfile.ZipFile, limits: Limits) -> Iterator[tuple[str, bytes]]:
    """Yield the name and bytes of each file of a zip, reading no more than may be there."""
    left = limits.whole
    for entry in archive.infolist():
        if entry.filename.endswith("/") or _is_litter(entry.filename):
            continue
        _refuse_odd(entry)
        with archive.open(entry) as file:
            content = file.read(min(limits.each, left) + 1)
        left -= len(content)
        if left < 0:
            raise BadInput(_too_large(limits))
        yield entry.filename, content


def _refuse_odd(entry: zipfile.ZipInfo) -> None:
    """Raise BadInput for what is no plain file, or cannot be unpacked."""
    name = _shown(entry.filename)
    if stat.S_IFMT(entry.external_attr >> 16) not in _KINDS:
        message = "là liên kết hoặc tệp đặc biệt; hãy thay bằng chính tệp đó rồi nén lại"
        raise BadInput(Problem(rule="not-a-file", key=name, message=message))
    if entry.flag_bits & 1:
        raise BadInput(Problem(rule="locked-zip", key=name, message="tệp zip có mật khẩu; hãy nén lại không đặt mật khẩu"))
    if entry.compress_type not in _WAYS:
        message = "kiểu nén này không dùng được; hãy nén zip theo cách thường (Deflate)"
        raise BadInput(Problem(rule="odd-zip", key=name, message=message))


def _parcel(entries: Iterator[tuple[str, bytes]], limits: Limits) -> Parcel:
    files: dict[str, bytes] = {}
    problems: list[Problem] = []
    left = limits.whole
    for raw, content in entries:
        if _is_litter(raw):
            continue
        if len(files) >= limits.files:
            raise BadInput(_too_many(limits))
        left -= len(content)
        if left < 0:
            raise BadInput(_too_large(limits))
        name = unicodedata.normalize("NFC", raw)
        problems += _name_problems(name, limits)
        problems += _content_problems(name, content, limits)
        if name.casefold() in {each.casefold() for each in files}:
            problems.append(Problem(rule="twice", key=_shown(name), message="có hai tệp cùng tên này; hãy bỏ bớt một tệp"))
        files[name] = content
    problems += _folders_as_files(files)
    if problems:
        raise BadInput(*dict.fromkeys(problems))
    if not files:
        message = "không có tệp nào ở đây; hãy chọn thư mục của mẫu hoặc tệp zip"
        raise BadInput(Problem(rule="no-file", key="files", message=message))
    return _without_common_folder(files)


def _name_problems(name: str, limits: Limits) -> Iterator[Problem]:
    parts = name.split("/")
    unsafe = not name or "\\" in name or ":" in name or any(part in ("", ".", "..") for part in parts)
    if unsafe or any(unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp") for letter in name):
        message = "đường dẫn này không dùng được; tên tệp chỉ nên có chữ, số, dấu gạch và nằm trong thư mục của mẫu"
        yield Problem(rule="unsafe-path", key=_shown(name), message=message)
    elif any(part.startswith(".") for part in parts):
        yield Problem(rule="hidden-file", key=_shown(name), message="tệp ẩn không thuộc về mẫu; hãy bỏ tệp này")
    elif len(name) > limits.name or len(parts) > limits.deep + 1:
        message = f"đường dẫn quá dài hoặc quá sâu; nhiều nhất {limits.name} ký tự và {limits.deep} tầng thư mục"
        yield Problem(rule="long-path", key=_shown(name), message=message)
    elif PurePosixPath(name).suffix.lower() not in limits.endings:
        known = ", ".join(sorted(limits.endings))
        yield Problem(rule="odd-file", key=_shown(name), message=f"loại tệp này không dùng được trong mẫu; chỉ nhận: {known}")


def _content_problems(name: str, content: bytes, limits: Limits) -> Iterator[Problem]:
    if len(content) > limits.each:
        message = f"tệp lớn hơn {limits.each // 1_000_000} MB; hãy dùng tệp nhỏ hơn"
        yield Problem(rule="file-too-large", key=_shown(name), message=message)


def _folders_as_files(files: Collection[str]) -> Iterator[Problem]:
    """Yield what is a file here and a folder there: it could not be written down."""
    folders = {str(parent).casefold() for name in files for parent in PurePosixPath(name).parents}
    for name in files:
        if name.casefold() in folders:
            yield Problem(rule="twice", key=_shown(name), message="vừa là tệp vừa là thư mục; hãy đổi tên một trong hai")


def _without_common_folder(files: Mapping[str, bytes]) -> Parcel:
    """Return the files without the folder that all of them lie in: whoever zips a folder has it in every path."""
    first = {name.partition("/")[0] for name in files}
    if len(first) > 1 or not all("/" in name for name in files):
        return Parcel(files=dict(files))
    inside = {name.partition("/")[2]: content for name, content in files.items()}
    return Parcel(files=inside, folder=first.pop())


def _is_litter(name: str) -> bool:
    return any(part.casefold() in _LITTER for part in name.split("/"))


def _shown(name: str) -> str:
    """Return a name as a page can show it, whatever is in it."""
    return "".join(letter if letter.isprintable() else "�" for letter in name[:80]) or "(không tên)"


def _too_many(limits: Limits) -> Problem:
    message = f"có hơn {limits.files} tệp; một mẫu chỉ gồm template.yaml, sample.yaml và vài hình, hãy bỏ bớt"
    return Problem(rule="too-many-files", key="files", message=message)


def _too_large(limits: Limits) -> Problem:
    message = f"mở ra lớn hơn {limits.whole // 1_000_000} MB; hãy dùng hình nhỏ hơn hoặc bỏ bớt"
    return Problem(rule="parcel-too-large", key="files", message=message)
