"""Every word of the desk's pages, with where it stands: what the phrase book of another language has to know.

`.venv/bin/python -m tests.desk.english_words` adds what is missing to desk/locale/en/LC_MESSAGES/desk.po, with nothing beside it,
and takes out what nothing says any more.
"""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from jinja2 import Environment

from desk.catalogue import CatalogueRecord
from desk.web.own_places import OWN
from desk.web.page_words import Page
from desk.web.phrase_book import LOCALE, phrase_book, read_catalogue
from desk.web.script_words import Script
from publishers.registry import PUBLISHERS, manifest_of
from reading.document import read_yaml
from tests.desk.said_messages import HOUSE, LETTERS, skeleton

WEB = HOUSE / "desk" / "web"
BOOK = LOCALE / "en" / "LC_MESSAGES" / "desk.po"
BEGAN = datetime(2026, 11, 30, tzinfo=UTC)  # a date that moved with each writing would stand in everybody's way
# Rooms whose words come onto pages as they are.
ELSEWHERE = (
    "desk/account_fields.py", "desk/after_steps.py", "desk/allowances.py", "desk/capability_words.py", "desk/certificate.py",
    "desk/channel_health.py", "desk/channel_trial.py", "desk/consequences.py",
    "desk/property_consequences.py", "desk/property_writing.py",
    "desk/correction_words.py", "desk/deed_words.py", "desk/people.py", "desk/rewriting.py", "desk/silence.py", "desk/trials.py",
    "editorial/date_rule.py", "editorial/lead_time.py", "editorial/occasion.py", "editorial/workflow.py",
    "desk/commands/in_the_way.py", "publishers/facebook/usage.py", "publishers/youtube/quota.py",
)  # fmt: skip
# Sentences that are put together from more than one literal, and words without a Vietnamese letter.
TOGETHER = {
    "desk/web/webhooks_reader.py": ("máy nhận trả lời {0}",),
    "editorial/date_rule.py": ("Lùi {0} {1}: {2}.", "Tiến {0} {1}: {2}.", "{0} năm {1} ({2})"),
    "desk/web/routes/calendar.py": ("T2", "T3", "T4", "T5", "T6", "T7", "CN"),
    "desk/certificate.py": (
        "hình hoặc clip “{0}”", "lời mô tả hình “{0}”", "chữ của mẫu trong “{0}”", "lời đọc và phụ đề của “{0}”", "trang",
    ),
}  # fmt: skip
# What stands here is read by no reader of a page, or is somebody's words.
NOT_READ = frozenset({"đ", " nhuận", "%H:%M ngày %d/%m", "thái {0}", "vị {0}", "đơn", "sắc", "kênh {0}"})


def words() -> dict[str, list[str]]:
    """Return every key with the files that say it."""
    said: dict[str, list[str]] = defaultdict(list)
    for path, keys in (*_pages(), *_scripts(), *_views()):
        for key in dict.fromkeys(keys):
            said[key].append(path)
    return said


def missing() -> dict[str, list[str]]:
    """Return what the pages say and the phrase book does not know."""
    return {key: places for key, places in words().items() if key not in phrase_book("en").words}


def _pages() -> Iterator[tuple[str, list[str]]]:
    jinja = Environment(trim_blocks=True, lstrip_blocks=True, autoescape=True)
    for path in sorted((WEB / "pages").glob("*.html")):
        page = Page(lex=jinja.lex, book=phrase_book("en").words, own=OWN.get(path.name, ()))
        page.translated(path.read_text(encoding="utf-8"))
        yield f"pages/{path.name}", page.found


def _scripts() -> Iterator[tuple[str, list[str]]]:
    for path in sorted((WEB / "static" / "js").rglob("*.js")):
        script = Script(book={})
        script.translated(path.read_text(encoding="utf-8"))
        yield str(path.relative_to(WEB / "static")), script.found


def _views() -> Iterator[tuple[str, list[str]]]:
    mistakes = read_yaml(HOUSE / "desk" / "locale" / "en.yaml", CatalogueRecord, HOUSE).value
    known = NOT_READ | mistakes.sentences.keys() | mistakes.words.keys()
    for path in (*sorted(WEB.rglob("*.py")), *(HOUSE / name for name in ELSEWHERE)):
        if path.name == "page_words.py":
            continue  # the letters themselves
        found = (key.strip() for key in _literals(ast.parse(path.read_text(encoding="utf-8"))))
        yield str(path.relative_to(HOUSE)), [key for key in found if key not in known]
    yield from ((path, list(keys)) for path, keys in TOGETHER.items())
    for manifest in (manifest_of(id) for id in PUBLISHERS):
        if LETTERS.search(manifest.name):
            yield f"publishers/{manifest.id}/manifest.yaml", [manifest.name]


def _literals(tree: ast.Module) -> Iterator[str]:
    """Yield the Vietnamese texts of a module, but for what documents it."""
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.JoinedStr | ast.Constant) or id(node) in inside | told:
            continue
        if isinstance(node, ast.JoinedStr) or isinstance(node.value, str):
            text = skeleton(node).replace("{{", "{").replace("}}", "}")
            if LETTERS.search(text):
                yield text


def write(translations: dict[str, str | tuple[str, str]] | None = None) -> None:
    """Write the phrase book anew: sorted, each key with the files that say it."""
    given, old = translations or {}, read_catalogue(BOOK) if BOOK.exists() else Catalog()
    book = Catalog(locale="en", project="Loa", version="", fuzzy=False, creation_date=BEGAN, revision_date=BEGAN)
    for key, places in sorted(words().items()):
        before = old.get(key)
        said = given.get(key, before.string if before else "")
        counted = isinstance(said, tuple)
        book.add((key, key) if counted else key, said, locations=[(place, 0) for place in sorted(places)])
    for one in old:  # what one page says otherwise; somebody has chosen it, nothing finds it
        if one.context and isinstance(one.id, str) and f"pages/{one.context}" in words().get(one.id, ()):
            book.add(one.id, one.string, locations=[(f"pages/{one.context}", 0)], context=one.context)
    BOOK.parent.mkdir(parents=True, exist_ok=True)
    with BOOK.open("wb") as file:
        write_po(file, book, width=0, omit_header=False, sort_output=True, include_lineno=False)


if __name__ == "__main__":
    lacking = missing()
    write()
    for key, places in sorted(lacking.items()):
        sys.stdout.write(f"{places[0]}: {key}\n")
    sys.stdout.write(f"{len(lacking)} missing; write them in {BOOK.relative_to(HOUSE)}\n")
