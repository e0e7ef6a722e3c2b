"""How fast is the desk of a large office: the real server as a process, asked for each page fifty times a second."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

from desk.bench_place import MARK, refuse_filled
from desk.desk_trial import Job
from desk.entrance import roles_of
from desk.figure import written
from desk.large_office import PERSON, LargeOffice, Size
from desk.large_records import write_records
from desk.place import HOUSE, Place
from desk.records import DATABASE, OFFICE, database_url
from desk.web.cookies import SESSION
from desk.workspace import read_workspace
from editorial.clock import OFFICE_ZONE, SystemClock
from editorial.workflow import Stage
from store.delivery_pages import Place as Spot
from store.store import Store

RATE = 50.0  # requests a second
GOAL, GOAL_SQLITE = 0.1, 0.15  # seconds, of 95 requests in a hundred
MOST_BYTES = 400_000  # of a page, besides pictures
FIRST_PAINT = 1.0  # seconds
SETTLED = 0.1  # of a processor: then the desk has begun, and nothing goes on but what always does
PATIENCE = 900.0  # seconds until the desk has to be open
VARIED = 40  # entries and deliveries that are asked for in turn
NO_CHROMIUM = 3  # exit status

NAMES = (
    "lịch tháng", "lịch tuần", "lịch quý", "lịch danh sách", "lịch lọc", "một mục", "soạn", "bài mới", "dời lịch", "chờ duyệt",
    "duyệt", "dữ kiện", "một dữ kiện", "lượt đăng", "lượt đăng cũ", "lượt đăng lọc", "một lượt đăng", "dải trạng thái",
    "tạm dừng", "tạm dừng thử", "nhật ký", "người", "cài đặt", "tài khoản", "API lượt đăng", "sống",
)  # fmt: skip

Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page with the addresses at which it is asked for, in turn."""

    name: str
    paths: tuple[str, ...]
    is_page: bool = True  # and not a part of one, or data


@dataclass(frozen=True, kw_only=True)
class PageTrial:
    """What a page came to: seconds to the first byte, sorted; processor seconds of the server for each request."""

    page: Page
    waited: tuple[float, ...]
    failed: int
    cpu: float
    length: int  # bytes of the largest answer
    weight: int | None = None  # bytes with all that it needs besides pictures, as a browser that has nothing of it yet
    first_paint: float | None = None  # seconds

    def late(self, share: float) -> float:
        """Return within which time this share of the requests was answered."""
        return self.waited[min(len(self.waited) - 1, int(share * len(self.waited)))]

    def missed(self, goal: float) -> tuple[str, ...]:
        """Return which targets the page misses."""
        heavy = (self.weight or self.length) > MOST_BYTES and self.page.is_page
        slow_paint = self.first_paint is not None and self.first_paint > FIRST_PAINT
        found = {"p95": self.late(0.95) > goal, "trả lời lỗi": self.failed > 0, "nặng": heavy, "hiện chậm": slow_paint}
        return tuple(name for name, missed in found.items() if missed)


@dataclass(frozen=True, kw_only=True)
class DeskSpeed:
    """All pages, and what it took to open the desk."""

    database: str
    entries: int
    deliveries: int
    files: int
    opened: float  # seconds until the first page could be asked for
    memory: int  # bytes, at most
    goal: float
    trials: tuple[PageTrial, ...]
    painted: bool  # a browser was there to tell

    @property
    def good(self) -> bool:
        """Tell whether every page reaches every target."""
        return not any(trial.missed(self.goal) for trial in self.trials)

    def values(self) -> dict[str, object]:
        """Return everything as JSON values."""
        pages = [
            {
                "name": trial.page.name, "p50_seconds": trial.late(0.5), "p95_seconds": trial.late(0.95),
                "p99_seconds": trial.late(0.99), "cpu_seconds": trial.cpu, "requests": len(trial.waited), "failed": trial.failed,
                "bytes": trial.length, "weight_bytes": trial.weight, "first_paint_seconds": trial.first_paint,
                "missed": list(trial.missed(self.goal)),
            }
            for trial in self.trials
        ]  # fmt: skip
        named = {name: value for name, value in asdict(self).items() if name != "trials"}
        return {**named, "good": self.good, "pages": pages}


def measure(root: Path, size: Size, url: str, *, seconds: float, only: Sequence[str], tell: Tell) -> DeskSpeed:
    """Make the office in an empty folder, or measure the one that was made there; open its desk and ask for every page."""
    place, database = Place(root=root), url or database_url(root / ".loa" / OFFICE)
    token, pages = _made(place, size, database, tell)
    begun = time.monotonic()
    with _desk(root, url) as (server, address):
        opened = time.monotonic() - begun
        _settle(server.pid)
        cookie, trials = f"{SESSION}={token}", list[PageTrial]()
        chosen = [page for page in pages if not only or page.name in only]
        for number, page in enumerate(chosen):
            tell(f"Hỏi trang: {page.name}", number, len(chosen))
            trials.append(_ask(server.pid, address, cookie, page, seconds))
        painted = _painted(address, token, trials)
        counted = _health(address)
        return DeskSpeed(
            database="PostgreSQL" if url else "SQLite", entries=size.entries, deliveries=counted, files=size.files,
            opened=opened, memory=_memory(server.pid), goal=GOAL if url else GOAL_SQLITE,
            trials=tuple(painted or trials), painted=bool(painted),
        )  # fmt: skip


