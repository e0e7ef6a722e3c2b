"""A template folder read, checked to the last key, and ready to lay out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from editorial.problem import BadInput, Problem
from reading.document import Document, read_yaml
from reading.key_path import KeyPath
from studio.audit import Audit
from studio.brand import Brand, Names
from studio.colour import parse_colour
from studio.contract import VOICES, FieldSpec
from studio.digest import file_digest
from studio.expression import OWN_NAMES, ROW_NAMES, TemplateError, names_in
from studio.layer import LayerSpec
from studio.picture import KINDS as PICTURES
from studio.picture import workspace_file
from studio.safe import RIMS, safe_margins
from studio.shown import fields_in, must_show
from studio.size import SIZES, Margins
from studio.soundtrack import sound_mistakes
from studio.template_file import (
    FamiliesFile,
    Family,
    LengthSpec,
    MusicSpec,
    Samples,
    SceneSpec,
    SizeSpec,
    TemplateFile,
    VoiceSpec,
)
from studio.tree import Layer, Override, TreeReader

KINDS = ("infographic", "clip")
RESERVED = OWN_NAMES | ROW_NAMES | {"subtitle"}  # what Jinja texts know already

MOST_READINGS = 5  # of a template that is saved while it is being read


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A scene with its layers for one size."""

    spec: SceneSpec
    layers: tuple[Layer, ...]


@dataclass(frozen=True, kw_only=True)
class Design:
    """Everything that a template draws at one size; `layout` is the size that it is laid out like, mostly itself."""

    size: str
    layout: str
    margins: Margins
    background: tuple[Layer, ...]
    scenes: tuple[Scene, ...]
    layers: tuple[Layer, ...]


@dataclass(frozen=True, kw_only=True)
class Template:
    """A checked template; `version` changes whenever anything changes that could change a picture."""

    id: str
    kind: Literal["infographic", "clip"]
    name: Names
    family: str | None
    fields: Mapping[str, FieldSpec]
    themes: tuple[str, ...]
    designs: Mapping[str, Design]
    music: MusicSpec | None
    voice: VoiceSpec | None
    length: LengthSpec | None
    poster: str | float | None
    samples: Mapping[str, Mapping[str, object]]
    folder: Path
    root: Path
    version: str
    files: frozenset[Path] = frozenset()  # every picture and recording that it may show
    shows: tuple[str, ...] = ()  # the digests of these and of the brand's files, as they were when it was read
    own: str = ""  # the digest of what its folder says of its pictures: the office's brand may change without it
    lines: Mapping[KeyPath, int] = field(default_factory=dict, repr=False)  # of template.yaml

    @property
    def sizes(self) -> tuple[str, ...]:
        """Return the names of the sizes it offers."""
        return tuple(self.designs)


def load_templates(templates: Path, brand: Brand, root: Path) -> Mapping[str, Template]:
    """Return every template of a workspace by id; raise BadInput with the problems of all of them."""
    found: dict[str, Template] = {}
    problems: list[Problem] = []
    for folder in _folders(templates):
        try:
            template = load_template(folder, brand, root)
            found[template.id] = template
        except BadInput as bad:
            problems += bad.problems
    if problems:
        raise BadInput(*problems)
    return found


def load_template(folder: Path, brand: Brand, root: Path) -> Template:
    """Return the template of a folder; raise BadInput with every mistake in it.

    Its version is that of the very words that were read: somebody may save the file while it is being read.
    """
    file = folder / "template.yaml"
    for _ in range(MOST_READINGS):
        written = file.read_bytes() if file.is_file() else b""
        template = _read_template(folder, brand, root)
        if file.read_bytes() == written:
            return template
    message = "tệp mẫu đang được ghi liên tục; hãy đợi ghi xong rồi làm lại"
    raise BadInput(Problem(rule="template-changes", file=file.relative_to(root).as_posix(), message=message))


def has_its_files(template: Template, brand: Brand) -> bool:
    """Tell whether the pictures, fonts and music of a template and its brand are still those that its version is of."""
    try:
        return _all_files(template.folder, brand, template.files) == template.shows
    except OSError:
        return False


