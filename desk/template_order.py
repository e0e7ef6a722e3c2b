"""What `./loa render TEMPLATE` is asked for, read and checked to the last key before anything is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from desk.designing import open_studio, refuse_unknown, template_folder
from desk.place import Place
from desk.pointing import Sources, read_tree, sample_sources
from editorial.problem import BadInput, Problem, Severity
from studio.rendition import ImageType, Recipe
from studio.studio import Studio
from studio.template import Template

_DEFAULT = "typical"


@dataclass(frozen=True, kw_only=True)
class TemplateOrder:
    """Recipes by the name of the file that each becomes, and the files that a mistake in them stands in."""

    studio: Studio
    recipes: Mapping[str, Recipe]
    sources: Sources


def read_order(
    place: Place, name: str, *, data: Path | None, sizes: Sequence[str], theme: str | None, image_type: str
) -> TemplateOrder:
    """Return the order; raise BadInput with every mistake in the data, each at its line."""
    refuse_unknown((image_type,), get_args(ImageType), "--format", "dạng tệp")
    studio = open_studio(place, [name])
    template = studio.templates[name]
    refuse_unknown(sizes, template.sizes, "--size", "khổ")
    refuse_unknown((theme,) if theme else (), tuple(studio.brand.colours), "--theme", "bảng màu")
    values, sources = _data(place, template, data)
    kind: ImageType = "png" if image_type == "png" else "jpg"
    chosen = theme or template.themes[0]
    recipes = {
        f"{template.folder.name}-{size}-{chosen}": studio.recipe(name, values, size, chosen, kind)
        for size in sizes or template.sizes
    }
    _refuse_wrong_data(studio, values, recipes.values(), sources)
    return TemplateOrder(studio=studio, recipes=recipes, sources=sources)


def _data(place: Place, template: Template, file: Path | None) -> tuple[Mapping[str, object], Sources]:
    folder = template_folder(place, template.id)
    if file is None:
        if _DEFAULT not in template.samples:
            raise BadInput(
                Problem(rule="no-data", key="--data", message="mẫu chưa có sample.yaml; hãy cho tệp dữ liệu bằng --data")
            )
        return template.samples[_DEFAULT], sample_sources(folder, place.root, _DEFAULT)
    tree = read_tree(file, place.root)
    if not isinstance(tree.value, dict):
        raise BadInput(Problem(rule="wrong-type", file=tree.file, line=1, message="phải là một nhóm khóa: giá trị"))
    return tree.value, Sources(template=read_tree(folder / "template.yaml", place.root), data=tree)


def _refuse_wrong_data(studio: Studio, values: Mapping[str, object], recipes: Iterable[Recipe], sources: Sources) -> None:
    """Raise BadInput for mistakes in the data and texts that cannot be filled in; what does not fit is drawn, to be seen."""
    found = (
        sources.placed(problem)
        for recipe in recipes
        for problem in studio.check(recipe.template_id, values, recipe.size, recipe.theme)
    )
    hopeless = (each for each in found if each.file == sources.data.file or each.rule == "wrong-expression")
    wrong = dict.fromkeys(each for each in hopeless if each.severity is Severity.ERROR)
    if wrong:
        raise BadInput(*wrong)
