"""No call leaves this machine while a transaction is open, and one module alone changes the state of a delivery.

A transaction is a `with database.write():` or one of its like. Only the store opens any; the store knows no HTTP and none of the
rooms that do; and inside a transaction it neither yields to its caller nor calls back.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.architecture.test_house import HOUSE, ROOMS, imported, modules

OPENS = frozenset({"write", "write_first", "write_beside", "read"})  # what Database opens a transaction with
OUTSIDE = frozenset({"httpx", "requests", "obstore", "urllib", "http", "socket", "smtplib", "telegram", "googleapiclient"})
RUNS = frozenset({"all", "one", "one_or_none", "count"})  # what a Statement is run with
DATABASE = HOUSE / "store" / "database.py"  # its context managers yield the transaction itself
STATE_MODULE = "store/passage.py"
WAY_OUT = "store/depot.py"  # to the pictures and clips that machines share; it and what uses it know no database


def everything() -> Iterator[Path]:
    for room in sorted(ROOMS):
        yield from modules(room)


def place(path: Path) -> str:
    return path.relative_to(HOUSE).as_posix()


def transactions(tree: ast.AST) -> Iterator[tuple[ast.With, ast.FunctionDef]]:
    """Yield each block in which a transaction is open, with the function that it is in."""
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        for node in ast.walk(function):
            if isinstance(node, ast.With) and any(_opens(item.context_expr) for item in node.items):
                yield node, function


def _opens(expression: ast.expr) -> bool:
    if not (isinstance(expression, ast.Call) and isinstance(expression.func, ast.Attribute) and expression.func.attr in OPENS):
        return False
    owner = expression.func.value
    return "database" in (owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else "")


def test_the_finder_finds_the_transactions() -> None:
    tree = ast.parse((HOUSE / "store" / "deliveries.py").read_text(encoding="utf-8"))
    assert len(list(transactions(tree))) > 10


def test_only_the_store_opens_transactions() -> None:
    opening = {place(path) for path in everything() if list(transactions(ast.parse(path.read_text(encoding="utf-8"))))}
    assert {name.partition("/")[0] for name in opening} == {"store"}


def test_the_store_knows_no_way_out_of_this_machine() -> None:
    assert {place(path) for path in modules("store") if imported(path) & OUTSIDE} == {WAY_OUT}
    others = ROOMS - {"store", "editorial", "reading"}
    assert {place(path): sorted(found) for path in modules("store") if (found := imported(path) & others)} == {}


def test_what_brings_pictures_from_elsewhere_knows_no_database() -> None:
    bring = [path for path in modules("store") if {"store.depot", "store.media"} & set(_named(path)) or place(path) == WAY_OUT]
    assert {place(path) for path in bring} == {WAY_OUT, "store/shared_media.py", "store/store.py"}
    assert [place(path) for path in bring if list(transactions(ast.parse(path.read_text(encoding="utf-8"))))] == []
    assert [place(path) for path in bring if "store.database" in _named(path)] == ["store/store.py"]  # which opens both


def _named(path: Path) -> Iterator[str]:
    """Yield the modules that a module imports from, whole."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("path", sorted(modules("store")), ids=place)
def test_inside_a_transaction_nothing_is_yielded_or_called_back(path: Path) -> None:
    if path == DATABASE:
        return
    for block, function in transactions(ast.parse(path.read_text(encoding="utf-8"))):
        callbacks = {argument.arg for argument in function.args.args + function.args.kwonlyargs if _is_callable(argument)}
        for node in ast.walk(block):
            assert not isinstance(node, ast.Yield | ast.YieldFrom), f"{place(path)}:{node.lineno} yields in a transaction"
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in callbacks, f"{place(path)}:{node.lineno} calls back in a transaction"


def _is_callable(argument: ast.arg) -> bool:
    return argument.annotation is not None and "Callable" in ast.unparse(argument.annotation)


def test_one_module_changes_the_state_of_a_delivery() -> None:
    changing = {
        place(path) for path in everything()
        if "migrations" not in path.parts and changes_state(ast.parse(path.read_text(encoding="utf-8")))
    }  # fmt: skip
    assert changing == {STATE_MODULE}


