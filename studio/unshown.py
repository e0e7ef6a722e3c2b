"""Fields that must be shown and that some data hides: a rendition without them says less than was approved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from editorial.problem import Problem
from studio.expression import names_in
from studio.film import scene_contexts
from studio.node import Node, fill_in
from studio.scene import Stage
from studio.shown import fields_of, must_show


def unshown_problems(stage: Stage, data: Mapping[str, object]) -> tuple[Problem, ...]:
    """Return the fields that must be shown, have a value in this data, and are shown nowhere at this size."""
    given = [name for name in must_show(stage.template.fields) if data.get(name) and stage.context.get(name)]
    shown = frozenset((*_seen(_nodes(stage)), *_said(stage)))
    said = f"khổ {stage.size} không hiện trường này với dữ liệu như vậy; hãy sửa visible_if trong mẫu"
    return tuple(Problem(rule="unshown-field", key=name, message=said) for name in given if name not in shown)


def _nodes(stage: Stage) -> Iterator[Node]:
    design = stage.template.designs[stage.size]
    yield from fill_in((*design.background, *design.layers), {**stage.context, "subtitle": ""})
    for scene in design.scenes:
        for context in scene_contexts(scene, stage.context):
            yield from fill_in(scene.layers, context)


def _said(stage: Stage) -> Iterator[str]:
    for scene in stage.template.designs[stage.size].scenes:
        if any(True for _ in scene_contexts(scene, stage.context)):
            yield from names_in(scene.spec.say or "")
            yield from (scene.spec.repeat,) if scene.spec.repeat else ()


def _seen(nodes: Iterable[Node]) -> Iterator[str]:
    for node in nodes:
        yield from fields_of(node.spec)
        yield from _seen(node.children)
