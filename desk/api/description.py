"""The API described as OpenAPI has it, with the problems that every operation may answer."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from desk.api.problem_document import MEDIA_TYPE, PREFIX, ProblemDocument

SUMMARY = (
    "Đọc mục nội dung, dữ kiện, mẫu, lượt đăng, lịch và báo cáo quý; soạn và sửa bản nháp; đề nghị đính chính. Không có đường "
    "nào ở đây để duyệt, lên lịch, đăng hay tạm dừng: những việc ấy là của người trong văn phòng, trên trang. Xem docs/api.md."
)
_EVERYWHERE = {
    "400": "Địa chỉ có chỗ chưa đúng: bộ lọc hay cursor lạ.", "401": "Không có mã truy cập, hoặc mã không còn dùng được.",
    "403": "Mã không có phạm vi, hoặc người của mã không có quyền.", "404": "Không có thứ này.",
    "422": "Giá trị không dùng được; `errors` nêu từng chỗ.", "429": "Gọi quá nhiều; Retry-After nói chờ bao lâu.",
    "503": "Sổ của Loa chưa dùng được.",
}  # fmt: skip
_WRITES = {
    "409": "Không hợp với tình trạng hiện nay, hoặc việc này đang được làm.", "413": "Phần thân quá lớn.",
    "415": "Phần thân không phải JSON.",
}  # fmt: skip
_CHANGES = {"412": "Có người đã ghi sau khi bạn đọc.", "428": "Thiếu If-Match."}


def describe(app: FastAPI) -> None:
    """Let the application describe its API, and nothing of its pages."""

    def made() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _described(app)
        return app.openapi_schema

    app.openapi = made  # type: ignore[method-assign]  # as FastAPI's documentation has it


def _described(app: FastAPI) -> dict[str, Any]:
    found: dict[str, Any] = get_openapi(title="Loa", version="1", description=SUMMARY, routes=app.routes)
    found["paths"] = {path: operations for path, operations in found["paths"].items() if path.startswith(PREFIX)}
    schemas: dict[str, Any] = found["components"]["schemas"]
    made = ProblemDocument.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(made.pop("$defs", {}) | {"ProblemDocument": made})
    for unused in ("HTTPValidationError", "ValidationError", "Health"):
        schemas.pop(unused, None)
    for operations in found["paths"].values():
        for method, operation in operations.items():
            mends = any(each["name"].lower() == "if-match" for each in operation.get("parameters", ()))
            operation["responses"].update(_problems(method, mends=mends))
    return found


def _problems(method: str, *, mends: bool) -> dict[str, Any]:
    known = _EVERYWHERE | (_WRITES if method != "get" else {}) | (_CHANGES if mends else {})
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}}
    return {status: {"description": words, "content": content} for status, words in sorted(known.items())}
