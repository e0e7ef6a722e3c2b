"""Programs choose the properties of an entry: what follows is told, nothing else changes, what cannot be is refused by key."""

from __future__ import annotations

import pytest
from fastapi import FastAPI

from desk.workbench import Workbench
from editorial.outcome import Receipt
from tests.desk.api.programs import Program
from tests.desk.written_office import sign

ENTRY = "/api/entries/phu-nu-viet-nam"


def chosen(editor: Program, properties: dict[str, object], **rest: object):  # type: ignore[no-untyped-def]  # httpx.Response
    seen = editor.get(ENTRY).headers["etag"]
    return editor.patch(ENTRY, {"properties": properties} | rest, if_match=seen)


def text_of(bench: Workbench) -> str:
    return (bench.root / "content" / "phu-nu-viet-nam.md").read_text("utf-8")


def test_an_entry_tells_its_properties_and_takes_others(editor: Program, bench: Workbench) -> None:
    before = editor.get(ENTRY).json()["properties"]
    assert before["channels"] and before["repeat"] is None and before["campaign"] is None
    kept = [each for each in before["channels"] if each != "zalo"]
    own = {"so_qua": {"kind": "number", "value": 12.5, "unit": "tấn", "source": "Hội"}}
    answer = chosen(editor, {"channels": kept, "tone": "neutral", "facts": own}, fields={"action": "Mời bạn đến."})
    assert answer.status_code == 200, answer.text
    after = answer.json()
    assert after["properties"]["channels"] == kept and "moments.zalo" not in after["fields"]
    assert after["properties"]["facts"]["so_qua"]["value"] == "12.5" and after["fields"]["action"] == "Mời bạn đến."
    assert {each["kind"] for each in after["consequences"]} >= {"reads"}
    assert "  so_qua: {kind: number, value: 12.5, unit: tấn, source: Hội}" in text_of(bench)
    again = editor.get(ENTRY)
    assert again.headers["etag"] == answer.headers["etag"] and again.json()["properties"] == after["properties"]
    back = chosen(editor, before).json()["properties"]  # what was read can be sent back
    assert back == before  # the order of the channels too


@pytest.mark.parametrize(
    ("properties", "key"),
    [
        ({"channels": []}, "properties.channels"), ({"axis": "x"}, "properties.axis"), ({"tone": "vui"}, "properties.tone"),
        ({"repeat": {"every": "week"}}, "properties.repeat.from"), ({"repeat": {"hằng": "week"}}, "properties.repeat.hằng"),
        ({"facts": {"so": {"kind": "number", "value": "ba", "unit": "cái", "source": "x"}}}, "properties.facts.so.value"),
        ({"facts": {"Số": {"kind": "number", "value": 3, "unit": "cái", "source": "x"}}}, "properties.facts.Số.id"),
        ({"khac": 1}, "properties.khac"), ({}, "fields"),
    ],
)  # fmt: skip
def test_what_cannot_be_chosen_is_told_by_its_key(
    editor: Program, bench: Workbench, properties: dict[str, object], key: str
) -> None:
    before = text_of(bench)
    answer = chosen(editor, properties)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert key in [each.get("key") for each in answer.json()["errors"]], answer.text
    assert text_of(bench) == before


def test_a_stale_choice_changes_nothing_and_a_request_that_comes_again_is_done_once(editor: Program, bench: Workbench) -> None:
    seen = editor.get(ENTRY).headers["etag"]
    first = editor.patch(ENTRY, {"properties": {"axis": "hdnd"}}, if_match=seen, idempotency_key="truc")
    again = editor.patch(ENTRY, {"properties": {"axis": "hdnd"}}, if_match=seen, idempotency_key="truc")
    assert (first.status_code, again.status_code, again.headers["idempotency-replayed"]) == (200, 200, "true")
    late = editor.patch(ENTRY, {"properties": {"axis": "mttq"}}, if_match=seen)
    assert (late.status_code, late.json()["errors"][0]["rule"]) == (412, "stale-write")
    assert "axis: hdnd" in text_of(bench)
    assert [deed.detail for deed in bench.store.audit.all() if deed.action == "save"] == ["đã ghi vào tệp: trục"]


def put_out(bench: Workbench, entry: str, channel: str) -> None:
    delivery = next(each for each in bench.store.deliveries.list(entry=entry) if each.channel == channel)
    bench.store.deliveries.accept_proof(delivery.id, Receipt(remote_id=f"{entry}-{channel}", url=None), who="duyet")


def refused(editor: Program, address: str, properties: dict[str, object]) -> tuple[int, list[tuple[str, str]]]:
    answer = editor.patch(address, {"properties": properties}, if_match=editor.get(address).headers["etag"])
    return answer.status_code, [(each["rule"], each["key"]) for each in answer.json()["errors"]]


def test_a_channel_on_which_the_post_is_out_stays_and_so_does_its_signature(editor: Program, bench: Workbench) -> None:
    address, file = "/api/entries/giai-phong-thu-do", bench.root / "content" / "giai-phong-thu-do.md"
    put_out(bench, "giai-phong-thu-do", "zalo")
    before, channels = file.read_text("utf-8"), editor.get(address).json()["properties"]["channels"]
    kept = [each for each in channels if each != "zalo"]
    assert refused(editor, address, {"channels": kept}) == (409, [("out", "properties.channels")])
    assert file.read_text("utf-8") == before
    assert bench.store.approvals.latest("giai-phong-thu-do") is not None


def test_a_fact_that_is_still_quoted_stays(editor: Program, bench: Workbench) -> None:
    own = {"so_qua": {"kind": "number", "value": 12.5, "unit": "tấn", "source": "Hội"}}
    assert chosen(editor, {"facts": own}, fields={"action": "Góp {{ fact.so_qua }} quà."}).status_code == 200
    before = text_of(bench)
    status, told = refused(editor, ENTRY, {"facts": {}})
    assert (status, told) == (409, [("quoted", "properties.facts.so_qua")])
    assert text_of(bench) == before


def test_a_turn_that_is_out_stays_in_its_series(editor: Program, bench: Workbench, app: FastAPI) -> None:
    monthly = {"every": "month", "day": "last", "from": "2026-10-01", "until": "2026-12-31"}
    made = chosen(editor, {"repeat": monthly})
    assert made.status_code == 200, made.text
    turn = made.json()["id"]
    sign(app.state.desk.bench, turn)  # which knows the turns
    put_out(bench, turn, "portal")
    later = {**monthly, "from": "2026-11-01"}
    assert refused(editor, f"/api/entries/{turn}", {"repeat": later}) == (409, [("out", "properties.repeat")])
