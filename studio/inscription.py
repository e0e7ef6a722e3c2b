"""The words that a template brings to a picture or clip, filled in: what stands in its layers, and what its scenes say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from reading.document import dotted, line_of
from reading.key_path import KeyPath
from reading.source import relative_name
from studio.expression import names_in, print_text
from studio.film import scene_contexts
from studio.layer import ChartLayer, NumberLayer, QrLayer, TextLayer
from studio.node import Node, fill_in, source_of
from studio.scene import Stage
from studio.template import Design
from studio.tree import Layer
from studio.words import normal

_COUNTED = frozenset({"number", "count"})  # the names that number the rows of a list


@dataclass(frozen=True, kw_only=True)
class Inscription:
    """Words in a layer, or said in a scene, and where the template has them; `source` is how they are written there."""

    text: str
    source: str
    file: str
    line: int
    key: str
    spoken: bool = False


def inscriptions(stage: Stage) -> Iterator[Inscription]:
    """Yield all words of a template with data at a size, those of the data too; the numbers of rows are none."""
    design = stage.template.designs[stage.size]
    paths = dict(_paths(design))
    for node in _walk(fill_in((*design.background, *design.layers), {**stage.context, "subtitle": ""})):
        yield from _in_layer(stage, node, paths)
    for index, scene in enumerate(design.scenes):
        for context in scene_contexts(scene, stage.context):
            for node in _walk(fill_in(scene.layers, context)):
                yield from _in_layer(stage, node, paths)
            if scene.spec.say:
                yield _at(stage, print_text(scene.spec.say, context), scene.spec.say, ("scenes", index, "say"), spoken=True)


def _in_layer(stage: Stage, node: Node, paths: dict[str, KeyPath]) -> Iterator[Inscription]:
    spec = node.spec
    if not node.text or not isinstance(spec, TextLayer | NumberLayer | QrLayer | ChartLayer):
        return
    source = spec.centre if isinstance(spec, ChartLayer) else source_of(spec) or ""
    if not (isinstance(spec, TextLayer | NumberLayer) and _numbers_rows(source)):
        name = {TextLayer: "text", NumberLayer: "value", QrLayer: "content"}.get(type(spec), "centre")
        yield _at(stage, node.text, source, (*paths[spec.id], name))


def _at(stage: Stage, text: str, source: str, path: KeyPath, *, spoken: bool = False) -> Inscription:
    template = stage.template
    words = normal(text).replace("**", "").replace("\u00a0", " ")
    file = relative_name(template.folder / "template.yaml", template.root)
    return Inscription(text=words, source=source, file=file, line=line_of(template.lines, path), key=dotted(path), spoken=spoken)


@lru_cache(maxsize=4096)
def _numbers_rows(source: str) -> bool:
    names = names_in(source)
    return bool(names) and names <= _COUNTED


def _walk(nodes: Iterable[Node]) -> Iterator[Node]:
    for node in nodes:
        yield node
        yield from _walk(node.children)


def _paths(design: Design) -> Iterator[tuple[str, KeyPath]]:
    for layers in (design.background, design.layers, *(scene.layers for scene in design.scenes)):
        yield from _paths_of(layers)


def _paths_of(layers: Iterable[Layer]) -> Iterator[tuple[str, KeyPath]]:
    for layer in layers:
        yield layer.spec.id, layer.path
        yield from _paths_of(layer.children)
