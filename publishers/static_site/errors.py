"""What the file system answers. What is not listed is an unknown outcome of the renaming that makes a page public."""

from __future__ import annotations

import errno
from collections.abc import Mapping

from editorial.outcome import PublishError
from publishers.verdict import UNLISTED, Ruling, error_of, unauthorized, unavailable

_RIGHT = unauthorized("không được ghi vào thư mục của trang tin; hãy cho tài khoản chạy Loa quyền ghi")
_PLACE = unauthorized("thư mục của trang tin không dùng được; hãy sửa “folder” trong cài đặt kênh")
_FULL = unavailable("ổ đĩa của trang tin đã đầy; hãy dọn chỗ, Loa sẽ thử lại")

# Each of these is answered before anything is renamed.
CODES: Mapping[int, Ruling] = {
    errno.EACCES: _RIGHT,
    errno.EPERM: _RIGHT,
    errno.EROFS: _RIGHT,
    errno.ENOTDIR: _PLACE,
    errno.ENAMETOOLONG: _PLACE,
    errno.ELOOP: _PLACE,
    errno.EXDEV: _PLACE,  # drafts and pages lie on two disks, so a page could not appear at once
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EMFILE: unavailable("máy mở quá nhiều tệp; Loa sẽ thử lại"),
    errno.ENFILE: unavailable("máy mở quá nhiều tệp; Loa sẽ thử lại"),
}


def failure(error: OSError, *, commit: bool) -> PublishError:
    """Return what the file system's no means for the post; its path stays out of what is told."""
    ruling = CODES.get(error.errno or 0, UNLISTED)
    return error_of(ruling, "", code=errno.errorcode.get(error.errno or 0, type(error).__name__), commit=commit)
