"""Gather the pages of rehearsals from the shelf and the plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlencode

from desk.rehearsal_shelf import Asked, Progress, Result, Run
from desk.rehearsal_words import FAULTS, STEPS, why_words
from desk.rehearsals import Rehearsals
from desk.seed import any_seed
from desk.web.moment_words import count_words, machine_moment, moment_words, short_moment
from desk.web.month import Quarter, month_of
from desk.web.outlook import Outlook
from desk.web.views.rehearse import (
    ChannelLine,
    ChannelResult,
    Check,
    Difference,
    Form,
    LivePage,
    QuarterChoice,
    RehearsePage,
    ResultPage,
    RunLine,
    Step,
    by_channel,
    counted,
    month_grids,
    period_words,
    repeated,
    seed_words,
    summed,
)
from desk.web.views.status import Status
from editorial.delivery import HoldReason
from scheduler.judgement import Figures

BEFORE, COMING = 1, 3  # quarters offered beside the present one
SAID = {
    "stopped": "Lần diễn tập đã dừng; không có gì được giữ lại.",
    "deleted": "Đã xóa lần diễn tập.",
    "gone": "Lần diễn tập này không còn: đã bị dừng hoặc xóa.",
}


def first_form(outlook: Outlook, first: str, last: str, seed: str, faults: str) -> Form:
    """Return the form as an address asks for it: this quarter, with faults from a seed that nobody chose."""
    quarter = month_of(outlook.today).quarter
    return Form(
        first=first or quarter.first.isoformat(), last=last or quarter.last.isoformat(), faults=faults != "no",
        seed=seed or str(any_seed()),
    )  # fmt: skip


def read_rehearse(outlook: Outlook, rehearsals: Rehearsals, form: Form, done: str = "") -> RehearsePage:
    """Return the page with the form as it was filled in."""
    running = rehearsals.running()
    return RehearsePage(
        form=form,
        quarters=tuple(_quarters(outlook, form)),
        running=_head(running) if running else None,
        runs=tuple(_line(run) for run in rehearsals.runs()),
        done=SAID.get(done, ""),
    )


def _quarters(outlook: Outlook, form: Form) -> Iterator[QuarterChoice]:
    present = month_of(outlook.today).quarter
    for step in range(-BEFORE, COMING + 1):
        month = present.months[0].plus(3 * step)
        quarter = Quarter(month.year, month.quarter.number)
        asked = {"from": quarter.first.isoformat(), "to": quarter.last.isoformat()}
        faults = {"faults": "yes" if form.faults else "no", "seed": form.seed}
        yield QuarterChoice(
            name=quarter.title, posts=len(outlook.bench.plan(quarter.first, quarter.last)),
            address=f"/rehearse?{urlencode({**asked, **faults})}", chosen=(form.first, form.last) == tuple(asked.values()),
        )  # fmt: skip


def _head(asked: Asked, status: Status = Status.MOVING, words: str = "đang chạy", figures: str = "") -> RunLine:
    return RunLine(
        id=asked.id, period=period_words(asked), seed=seed_words(asked), who=asked.who, began=short_moment(asked.began),
        status=status, words=words, figures=figures,
    )  # fmt: skip


def _line(run: Run) -> RunLine:
    result = run.result
    if result is None:
        return _head(run.asked, Status.FAILED, "Không chạy được")
    people = f" · {count_words(result.needs_person)} chờ người" if result.needs_person else ""
    figures = f"{count_words(result.ledger)} / {count_words(result.planned)} bài công khai{people}"
    if not result.ok:
        return _head(run.asked, Status.FAILED, "Chưa đạt", figures)
    return _head(run.asked, Status.VERIFIED, "Đạt", figures)


def read_live(outlook: Outlook, asked: Asked, progress: Progress) -> LivePage:
    """Return a rehearsal that is under way."""
    channels = outlook.bench.content.office.channels
    return LivePage(
        id=asked.id,
        head=_head(asked),
        steps=tuple(_steps(progress)),
        now=moment_words(progress.now) if progress.now else "",
        months=month_grids(asked.first, asked.last, progress.days, over=False),
        channels=tuple(
            ChannelLine(name=channels[id].name if id in channels else id, tally=tally) for id, tally in progress.channels.items()
        ),
        faults=counted(repeated(progress.strikes), _fault_words),
        tally=summed(progress.days.values()),
    )


def _steps(progress: Progress) -> Iterator[Step]:
    names = list(STEPS)
    at = names.index(progress.step) if progress.step in names else 0
    for place, name in enumerate(names):
        state = "done" if place < at else "now" if place == at else "to-come"
        counts = {"done": progress.done, "total": progress.total} if place == at else {}
        yield Step(words=STEPS[name], state=state, **counts)


def _fault_words(kind: str) -> str:
    return FAULTS.get(kind, kind)


def read_result(outlook: Outlook, run: Run) -> ResultPage:
    """Return what a rehearsal came to; one that could not be run has nothing but the reasons."""
    result = run.result
    return _failed(run) if result is None else _result(outlook, run, result)


def _failed(run: Run) -> ResultPage:
    nothing = ChannelResult(name="", planned=0, public=0, verified=0, people=0, twice=0, lost=0, stuck=0, public_page="")
    return ResultPage(
        id=run.asked.id, head=_line(run), ok=False, failure=run.failure, checks=(), channels=(), whole=nothing, months=(),
        reasons=(), differences=(), faults=(), struck=0, connected_again="", comments="", made="", again=_again(run.asked),
    )  # fmt: skip


def _result(outlook: Outlook, run: Run, result: Result) -> ResultPage:
    office = outlook.bench.content.office
    again = Counter(result.connected_again)
    named = {id: office.channels[id].name if id in office.channels else id for id in (*result.channels, *again)}
    said = result.comments
    return ResultPage(
        id=run.asked.id,
        head=_line(run),
        ok=result.ok,
        failure=(),
        checks=tuple(_checks(result)),
        channels=tuple(
            _channel(named[id], figures, _public_page(outlook, run, id)) for id, figures in result.channels.items()
        ),
        whole=_channel("Cộng", result, ""),
        months=month_grids(run.asked.first, run.asked.last, by_channel(result.days), over=True),
        reasons=counted((why_words(HoldReason(each.reason) if each.reason else None) for each in result.people), str),
        differences=tuple(_differences(outlook, result)),
        faults=counted((each.fault for each in result.strikes), _fault_words),
        struck=len(result.strikes),
        connected_again=", ".join(f"{named[channel]} {count} lần" for channel, count in again.items()),
        comments=f"{said.planned} theo kế hoạch, {said.ledger} công khai, {said.needs_person} chờ người" if said.planned else "",
        made=f"{count_words(result.renditions)} ảnh và clip ({count_words(result.rendered)} dựng mới), {result.seconds:.0f} giây",
        again=_again(run.asked),
    )


def _again(asked: Asked) -> str:
    faults = {"faults": "no"} if asked.seed is None else {"faults": "yes", "seed": str(asked.seed)}
    return f"/rehearse?{urlencode({'from': asked.first.isoformat(), 'to': asked.last.isoformat(), **faults})}"


def _checks(result: Result) -> Iterator[Check]:
    twice, lost = result.duplicates, result.lost
    yield Check(holds=not twice, words=f"{twice} bài đăng hai lần" if twice else "Không bài nào đăng hai lần")
    yield Check(holds=not lost, words=f"{lost} bài thất lạc" if lost else "Không bài nào thất lạc")
    wrong = len(result.altered_posts) + len(result.strange_posts)
    other = f"{wrong} bài công khai khác bản duyệt hoặc ngoài kế hoạch"
    yield Check(holds=not wrong, words=other if wrong else "Không bài nào khác bản duyệt")
    yield Check(holds=not result.stuck, words=f"{result.stuck} bài còn kẹt" if result.stuck else "Không bài nào bị kẹt")


def _channel(name: str, figures: Figures | Result, public_page: str) -> ChannelResult:
    return ChannelResult(
        name=name, planned=figures.planned, public=figures.ledger, verified=figures.verified, people=figures.needs_person,
        twice=figures.duplicates, lost=figures.lost, stuck=figures.stuck, public_page=public_page,
    )  # fmt: skip


def _public_page(outlook: Outlook, run: Run, channel: str) -> str:
    platform = platform_of(outlook, channel)
    there = platform and (run.town / f"{platform}.jsonl").is_file()
    return f"/rehearse/{run.asked.id}/public/{channel}" if there else ""


def platform_of(outlook: Outlook, channel: str) -> str:
    """Return the stand-in of a channel; empty for a channel that the office has not, or that nobody stands in for."""
    manifest = outlook.bench.manifests.get(channel)
    return (manifest.stand_in or "") if manifest else ""


def _differences(outlook: Outlook, result: Result) -> Iterator[Difference]:
    known = (each for each in _told(result) if each[0] in result.named)
    found = sorted(known, key=lambda each: (result.named[each[0]].due, each[0]))
    headlines = outlook.headlines(each.entry for each in result.named.values())
    channels = outlook.bench.content.office.channels
    for post, status, what, why, public in found:
        named = result.named[post]
        yield Difference(
            headline=headlines.get(named.entry, named.entry), entry=named.entry if named.entry in headlines else "",
            channel=channels[named.channel].name if named.channel in channels else named.channel, due=short_moment(named.due),
            machine=machine_moment(named.due), day=named.due.date().isoformat(), status=status, what=what, why=why, public=public,
        )  # fmt: skip
    for strange in result.strange_posts:
        yield Difference(
            headline="", entry="", channel=channels[strange.channel].name if strange.channel in channels else strange.channel,
            due="", machine="", day="", status=Status.FAILED, what="Không có trong kế hoạch", why="", public=True,
        )  # fmt: skip


def _told(result: Result) -> Iterator[tuple[str, Status, str, str, bool]]:
    for each in result.people:
        reason = HoldReason(each.reason) if each.reason else None
        status = Status.HELD if reason else Status.FAILED
        yield each.post, status, f"Chờ người: {why_words(reason)}", each.why, each.public
    for post in result.lost_posts:
        yield post, Status.FAILED, "Thất lạc", "Loa ghi là đã đăng, nhưng công chúng không thấy", False
    for post in result.duplicate_posts:
        yield post, Status.FAILED, "Đăng hai lần", "công chúng thấy nhiều hơn một bài", True
    for post in result.altered_posts:
        yield post, Status.FAILED, "Khác bản duyệt", "lời hoặc số ảnh khác bản đã ký", True
    for stuck in result.stuck_posts:
        yield stuck.post, Status.UNSURE, "Còn kẹt", stuck.why, False
