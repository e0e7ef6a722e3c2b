"""The files in docs/deploy say what the programs understand."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from desk.commands.serving import serve, work
from desk.place import HOUSE
from desk.records import DATABASE, MEDIA
from desk.servers import BROKER

DEPLOY = HOUSE / "docs" / "deploy"
COMPOSE = YAML(typ="safe").load(DEPLOY / "compose.yaml")
UNITS = sorted(DEPLOY.glob("*.service"))
PROGRAMS = {"serve": serve, "work": work}
OPTIONS = {"serve": {"--port"}, "work": {"--name", "--threads"}}


def told(words: list[str]) -> None:
    assert {word for word in words[1:] if word.startswith("--")} <= OPTIONS[words[0]]
    assert words[0] in PROGRAMS


def test_every_service_of_the_compose_file_is_started_with_what_loa_understands() -> None:
    ours = {name: each for name, each in COMPOSE["services"].items() if each["image"] == "loa"}
    assert set(ours) == {"desk", "work-1", "work-2"}
    for each in ours.values():
        told(each["command"])
        assert set(each["environment"]) == {DATABASE, BROKER, MEDIA}
        assert set(each["depends_on"]) <= set(COMPOSE["services"])
        assert int(each["stop_grace_period"].removesuffix("s")) > 35, "what is in hand is finished"
    assert len({each["command"][2] for name, each in ours.items() if name.startswith("work")}) == 2, "each has its own name"
    assert (DEPLOY / COMPOSE["services"]["desk"]["build"]["context"] / "pyproject.toml").is_file()


def test_what_the_compose_file_asks_for_is_in_the_example_and_nothing_secret_is_in_it() -> None:
    written = (DEPLOY / "compose.yaml").read_text()
    example = (DEPLOY / "env.example").read_text()
    for name in set(re.findall(r"\$\{(\w+)", written)) | {DATABASE, BROKER, MEDIA}:
        assert f"\n{name}=" in example, name
    assert json.loads((DEPLOY / "s3.json").read_text())["identities"][0]["credentials"][0]["accessKey"] == "loa"


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_starts_loa_and_gives_it_time_to_end(unit: Path, tmp_path: Path) -> None:
    lines = dict(line.split("=", 1) for line in unit.read_text().splitlines() if "=" in line and not line.startswith("#"))
    program, *words = lines["ExecStart"].split()
    assert program == "/opt/loa/loa"
    told(words)
    assert int(lines["TimeoutStopSec"]) > 35 and lines["KillMode"] == "mixed"
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    here = unit.read_text().replace(program, "/bin/true").replace("User=loa", "User=root")
    here = re.sub(r"/srv/office|/opt/loa", str(tmp_path), here)
    copy = tmp_path / unit.name.replace("@", "@1")
    copy.write_text(here)
    found = subprocess.run(["systemd-analyze", "verify", str(copy)], capture_output=True, text=True, check=False)
    assert (found.returncode, found.stderr) == (0, "")