def _read_template(folder: Path, brand: Brand, root: Path) -> Template:
    document = read_yaml(folder / "template.yaml", TemplateFile, root)
    family = _family(document, folder, root)
    fields = {**family.fields, **document.value.fields} if family else document.value.fields
    problems = list(_file_mistakes(document, folder, brand))
    problems += _field_mistakes(document, family)
    audit = Audit(document=document, fields=fields, brand=brand, folder=folder, root=root)
    problems += sound_mistakes(document, fields, brand)
    plain: dict[KeyPath, LayerSpec] = {}
    designs = {size: _design(document, size, audit, plain, problems) for size in document.value.sizes if size in SIZES}
    if problems:
        raise BadInput(*dict.fromkeys(problems))
    value, files = document.value, audit.files | _drawable(folder, root)
    return Template(
        id=f"{value.kind}/{folder.name}",
        kind=value.kind,
        name=value.name,
        family=value.family,
        fields=fields,
        themes=tuple(value.themes) or tuple(brand.colours),
        designs=designs,
        music=value.music,
        voice=value.voice,
        length=value.length,
        poster=value.poster,
        samples=_samples(folder, root),
        folder=folder,
        root=root,
        version=_version(folder, brand, files, fields),
        own=_own(folder, files),
        files=files,
        shows=_all_files(folder, brand, files),
        lines=document.lines,
    )


def _family(document: Document[TemplateFile], folder: Path, root: Path) -> Family | None:
    """Return the family that a template names; raise BadInput where there is none of that name."""
    name = document.value.family
    if name is None:
        return None
    path = folder.parents[1] / "families.yaml"
    known = read_yaml(path, FamiliesFile, root).value.families if path.is_file() else {}
    if name not in known:
        near = f"; có: {', '.join(known)}" if known else ""
        raise BadInput(document.problem("unknown-name", f"templates/families.yaml không có họ “{name}”{near}", "family"))
    return known[name]


def _field_mistakes(document: Document[TemplateFile], family: Family | None) -> Iterator[Problem]:
    if not document.value.fields and family is None:
        yield document.problem("missing-key", "mẫu chưa có trường nào; thêm khóa fields hoặc family", "fields")
    for name, spec in document.value.fields.items():
        if family is not None and name in family.fields:
            said = "trường này đã có trong họ của mẫu; hãy xóa ở đây hoặc đặt tên khác"
            yield document.problem("twice", said, "fields", name)
        if spec.least is not None and spec.type != "photo":
            yield document.problem("unknown-key", "chỉ trường kiểu photo mới có khóa này", "fields", name, "least")
        for column in sorted(set(spec.longest or ()) - set(spec.columns or ())):
            message = f"longest gọi cột “{column}” mà of không có; hãy viết đúng tên một cột"
            yield document.problem("unknown-name", message, "fields", name, "longest", column)
        if not name.isidentifier() or name in RESERVED:
            yield document.problem("wrong-form", f"tên trường “{name}” không dùng được; chỉ gồm a-z, 0-9, _", "fields", name)


def _folders(templates: Path) -> Iterator[Path]:
    for kind in KINDS:
        yield from sorted(path.parent for path in (templates / kind).glob("*/template.yaml"))


def _design(
    document: Document[TemplateFile], size: str, audit: Audit[TemplateFile], plain: dict[KeyPath, LayerSpec],
    problems: list[Problem],
) -> Design:  # fmt: skip
    value = document.value
    spec = value.sizes[size] or SizeSpec()
    like = value.sizes.get(spec.like or "") or SizeSpec()
    reader = TreeReader(document=document, overrides=_overrides(size, spec, like), plain=plain)
    background = reader.read(value.background, ("background",))
    scenes = tuple(
        Scene(spec=scene, layers=reader.read(scene.layers, ("scenes", index, "layers")))
        for index, scene in enumerate(value.scenes)
    )
    layers = reader.read(value.layers, ("layers",))
    broken = list(reader.problems())
    problems += broken
    for layer in (*background, *layers):
        problems += audit.layer(layer, None)
    for index, scene in enumerate(scenes):
        problems += audit.scene(scene.spec.repeat, (scene.spec.say, scene.spec.visible_if), ("scenes", index))
        for layer in scene.layers:
            problems += audit.layer(layer, scene.spec.repeat)
    problems += _hiding_mistakes(document, layers, (*background, *(layer for scene in scenes for layer in scene.layers)))
    layout = spec.like or size
    if not broken:  # a layer that could not be read would seem to be missing
        problems += _unshown(document, size, layout, audit.fields, (*background, *layers), scenes)
    margins = safe_margins(size, value.safe_for).changed(dict([*value.safe.items(), *like.safe.items(), *spec.safe.items()]))
    return Design(size=size, layout=layout, margins=margins, background=background, scenes=scenes, layers=layers)


