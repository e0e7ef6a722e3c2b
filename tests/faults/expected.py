"""The fault matrix: each row's fault and how it ends, by channel. The tests hold their cities against it, the page shows it.

`python -m tests.faults.expected` writes the page anew.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from editorial.delivery import HoldReason
from tests.faults.city import CHANNELS, ONCE, End, asked

ALL_ONCE: Mapping[str, End] = dict.fromkeys(CHANNELS, ONCE)
# Its bots are shown no history that would prove an absence, so a person looks.
UNLESS_TELEGRAM: Mapping[str, End] = {**ALL_ONCE, "telegram": asked(0)}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One fault, what is promised of it, and how the one delivery of each channel comes out."""

    fault: str
    promise: str
    ends: Mapping[str, End] = field(default_factory=lambda: ALL_ONCE)


ROWS: Mapping[str, Row] = {
    "F1": Row(fault="kill -9 after the claim, or in prepare",
              promise="run again when the lease is over; saved uploads and drafts are used"),
    "F2": Row(fault="kill -9 after the intent, before the first byte",
              promise="unknown, absent twice, sent again", ends=UNLESS_TELEGRAM),
    "F3": Row(fault="kill -9 after the platform accepted",
              promise="unknown, found, sent"),
    "F4": Row(fault="kill -9 after the result is written",
              promise="nothing to do; one attempt"),
    "F5": Row(fault="time-out, reset or 5xx after the platform accepted",
              promise="unknown, found"),
    "F6": Row(fault="time-out or 5xx, not accepted",
              promise="unknown, absent twice, sent again", ends=UNLESS_TELEGRAM),
    "F7": Row(fault="accepted 1 s to 10 min later than the error said",
              promise="found within the settle time; later, the call by id is harmless; where neither holds, a person is asked"),
    "F8": Row(fault="the read-back is down, partial or lagging",
              promise="stays unknown, never taken for absence"),
    "F9": Row(fault="a storm of 429 with Retry-After",
              promise="no attempt spent, the order kept, urgent first, nobody asks before its time"),
    "F10": Row(fault="two schedulers, or one that is frozen for a minute",
              promise="each post once, whoever leads"),
    "F11": Row(fault="the engine delivers a ticket ten times",
              promise="one claim wins, the others do nothing"),
    "F12": Row(fault="the engine loses a ticket",
              promise="offered again by the next look"),
    "F13": Row(fault="a worker sleeps past its lease and wakes",
               promise="no byte is written; the late answer of a call that was made counts as proof"),
    "F14": Row(fault="PostgreSQL restarts at once, is gone for 30 s, or gives no connection",
              promise="goes on when it is back"),
    "F15": Row(fault="another process locks the store",
              promise="waited for, no update lost"),
    "F16": Row(fault="the disk is full before the intent, or after the platform accepted",
               promise="no call without a durable intent; what was accepted is found"),
    "F17": Row(fault="the power fails; what was not flushed is lost",
              promise="as F2 and F3", ends=UNLESS_TELEGRAM),
    "F18": Row(fault="the clock jumps an hour on or back; the machine sleeps for half an hour",
               promise="nothing early, nothing twice; a jump on pauses everything, what is late is asked about"),
    "F19": Row(fault="a pause in the middle of a burst",
              promise="no intent after the pause is written",
               ends=dict.fromkeys(CHANNELS, asked(0, HoldReason.HALT))),
    "F20": Row(fault="edited, or the approval withdrawn, between queue and call",
              promise="refused; approved anew or held",
               ends=dict.fromkeys(CHANNELS, asked(0, HoldReason.UNAPPROVED))),
    "F21": Row(fault="the token is revoked",
              promise="its channel pauses; the others go on",
               ends={**ALL_ONCE, **dict.fromkeys(("web_portal", "facebook", "telegram"), asked(0, HoldReason.AUTH))}),
    "F22": Row(fault="a medium kills its worker three times",
              promise="held as poison; the others go out",
               ends={**ALL_ONCE, "youtube": asked(0, HoldReason.POISON)}),
    "F23": Row(fault="an urgent post behind everything routine, every thread in a call",
              promise="first in line, in a thread kept free"),
    # Zalo's article is known by an id that the backup has forgotten. The others are found by slug, words or marker.
    "F24": Row(fault="yesterday's backup is restored",
              promise="starts paused; what was due since is looked for, never sent blindly",
               ends={**ALL_ONCE, "zalo_oa": asked(1)}),
    "F25": Row(fault="a copied installation with the same accounts",
              promise="the copy starts paused, the first goes on"),
    "F26": Row(fault="the same words twice, both meant",
              promise="two posts; where the channel cannot tell them apart, a person is asked",
               ends={**ALL_ONCE, "facebook": asked(0, HoldReason.LATE)}),
    "F27": Row(fault="an orderly end under load",
              promise="what is in hand is finished, nothing new begins, nothing unknown"),
}  # fmt: skip

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "reference" / "faults.md"
BOTH = "SQLite, PostgreSQL"


@dataclass(frozen=True, kw_only=True)
class Proof:
    """A test of a row, and the databases that it runs on."""

    row: str
    name: str
    file: str
    databases: str


def proofs() -> Iterator[Proof]:
    """Yield every test of this folder whose name begins with a row's, in the order of the files."""
    for file in sorted(HERE.glob("test_*.py")):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_F"):
                given = {argument.arg for argument in node.args.args}
                yield Proof(row=node.name.split("_")[1], name=node.name, file=file.name, databases=_databases(given))


def _databases(given: set[str]) -> str:
    if given & {"city", "database", "backed_up"}:
        return BOTH
    return "PostgreSQL" if given & {"server", "server_city"} else "SQLite"


def page() -> str:
    """Return the page of the documentation."""
    lines = [HEAD]
    for name, row in ROWS.items():
        promise = row.promise[0].upper() + row.promise[1:]
        lines += [f"### {name}: {row.fault}", "", f"{promise}.", "", f"End: {_ends(row.ends)}", ""]
        tests = (proof for proof in proofs() if proof.row == name)
        lines += [f"- `{proof.file}` {proof.name.removeprefix('test_').replace('_', ' ')} ({proof.databases})" for proof in tests]
        lines.append("")
    return "\n".join(lines)


def _ends(ends: Mapping[str, End]) -> str:
    if len({str(end) for end in ends.values()}) == 1:
        return f"every channel {next(iter(ends.values()))}."
    usual = max(map(str, ends.values()), key=[str(end) for end in ends.values()].count)
    others = (f"{channel} {end}" for channel, end in ends.items() if str(end) != usual)
    return f"{usual}, but {', '.join(others)}."


HEAD = """# What goes wrong, and how it ends

Every row of the fault matrix, what is promised, how the one delivery of each channel ends, and the tests that do it: the real
adapters over HTTP, the real store, and the platforms' stand-ins as the judge of what the public saw. `verified, public 1×` is
published once and read back equal; `held` waits for a person, with the reason. The tests read the ends from the same table as
this page (`tests/faults/expected.py`); a test fails where the page is not what the table says.
"""

if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
