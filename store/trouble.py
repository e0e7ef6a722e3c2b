"""What a database says when it cannot be used, in words for the person at the keyboard."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from store.errors import Away, NoRoom

AWAY = "máy chủ cơ sở dữ liệu không trả lời; hãy kiểm tra máy chủ rồi chạy lại"
CROWDED = "máy chủ cơ sở dữ liệu hết chỗ kết nối; hãy bớt chương trình đang nối, Loa tự nối lại"
CRAMPED = (
    "gần hết chỗ trên ổ đĩa; việc đang dở vẫn làm xong, bài mới thì đợi; hãy dọn ổ đĩa, hoặc tắt chương trình Loa nào đang treo, "
    "Loa tự làm tiếp"
)
# What SQLite and PostgreSQL say, by their own words, and what that is for a person; the first that fits counts.
_FAULTS = {
    "locked": "đang bị một chương trình khác giữ; hãy đóng chương trình đó rồi chạy lại",
    "readonly": "không có quyền ghi; hãy kiểm tra quyền của tệp và thư mục",
    "read-only": "không có quyền ghi; hãy kiểm tra quyền của tệp và thư mục",
    "full": "không còn chỗ trên ổ đĩa; hãy dọn ổ đĩa, Loa tự làm tiếp",
    "No space left": "không còn chỗ trên ổ đĩa; hãy dọn ổ đĩa, Loa tự làm tiếp",
    "disk I/O": "ổ đĩa không ghi được; hãy kiểm tra ổ đĩa và chỗ trống, Loa tự làm tiếp",
    "unable to open": "không mở được; hãy kiểm tra tệp và thư mục",
    "not a database": "không phải là sổ của Loa; hãy khôi phục bản sao lưu",
    "malformed": "đã hỏng; hãy khôi phục bản sao lưu",
    "too many clients": CROWDED,
    "too many connections": CROWDED,  # for a role or a database, as those who lend servers limit them
    "connection slots": CROWDED,  # what is left is reserved for the server's own people
    "connection": AWAY,
    "terminating": AWAY,
    "shutting down": AWAY,
    "starting up": AWAY,
    "resolve host": AWAY,
    "No such file": "không mở được; hãy kiểm tra tệp và thư mục",
    "Permission denied": "không có quyền ghi; hãy kiểm tra quyền của tệp và thư mục",
    "Read-only": "không có quyền ghi; hãy kiểm tra quyền của tệp và thư mục",
}
TROUBLES = (DBAPIError, PoolTimeout, Away, NoRoom)  # what the database raises where it, and not we, may be at fault


def trouble(error: BaseException) -> str | None:
    """Return why the database cannot be used; None for what is no trouble of the database but a fault of ours."""
    if isinstance(error, Away):
        return error.why
    if isinstance(error, NoRoom):
        return CRAMPED
    if isinstance(error, PoolTimeout):
        return "đang quá bận; hãy chờ một lát rồi làm lại"
    if not isinstance(error, DBAPIError):
        return None
    said = str(error.orig)
    found = next((why for fault, why in _FAULTS.items() if fault in said), None)
    return AWAY if found is None and isinstance(error, OperationalError) and error.connection_invalidated else found
