"""The proof sheets of the documentation: each template with its longest data in every size, and the page that lists them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from desk.trials import Wanted
from studio.proof import Scale
from studio.template import Template

WANTED = Wanted(themes=("light", "dark", "solemn"), samples=("worst",))
SCALE = Scale(width=190)  # px a picture: what stands where is seen, and the whole gallery stays under 6 MB
PAGE = "README.md"

_HEAD = """\
# Every template, proofed

Each template in every size with its longest data, in the light, the dark and the solemn theme. `./loa proof --docs` draws the
sheets and writes this page; a test fails when a template has changed since. In full size, with all data: `./loa proof TEMPLATE`.
"""


def sheet_name(template_id: str) -> str:
    """Return the file name of a template's sheet."""
    return f"{template_id.replace('/', '-')}.webp"


def sheets_in(folder: Path, names: Sequence[str]) -> dict[str, Path]:
    """Return the file of each template's sheet."""
    return {name: folder / sheet_name(name) for name in names}


def page_of(templates: Mapping[str, Template]) -> str:
    """Return the page: what each template is called, what it is, the version that its sheet shows, and the sheet."""
    return "\n".join([_HEAD, *(_entry(template) for template in templates.values())])


def _entry(template: Template) -> str:
    name = template.name.en or template.name.vi
    sizes = ", ".join(template.sizes)
    return f"""\
## {name}

`{template.id}` · {template.name.vi} · {sizes} · version {template.version[:12]}

![{name}: every size with its longest data in three themes]({sheet_name(template.id)})
"""


def forget_others(folder: Path, names: Sequence[str]) -> None:
    """Remove the sheets that no template has any more."""
    wanted = {sheet_name(name) for name in names}
    for file in sorted(folder.glob("*.webp")):
        if file.name not in wanted:
            file.unlink()
