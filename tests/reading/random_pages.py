"""Pages with a front matter as somebody may have written it, and one change of each; the same for the same seed."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from random import Random

from reading.amending import Value
from reading.document import parse_tree
from reading.key_path import KeyPath

KEYS = ("headline", "summary", "hashtags", "uses", "media", "variants", "facebook", "text", "title", "when", "khóa", "x y", "on")
WORDS = ("Chợ hoa", "a: b", "#thẻ", "yes", "1.7", "'x'", '"q"', "- gạch", "ý [đủ]", "{x}", "@fact", "*sao", "&neo", "null", "~")
PLAIN = ("Chợ hoa", "đến sớm", "true", "12", "1.7", "2026-10-28", "a#b", "null", "é là e")
VALUES: tuple[Value, ...] = ("Chợ mới", "a: b", "hai\ndòng", None, None, ("a", "b: c"), 7, "kết # thúc", "- x", "---\nx")


def random_change(chance: Random) -> tuple[str, KeyPath, Value]:
    """Return a page that can be read, the path of something in it or of a new key, and a value for it or None."""
    head = "\n".join(["id: a", *_mapping(chance, 0, 3), *_between(chance, 0)])
    tree = parse_tree(f"{head}\n", "").value
    paths = list(_paths(tree))
    path = chance.choice(paths)
    if chance.random() < 0.25:
        path = (*chance.choice([(), *(each for each in paths if isinstance(tree_at(tree, each), dict))]), "mới")
    return f"---\n{head}\n---\n\nThân\n", path, chance.choice(VALUES)


def tree_at(tree: object, path: KeyPath) -> object:
    """Return what stands at a path, None for nothing."""
    for part in path:
        tree = tree[part] if _has(tree, part) else None  # type: ignore[index]
    return tree


def without(tree: object, path: KeyPath) -> object:
    """Return a tree without what stands at a path, and without what holds nothing then."""
    if not path or not _has(tree, path[0]):
        return tree if path else None
    made = copy.copy(tree)
    inner = without(made[path[0]], path[1:])  # type: ignore[index]
    if inner in (None, {}, []):
        del made[path[0]]  # type: ignore[attr-defined]
    else:
        made[path[0]] = inner  # type: ignore[index]
    return made


def _has(tree: object, part: str | int) -> bool:
    if isinstance(tree, dict):
        return part in tree
    return isinstance(tree, list) and isinstance(part, int) and part < len(tree)


def _paths(tree: object, above: KeyPath = ()) -> Iterator[KeyPath]:
    pairs = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for part, inner in pairs:
        yield (*above, part)
        yield from _paths(inner, (*above, part))


def _mapping(chance: Random, column: int, depth: int) -> list[str]:
    lines = list[str]()
    for key in chance.sample(KEYS, chance.randint(1, 4)):
        name = f'"{key}"' if key == "on" or chance.random() < 0.1 else key
        lines += [*_between(chance, column), *_value(chance, column, depth, f"{' ' * column}{name}:")]
    return lines


def _between(chance: Random, column: int) -> list[str]:
    """Return blank lines and remarks, which may stand anywhere."""
    return [chance.choice((f"{' ' * column}# ghi", "", "# sát lề")) for _ in range(chance.choice((0, 0, 0, 1, 2)))]


def _value(chance: Random, column: int, depth: int, head: str) -> list[str]:
    kind = chance.random() if depth else 0.0
    if kind < 0.35:
        return [f"{head} {_scalar(chance)}{_behind(chance)}"]
    if kind < 0.5:
        indent = chance.choice((1, 2, 4))
        header = chance.choice(("|", "|-", ">", ">-", f"|{indent}", f">{indent}-"))
        text = ["chữ", *chance.choices(("Dòng # không phải ghi", "một", "  thụt", ""), k=2)]
        lines = [f"{' ' * (column + indent)}{line}" if line else "" for line in text]
        return [f"{head} {header}{chance.choice(('', '  # khối'))}", *lines]
    if kind < 0.65:
        return [f"{head} {_flow(chance, column, 2)}{_behind(chance)}"]
    if kind < 0.85:
        return [f"{head}{_behind(chance)}", *_items(chance, column + chance.choice((0, 2)), depth - 1)]
    return [f"{head}{_behind(chance)}", *_mapping(chance, column + chance.choice((1, 2, 4)), depth - 1)]


def _items(chance: Random, column: int, depth: int) -> list[str]:
    lines = list[str]()
    for _ in range(chance.randint(1, 3)):
        lines += _between(chance, column)
        if chance.random() < 0.5:
            lines.append(f"{' ' * column}- {_scalar(chance)}{_behind(chance)}")
        else:
            first = f"{' ' * column}- {chance.choice(KEYS[:6])}: {_scalar(chance)}{_behind(chance)}"
            more = chance.sample(KEYS[6:12], chance.randint(0, 2))
            lines.append(first)
            for key in more:
                lines += [*_between(chance, column + 2), *_value(chance, column + 2, depth, f"{' ' * (column + 2)}{key}:")]
    return lines


def _scalar(chance: Random) -> str:
    word = chance.choice(WORDS)
    quoted = '"' + word.replace('"', '\\"') + '"', "'" + word.replace("'", "''") + "'"
    return chance.choice((*quoted, chance.choice(PLAIN)))


def _flow(chance: Random, column: int, depth: int) -> str:
    if not depth or chance.random() < 0.4:
        return _scalar(chance)
    gap = chance.choice(("", "", " ", "\n" + " " * (column + 2)))
    if chance.random() < 0.5:
        return f"[{gap}{f', {gap}'.join(_flow(chance, column, depth - 1) for _ in range(chance.randint(0, 3)))}]"
    pairs = (f'"{key}": {_flow(chance, column, depth - 1)}' for key in chance.sample(KEYS, chance.randint(0, 3)))
    return "{" + gap + f",{gap or ' '}".join(pairs) + "}"


def _behind(chance: Random) -> str:
    return chance.choice(("", "", "", "   # ghi"))
