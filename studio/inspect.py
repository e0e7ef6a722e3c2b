"""What is wrong with some data in some template, found without painting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from editorial.problem import BadInput, Problem
from studio.brand import Brand
from studio.contract import complaints, pictures_in
from studio.digest import file_digest
from studio.display import Item, Words
from studio.film import Film
from studio.font import missing_glyphs
from studio.photo import seen_size
from studio.picture import KINDS, PictureShelf, picture_problems
from studio.recording import voice_problems
from studio.template import Template

# with one of these there is nothing sensible to draw; all other problems come with the rendition
_UNHEARD = frozenset({"missing-voice", "unreadable-voice", "silent-voice", "voice-too-long"})
_HOPELESS = _UNHEARD | {"missing-field", "wrong-type", "wrong-date", "missing-picture", "unreadable-picture", "unsafe-address"}


def data_problems(template: Template, brand: Brand, data: Mapping[str, object], *, thorough: bool = False) -> tuple[Problem, ...]:
    """Return what the data lacks, has too much of, or names that is not there; `thorough` reads pictures to their end."""
    return (
        *complaints(template.fields, data),
        *_picture_problems(template, brand, data, thorough),
        *_small_photos(template, brand, data),
        *voice_problems(template, brand, data),
    )


def hopeless(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the problems that leave nothing to draw."""
    return tuple(problem for problem in problems if problem.rule in _HOPELESS)


def _picture_problems(template: Template, brand: Brand, data: Mapping[str, object], thorough: bool) -> Iterator[Problem]:
    shelf = PictureShelf(folder=template.folder, brand=brand, root=template.root)
    for name in pictures_in(template.fields, data):
        path = shelf.find(name)
        if path is None:
            message = f"không có hình này trong không gian làm việc; hình phải là một tệp {', '.join(sorted(KINDS))} trong đó"
            yield Problem(rule="missing-picture", key=name, message=message)
        else:
            yield from picture_problems(path, thorough=thorough)


def _small_photos(template: Template, brand: Brand, data: Mapping[str, object]) -> Iterator[Problem]:
    """Yield the photos with fewer px than their field asks for; what cannot be read is told elsewhere."""
    shelf = PictureShelf(folder=template.folder, brand=brand, root=template.root)
    for name, field in template.fields.items():
        path = shelf.find(str(data[name])) if field.least and data.get(name) else None
        if field.least is not None and path is not None and path.suffix.lower() != ".svg":
            yield from _small_photo(name, path, field.least)


def _small_photo(name: str, path: Path, least: Sequence[int]) -> Iterator[Problem]:
    try:
        width, height = seen_size(path, file_digest(path))
    except BadInput:
        return
    if width < least[0] or height < least[1]:
        asked = f"{least[0]} x {least[1]}"
        message = f"ảnh chỉ có {width} x {height} điểm ảnh, mẫu cần ít nhất {asked}; hãy dùng ảnh gốc lớn hơn"
        yield Problem(rule="small-picture", key=name, message=message)


def glyph_problems(items: Iterable[Item]) -> tuple[Problem, ...]:
    """Return the letters that a font lacks, once for each layer."""
    found = {
        Problem(
            rule="missing-glyph",
            key=item.id,
            message=f"phông chữ không có ký tự: {missing}; hãy bỏ hoặc thay bằng chữ",
        ): None
        for item in items
        if isinstance(item.drawing, Words)
        for missing in [missing_glyphs(item.drawing.font, "".join(run.text for run in item.drawing.runs))]
        if missing
    }
    return tuple(found)


def caption_problems(film: Film) -> tuple[Problem, ...]:
    """Return whether a clip can be heard and not read: who cannot hear, or may not listen now, would get nothing of it."""
    if film.cues or not film.is_heard:
        return ()
    message = "clip có tiếng mà không có phụ đề; hãy thêm lời (say) vào ít nhất một cảnh của mẫu"
    return (Problem(rule="missing-captions", key="scenes", message=message),)


def items_of(film: Film) -> tuple[Item, ...]:
    """Return every item of a film."""
    return (*(item for shot in film.shots for item in shot.display.items), *(overlay.item for overlay in film.overlays))


def words_of(items: Iterable[Item]) -> tuple[str, ...]:
    """Return the texts that items show, each once, in painting order."""
    texts = (" ".join(run.text for run in item.drawing.runs) for item in items if isinstance(item.drawing, Words))
    return tuple(dict.fromkeys(text.replace("\u00a0", " ") for text in texts))
