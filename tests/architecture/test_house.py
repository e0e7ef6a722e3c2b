"""The house holds: rooms, doors, and the one way in which imports run."""

from __future__ import annotations

import ast
import functools
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))
ROOMS = frozenset(PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"])
WORKSPACE = frozenset(PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"])

# One door per outside world: the package, and the rooms that may import it.
DOORS = {
    "sqlalchemy": {"store"},
    "alembic": {"store"},
    "PIL": {"studio"},
    "av": {"studio"},
    "cv2": {"studio"},
    "moviepy": {"studio"},
    "ruamel": {"reading"},
    "yaml": {"reading"},
    "icalendar": {"store"},
    "httpx": {"publishers"},
    "telegram": {"publishers"},
    "googleapiclient": {"publishers"},
    "apscheduler": {"scheduler"},
    "celery": {"scheduler"},
    "kombu": {"scheduler"},
    "obstore": {"store"},
    "fastapi": {"desk", "rehearsal"},
    "starlette": {"desk", "rehearsal"},
    "uvicorn": {"desk", "rehearsal"},
    "typer": {"desk"},
    "rich": {"desk"},
    "argon2": {"desk"},
    "pyotp": {"desk"},
    "joserfc": {"desk"},
    "mcp": {"desk"},
    "jinja2": {"studio", "desk", "rehearsal"},
    "babel": {"desk"},
}
EDITORIAL_MAY = {"astronomy", "holidays", "editorial"}


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", *command], cwd=HOUSE, capture_output=True, text=True, check=False)


def modules(room: str) -> Iterator[Path]:
    return (HOUSE / room).rglob("*.py")


@functools.cache
def imported(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return frozenset(names)


def test_root_folders_wheel_list_and_linter_list_name_the_same_rooms() -> None:
    on_disk = {path.parent.name for path in HOUSE.glob("*/__init__.py")}
    assert on_disk == ROOMS == set(PROJECT["tool"]["importlinter"]["root_packages"]) == set(PROJECT["tool"]["mypy"]["packages"])


def test_the_workspace_has_no_python() -> None:
    assert not [path for folder in WORKSPACE for path in (HOUSE / folder).rglob("*.py")]


def test_imports_run_one_way() -> None:
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    found = subprocess.run(command, cwd=HOUSE, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr


@pytest.mark.parametrize("package", sorted(DOORS))
def test_each_outside_world_has_one_door(package: str) -> None:
    through = {room for room in ROOMS for path in modules(room) if package in imported(path)}
    assert through <= DOORS[package]


def test_the_engines_are_named_only_in_their_folder() -> None:
    engines = {"apscheduler", "celery", "kombu", "amqp"}
    outside = [path for path in modules("scheduler") if engines & imported(path) and path.parent.name != "engines"]
    assert outside == []


def test_an_office_in_one_process_loads_nothing_of_the_engine_on_many_machines() -> None:
    told = "import desk.demo, desk.serving, desk.working, sys; print({'celery', 'kombu', 'obstore'} & sys.modules.keys())"
    found = subprocess.run([sys.executable, "-c", told], cwd=HOUSE, capture_output=True, text=True, check=True)
    assert found.stdout == "set()\n"


def test_the_domain_uses_nothing_but_pure_calculation() -> None:
    used = {name for path in modules("editorial") for name in imported(path)}
    assert used - sys.stdlib_module_names <= EDITORIAL_MAY


def test_types_hold() -> None:
    found = run("mypy")
    assert found.returncode == 0, found.stdout + found.stderr


def test_style_holds() -> None:
    found = run("ruff", "check", "--no-cache", "--output-format", "concise", ".")
    assert found.returncode == 0, found.stdout


def test_no_file_names_a_machine_or_a_registry() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=HOUSE, capture_output=True, text=True, check=True).stdout
    marks = [f"/{name}/" for name in ("work/main", "work/shared", "root/.pyenv")] + ["pypi" + ".org", "pythonhosted" + ".org"]
    written = (".py", ".md", ".toml", ".lock", ".yaml", ".css", ".html", "")
    texts = (HOUSE / name for name in listed.split("\0") if Path(name).suffix in written)
    guilty = [path.name for path in texts if path.is_file() and any(mark in path.read_text("utf-8") for mark in marks)]
    assert guilty == []


def test_every_page_of_the_documentation_is_found_from_the_first_page() -> None:
    first = (HOUSE / "README.md").read_text(encoding="utf-8")
    pages = [page.relative_to(HOUSE).as_posix() for folder in ("docs", "docs/how-to") for page in (HOUSE / folder).glob("*.md")]
    assert len(pages) > 10
    assert [page for page in sorted(pages) if page not in first] == []