MADE_BEFORE = "MADE_ONCE = update(DELIVERIES).where(x)\nMADE_FOR_THE_DRIVER = Statement(update(DELIVERIES).where(x))"


@pytest.mark.parametrize("statement", [
    "execute(update(DELIVERIES).values(state='sent'))",
    "same = update(DELIVERIES).where(x); execute(same.values(state='sent', fence=1))",
    "values = {'state': 'sent'}; execute(update(DELIVERIES).where(x).values(**values))",
    "execute(text('UPDATE deliveries SET state = 1'))",
    "execute(MADE_ONCE, {'state': 'sent', 'known_id': 1})",
    "given: dict[str, str] = {'state': 'sent'}; execute(MADE_ONCE, {**given, 'known_id': 1})",
    "execute(MADE_ONCE, {**values_of(step)})",
    "made = update(DELIVERIES).where(x); execute(made, {'state': 'sent'})",
    "MADE_FOR_THE_DRIVER.one(connection, {'state': 'sent', 'known_id': 1})",
    "MADE_FOR_THE_DRIVER.count(connection, {**values_of(step)})",
    "Statement(update(DELIVERIES)).one_or_none(connection, {'state': 'sent'})",
])  # fmt: skip
def test_an_update_of_the_state_is_found_in_each_way_of_writing_it(statement: str) -> None:
    assert changes_state(ast.parse(f"{MADE_BEFORE}\ndef f():\n    {statement}"))


@pytest.mark.parametrize("statement", [
    "execute(MADE_ONCE, {'fence': 1, 'known_state': 'sent'})", "execute(OTHER, {'state': 1})",
    "MADE_FOR_THE_DRIVER.one(connection, {'fence': 1})", "OTHER.one(connection, {'state': 1})",
])  # fmt: skip
def test_what_changes_something_else_is_let_be(statement: str) -> None:
    assert not changes_state(ast.parse(f"{MADE_BEFORE}\ndef f():\n    {statement}"))


def changes_state(tree: ast.Module) -> bool:
    """Tell whether a module updates deliveries and gives them a state, be it by names of its own."""
    above = _assigned(tree.body)
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        known = {**above, **_assigned(ast.walk(function))}
        if any(_gives_state(node, known) for node in ast.walk(function)):
            return True
    return any(_is_written_out(node) for node in ast.walk(tree))


def _assigned(nodes: Iterable[ast.AST]) -> dict[str, str]:
    """Return the names that are given a value, with the value as it is written."""
    found = dict[str, str]()
    for node in nodes:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
        found |= {target.id: ast.unparse(value) for target in targets if isinstance(target, ast.Name) and value is not None}
    return found


def _is_written_out(node: ast.AST) -> bool:
    if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        return False
    said = node.value.upper()
    return "UPDATE DELIVERIES" in said and "STATE" in said.partition("WHERE")[0]


def _gives_state(node: ast.AST, known: Mapping[str, str]) -> bool:
    if not isinstance(node, ast.Call):
        return False
    called = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id if isinstance(node.func, ast.Name) else ""
    if called == "execute" and len(node.args) == 2:  # a statement and what it is given
        statement, given = node.args
        return _updates(ast.unparse(statement), known) and _has_state(given, known)
    if called in RUNS and isinstance(node.func, ast.Attribute) and len(node.args) == 2:  # a connection and what it is given
        return _updates(ast.unparse(node.func.value), known) and _has_state(node.args[1], known)
    if called == "values" and isinstance(node.func, ast.Attribute) and _updates(ast.unparse(node.func.value), known):
        return any(each.arg == "state" or (each.arg is None and _has_state(each.value, known)) for each in node.keywords)
    return False


def _updates(written: str, known: Mapping[str, str]) -> bool:
    return "update(DELIVERIES)" in written + known.get(written.partition(".")[0], "")


def _has_state(given: ast.expr, known: Mapping[str, str]) -> bool:
    """Tell whether values have a state: by its name, or since they come from a step from one state to another."""
    names = {node.id for node in ast.walk(given) if isinstance(node, ast.Name)}
    return "step" in names or "'state'" in "".join((ast.unparse(given), *(known.get(name, "") for name in names)))
