"""Pictures and clips that programs order for an entry: once each, never over somebody else's words, and told field by field."""

from __future__ import annotations

import re

import pytest
from fastapi import FastAPI

from desk.workbench import Workbench
from tests.desk.api.programs import Program, token_for

ENTRY = "/api/entries/phu-nu-viet-nam"
MEDIA = f"{ENTRY}/media"
NEW = {
    "template": "infographic/figures", "theme": "dark", "channels": ["facebook"], "alt": {"vi": "Một số"},
    "data": {"vi": {"headline": "Phụ nữ Thủ đô", "source": "Hội", "figures": [{"value": 3, "label": "việc"}]}},
}  # fmt: skip


def file(bench: Workbench) -> str:
    return (bench.root / "content" / "phu-nu-viet-nam.md").read_text("utf-8")


def seen(editor: Program) -> str:
    return str(editor.get(MEDIA).headers["etag"])


def test_a_medium_is_ordered_changed_and_taken_away_and_the_file_is_as_it_was(editor: Program, bench: Workbench) -> None:
    before = file(bench)
    made = editor.send("POST", MEDIA, json=NEW, headers={"if-match": seen(editor)})
    assert made.status_code == 201, made.text
    where = made.headers["location"]
    assert where == f"{MEDIA}/{made.json()['id']}"
    assert made.json()["data"] == NEW["data"]
    assert set(before.splitlines()) <= set(file(bench).splitlines())
    wanted = NEW | {"theme": "light", "channels": []}
    put = editor.send("PUT", where, json=wanted, headers={"if-match": made.headers["etag"]})
    assert (put.status_code, put.json()["theme"], put.json()["channels"]) == (200, "light", [])
    assert made.json()["id"] in [each["id"] for each in editor.get(MEDIA).json()["items"]]
    gone = editor.send("DELETE", where, headers={"if-match": put.headers["etag"]})
    assert gone.status_code == 200, gone.text
    assert file(bench) == before
    assert [deed.action for deed in bench.store.audit.all()[-3:]] == ["save"] * 3


def test_an_order_that_comes_again_is_carried_out_once(editor: Program) -> None:
    headers = {"if-match": seen(editor), "idempotency-key": "mot-viec"}
    first = editor.send("POST", MEDIA, json=NEW, headers=headers)
    again = editor.send("POST", MEDIA, json=NEW, headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert sum(each["data"] == NEW["data"] for each in editor.get(MEDIA).json()["items"]) == 1


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"template": "infographic/khong-co"}, "template"),
        ({"theme": "neon"}, "theme"),
        ({"channels": ["tiktok-la"]}, "channels"),
        ({"data": {"vi": {"headline": "Thiếu nguồn", "figures": [{"value": 1, "label": "x"}]}}}, "data.vi.source"),
        ({"data": {"vi": {**NEW["data"]["vi"], "la": "x"}}}, "data.vi.la"),  # type: ignore[index]
        ({"data": {"vi": {**NEW["data"]["vi"], "headline": "dài " * 99}}}, "data.vi.headline"),  # type: ignore[index]
        ({"data": {"vi": {**NEW["data"]["vi"], "figures": [{"value": n, "label": "x"} for n in range(41)]}}}, "data.vi.figures"),  # type: ignore[index]
        ({"data": {"en": {"headline": "No"}}}, None),
        ({"la": 1}, "la"),
    ],
)
def test_an_order_that_does_not_hold_together_is_told_field_by_field(
    editor: Program, bench: Workbench, change: dict[str, object], key: str | None
) -> None:
    before = file(bench)
    answer = editor.send("POST", MEDIA, json=NEW | change, headers={"if-match": seen(editor)})
    assert answer.status_code == 422, answer.text
    assert key is None or key in [each.get("key") for each in answer.json()["errors"]]
    assert file(bench) == before


def test_a_write_over_what_somebody_else_wrote_is_refused(editor: Program, bench: Workbench) -> None:
    old = seen(editor)
    path = bench.root / "content" / "phu-nu-viet-nam.md"
    path.write_text(file(bench) + "\nMột người vừa viết thêm.\n", "utf-8")
    now = file(bench)
    for method, where in (("POST", MEDIA), ("PUT", f"{MEDIA}/anh"), ("DELETE", f"{MEDIA}/anh")):
        body = None if method == "DELETE" else NEW
        assert editor.send(method, where, json=body, headers={"if-match": old}).status_code == 412
        assert editor.send(method, where, json=body).status_code == 428
    assert file(bench) == now


def test_a_medium_that_is_not_there_is_not_found(editor: Program) -> None:
    assert editor.send("DELETE", f"{MEDIA}/khong-co", headers={"if-match": seen(editor)}).status_code == 404
    assert editor.send("PUT", f"{MEDIA}/khong-co", json=NEW, headers={"if-match": seen(editor)}).status_code == 404


def test_a_program_without_the_scope_orders_no_medium(app: FastAPI, editor: Program, bench: Workbench) -> None:
    before, headers = file(bench), {"if-match": seen(editor)}
    reader = Program(app, token_for(bench, scopes=("entries:read",)))
    answer = reader.send("POST", MEDIA, json=NEW, headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["rule"]) == (403, "no-scope")
    assert file(bench) == before


def test_no_more_media_than_any_platform_takes_are_ordered(editor: Program, bench: Workbench) -> None:
    path = bench.root / "content" / "phu-nu-viet-nam.md"
    rows = "".join(f"  - {{id: them-{n}, template: infographic/figures, data: {{headline: x, source: y}}}}\n" for n in range(20))
    path.write_text(re.sub(r"^media:\n", f"media:\n{rows}", file(bench), count=1, flags=re.M), "utf-8")
    before = file(bench)
    answer = editor.send("POST", MEDIA, json=NEW, headers={"if-match": seen(editor)})
    assert (answer.status_code, answer.json()["errors"][0]["rule"]) == (422, "too-many")
    assert file(bench) == before
