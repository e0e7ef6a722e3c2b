"""What the page is told, as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from desk.designing import template_pictures
from desk.language import told
from desk.preview.table import Drawn, LightTable
from desk.trials import SAMPLES, THEMES
from editorial.problem import Problem, Severity
from studio.contract import FieldSpec
from studio.display import Box
from studio.film import rest_frame
from studio.mark import Mark
from studio.motion import FRAMES_A_SECOND
from studio.size import SIZES
from studio.template import Template

Values = dict[str, object]


def state_values(table: LightTable) -> Values:
    """Return the template as the page shows it, or only what is wrong where it was never right."""
    template = table.template
    shown: Values = {"version": table.version, "id": table.name, "problems": [problem_values(one) for one in table.problems]}
    return shown if template is None else {**shown, **_template_values(template)}


def _template_values(template: Template) -> Values:
    return {
        "name": template.name.vi,
        "kind": template.kind,
        "sizes": [{"id": size, "width": SIZES[size].width, "height": SIZES[size].height} for size in template.sizes],
        "themes": [{"id": theme, "label": THEMES.get(theme, theme)} for theme in template.themes],
        "samples": [
            {"id": sample, "label": SAMPLES.get(sample, sample), "data": plain(template.samples[sample])}
            for sample in ("typical", "worst", "shortest")
            if sample in template.samples
        ],
        "fields": [_field_values(name, field) for name, field in template.fields.items()],
        "pictures": list(template_pictures(template)),
        "icons": sorted(path.stem for path in (template.root / "assets" / "icons").glob("*.svg")),
    }


def _field_values(name: str, field: FieldSpec) -> Values:
    columns = [{"name": column, "type": kind} for column, kind in (field.columns or {}).items()]
    rows = field.type == "chart" or field.type == "list"
    return {
        "name": name, "type": "list" if rows else field.type, "label": field.label.vi if field.label else name,
        "required": field.required,
        "max": field.max, "min": field.min, "of": columns or field.of,
    }  # fmt: skip


def drawn_values(drawn: Drawn, size: str) -> Values:
    """Return one picture as the page shows it; boxes are shares of the canvas."""
    canvas = SIZES[size]
    return {
        "digest": drawn.digest,
        "picture": f"/picture/{drawn.digest}" if drawn.rendition else None,
        "clip": _clip_values(drawn),
        "marks": [_mark_values(mark, mark.box, canvas.width, canvas.height) for mark in drawn.marks if mark.box],
        "problems": [problem_values(problem) for problem in drawn.problems],
    }


def _clip_values(drawn: Drawn) -> Values | None:
    if drawn.screen is None:
        return None
    film = drawn.screen.film
    scenes = [
        {"id": shot.id, "start": shot.start, "end": shot.end, "rest": rest_frame(film.shots, index)}
        for index, shot in enumerate(film.shots)
    ]
    return {"frames": film.frames, "rate": FRAMES_A_SECOND, "poster": film.poster, "scenes": scenes}


def _mark_values(mark: Mark, box: Box, width: int, height: int) -> Values:
    return {
        "name": mark.problem.key,
        "wrong": mark.problem.severity is Severity.ERROR,
        "left": box.left / width, "top": box.top / height, "width": box.width / width, "height": box.height / height,
        "start": mark.frames.start if mark.frames else None, "end": mark.frames.stop if mark.frames else None,
    }  # fmt: skip


def problem_values(problem: Problem) -> Values:
    """Return a problem as the page lists it."""
    where = f"{problem.file}:{problem.line}" if problem.file and problem.line else problem.file
    wrong = problem.severity is Severity.ERROR
    return {"where": where, "key": problem.key, "message": told(problem).message, "wrong": wrong}


def plain(value: object) -> object:
    """Return sample data as JSON can have it."""
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value