def _hiding_mistakes(document: Document[TemplateFile], over: Iterable[Layer], others: Iterable[Layer]) -> Iterator[Problem]:
    """Yield each `hide_in` that hides nothing: only what lies over all scenes can be left out of one."""
    names = [scene.id for scene in document.value.scenes]
    inside: list[Layer] = list(others)
    for layer in over:
        for name in layer.spec.hide_in:
            if name not in names:
                yield document.problem("unknown-scene", f"không có cảnh “{name}”", *layer.path, "hide_in")
        inside += layer.children
    while inside:
        layer = inside.pop()
        if layer.spec.hide_in:
            message = "chỉ lớp nằm trên mọi cảnh (trong layers của clip) mới có khóa này"
            yield document.problem("unknown-key", message, *layer.path, "hide_in")
        inside += layer.children


def _unshown(
    document: Document[TemplateFile],
    size: str,
    layout: str,
    fields: Mapping[str, FieldSpec],
    layers: tuple[Layer, ...],
    scenes: tuple[Scene, ...],
) -> Iterator[Problem]:
    """Yield the fields that a size can show in none of its layers and says in none of its scenes."""
    shown = {*fields_in((*layers, *(layer for scene in scenes for layer in scene.layers)), size, layout)}
    shown.update(name for scene in scenes for name in _scene_fields(scene.spec))
    for name in must_show(fields):
        if name not in shown:
            message = f"khổ {size} không hiện trường bắt buộc “{name}”"
            yield document.problem("unshown-field", message, "sizes", size)


def _scene_fields(spec: SceneSpec) -> frozenset[str]:
    """Return the fields that a scene says or goes through; what cannot be read is told by the audit."""
    try:
        return names_in(spec.say or "") | ({spec.repeat} if spec.repeat else frozenset())
    except TemplateError:
        return frozenset()


def _overrides(size: str, spec: SizeSpec, like: SizeSpec) -> Mapping[str, tuple[Override, ...]]:
    """Return each layer's changes with the size in which they are written; the later ones win."""
    written = ((spec.like or size, like.layers), (size, spec.layers))
    names = dict.fromkeys((*like.layers, *spec.layers))
    return {
        name: tuple(Override(size=where, changes=layers[name]) for where, layers in written if name in layers) for name in names
    }


def _file_mistakes(document: Document[TemplateFile], folder: Path, brand: Brand) -> Iterator[Problem]:
    value = document.value
    if value.kind != folder.parent.name:
        yield document.problem("wrong-kind", f"thư mục này nằm trong {folder.parent.name}/, kind phải là như vậy", "kind")
    yield from _size_mistakes(document)
    for index, channel in enumerate(value.safe_for):
        if channel not in RIMS:
            message = f"không có kênh “{channel}”; chọn trong: {', '.join(RIMS)}"
            yield document.problem("unknown-name", message, "safe_for", index)
    for index, theme in enumerate(value.themes):
        if theme not in brand.colours:
            yield document.problem("unknown-theme", f"brand.yaml không có bảng màu “{theme}”", "themes", index)
    yield from _clip_mistakes(document, brand) if value.kind == "clip" else _still_mistakes(document)


def _size_mistakes(document: Document[TemplateFile]) -> Iterator[Problem]:
    value = document.value
    for size, spec in value.sizes.items():
        if size not in SIZES:
            yield document.problem("unknown-size", f"không có khổ “{size}”; chọn trong: {', '.join(SIZES)}", "sizes", size)
        elif value.kind == "clip" and SIZES[size].dpi:
            yield document.problem("wrong-size", "khổ giấy chỉ dành cho mẫu infographic; clip không in được", "sizes", size)
        if spec and spec.like is not None and (other := _liked(value, size, spec.like)):
            yield document.problem("unknown-size", other, "sizes", size, "like")


