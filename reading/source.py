"""The text of a workspace file: read once, decoded, normalised, never larger than a person would write."""

from __future__ import annotations

import errno
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from editorial.problem import BadInput, Problem

MOST_BYTES = 1_048_576  # a workspace file is written by hand; more than this is a mistake or an attack


def relative_name(path: Path, root: Path) -> str:
    """Return the path as people name it: relative to the workspace, with forward slashes."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name


def reason(error: OSError) -> str:
    """Return why a file cannot be read or written, as the person at the keyboard would say it."""
    return _REASONS.get(error.errno or 0, f"máy báo lỗi số {error.errno}")


_REASONS = {
    errno.ENOENT: "không có tệp hay thư mục này",
    errno.EISDIR: "đây là một thư mục",
    errno.ENOTDIR: "một phần của đường dẫn không phải thư mục",
    errno.EACCES: "không có quyền mở",
    errno.EPERM: "không có quyền mở",
    errno.EEXIST: "đã có tệp hay thư mục tên này",
    errno.ENOSPC: "ổ đĩa đã đầy",
    errno.EROFS: "ổ đĩa chỉ cho đọc",
    errno.ENAMETOOLONG: "tên dài quá",
}


def read_text(path: Path, root: Path) -> str:
    """Return the file's text in Unicode NFC with `\\n` line ends; raise BadInput when it cannot be read as UTF-8."""
    name = relative_name(path, root)
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise BadInput(Problem(rule="unreadable-file", file=name, message=f"không đọc được tệp: {reason(error)}")) from error
    if len(raw) > MOST_BYTES:
        raise BadInput(Problem(rule="file-too-large", file=name, message="tệp lớn hơn 1 MB; hãy chia thành nhiều tệp nhỏ"))
    return _decoded(raw, name)


def misnamed(folder: Path, suffix: str, root: Path) -> Iterator[Problem]:
    """Yield the files of a folder that nobody would read because of how their names end: .yml for .yaml, .MD for .md."""
    for path in sorted(folder.glob("*")):
        ending = path.suffix.lower()
        meant = ".yaml" if ending in (".yml", ".yaml") else ".md" if ending in (".md", ".markdown") else ""
        if path.is_file() and meant == suffix and path.suffix != suffix:
            message = f"đuôi tệp phải là {suffix}; hãy đổi tên tệp"
            yield Problem(rule="wrong-file-name", file=relative_name(path, root), message=message)


def _decoded(raw: bytes, name: str) -> str:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise BadInput(
            Problem(rule="not-utf8", file=name, line=line, message="tệp không phải UTF-8; hãy lưu lại với bảng mã UTF-8")
        ) from error
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
