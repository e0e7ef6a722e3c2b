"""What a picture is drawn from besides its template: the data, the files that the data names, the theme and the brand."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path

from studio.brand import Brand
from studio.contract import VOICES
from studio.digest import file_digest
from studio.picture import find_picture, workspace_file


def ingredients_of(template_id: str, brand: Brand, root: Path, data: Mapping[str, object], theme: str) -> str:
    """Return a digest that stays the same when nothing but the template changes, its fields and sizes included.

    So the data are taken as they are written, and not as the template's fields would read them today.
    """
    written = json.dumps(data, ensure_ascii=False, sort_keys=True, default=str)
    files = {**brand.fonts, **{f"art:{name}": path for name, path in brand.art.items()}, **brand.music}
    look = [f"{name}={file_digest(path)}" for name, path in sorted(files.items())]
    named = [file_digest(path) for text in _texts(data) if (path := _file(text, brand, root))]
    parts = (template_id, theme, unicodedata.normalize("NFC", written), brand.digest, *look, *named)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for _, inner in sorted(value.items()):
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)


def _file(text: str, brand: Brand, root: Path) -> Path | None:
    """Return the picture or recording that a text names outside the template's own folder."""
    return find_picture(text, brand.assets, brand, root) or workspace_file(root / text, root, VOICES)