def _made(place: Place, size: Size, database: str, tell: Tell) -> tuple[str, tuple[Page, ...]]:
    """Return a session's token and the pages, of an office that is made where there is none yet."""
    clock = SystemClock()
    office = LargeOffice(size, clock.now())
    fresh = not (place.root / "content").is_dir()
    if fresh:
        tell("Ghi tệp", 0, size.files)
        (place.root / MARK).write_text("Văn phòng giả của ./loa bench desk; xóa lúc nào cũng được.\n", encoding="utf-8")
        office.write_workspace(place.root)
    memory = place.memory / OFFICE
    memory.mkdir(parents=True, exist_ok=True)
    workspace = read_workspace(place)
    with Store.open(database, clock=clock, media_folder=memory / "media") as store:
        if fresh:
            refuse_filled(store)
            write_records(office, workspace, database, lambda done, whole: tell("Ghi sổ", done, whole))
        token = store.sessions.begin(PERSON, roles_of(workspace.content.office.people[PERSON]), "bench")
        return token, tuple(_pages(office, store))


def _pages(office: LargeOffice, store: Store) -> Iterator[Page]:
    """Yield every page of the desk that is read, at many addresses where it has many."""
    today, now = office.now.astimezone(OFFICE_ZONE).date(), office.now
    handed_in = [each for each in office.written if each.stage is not Stage.DRAFT]
    near = sorted(handed_in, key=lambda each: abs(each.at - now))[:VARIED]
    reviewed = [each for each in office.written if each.stage is Stage.IN_REVIEW][:VARIED]
    drafts = [each for each in office.written if each.stage is Stage.DRAFT][:VARIED]
    listed = [each.id for each in store.deliveries.list(entries=[each.id for each in near[:VARIED // 4]])]
    spots = [Spot(due_at=each.at, id=0) for each in office.entries[:: max(1, len(office.entries) // VARIED)]]
    moments = [f"/deliveries?after={spot.due_at.astimezone().strftime('%Y-%m-%dT%H:%M:%S.%f')}Z~0" for spot in spots]
    yield Page(name="lịch tháng", paths=("/calendar",))
    yield Page(name="lịch tuần", paths=("/calendar?view=week",))
    yield Page(name="lịch quý", paths=("/calendar?view=quarter",))
    yield Page(name="lịch danh sách", paths=("/calendar?view=agenda",))
    yield Page(name="lịch lọc", paths=("/calendar?group=1.7&channel=facebook", "/calendar?unit=btgdv", "/calendar?status=held"))
    yield Page(name="một mục", paths=tuple(f"/entries/{each.id}" for each in near))
    yield Page(name="soạn", paths=tuple(f"/entries/{each.id}/edit" for each in drafts))
    yield Page(name="bài mới", paths=(f"/calendar/new?day={today}",))
    yield Page(name="dời lịch", paths=tuple(f"/calendar/move?entry={each.id}" for each in drafts))
    yield Page(name="chờ duyệt", paths=("/review", "/review?unit=btgdv"))
    yield Page(name="duyệt", paths=tuple(f"/review/{each.id}" for each in reviewed))
    yield Page(name="dữ kiện", paths=("/facts", "/facts?page=2"))
    yield Page(name="một dữ kiện", paths=("/facts/metro_2a_stations", "/facts/nq_57"))
    yield Page(name="lượt đăng", paths=("/deliveries",))
    yield Page(name="lượt đăng cũ", paths=tuple(moments))
    yield Page(name="lượt đăng lọc", paths=tuple(
        f"/deliveries?{query}" for query in ("status=verified", "status=held", "channel=facebook", "status=failed&channel=zalo",
                                             "group=1.7", "status=moving", "status=verified&group=1.3")))  # fmt: skip
    yield Page(name="một lượt đăng", paths=tuple(f"/deliveries/{id}" for id in listed[:VARIED]))
    yield Page(name="dải trạng thái", paths=("/deliveries?part=strip",), is_page=False)
    yield Page(name="tạm dừng", paths=("/pauses",))
    yield Page(name="tạm dừng thử", paths=("/pauses/preview?kind=all", "/pauses/preview?kind=unit&unit=btgdv"), is_page=False)
    yield Page(name="nhật ký", paths=("/audit", "/audit?person=duyet", "/audit?kind=tam-dung", "/audit?kind=bai"))
    yield Page(name="người", paths=("/people",))
    yield Page(name="cài đặt", paths=("/settings",))
    yield Page(name="tài khoản", paths=("/account",))
    yield Page(name="API lượt đăng", paths=("/api/deliveries", "/api/deliveries?limit=50"), is_page=False)
    yield Page(name="sống", paths=("/health",), is_page=False)


@contextmanager
def _desk(root: Path, url: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the desk; give its process and its address."""
    environment = {**os.environ, DATABASE: url}
    command = [sys.executable, "-m", "desk.desk_trial", "serve", str(root)]
    with subprocess.Popen(command, cwd=HOUSE, env=environment, text=True, stdout=subprocess.PIPE) as running:
        try:
            assert running.stdout
            yield running, json.loads(running.stdout.readline())
        finally:
            running.send_signal(signal.SIGTERM)
            try:
                running.wait(30)
            except subprocess.TimeoutExpired:
                running.kill()


def _settle(process: int) -> None:
    """Wait until the desk has nothing to do of its own: it looks through what was signed when it opens."""
    end, quiet = time.monotonic() + PATIENCE, 0
    while time.monotonic() < end and quiet < 3:
        before = _cpu(process)
        time.sleep(2)
        quiet = quiet + 1 if _cpu(process) - before < 2 * SETTLED else 0


def _ask(process: int, address: str, cookie: str, page: Page, seconds: float) -> PageTrial:
    where = urlsplit(address)
    assert where.hostname and where.port
    warm = Job(host=where.hostname, port=where.port, cookie=cookie, paths=page.paths, rate=10, seconds=0.2)
    _asked(warm)
    before = _cpu(process)
    found = _asked(Job(**{**asdict(warm), "rate": RATE, "seconds": seconds}))
    spent = _cpu(process) - before
    return PageTrial(
        page=page, waited=tuple(sorted(waited for waited, _, _ in found)), failed=sum(status != 200 for _, status, _ in found),
        cpu=spent / len(found), length=max(length for _, _, length in found),
    )  # fmt: skip


def _asked(job: Job) -> list[tuple[float, int, int]]:
    command = [sys.executable, "-m", "desk.desk_trial", "ask"]
    done = subprocess.run(command, cwd=HOUSE, input=json.dumps(asdict(job)), text=True, stdout=subprocess.PIPE, check=True)
    return [(waited, status, length) for waited, status, length in json.loads(done.stdout)]


def _painted(address: str, token: str, trials: Sequence[PageTrial]) -> list[PageTrial]:
    """Return the trials with what a browser sees of each page; nothing where there is no Chromium, or nothing to drive it."""
    script = HOUSE / "tests" / "bench" / "first_paint.py"
    pages = [trial.page.paths[0] for trial in trials if trial.page.is_page]
    if not script.is_file() or not pages:
        return []
    job = json.dumps({"address": address, "cookie": SESSION, "token": token, "paths": pages})
    done = subprocess.run([sys.executable, "-P", str(script)], input=job, text=True, stdout=subprocess.PIPE, check=False)
    if done.returncode == NO_CHROMIUM:
        return []
    done.check_returncode()
    seen = {path: (weight, paint) for path, weight, paint in json.loads(done.stdout)}
    return [
        PageTrial(**{**vars(trial), "weight": seen[trial.page.paths[0]][0], "first_paint": seen[trial.page.paths[0]][1]})
        if trial.page.is_page else trial
        for trial in trials
    ]  # fmt: skip


def _health(address: str) -> int:
    from urllib.request import urlopen

    with urlopen(f"{address}/health") as said:
        return int(json.load(said)["deliveries"])


def _cpu(process: int) -> float:
    """Return the processor seconds of a process, all of its threads together."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory(process: int) -> int:
    """Return the most memory that a process has had, in bytes."""
    line = next(line for line in Path(f"/proc/{process}/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


def speed_lines(found: DeskSpeed) -> Iterator[str]:
    """Yield what was measured, for people."""
    sizes = f"{written(found.entries)} mục ({written(found.files)} còn tệp), {written(found.deliveries)} lượt đăng"
    yield f"{found.database}, {sizes}: mở trong {written(found.opened, 1)} s, bộ nhớ {written(found.memory / 1e6)} MB"
    yield f"Mục tiêu: p95 dưới {written(found.goal * 1000)} ms với {written(RATE)} lượt hỏi mỗi giây; trang dưới " \
          f"{written(MOST_BYTES / 1000)} kB không kể ảnh; hiện ra trong {written(FIRST_PAINT, 0)} s"  # fmt: skip
    for trial in found.trials:
        times = (trial.late(0.5), trial.late(0.95), trial.late(0.99), trial.cpu)
        p50, p95, p99, cpu = (written(each * 1000, 1) for each in times)
        weight = f", {written((trial.weight or trial.length) / 1000)} kB" if trial.page.is_page else ""
        paint = f", hiện sau {written(trial.first_paint * 1000)} ms" if trial.first_paint is not None else ""
        missed = "; ".join(trial.missed(found.goal))
        verdict = f"CHƯA ĐẠT ({missed})" if missed else "đạt"
        yield f"{trial.page.name:<20} p50 {p50} p95 {p95} p99 {p99} ms, xử lý {cpu} ms{weight}{paint}: {verdict}"
    if not found.painted:
        yield "Chưa đo lúc hiện ra và trọng lượng cả trang: máy này không có Chromium và Playwright."
