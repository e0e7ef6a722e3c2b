"""Assistants that speak MCP: the package's own client, a real `./loa mcp`, and a desk that answers over HTTP."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client, StdioServerParameters

from desk.proposing import proposed
from desk.workbench import Workbench
from tests.desk.api.programs import open_api, token_for
from tests.story.served import served

HOUSE = Path(__file__).resolve().parents[3]
READING = {
    "list_entries", "read_entry", "read_messages", "list_renditions", "list_facts", "read_fact", "list_fact_places",
    "list_templates", "read_template", "list_deliveries", "read_delivery", "read_calendar", "list_occasions",
    "read_report", "check_entry", "list_media",
}  # fmt: skip
DRAFTING = {"draft_entry", "change_entry", "propose_correction", "change_properties", "draft_medium", "change_medium"}
Talk = Callable[[Client], Awaitable[None]]


@pytest.fixture
def desk(bench: Workbench) -> Iterator[str]:
    with served(open_api(bench)) as address:
        yield address


def talk(desk: str, token: str, what: Talk) -> None:
    """Let a client speak with a server of its own."""
    server = StdioServerParameters(
        command=sys.executable, args=["-P", "-m", "desk", "mcp", "--address", desk], cwd=HOUSE,
        env={"LOA_TOKEN": token, "PYTHONPATH": str(HOUSE), **{key: os.environ[key] for key in ("TMPDIR",) if key in os.environ}},
    )  # fmt: skip

    async def run() -> None:
        async with Client(server, read_timeout_seconds=60) as client:
            await what(client)

    anyio.run(run)


async def ask(client: Client, tool: str, **given: Any) -> Any:
    answer = await client.call_tool(tool, given)
    assert not answer.is_error, answer.content
    return answer.structured_content


async def refusal(client: Client, tool: str, **given: Any) -> str:
    answer = await client.call_tool(tool, given)
    assert answer.is_error
    return str(answer.content)


def test_an_assistant_reads_drafts_and_proposes_and_no_tool_approves(desk: str, bench: Workbench) -> None:
    async def what(client: Client) -> None:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert tools.keys() == READING | DRAFTING
        for name, tool in tools.items():
            assert tool.annotations is not None and tool.annotations.read_only_hint is (name in READING)
        found = await ask(client, "list_entries", q="phu-nu")
        assert [each["id"] for each in found["items"]] == ["phu-nu-viet-nam"]
        entry = await ask(client, "read_entry", id="phu-nu-viet-nam")
        changed = await ask(client, "change_entry", id="phu-nu-viet-nam", etag=entry["etag"], fields={"summary": "Một câu khác."})
        assert changed["fields"]["summary"] == "Một câu khác."
        checked = await ask(client, "check_entry", id="phu-nu-viet-nam")
        assert checked["etag"] == changed["etag"]
        assert any("Một câu khác." in each["text"] for each in checked["certificate"]["texts"])
        stale = await refusal(client, "change_entry", id="phu-nu-viet-nam", etag=entry["etag"], fields={"summary": "Muộn."})
        assert "đọc lại" in stale
        made = await ask(client, "draft_entry", headline="Ngày hội đọc sách", summary="Mời bà con.", group="1.1", axis="thanh-uy",
                         unit="btgdv", tone="festive", when="2026-11-03@08:00", channels=["portal"])  # fmt: skip
        assert made["stage"] == "draft"
        await ask(client, "propose_correction", fact="wards", value="127", why="Nghị quyết mới")
        assert (await ask(client, "read_fact", fact="wards"))["proposal"]["value"] == "127"
        assert (await ask(client, "list_deliveries", channel="portal"))["items"][0]["state"] == "scheduled"
        assert (await ask(client, "read_template", id="infographic/steps"))["fields"]
        assert (await ask(client, "read_calendar", month="2026-10"))["days"]
        assert (await ask(client, "list_fact_places", fact="wards"))["items"] is not None

    talk(desk, token_for(bench), what)
    assert proposed(bench.store, "wards") is not None
    assert {each.state.value for each in bench.store.deliveries.list()} == {"scheduled"}
    assert (bench.root / "content" / "ngay-hoi-doc-sach.md").exists()


def test_an_assistant_drafts_pictures_and_properties_and_what_was_signed_is_signed_no_more(desk: str, bench: Workbench) -> None:
    id = "giai-phong-thu-do"
    figures = [{"value": 3, "label": "việc"}, {"value": 4, "label": "nơi"}]
    data = {"vi": {"headline": "Thủ đô", "source": "Hội", "figures": figures}}

    async def what(client: Client) -> None:
        entry = await ask(client, "read_entry", id=id)
        chosen = {"axis": "hdnd", "channels": entry["properties"]["channels"][:2]}
        changed = await ask(client, "change_properties", id=id, etag=entry["etag"], properties=chosen)
        assert changed["properties"]["axis"] == "hdnd"
        assert "void" in [each["kind"] for each in changed["consequences"]]
        media = await ask(client, "list_media", id=id)
        made = await ask(
            client, "draft_medium", id=id, etag=media["etag"], template="infographic/figures", data=data, alt={"vi": "Hai số"}
        )
        assert made["data"] == data
        wanted = {"template": "infographic/figures", "theme": "dark", "data": data}
        again = await ask(client, "change_medium", id=id, medium=made["id"], etag=made["etag"], **wanted)
        assert (again["theme"], again["alt"]) == ("dark", {})
        assert "etag" not in await refusal(client, "change_medium", id=id, medium=made["id"], etag=media["etag"], **wanted)
        wrong = {"vi": {"headline": "Thiếu nguồn", "figures": []}}
        told = await refusal(client, "draft_medium", id=id, etag=again["etag"], template="infographic/figures", data=wrong)
        assert "data.vi.source" in told

    talk(desk, token_for(bench), what)
    assert bench.store.approvals.latest(id) is None
    assert not bench.store.workflow.of(id).stage.value.startswith("approved")


def test_an_assistant_has_what_its_token_has(desk: str, bench: Workbench) -> None:
    async def what(client: Client) -> None:
        assert (await ask(client, "read_calendar", month="2026-10"))["month"] == "2026-10"
        assert "entries:read" in await refusal(client, "list_entries")
        assert "facts:propose" in await refusal(client, "propose_correction", fact="wards", value="1", why="x")

    talk(desk, token_for(bench, scopes=("calendar:read",)), what)


@pytest.mark.parametrize(
    ("token", "address", "told"),
    [("", "http://127.0.0.1:8000", "LOA_TOKEN"), ("loa_x", "http://may.example.vn", "https://"), ("loa_x", "gì đó", "https://")],
)
def test_it_does_not_start_without_a_token_or_where_others_would_read_it(token: str, address: str, told: str) -> None:
    command = [sys.executable, "-P", "-m", "desk", "mcp", "--address", address]
    env = {**os.environ, "LOA_TOKEN": token, "PYTHONPATH": str(HOUSE)}
    found = subprocess.run(command, cwd=HOUSE, env=env, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    assert found.returncode == 2 and told in found.stderr and "Traceback" not in found.stderr
