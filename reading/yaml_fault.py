"""What the YAML reader stumbled on, said in the words of the person who wrote the file."""

from __future__ import annotations

import re

_KINDS = (
    (r"found duplicate key \"(?P<key>[^\"]+)\"", "twice"),
    (r"mapping values are not allowed here", "colon"),
    (r"could not find expected ':'", "no-colon"),
    (r"found character '\\t'", "tab"),
    (r"found character '(?P<key>[@`%])'", "start"),
    (r"expected <block end>", "indentation"),
    (r"expected ',' or '(?P<key>[\]}])'", "bracket"),
    (r"found unexpected (end of stream|document separator)", "quote"),
    (r"found undefined alias '(?P<key>[^']*)'", "alias"),
    (r"found unknown escape character", "escape"),
    (r"found unhashable key", "key"),
    (r"wrong value for its tag", "tag"),
    (r"expected the node content|expected alphabetic|while scanning an? (?:alias|anchor)", "value"),
    (r"sequence entries are not allowed|block sequence entries", "dash"),
    (r"expected a single document|expected '<document start>'", "document"),
    (r"unacceptable character|special characters are not allowed", "control"),
)


def yaml_fault(said: str) -> str:
    """Return what is wrong with the YAML, and what to do about it."""
    for pattern, kind in _KINDS:
        if found := re.search(pattern, said):
            return f"YAML sai cú pháp: {_sentences(found.groupdict().get('key', ''))[kind]}"
    return "YAML sai cú pháp ở dòng này; kiểm tra thụt lề, dấu hai chấm và dấu nháy"


def _sentences(key: str) -> dict[str, str]:
    return {
        "twice": f"khóa “{key}” viết hai lần",
        "colon": "có dấu hai chấm ở chỗ không được có; hãy đặt cả câu trong dấu nháy",
        "no-colon": "thiếu dấu hai chấm sau tên khóa",
        "tab": "có phím Tab; hãy thụt lề bằng dấu cách",
        "start": f"giá trị không được bắt đầu bằng {key}; hãy đặt cả câu trong dấu nháy",
        "indentation": "thụt lề không khớp với các dòng trên, hoặc thiếu dấu nháy",
        "bracket": f"thiếu dấu phẩy, hoặc thiếu dấu {key} đóng lại",
        "quote": "thiếu dấu nháy đóng lại",
        "alias": f"“*{key}” chưa được đặt tên bằng dấu &; nếu là chữ, hãy đặt trong dấu nháy",
        "escape": "dấu \\ không dùng được ở đây; hãy dùng dấu nháy đơn",
        "key": "tên khóa phải là một từ; nếu là dấu ngoặc nhọn {{ }}, hãy đặt cả câu trong dấu nháy",
        "tag": "không dùng kiểu riêng của YAML (!, !!) ở đây; nếu là chữ, hãy đặt trong dấu nháy",
        "value": "thiếu giá trị, hoặc giá trị bắt đầu bằng dấu đặc biệt; nếu là chữ, hãy đặt trong dấu nháy",
        "dash": "dấu gạch ngang của danh sách phải xuống dòng mới, thụt vào dưới tên khóa",
        "document": "có hai dòng --- trong một tệp YAML; hãy bỏ bớt một dòng",
        "control": "có ký tự điều khiển không nhìn thấy; hãy xóa và gõ lại dòng này",
    }
