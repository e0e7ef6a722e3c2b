"""Every name in a template held against what exists: fields, colours, fonts, sizes, spaces, pictures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic

from editorial.problem import BadInput, Problem
from reading.document import Document, Model
from reading.key_path import KeyPath
from studio.atlas import load_atlas, map_file
from studio.brand import Brand
from studio.chart import column_mistakes
from studio.colour import parse_colour
from studio.contract import ROWS, FieldSpec
from studio.expression import OWN_NAMES, ROW_NAMES, TemplateError, columns_in, names_in
from studio.icon import icon_advice, icon_file
from studio.layer import ChartLayer, GradientSpec, IconLayer, ImageLayer, LayerSpec, ListLayer, MapLayer, ShapeLayer
from studio.picture import find_picture
from studio.tree import Layer

_COLOURS = (
    "colour",
    "background",
    "tint",
    "emphasis",
    "highlight",
    "text_colour",
    "value_colour",
    "track",
    "plate",
    "foot_colour",
)
_FILLS = ("fill", "scrim")
_LENGTHS = ("width", "height")
_GAPS = ("gap", "row_gap")  # lengths of which there is no whole to take a share of
_LONGEST, _WIDEST, _LARGEST_TYPE = 6000, 1000, 3000  # units, percent, units: what is larger is a slip, and eats the memory
_SIDES = ("left", "top", "right", "bottom", "width", "height")
_TEXTS = ("text", "value", "content", "source", "icon", "unit", "centre")


@dataclass(kw_only=True)
class Audit(Generic[Model]):
    """Check layers of one template; `files` gathers the pictures that it names.

    A layer that is the very same in another size has been checked there.
    """

    document: Document[Model]
    fields: Mapping[str, FieldSpec]
    brand: Brand
    folder: Path
    root: Path
    _files: set[Path] = field(default_factory=set)
    _checked: dict[tuple[KeyPath, str | None], LayerSpec] = field(default_factory=dict)

    @property
    def files(self) -> frozenset[Path]:
        """Return the pictures that the checked layers name."""
        return frozenset(self._files)

    def layer(self, layer: Layer, rows_of: str | None) -> Iterator[Problem]:
        """Yield the mistakes of a layer and its children; `rows_of` is the list field whose rows repeat it."""
        spec = layer.spec
        if self._checked.get((layer.path, rows_of)) is not spec:
            self._checked[layer.path, rows_of] = spec
            yield from self._own(layer, rows_of)
        inside = spec.items if isinstance(spec, ListLayer) else rows_of
        for child in layer.children:
            yield from self.layer(child, inside)

    def _own(self, layer: Layer, rows_of: str | None) -> Iterator[Problem]:
        spec = layer.spec
        for key, message in (*self._colours(spec), *self._lengths(spec), *self._type(spec), *self._picture(spec)):
            yield self._problem("unknown-name", message, layer.path, key)
        if isinstance(spec, ShapeLayer) and (unfit := _unfit_points(spec)):
            yield self._problem("wrong-value", unfit, layer.path, "points")
        if isinstance(spec, ImageLayer) and spec.kenburns is not None and spec.fit == "contain":
            message = "hình có kenburns phải phủ kín khung; hãy ghi fit: cover hoặc bỏ khóa fit"
            yield self._problem("wrong-value", message, layer.path, "fit")
        if spec.path is not None and spec.path.points[-1] != [0, 0]:
            message = "điểm cuối của path phải là [0, 0]: nơi lớp này đứng trong ảnh tĩnh"
            yield self._problem("wrong-value", message, layer.path, "path", "points")
        yield from self._texts(spec, layer.path, rows_of)
        if isinstance(spec, ListLayer | ChartLayer | MapLayer) and spec.items is not None:
            yield from self._list_field(spec.items, (*layer.path, "items"))
        if isinstance(spec, MapLayer):
            yield from self._map(spec, layer.path)
        if isinstance(spec, ChartLayer) and spec.items in self.fields:
            for message in column_mistakes(spec, self._columns(spec.items)):
                yield self._problem("unknown-field", message, layer.path, "items")

    def scene(self, repeat: str | None, texts: Iterable[str | None], path: KeyPath) -> Iterator[Problem]:
        """Yield the mistakes in a scene's own keys."""
        if repeat is not None:
            yield from self._list_field(repeat, (*path, "repeat"))
        for key, text in zip(("say", "visible_if"), texts, strict=True):
            if text is not None:
                source = text if key == "say" else "{{ " + text + " }}"
                yield from self._jinja(source, (*path, key), repeat if key == "say" else None)

    def _colours(self, spec: LayerSpec) -> Iterator[tuple[str, str]]:
        said = vars(spec)
        for key in _COLOURS:
            if (colour := said.get(key)) is not None:
                yield from self._colour(key, colour)
        for key in _FILLS:
            fill = said.get(key)
            written = [colour for _, colour in fill.stops] if isinstance(fill, GradientSpec) else [fill]
            for colour in written:
                yield from self._colour(key, colour)
        yield from self._colour("border", spec.border and spec.border.colour)
        yield from self._colour("shadow", spec.shadow and spec.shadow.colour)

    def _colour(self, key: str, written: object) -> Iterator[tuple[str, str]]:
        if isinstance(written, str):
            try:
                parse_colour(written, next(iter(self.brand.colours.values())))
            except KeyError:
                yield key, f"không có màu “{written}” trong brand.yaml"

    def _lengths(self, spec: LayerSpec) -> Iterator[tuple[str, str]]:
        for key in _LENGTHS:
            yield from self._length(key, vars(spec).get(key))
        padding = spec.padding if isinstance(spec.padding, list) else [spec.padding]
        if len(padding) not in (1, 2, 4):
            yield "padding", "padding cần 1, 2 hoặc 4 số"
        for key, length in (*((key, vars(spec).get(key)) for key in _GAPS), *(("padding", length) for length in padding)):
            yield from self._length(key, length, plain=True)
        for side in _SIDES:
            yield from self._length("box", getattr(spec.box, side, None))
            if side not in _LENGTHS and getattr(spec.box, side, None) == "auto":
                yield "box", f"{side} không nhận auto; chỉ width và height tự lớn theo nội dung"
        if isinstance(spec.radius, int | float) and not 0 <= spec.radius <= _LONGEST:
            yield "radius", f"bo góc phải từ 0 đến {_LONGEST}"
        if isinstance(spec.radius, str) and spec.radius != "round" and spec.radius not in self.brand.radii:
            yield "radius", f"không có bo góc “{spec.radius}” trong brand.yaml"

    def _length(self, key: str, written: object, *, plain: bool = False) -> Iterator[tuple[str, str]]:
        if written is None:
            return
        if plain and isinstance(written, str) and written not in self.brand.spaces:
            yield key, f"“{written}” không dùng được ở đây; hãy viết một số, hoặc tên khoảng cách trong brand.yaml"
            return
        if isinstance(written, int | float) and abs(written) > _LONGEST:
            yield key, f"{written:g} là quá lớn; không khung nào rộng hơn {_LONGEST} đơn vị"
        if isinstance(written, str) and written != "auto" and written not in self.brand.spaces:
            try:
                share = float(written.removesuffix("%")) if written.endswith("%") else float("?")
                if not abs(share) <= _WIDEST:
                    yield key, f"“{written}” là quá lớn; nhiều nhất {_WIDEST}%"
            except ValueError:
                yield key, f"“{written}” không phải số, phần trăm hay khoảng cách trong brand.yaml"

    def _type(self, spec: LayerSpec) -> Iterator[tuple[str, str]]:
        for key in ("font", "value_font"):
            font = vars(spec).get(key)
            if font is not None and font not in self.brand.fonts:
                yield key, f"không có phông chữ “{font}” trong brand.yaml"
        for key in ("size", "min_size", "value_size", "foot_size"):
            size = vars(spec).get(key)
            if isinstance(size, int | float) and not 0 < size <= _LARGEST_TYPE:
                yield key, f"cỡ chữ phải lớn hơn 0 và không quá {_LARGEST_TYPE}"
            if isinstance(size, str) and size not in self.brand.type:
                yield key, f"không có cỡ chữ “{size}” trong brand.yaml"

    def _picture(self, spec: LayerSpec) -> Iterator[tuple[str, str]]:
        if isinstance(spec, IconLayer):
            yield from self._icon(spec)
        if not isinstance(spec, ImageLayer) or "{" in spec.source:
            return
        path = find_picture(spec.source, self.folder, self.brand, self.root)
        if path is None:
            yield "source", f"không có hình “{spec.source}” trong thư mục mẫu, assets/ hay không gian làm việc"
        else:
            self._files.add(path)

    def _icon(self, spec: IconLayer) -> Iterator[tuple[str, str]]:
        if "{" in spec.icon:  # which one is for the data to say: a changed icon of any name is another version
            self._files.update((self.brand.assets / "icons").glob("*.svg"))
            return
        path = icon_file(spec.icon, self.brand.assets)
        if path is None:
            yield "icon", icon_advice(spec.icon, self.brand.assets)
        else:
            self._files.add(path)

    def _map(self, spec: MapLayer, path: KeyPath) -> Iterator[Problem]:
        file = map_file(spec.map, self.brand.assets)
        if file is None:
            known = ", ".join(sorted(path.stem for path in (self.brand.assets / "maps").glob("*.yaml")))
            yield self._problem("unknown-name", f"không có bản đồ “{spec.map}” trong assets/maps; có: {known}", path, "map")
            return
        try:
            self._files.update(load_atlas(file).files)
        except BadInput as bad:
            yield from bad.problems

    def _texts(self, spec: LayerSpec, path: KeyPath, rows_of: str | None) -> Iterator[Problem]:
        for key in _TEXTS:
            text = vars(spec).get(key)
            if isinstance(text, str):
                yield from self._jinja(text, (*path, key), rows_of)
        if spec.visible_if is not None:
            yield from self._jinja("{{ " + spec.visible_if + " }}", (*path, "visible_if"), rows_of)

    def _jinja(self, source: str, path: KeyPath, rows_of: str | None) -> Iterator[Problem]:
        fields = self.fields
        try:
            names = names_in(source)
            columns = columns_in(source) if rows_of else frozenset()
        except TemplateError as error:
            yield self._problem("wrong-expression", f"không đọc được “{source}”: {error}", path)
            return
        known = OWN_NAMES | set(fields) | (ROW_NAMES if rows_of else frozenset())
        for name in sorted(names - known):
            yield self._problem("unknown-field", f"không có trường “{name}” trong fields", path)
        of = self._columns(rows_of)
        for name in sorted(columns - set(of)) if of else ():
            yield self._problem("unknown-field", f"danh sách {rows_of} không có cột “{name}”", path)

    def _columns(self, name: str | None) -> tuple[str, ...]:
        """Return the columns of a list or chart field; none where its rows have no columns."""
        field_ = self.fields.get(name or "")
        return () if field_ is None else tuple(field_.columns or ())

    def _list_field(self, name: str, path: KeyPath) -> Iterator[Problem]:
        field_ = self.fields.get(name)
        if field_ is None or field_.type not in ROWS:
            yield self._problem("unknown-field", f"“{name}” phải là một trường kiểu list, chart hoặc map trong fields", path)

    def _problem(self, rule: str, message: str, path: KeyPath, *key: str) -> Problem:
        return self.document.problem(rule, message, *path, *key)


def _unfit_points(spec: ShapeLayer) -> str | None:
    """Return what is wrong with a shape's points, None when nothing is."""
    if spec.shape != "polygon":
        return "chỉ shape: polygon mới có points" if spec.points else None
    if len(spec.points) < 3:
        return "polygon cần ít nhất ba điểm trong points"
    outside = any(not 0 <= part <= 1 for point in spec.points for part in point)
    return "mỗi điểm của polygon là phần của khung, từ 0 đến 1" if outside else None
