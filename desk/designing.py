"""What a designer works with: the brand, the templates asked for, and a studio over them; nothing else is read."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path

from desk.place import Place
from editorial.problem import BadInput, Problem
from reading.source import relative_name
from studio.brand import Brand
from studio.studio import Studio
from studio.template import KINDS, Template, load_template


def template_names(place: Place) -> tuple[str, ...]:
    """Return the id of every template folder, pictures before clips."""
    files = (path for kind in KINDS for path in sorted((place.templates / kind).glob("*/template.yaml")))
    return tuple(f"{path.parent.parent.name}/{path.parent.name}" for path in files)


def open_studio(place: Place, names: Sequence[str]) -> Studio:
    """Return a studio over these templates; a mistake in another template does not stop it. Raise BadInput with every mistake."""
    brand = Brand.load(place.assets)
    found: dict[str, Template] = {}
    problems: list[Problem] = []
    for name in names:
        try:
            found[name] = load_template(template_folder(place, name), brand, place.root)
        except BadInput as bad:
            problems += bad.problems
    if problems:
        raise BadInput(*problems)
    return Studio(templates=found, brand=brand, cache=place.memory, cores=os.cpu_count() or 1)


def template_folder(place: Place, name: str) -> Path:
    """Return the folder of a template; raise BadInput with the nearest name where there is none."""
    known = template_names(place)
    if name in known:
        return place.templates / name
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    advice = f"có phải “{near[0]}”?" if near else f"các mẫu hiện có: {', '.join(known)}"
    raise BadInput(Problem(rule="unknown-template", message=f"không có mẫu “{name}” trong templates/; {advice}"))


def template_pictures(template: Template) -> Iterator[str]:
    """Yield the pictures that a designer may choose: the template's own and the brand's."""
    kinds = (".svg", ".jpg", ".jpeg", ".png", ".webp")
    yield from sorted(path.name for path in template.folder.iterdir() if path.suffix.lower() in kinds)
    art = template.root / "assets" / "art"
    yield from sorted(f"art/{path.name}" for path in art.glob("*") if path.suffix.lower() in kinds)


def refuse_unknown(given: Sequence[str], known: Sequence[str], option: str, what: str) -> None:
    """Raise BadInput when a size, theme or sample is asked for that the template has not."""
    unknown = [name for name in given if name not in known]
    if unknown:
        message = f"mẫu không có {what} “{unknown[0]}”; chọn trong: {', '.join(known)}"
        raise BadInput(Problem(rule="unknown-value", key=option, message=message))


def refuse_what_it_lacks(template: Template, *, sizes: Sequence[str], themes: Sequence[str], samples: Sequence[str]) -> None:
    """Raise BadInput when a template has not a size, theme or sample that is asked for, or no sample at all."""
    refuse_unknown(sizes, template.sizes, "--size", "khổ")
    refuse_unknown(themes, template.themes, "--theme", "bảng màu")
    if not template.samples:
        file = relative_name(template.folder / "sample.yaml", template.root)
        message = "mẫu chưa có dữ liệu thử; hãy viết sample.yaml với typical, worst, shortest"
        raise BadInput(Problem(rule="no-sample", file=file, message=message))
    refuse_unknown(samples, tuple(template.samples), "--sample", "dữ liệu")
