"""What a template writes of its sound, held against the brand's music and its own fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from editorial.problem import Problem
from reading.document import Document
from studio.brand import Brand
from studio.contract import FieldSpec
from studio.expression import TemplateError, names_in
from studio.template_file import MusicSpec, TemplateFile


def sound_mistakes(document: Document[TemplateFile], fields: Mapping[str, FieldSpec], brand: Brand) -> Iterator[Problem]:
    """Yield what is wrong with the music and the voice of a template."""
    if document.value.kind == "clip" and document.value.music is not None:
        yield from _music_mistakes(document, document.value.music, brand)
    yield from _voice_mistakes(document, fields)


def _voice_mistakes(document: Document[TemplateFile], fields: Mapping[str, FieldSpec]) -> Iterator[Problem]:
    value, voice = document.value, document.value.voice
    if voice is None:
        return
    if value.kind != "clip":
        yield document.problem("unknown-key", "chỉ mẫu clip mới có khóa này", "voice")
    elif not any(scene.say for scene in value.scenes):
        message = "giọng đọc cần lời viết ra: thêm say vào ít nhất một cảnh, để có phụ đề và để đối chiếu"
        yield document.problem("missing-key", message, "voice")
    try:
        names = names_in(voice.file) - fields.keys() - {"language"}
    except TemplateError as error:
        yield document.problem("wrong-expression", f"không đọc được “{voice.file}”: {error}", "voice", "file")
        return
    for name in sorted(names):
        yield document.problem("unknown-field", f"không có trường “{name}” trong fields", "voice", "file")


def _music_mistakes(document: Document[TemplateFile], music: MusicSpec, brand: Brand) -> Iterator[Problem]:
    if music.track not in brand.music:
        yield document.problem("missing-asset", f"brand.yaml không có bản nhạc “{music.track}”", "music", "track")
    for theme, track in music.themes.items():
        if theme not in brand.colours:
            yield document.problem("unknown-theme", f"brand.yaml không có bảng màu “{theme}”", "music", "themes", theme)
        if track not in brand.music:
            yield document.problem("missing-asset", f"brand.yaml không có bản nhạc “{track}”", "music", "themes", theme)
