"""No call leaves this machine while a transaction is open, and one module alone changes the state of a delivery.

A transaction is a `with database.write():` or one of its like. Only the store opens any; the store knows no HTTP and none of the
rooms that do; and inside a transaction it neither yields to its caller nor calls back.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.test_house import HOUSE, ROOMS, imported, modules

OPENS = frozenset({"write", "write_first", "write_beside", "read"})  # what Database opens a transaction with
OUTSIDE = frozenset({"httpx", "requests", "urllib", "http", "socket", "smtplib", "ftplib", "telegram", "googleapiclient"})
DATABASE = HOUSE / "store" / "database.py"  # its context managers yield the transaction itself
STATE_MODULE = "store/passage.py"


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
    assert {place(path): sorted(found) for path in modules("store") if (found := imported(path) & OUTSIDE)} == {}
    others = ROOMS - {"store", "editorial", "reading"}
    assert {place(path): sorted(found) for path in modules("store") if (found := imported(path) & others)} == {}


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
    changing = set[str]()
    for path in everything():
        if "migrations" not in path.parts:
            tree = ast.parse(path.read_text(encoding="utf-8"))
            changing |= {place(path) for node in ast.walk(tree) if _is_written_out(node) or _is_in_function(node)}
    assert changing == {STATE_MODULE}


@pytest.mark.parametrize("statement", [
    "execute(update(DELIVERIES).values(state='sent'))",
    "same = update(DELIVERIES).where(x); execute(same.values(state='sent', fence=1))",
    "values = {'state': 'sent'}; execute(update(DELIVERIES).where(x).values(**values))",
    "execute(text('UPDATE deliveries SET state = 1'))",
])  # fmt: skip
def test_an_update_of_the_state_is_found_in_each_way_of_writing_it(statement: str) -> None:
    tree = ast.parse(f"def f():\n    {statement}")
    assert any(_is_written_out(node) or _is_in_function(node) for node in ast.walk(tree))


def _is_written_out(node: ast.AST) -> bool:
    if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        return False
    said = node.value.upper()
    return "UPDATE DELIVERIES" in said and "STATE" in said.partition("WHERE")[0]


def _is_in_function(function: ast.AST) -> bool:
    """Tell whether a function updates deliveries and gives them a state, be it by names of its own."""
    if not isinstance(function, ast.FunctionDef):
        return False
    known = {
        target.id: ast.unparse(node.value)
        for node in ast.walk(function) if isinstance(node, ast.Assign)
        for target in node.targets if isinstance(target, ast.Name)
    }  # fmt: skip
    return any(_gives_state(node, known) for node in ast.walk(function))


def _gives_state(node: ast.AST, known: dict[str, str]) -> bool:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "values"):
        return False
    written = ast.unparse(node.func.value)
    if "update(DELIVERIES)" not in written + known.get(written.partition(".")[0], ""):
        return False
    for keyword in node.keywords:
        given = ast.unparse(keyword.value)
        if keyword.arg == "state" or (keyword.arg is None and ("step" in given or "'state'" in known.get(given, ""))):
            return True
    return False
