"""The templates of a workspace as they were read last, for as long as no file of them has changed.

To read and check them all takes a fifth of a second, and somebody saves an entry every few seconds.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from desk.file_stamps import Fingerprint, fingerprint, stamp_of
from desk.place import Place
from studio.brand import Brand
from studio.template import Template, load_templates

MOST = 4  # workspaces of one process that are remembered

Templates = Mapping[str, Template]


@dataclass(frozen=True, kw_only=True)
class _Read:
    brand: str  # its digest
    stamps: Fingerprint  # of every file of the templates and the assets, from before they were read
    elsewhere: Fingerprint  # of the pictures in other folders that templates name
    templates: Templates


def read_templates(place: Place, brand: Brand) -> Templates:
    """Return every template of a workspace by id, read anew where a file was written since; raise BadInput as that does."""
    folders = (place.templates, place.assets)
    known, stamps = _find(place.root), fingerprint(folders)
    is_same = known is not None and (known.brand, known.stamps) == (brand.digest, stamps)
    if known and is_same and known.elsewhere == _elsewhere(known.templates, folders):
        return known.templates
    templates = load_templates(place.templates, brand, place.root)
    _keep(place.root, _Read(brand=brand.digest, stamps=stamps, elsewhere=_elsewhere(templates, folders), templates=templates))
    return templates


def _elsewhere(templates: Templates, folders: tuple[Path, ...]) -> Fingerprint:
    files = frozenset[Path]().union(*(template.files for template in templates.values()))
    within = tuple(f"{folder.resolve()}/" for folder in folders)
    return frozenset(stamp_of(file) for file in files if not str(file).startswith(within))


_lock = threading.Lock()
_known: OrderedDict[Path, _Read] = OrderedDict()


def _find(root: Path) -> _Read | None:
    with _lock:
        if root in _known:
            _known.move_to_end(root)
        return _known.get(root)


def _keep(root: Path, read: _Read) -> None:
    with _lock:
        _known[root] = read
        _known.move_to_end(root)
        while len(_known) > MOST:
            _known.popitem(last=False)