def _liked(value: TemplateFile, size: str, like: str) -> str | None:
    """Return what is wrong with a size that is to be like another, None when nothing is."""
    if like not in value.sizes or like == size:
        return f"mẫu này không có khổ “{like}” nào khác để làm theo; thêm khổ đó vào sizes hoặc bỏ khóa like"
    other = value.sizes[like]
    return f"khổ “{like}” cũng làm theo khổ khác; hãy chỉ thẳng vào khổ gốc" if other and other.like else None


def _still_mistakes(document: Document[TemplateFile]) -> Iterator[Problem]:
    value = document.value
    if not value.layers:
        yield document.problem("missing-key", "mẫu chưa có lớp nào; thêm khóa layers", "layers")
    for key in ("scenes", "background", "length"):
        if getattr(value, key):
            yield document.problem("unknown-key", "chỉ mẫu clip mới có khóa này", key)


def _clip_mistakes(document: Document[TemplateFile], brand: Brand) -> Iterator[Problem]:
    value = document.value
    names = [scene.id for scene in value.scenes]
    if not names:
        yield document.problem("missing-key", "clip cần ít nhất một cảnh trong scenes", "scenes")
    for index, name in enumerate(names):
        if name in names[:index]:
            yield document.problem("twice", f"có hai cảnh cùng tên “{name}”", "scenes", index, "id")
    for index, scene in enumerate(value.scenes):
        try:
            parse_colour(scene.transition.colour, next(iter(brand.colours.values())))
        except KeyError:
            message = f"không có màu “{scene.transition.colour}” trong brand.yaml"
            yield document.problem("unknown-name", message, "scenes", index, "transition", "colour")
    if value.length is not None and value.length.least >= value.length.most:
        yield document.problem("wrong-value", "least phải nhỏ hơn most", "length", "least")
    if isinstance(value.poster, str) and value.poster not in names:
        yield document.problem("unknown-scene", f"không có cảnh “{value.poster}”", "poster")


def _samples(folder: Path, root: Path) -> Mapping[str, Mapping[str, object]]:
    if not (folder / "sample.yaml").is_file():
        return {}
    samples = read_yaml(folder / "sample.yaml", Samples, root).value
    return {name: data for name, data in samples.model_dump().items() if data is not None}


def _drawable(folder: Path, root: Path) -> frozenset[Path]:
    """Return every picture and recording in the folder: data may name any, and what lies here is found before the brand's."""
    endings = (*PICTURES, *VOICES)
    return frozenset(path for each in folder.rglob("*") if (path := workspace_file(each, root, endings)) is not None)


def _inside(folder: Path, files: frozenset[Path]) -> Iterator[str]:
    """Yield each file of the folder with the name by which it is found, and its digest."""
    here = folder.resolve()
    named = {path.relative_to(here).as_posix(): path for path in files if path.is_relative_to(here)}
    yield from (f"{name}={file_digest(path)}" for name, path in sorted(named.items()))


def _own(folder: Path, files: frozenset[Path]) -> str:
    """Return the digest of bytes alone, line ends aside: it is compared with those of other releases, whose code read them."""
    digest = hashlib.sha256((folder / "template.yaml").read_bytes().replace(b"\r\n", b"\n"))
    for line in _inside(folder, files):
        digest.update(line.encode())
    return digest.hexdigest()


def _version(folder: Path, brand: Brand, files: frozenset[Path], fields: Mapping[str, FieldSpec]) -> str:
    digest = hashlib.sha256((folder / "template.yaml").read_bytes())
    for name, spec in fields.items():
        digest.update(f"{name}={spec.model_dump_json()}".encode())
    digest.update(brand.digest.encode())
    for line in _all_files(folder, brand, files):
        digest.update(line.encode())
    return digest.hexdigest()


def _all_files(folder: Path, brand: Brand, files: frozenset[Path]) -> tuple[str, ...]:
    everything = sorted({*files, *brand.fonts.values(), *brand.art.values(), *brand.music.values()})
    return (*(file_digest(path) for path in everything), *_inside(folder, files))
