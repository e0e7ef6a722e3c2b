"""Templates: what each draws, in which sizes, from which fields."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel

from desk.api.caller import Caller, needs
from desk.api.cursor import After, Limit, read_cursor, write_cursor
from desk.api.problem_document import refusal
from desk.api_tokens import Scope
from desk.web.desk import TheDesk
from studio.template import Template

router = APIRouter(prefix="/api/templates", tags=["templates"])

Reader = Annotated[Caller, Depends(needs(Scope.TEMPLATES_READ))]


class TemplateRecord(BaseModel):
    """One template; its version is the digest of everything in its folder."""

    id: str
    kind: str
    name: str
    name_en: str | None
    sizes: list[str]
    themes: list[str]
    version: str


class FieldRecord(BaseModel):
    """A field that an entry's data fills; `max` counts letters of a text, or rows."""

    name: str
    type: str
    required: bool
    min: int
    max: int | None
    columns: list[str]


class TemplateDetail(TemplateRecord):
    """One template with its fields, and the names of the data that it is proofed with."""

    fields: list[FieldRecord]
    samples: list[str]


class TemplatePage(BaseModel):
    """A stretch of the templates, by id."""

    items: list[TemplateRecord]
    next: str | None


@router.get("")
def templates(desk: TheDesk, caller: Reader, cursor: After = "", limit: Limit = 50) -> TemplatePage:
    """List the templates by id."""
    asked = {"of": "templates"}
    after = read_cursor(cursor, asked, "")
    known = desk.workbench.workspace.templates
    found = sorted(id for id in known if id > after)
    shown = found[:limit]
    more = write_cursor(asked, shown[-1]) if len(found) > limit else None
    return TemplatePage(items=[_record(known[id]) for id in shown], next=more)


@router.get("/{kind}/{name}")
def template(
    desk: TheDesk, caller: Reader, kind: Annotated[str, Path(max_length=40)], name: Annotated[str, Path(max_length=120)]
) -> TemplateDetail:
    """Return a template, `infographic/steps`."""
    found = desk.workbench.workspace.templates.get(f"{kind}/{name}")
    if found is None:
        raise refusal(404, "unknown-template", "không có mẫu này; hãy xem danh sách ở /api/templates")
    fields = [
        FieldRecord(name=name, type=str(spec.type), required=spec.required, min=spec.min, max=spec.max,
                    columns=list(spec.columns or ()))
        for name, spec in found.fields.items()
    ]  # fmt: skip
    return TemplateDetail(**_record(found).model_dump(), fields=fields, samples=list(found.samples))


def _record(template: Template) -> TemplateRecord:
    return TemplateRecord(
        id=template.id, kind=template.kind, name=template.name.vi, name_en=template.name.en, sizes=list(template.sizes),
        themes=list(template.themes), version=template.version,
    )  # fmt: skip
