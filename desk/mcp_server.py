"""The office for assistants that speak MCP: what the API gives a token, to read and to draft, and nothing that approves.

The tools ask the open desk, so that an assistant may run on an editor's own machine, and has exactly what its token has.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any, ParamSpec, TypeVar

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations
from pydantic import Field

from desk.api_client import ApiClient
from editorial.outcome import PublishError
from editorial.problem import BadInput

INSTRUCTIONS = (
    "Loa là nơi một văn phòng soạn, duyệt và đăng bài. Ở đây chỉ đọc, soạn nháp và đề nghị đính chính; duyệt và đăng "
    "là việc của người trong văn phòng, trên trang. Số liệu phải trích từ dữ kiện: viết {{ fact.tên }} thay vì gõ con số. "
    "Mọi giờ là giờ Hà Nội."
)
_READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)
_WRITES = ToolAnnotations(read_only_hint=False, destructive_hint=False, open_world_hint=False)

Given = ParamSpec("Given")
Made = TypeVar("Made")
Found = dict[str, Any]
Cursor = Annotated[str, Field(description="Lấy từ `next` của trang trước; trống là từ đầu.")]
EntryId = Annotated[str, Field(description="Mã của mục nội dung, như phu-nu-viet-nam.")]
FactId = Annotated[str, Field(description="Tên dữ kiện; dữ kiện riêng của một mục là mã-mục/tên.")]
MediumData = Annotated[dict[str, Found], Field(description="Các trường của mẫu theo ngôn ngữ: vi trọn, en chỉ những gì khác.")]
MediumAlt = Annotated[dict[str, str] | None, Field(description="Lời mô tả theo ngôn ngữ; không có lời này thì không duyệt được.")]
Channels = Annotated[tuple[str, ...], Field(description="Trống là mọi kênh của mục nhận được hình.")]


def mcp_server(client: ApiClient) -> MCPServer:
    """Return the server with its tools."""
    server: MCPServer = MCPServer("loa", title="Loa", instructions=INSTRUCTIONS, log_level="WARNING")
    _add_reading(server, client)
    _add_drafting(server, client)
    return server


def _add_reading(server: MCPServer, client: ApiClient) -> None:
    def reads(description: str) -> Callable[[Callable[Given, Made]], Callable[Given, Made]]:
        return lambda tool: server.tool(description=description, annotations=_READS)(_said(tool))

    @reads("Liệt kê mục nội dung; q tìm trong tiêu đề và mã.")
    def list_entries(q: str = "", unit: str = "", group: str = "", channel: str = "", cursor: Cursor = "") -> Found:
        return client.get("entries", q=q, unit=unit, group=group, channel=channel, cursor=cursor)

    @reads("Đọc một mục: mọi trường và thuộc tính sửa được, và etag cần khi sửa.")
    def read_entry(id: EntryId) -> Found:
        return client.get("entries", id)

    @reads("Đọc thông điệp của một mục, từng ngôn ngữ, với dữ kiện đã viết ra.")
    def read_messages(id: EntryId) -> Found:
        return client.get("entries", id, "messages")

    @reads("Ảnh và clip mà một mục đặt, như tệp đang viết: mẫu, bảng màu, kênh, lời mô tả, dữ liệu; và etag cần khi sửa.")
    def list_media(id: EntryId) -> Found:
        return client.get("entries", id, "media")

    @reads("Kiểm tra một mục như tệp đang viết: mọi lỗi và lưu ý, và kênh nào nói dữ kiện nào bằng lời nào. Không đổi gì.")
    def check_entry(id: EntryId) -> Found:
        return client.ask("entries", id, "check")

    @reads("Ảnh và clip đã dựng cho các bài của một mục.")
    def list_renditions(id: EntryId) -> Found:
        return client.get("entries", id, "renditions")

    @reads("Tìm dữ kiện: giá trị, nguồn, ngày.")
    def list_facts(q: str = "", cursor: Cursor = "") -> Found:
        return client.get("facts", q=q, cursor=cursor)

    @reads("Đọc một dữ kiện, và đề nghị đính chính đang chờ nếu có.")
    def read_fact(fact: FactId) -> Found:
        return client.get("facts", fact)

    @reads("Mọi bài trích một dữ kiện, đã đăng hay sắp đăng.")
    def list_fact_places(fact: FactId, cursor: Cursor = "") -> Found:
        return client.get("facts", fact, "places", cursor=cursor)

    @reads("Liệt kê mẫu ảnh và clip.")
    def list_templates(cursor: Cursor = "") -> Found:
        return client.get("templates", cursor=cursor)

    @reads("Đọc một mẫu: các trường, cỡ, chủ đề màu. Ví dụ infographic/steps.")
    def read_template(id: str) -> Found:
        return client.get("templates", id)

    @reads("Liệt kê lượt đăng; state như scheduled, verified, held; giờ dạng 2026-10-01T08:00.")
    def list_deliveries(
        state: str = "", channel: str = "", entry: str = "", since: str = "", until: str = "", cursor: Cursor = ""
    ) -> Found:
        return client.get("deliveries", state=state, channel=channel, entry=entry, since=since, until=until, cursor=cursor)

    @reads("Đọc một lượt đăng với mọi lần gọi kênh và mọi lần đổi trạng thái.")
    def read_delivery(id: int) -> Found:
        return client.get("deliveries", str(id))

    @reads("Một tháng của lịch, dạng 2026-10: ngày âm, ngày nghỉ, dịp, bài dự kiến.")
    def read_calendar(month: str = "") -> Found:
        return client.get("calendar", month=month)

    @reads("Các dịp của một năm, để đặt giờ đăng theo dịp.")
    def list_occasions(year: int | None = None) -> Found:
        return client.get("calendar", "occasions", year=year)

    @reads("Báo cáo của một quý (2026-Q4): kế hoạch, đã đăng, đúng giờ, đính chính, rút, lỡ giờ, theo kênh, đơn vị và nhóm.")
    def read_report(quarter: str) -> Found:
        return client.get("reports", quarter)


def _add_drafting(server: MCPServer, client: ApiClient) -> None:
    def drafts(description: str) -> Callable[[Callable[Given, Made]], Callable[Given, Made]]:
        return lambda tool: server.tool(description=description, annotations=_WRITES)(_said(tool))

    @drafts("Soạn một mục mới làm bản nháp. Chưa có gì đăng: người trong văn phòng còn kiểm chứng và duyệt.")
    def draft_entry(
        headline: str, summary: str, group: str, axis: str, unit: str,
        tone: Annotated[str, Field(description="festive, solemn, neutral")],
        when: Annotated[str, Field(description="Quy tắc ngày: trung_thu/2026-3d@08:00 hoặc 2026-10-28@07:00")],
        channels: list[str], body: str = "", id: str = "", campaign: str = "",
    ) -> Found:  # fmt: skip
        body_of = {"headline": headline, "summary": summary, "group": group, "axis": axis, "unit": unit, "tone": tone,
                   "when": when, "channels": channels, "body": body, "id": id, "campaign": campaign}  # fmt: skip
        return client.write("POST", "entries", body=body_of)

    @drafts("Sửa các trường của một mục. Cần etag của lần đọc gần nhất; không ghi đè lời ai. Duyệt rồi mà đổi là mất duyệt.")
    def change_entry(id: EntryId, etag: str, fields: dict[str, str]) -> Found:
        return client.write("PATCH", "entries", id, body={"fields": fields}, etag=etag)

    @drafts(
        "Sửa thuộc tính của một mục: channels, languages, unit, axis, group, tone, form, campaign, after, repeat, uses, facts; "
        "mỗi thuộc tính gửi trọn. Câu trả lời có consequences: điều gì theo sau. Duyệt rồi mà đổi là mất duyệt."
    )
    def change_properties(id: EntryId, etag: str, properties: Found) -> Found:
        return client.write("PATCH", "entries", id, body={"properties": properties}, etag=etag)

    @drafts("Đặt thêm một ảnh hay clip cho một mục, theo các trường của mẫu (read_template). Cần etag của list_media.")
    def draft_medium(
        id: EntryId, etag: str, template: str, data: MediumData, theme: str = "light", channels: Channels = (),
        alt: MediumAlt = None,
    ) -> Found:  # fmt: skip
        body = {"template": template, "theme": theme, "channels": list(channels), "alt": alt or {}, "data": data}
        return client.write("POST", "entries", id, "media", body=body, etag=etag)

    @drafts("Sửa một ảnh hay clip của một mục: gửi trọn những gì nó nói, như list_media đọc ra. Duyệt rồi mà đổi là mất duyệt.")
    def change_medium(
        id: EntryId, medium: str, etag: str, template: str, data: MediumData, theme: str = "light", channels: Channels = (),
        alt: MediumAlt = None,
    ) -> Found:  # fmt: skip
        body = {"template": template, "theme": theme, "channels": list(channels), "alt": alt or {}, "data": data}
        return client.write("PUT", "entries", id, "media", medium, body=body, etag=etag)

    @drafts("Đề nghị đính chính một dữ kiện. Chưa có gì đổi: người thứ hai xem kế hoạch rồi ký.")
    def propose_correction(fact: FactId, value: str, why: str, source: str = "", as_of: str = "") -> Found:
        body = {"value": value, "why": why, "source": source, "as_of": as_of or None}
        return client.write("POST", "facts", fact, "proposals", body=body)


def _said(tool: Callable[Given, Made]) -> Callable[Given, Made]:
    """Let the assistant hear why something was refused, in the words that the desk has for it."""

    @wraps(tool)
    def told(*args: Given.args, **kwargs: Given.kwargs) -> Made:
        try:
            return tool(*args, **kwargs)
        except (BadInput, PublishError) as error:
            raise ToolError(str(error)) from error

    return told
