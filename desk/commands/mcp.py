"""The office for assistants that speak MCP, over standard input and output."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from desk.address import LOCAL
from editorial.problem import BadInput, Problem

TOKEN = "LOA_TOKEN"
Address = Annotated[str, typer.Option("--address", help="Địa chỉ của bàn làm việc đang mở; https:// khi ở máy khác.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("mcp")(mcp)


def mcp(address: Address = LOCAL) -> int:
    """Máy chủ MCP cho trợ lý: đọc và soạn nháp, không duyệt và không đăng. Mã truy cập lấy ở biến LOA_TOKEN."""
    token = os.environ.get(TOKEN, "").strip()
    if not token:
        message = "chưa có mã truy cập; tạo ở trang Tài khoản rồi đặt vào biến LOA_TOKEN"
        raise BadInput(Problem(rule="no-token", key=TOKEN, message=message))
    import anyio

    from desk.api_client import ApiClient
    from desk.mcp_server import mcp_server

    client = ApiClient(address, token)
    try:
        anyio.run(mcp_server(client).run_stdio_async)
    finally:
        client.close()
    return 0
