"""Whatever is typed wrongly is one plain line and status 2: never a traceback, and nothing is done."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk.command import run
from desk.remembering import open_store
from editorial.clock import SimulatedClock
from tests.store.ledger_posts import post
from tests.story.workspace import make_workspace

ENTRY = "ngay-phap-luat"
POST = post().key
WHY = ("--why", "lý do đủ dài để ghi lại")
EDITOR, CHIEF, ON_DUTY, ADMIN = ("--by", "bien-tap"), ("--by", "duyet"), ("--by", "truc-ban"), ("--by", "quan-tri")
LONG, HUGE = "x" * 5000, "9" * 30
FOLDER, NOTHING, RUBBISH = "content", "none/at/all", "rubbish.bin"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = make_workspace(tmp_path_factory.mktemp("office"), (ENTRY,))
    (root / RUBBISH).write_bytes(bytes(range(256)) * 8)
    store, _ = open_store(root / ".loa" / "office", SimulatedClock(datetime(2026, 10, 1, tzinfo=UTC)))
    with store:
        store.deliveries.plan(post())
    return root


@pytest.fixture(autouse=True)
def _here(office: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(office)
    monkeypatch.setenv("LOA_CALDAV_PASSWORD", "x")
    before = _remembered(office)
    yield
    assert _remembered(office) == before, "what was refused has done something"


def _remembered(root: Path) -> object:
    with closing(sqlite3.connect(root / ".loa" / "office" / "loa.sqlite")) as database:
        return [database.execute(f"SELECT * FROM {table}").fetchall() for table in ("audit", "halts", "deliveries")]


def case(*words: str) -> object:
    shown = (word if len(word) < 30 else f"{word[:8]}..." for word in words)
    return pytest.param(words, id=" ".join(shown).encode("unicode_escape").decode())


NEW = ("--headline", "Tựa", "--summary", "Một câu", "--when", "2030-01-08@08:00", "--group", "1.1", "--axis", "thanh-uy",
       "--unit", "btgdv", "--channel", "portal")  # fmt: skip
NUMBERS = ("", "x", "1.5", HUGE, "nan")
MISTAKES = [
    *[case("lunar", day) for day in ("", "x", "2026-13-01", "0000-00-00", "9999-12-31", "٢٠٢٦-٠٩-٢٥", LONG)],
    *[case("solar", day) for day in ("", "x", "2026-13-01", "2200-01-01", LONG)],
    *[case("dates", year) for year in (*NUMBERS, "0", "1974", "2101")],
    *[case("when", rule) for rule in ("", "/", "trung_thu/2026@25:00", "trung_thu/99999@08:00", "quoc_te@", "{0}", LONG)],
    *[case("plan", "--from", day) for day in ("", "2026-02-30", "9999-12-31", "0001-01-01", "\0")],
    case("plan", "--from", "2026-12-31", "--to", "2026-12-01"),
    case("plan", "--milestone", "x/2026@08:00"),
    case("plan", "--deadlines", "--today", "x"),
    case("plan", "--deadlines", "--memory", "x"),
    *[case("coverage", "--to", day) for day in ("", "x", "9999-12-31")],
    case("moves", "--memory", "x"),
    *[case(command, name) for command in ("alt", "certificate", "check") for name in ("", "../x", "\0")],
    *[case("certificate", ENTRY, "--html", out) for out in ("", FOLDER, "/dev/full", "\udcff")],
    *[case("check", "--file", file) for file in ("", NOTHING, FOLDER, RUBBISH, "/dev/null", "\0", LONG)],
    *[case("render", what, "--out", "out") for what in ("", "khong-co", "/", f"infographic/{LONG}")],
    *[case("render", "infographic/steps", "--out", out) for out in ("", RUBBISH, f"{RUBBISH}/x", "\udcff")],
    *[case("render", "infographic/steps", "--out", "out", "--data", file) for file in (NOTHING, FOLDER, RUBBISH, LONG)],
    *[case("render", "infographic/steps", "--out", "out", *more) for more in (("--size", "x"), ("--format", "gif"))],
    case("render", ENTRY, "--out", "out", "--theme", "dark"),
    *[case("new-template", name) for name in ("", "x", "infographic/steps", "infographic/../x", "clip/😀", "/", f"clip/{LONG}")],
    *[case("proof", *more) for more in ((), ("x",), ("khong/co",), ("infographic/steps", "--sample", "x"))],
    *[case("proof", "infographic/steps", *more) for more in (("--width", "0"), ("--out", f"{RUBBISH}/x.png"), ("--theme", "x"))],
    *[case("preview", *more) for more in (("x",), ("khong/co",), ("infographic/steps", "--port", "-1"), (LONG,))],
    case("golden", "khong/co"),
    *[case(command, "--port", port) for command in ("demo", "serve") for port in (*NUMBERS, "-1", "70000")],
    case("serve", "--memory", "x"),
    *[case("rehearse", "--from", one, "--to", two)
      for one, two in (("", ""), ("x", "2026-12-31"), ("2026-12-31", "2026-10-01"), ("2026-02-30", "2026-03-01"),
                       ("0001-01-01", "9999-12-31"))],
    *[case("rehearse", *more) for more in ((), ("--from", "2026-10-01"), ("--to", "2026-12-31"))],
    *[case("rehearse", "--from", "2026-10-01", "--to", "2026-10-02", "--faults", seed) for seed in (*NUMBERS, "-1", "٣", LONG)],
    case("rehearse", "--from", "2026-10-01", "--to", "2026-10-02", "--port", "70000"),
    *[case(command, "--database", address, "--broker", "amqp://127.0.0.1:1//") for command in ("serve", "work")
      for address in ("x", "x://y", "sqlite:///x.db", "postgresql://a@127.0.0.1:1/b", LONG)],
    *[case(command, "--broker", address) for command in ("serve", "work") for address in ("x", "amqp://127.0.0.1:1//")],
    *[case(command, "--media", address) for command in ("serve", "work") for address in ("x", "s3://kho")],
    case("work"),
    case("work", "--database", "postgresql://a@127.0.0.1:1/b"),
    *[case("work", "--threads", number) for number in (*NUMBERS, "0", "257")],
    *[case("move", "--to", address) for address in ("", "x", "x://y", "sqlite:///x.db", "postgresql://a@127.0.0.1:1/b")],
    case("move", "--to", "postgresql://a@127.0.0.1:1/b", "--memory", "demo"),
    case("move", "--by", "duyet"),
    *[case("correct", fact, "--value", "1") for fact in ("", "a/b/c")],
    *[case("correct", "wards", "--value", value) for value in ("", "nan", "1e999")],
    case("correct", "wards", "--value", "127", "--by", "ai-do"),
    case("withdraw", "khong-co", "--reason", "error", *WHY),
    case("withdraw", ENTRY, "--reason", "x", *WHY),
    case("withdraw", ENTRY, "--reason", "error", "--why", " "),
    case("withdraw", ENTRY, "--reason", "error", *WHY, "--by", "ai-do"),
    case("withdraw", ENTRY, "--reason", "superseded", *WHY, "--link", "không phải địa chỉ"),
    *[case("withdraw", ENTRY, "--reason", "error", *WHY, "--channel", channel) for channel in ("", "x", "\0", LONG)],
    *[case("corrections", "--done", id, *ON_DUTY, *WHY) for id in (*NUMBERS, "999", "0", "-1")],
    case("corrections", *ON_DUTY),
    *[case("pause", *CHIEF, *WHY, scope, name)
      for scope in ("--channel", "--entry", "--unit", "--post") for name in ("", "x", "\0", LONG)],
    *[case("pause", *CHIEF, *WHY, "--to", to)
      for to in ("", "x", "2026-02-30", "0001-01-01T00:00", "9999-12-31T23:59-14:00", "2020-01-01")],
    case("pause", *CHIEF, "--why", "\udcff"),
    case("pause", *CHIEF, *WHY, "--tone", "x"),
    *[case("resume", *CHIEF, *more) for more in ((), ("--channel", ""), ("--channel", "x"), ("--mourning",))],
    *[case("mourning", *CHIEF, *WHY, "--from", one, "--to", two)
      for one, two in (("x", "x"), ("2026-11-26", "2026-11-25"), ("2020-01-01", "2020-01-02"), ("0001-01-01", "9999-12-31"),
                       ("", ""))],
    *[case(command, "--memory", "x") for command in ("pauses", "held", "sync", "corrections")],
    *[case("release", name, *CHIEF, *WHY) for name in ("", "x", "-1", "٣", HUGE, "\0", LONG)],
    *[case("drop", name, *CHIEF, *WHY) for name in ("", "x", "٣", HUGE)],
    case("drop", POST, *CHIEF, "--why", "a\0b"),
    case("drop", POST, *EDITOR, *WHY),
    *[case("move", POST, "--to", to, *ON_DUTY, *WHY)
      for to in ("", "x", "2020-01-01", "9999-12-31T23:59-14:00", "2027-01-01T08:00+99:00", "2027-W01-1T08:00")],
    case("move", POST, "--to", "2027-01-01T08:00", *ON_DUTY, *WHY, "--approved-by", " "),
    case("move", POST, "--to", "2027-01-01T08:00", *ON_DUTY, *WHY, "--approved-by", "ai-do"),
    *[case("reschedule", name, "--to", "2030-01-01T08:00") for name in ("", "khong-co", "\0", "../x", LONG)],
    *[case("reschedule", ENTRY, "--to", to) for to in ("", "x", "2026-02-30", "2026-11-09T25:00", "0001-01-01T00:00", LONG)],
    *[case("reschedule", ENTRY, "--to", "2030-01-01T08:00", *more)
      for more in (("--channel", "x"), ("--channel", ""), ("--do",), ("--do", "--by", "ai-do"), ("--do", "--by", "kiem-chung"))],
    case("reschedule", ENTRY, "--to", "2020-01-01T08:00", "--do", *EDITOR),
    *[case("new-entry", name, *NEW, *EDITOR) for name in ("", "A", "có dấu", "../x", "a--b", ENTRY, "\0", LONG)],
    *[case("new-entry", "bai-thu", *NEW, *more) for more in ((), ("--by", "ai-do"), ("--by", "kiem-chung"))],
    *[case("new-entry", "bai-thu", *NEW, *EDITOR, option, value)
      for option, value in (("--headline", " "), ("--summary", ""), ("--when", "x"), ("--when", "khong_co/2030@08:00"),
                            ("--when", "2020-01-01@08:00"), ("--when", "2030-01-01@08:00\nx: 1"), ("--group", "9.9"),
                            ("--axis", "x"), ("--unit", "x\ny: 1"), ("--channel", "x"), ("--channel", "portal"),
                            ("--campaign", "x"), ("--tone", "x"), ("--form", "x"))],
    *[case("workflow", name) for name in ("", "khong-co", "\0", LONG)],
    *[case("workflow", ENTRY, *more) for more in (("--do", "x"), ("--do", "comment"), (*CHIEF,), ("--version", "1"))],
    *[case("workflow", ENTRY, "--do", "comment", *CHIEF, *WHY, "--version", version) for version in (*NUMBERS, "-1", "7")],
    *[case("changes", name) for name in ("", "khong-co", "\0", LONG)],
    *[case("changes", ENTRY, which, number) for which in ("--from", "--to") for number in ("", "x", "1.5")],
    case("changes", ENTRY, "--list", "--from", "1"),
    *[case("workflow", ENTRY, "--do", do, *CHIEF, *WHY)
      for do in ("expire", "emergency", "withdraw", "reopen", "void", "submit")],
    case("workflow", "--do", "comment", *CHIEF, *WHY),
    *[case("ics-import", source, "--name", "moi") for source in
      ("", NOTHING, FOLDER, RUBBISH, "/dev/null", "\0", "http://", "https://[::1", f"http://{LONG}", "http://127.0.0.1:99999/x")],
    *[case("ics-import", RUBBISH, "--name", name) for name in ("", "Ấ", "../x", LONG)],
    *[case("channels", "test", name) for name in ("", "x", "\0", LONG)],
    *[case("channels", "test", "portal", "--account", path) for path in ("", NOTHING, FOLDER, RUBBISH, "/dev/null", LONG)],
    *[case("channels", "--memory", name) for name in ("x", "../office", LONG)],
    *[case("channels", "-w", folder) for folder in ("", NOTHING, RUBBISH, LONG)],
    *[case("init", folder) for folder in ("", FOLDER, RUBBISH, f"{RUBBISH}/new", "\0", "/dev/full/new", LONG, "\udcff")],
    *[case("sweep", "--limit", limit) for limit in ("", "x", "nan", "inf", "-inf", "-1", "1e308", "9" * 400)],
    *[case("bench", "plan", "--year", year) for year in (*NUMBERS, "0", "9999")],
    *[case("bench", "lunar", more) for more in ("--runs", "x")],
    *[case("bench", "pause", "--trials", number) for number in ("0", "-3", "x", "1001")],
    *[case("bench", "pause", "--database", address) for address in ("x", "x://y", "sqlite:///x.db", "postgresql://a@127.0.0.1:1/b")],
    *[case("bench", "deliveries", "--most", number) for number in (*NUMBERS, "0", "47", "5001")],
    *[case("bench", "deliveries", "--database", address) for address in ("x", "sqlite:///x.db", "postgresql://a@127.0.0.1:1/b")],
    case("bench", "deliveries", "--broker", "amqp://a@127.0.0.1:1//"),
    *[case("bench", "desk", "--entries", number) for number in (*NUMBERS, "0", "99", "1000001")],
    *[case("bench", "desk", "--deliveries", number) for number in (*NUMBERS, "0", "1999", "24001")],
    *[case("bench", "desk", "--files", number) for number in (*NUMBERS, "0", "59")],
    *[case("bench", "desk", "--seconds", number) for number in ("", "x", "0", "-1", "nan", "inf", "601")],
    *[case("bench", "desk", "--database", address) for address in ("x", "sqlite:///x.db", "postgresql://a@127.0.0.1:1/b")],
    *[case("bench", "desk", "--folder", folder) for folder in (RUBBISH, FOLDER, LONG)],
    case("bench", "desk", "--only", "x"),
    *[case("bench", "check", "--corpus", path) for path in ("", NOTHING, RUBBISH, "/dev/null", LONG)],
    *[case("bench", "studio", *more) for more in (("--without", "x"), ("--runs", "0"), ("--cache", RUBBISH), ("--cache", LONG))],
    *[case("audit", "verify", "--export", path) for path in ("", NOTHING, FOLDER, RUBBISH, "/dev/null", LONG)],
    *[case("audit", "verify", "--head", head) for head in ("", "x", "0" * 63, "٣" * 64)],
    *[case("audit", "export", "--out", out) for out in ("", FOLDER, "/proc/x/y", f"{RUBBISH}/x", LONG)],
    *[case("audit", "list", *more) for more in (("--kind", "x"), ("--limit", "0"), ("--limit", "x"), ("--memory", "x"))],
    *[case("audit", "list", "--before", number) for number in ("", "x", "0", HUGE)],
    *[case("people", what, name) for what in ("invite", "reset", "sign-out") for name in ("", "ai-do", "\0", LONG)],
    *[case("people", what, "duyet", "--address", address) for what in ("invite", "reset") for address in ("", "x", "ftp://a")],
    case("people", "list", "--memory", "x"),
    *[case("webhooks", "add", url, *ADMIN) for url in ("", "x", "\0", LONG, "http://8.8.8.8/", "https://127.0.0.1/", "https://[")],
    case("webhooks", "add", "https://8.8.8.8/", *EDITOR),
    case("webhooks", "add", "https://8.8.8.8/", "--by", "ai-do"),
    case("webhooks", "add", "https://8.8.8.8/", *ADMIN, "--kind", "x"),
    *[case("webhooks", what, number, *ADMIN)
      for what in ("test", "off", "resume", "remove") for number in (*NUMBERS, "0", "-1", "7")],
    *[case("webhooks", "resume", number, "--skip", *ADMIN) for number in ("", "x", "0", "7")],
    case("webhooks", "resume", "7", "--skip", *EDITOR),
    case("webhooks", "resume", "7", "--skip=x", *ADMIN),
    case("webhooks", "list", "--memory", "x"),
    *[case("mcp", "--address", address) for address in ("", "x", "http://may.example.vn", "\0")],
    *[case("serve", "--memory", "office", "--address", address) for address in ("x", "ftp://a", "a b")],
    *[case("emergency", "grant", "truc-ban", *ADMIN, *WHY, "--hours", hours)
      for hours in ("", "x", "nan", "inf", "-inf", "-1", "0", "24.1", "1e308", "9" * 400)],
    *[case("emergency", "grant", name, *ADMIN, *WHY) for name in ("", "ai-do", "bien-tap", "\0")],
    case("emergency", "grant", "truc-ban", *ADMIN, "--why", "gấp"),
    *[case("emergency", "publish", name, *ON_DUTY, *WHY) for name in ("", "khong-co", "\0")],
    *[case("emergency", "review", id, "--verdict", "upheld", *CHIEF, *WHY) for id in (*NUMBERS, "0", "-1", "7")],
    case("emergency", "review", "1", "--verdict", "x", *CHIEF, *WHY),
    *[case("emergency", "review", "1", "--verdict", "withdrawn", *CHIEF, *WHY, "--author", author) for author in ("", "ai-do")],
    *[case("ics", feed, "--out", out) for feed in ("public", "staff") for out in ("", FOLDER)],
    *[case("ics", feed, "--memory", "x") for feed in ("public", "staff", "link")],
    *[case("ics", "link", "--address", address) for address in ("", "x", "ftp://a", "http://", "a b", "\0")],
    *[case("caldav", "push", "--user", "a", "--url", url) for url in ("", "http://[::1/", f"https://{LONG}")],
    *[case("comments", number, "--do", "drop", *ON_DUTY, *WHY) for number in ("", "x", "0", "99", "9" * 30)],
    *[case("comments", "1", "--do", do, *ON_DUTY, *WHY) for do in ("", "x", "nói lại")],
    case("comments", "1", "--do", "drop", "--by", "ai-do", *WHY),
    case("comments", "--do", "drop"),
    *[case(command, "-w", folder) for command in ("held",) for folder in ("", NOTHING, RUBBISH, "\0", "\udcff", LONG)],
]  # fmt: skip


@pytest.mark.parametrize("typed", MISTAKES)
def test_what_cannot_be_meant_is_told_in_one_line_and_changes_nothing(
    typed: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(typed) == 2
    said = capsys.readouterr().err.strip()
    assert said and "Traceback" not in said


def test_every_command_has_its_mistakes_in_the_table() -> None:
    import typer

    from desk.command import app

    takes_nothing_wrong = {"doctor", "emergency list"}
    commands = set(_named(typer.main.get_command(app), ()))
    tried = {" ".join(words) for each in MISTAKES for words in (each.values[0][:1], each.values[0][:2])}  # type: ignore[attr-defined]
    assert commands - tried - takes_nothing_wrong == set()


def _named(command: object, path: tuple[str, ...]) -> Iterator[str]:
    inner = getattr(command, "commands", None)
    if inner is None:
        yield " ".join(path)
        return
    for name, each in inner.items():
        yield from _named(each, (*path, name))


def test_a_memory_that_may_not_be_written_is_told(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = office / "other"
    (other / "content").mkdir(parents=True)
    (other / "content" / "office.yaml").write_bytes((office / "content" / "office.yaml").read_bytes())
    (other / ".loa").write_text("a file where a folder has to be", encoding="utf-8")
    assert run(["held", "-w", str(other)]) == 2
    assert ".loa" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "start"), [(("when", "--", ""), "giá trị bỏ trống"), (("plan", "--from", ""), "--from: giá trị")]
)
def test_a_blank_value_is_named_by_its_option_and_by_nothing_else(
    words: tuple[str, ...], start: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(list(words)) == 2
    assert capsys.readouterr().err.startswith(start)
