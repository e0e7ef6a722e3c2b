"""`python -m tests.chaos --database sqlite|postgresql --deliveries 20000 --seed 1 [--json]`: see CONTRIBUTING.md."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

from tests.chaos.driver import Order, Run
from tests.chaos.judge import lines


def main() -> int:
    """Run the chaos and tell what came of it; the status is 1 when anything was lost, doubled, stuck, early or told wrongly."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--deliveries", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--towns", type=int, default=1, help="each has one account on every platform; one for 5,000 deliveries")
    parser.add_argument("--settle", type=float, default=4.0, help="seconds that a channel is given to show what it has accepted")
    parser.add_argument("--broker", action="store_true", help="PostgreSQL with the engine of many machines, on RabbitMQ")
    parser.add_argument("--minutes", type=float, default=0.0, help="plan nothing more after so long")
    parser.add_argument("--language", choices=("vi", "en"), default="vi")
    parser.add_argument("--json", action="store_true")
    given = vars(parser.parse_args())
    as_json, language = given.pop("json"), given.pop("language")
    folder = Path(tempfile.mkdtemp(prefix="loa-chaos-"))
    folder.chmod(0o755)
    try:
        found = Run(order=Order(**given), folder=folder)()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if as_json:
        values = {**given, **found.verdict.values(), "faults": found.faults, "skipped": found.skipped, "seconds": found.seconds,
                "resumed_seconds": found.resumed, "stood_still": found.stood_still, "load": os.getloadavg()[0]}  # fmt: skip
        sys.stdout.write(json.dumps(values, ensure_ascii=False, indent=2) + "\n")
    else:
        told = (*found.stood_still, *lines(found.verdict, found.faults, found.skipped, language), f"{found.seconds:.0f} s")
        sys.stdout.write("\n".join(told) + "\n")
    return 0 if found.verdict.good else 1


if __name__ == "__main__":
    raise SystemExit(main())
