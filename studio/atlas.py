"""The maps of assets/maps: tiles or openly licensed shapes, with where they come from."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from editorial.problem import BadInput, Problem
from reading.document import Document, Record, read_yaml
from studio.brand import Names
from studio.digest import file_digest

Ring = tuple[tuple[float, float], ...]
_KIND = re.compile(r"^(?:phường|xã) ")  # what people leave out or put in before a name


class TileSpec(Record):
    """A place as a tile: its column and row from the left top corner."""

    name: str
    at: Annotated[tuple[int, int], Field(min_length=2, max_length=2)]


class MapFile(Record):
    """What a map's file says; `file` is a GeoJSON beside it whose features are named by their property `key`."""

    schema_: Literal[1] = Field(alias="schema")
    name: Names
    note: Names
    source: str
    licence: Literal["CC0-1.0", "CC-BY-4.0", "CC-BY-SA-4.0", "ODbL-1.0", "MIT", "public-domain"]
    tiles: list[TileSpec] = Field(default_factory=list)
    file: str | None = None
    key: str = "name"


@dataclass(frozen=True, kw_only=True)
class Place:
    """A place and its outline, in any unit, y downward."""

    name: str
    rings: tuple[Ring, ...]


@dataclass(frozen=True, kw_only=True)
class Atlas:
    """A map: its places, and the line that must stand under it."""

    places: tuple[Place, ...]
    note: Names
    tiled: bool
    files: tuple[Path, ...]

    def find(self, name: str) -> Place | None:
        """Return a place by its name, with or without `phường` or `xã`."""
        wanted = _bare(name)
        return next((place for place in self.places if _bare(place.name) == wanted), None)

    def advice(self, name: str) -> str:
        """Return what to tell about a place that is not on the map."""
        known = {_bare(place.name): place.name for place in self.places}
        near = [known[one] for one in get_close_matches(_bare(name), known, n=3, cutoff=0.6)]
        if near:
            return f"bản đồ không có “{name}”; có phải: {', '.join(near)}?"
        return f"bản đồ không có “{name}”; hãy kiểm tra tên phường, xã"


def map_file(name: str, assets: Path) -> Path | None:
    """Return the file of a map, None when there is none of that name."""
    path = assets / "maps" / f"{name}.yaml"
    return path if path.parent == assets / "maps" and path.is_file() else None


def load_atlas(path: Path) -> Atlas:
    """Return a map; raise BadInput with every mistake in its files."""
    shapes = path.parent / str(_document(path, file_digest(path)).value.file)
    return _load(path, file_digest(path), file_digest(shapes) if shapes.is_file() else "")


@lru_cache(maxsize=16)
def _document(path: Path, digest: str) -> Document[MapFile]:
    return read_yaml(path, MapFile, path.parents[2])


@lru_cache(maxsize=16)
def _load(path: Path, digest: str, shapes: str) -> Atlas:
    document = _document(path, digest)
    value = document.value
    if value.file is None:
        places = tuple(Place(name=tile.name, rings=(_tile(*tile.at),)) for tile in value.tiles)
        files: tuple[Path, ...] = (path,)
    else:
        if not shapes:
            raise BadInput(document.problem("missing-asset", f"không có tệp {value.file} trong assets/maps", "file"))
        places = tuple(_features(document, path.parent / value.file, value.key))
        files = (path, path.parent / value.file)
    if not places:
        raise BadInput(document.problem("empty", "bản đồ chưa có nơi nào; thêm tiles hoặc file", "tiles"))
    return Atlas(places=places, note=value.note, tiled=value.file is None, files=files)


def _tile(column: int, row: int) -> Ring:
    return ((column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1))


def _features(document: Document[MapFile], path: Path, key: str) -> Iterator[Place]:
    """Yield the places of a GeoJSON file (RFC 7946), longitudes shortened as its middle latitude asks."""
    try:
        features = [
            (str(feature["properties"][key]), _rings(feature["geometry"]))
            for feature in json.loads(path.read_text(encoding="utf-8"))["features"]
        ]
        heights = [y for _, rings in features for ring in rings for _, y in ring]
        squeeze = math.cos(math.radians((min(heights) + max(heights)) / 2))
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        message = f"không đọc được {path.name} như một tệp GeoJSON có tên nơi ở “{key}”"
        raise BadInput(document.problem("wrong-form", message, "file")) from error
    for name, rings in features:
        yield Place(name=name, rings=tuple(tuple((x * squeeze, -y) for x, y in ring) for ring in rings))


def _rings(geometry: dict[str, object]) -> tuple[Ring, ...]:
    """Return the outer rings of a polygon or of several."""
    coordinates = geometry["coordinates"]
    polygons = coordinates if geometry["type"] == "MultiPolygon" else [coordinates]
    if not isinstance(polygons, list):
        raise TypeError("coordinates must be a list")
    return tuple(tuple((float(point[0]), float(point[1])) for point in polygon[0]) for polygon in polygons)


def _bare(name: str) -> str:
    return _KIND.sub("", " ".join(unicodedata.normalize("NFC", name).casefold().replace("–", "-").split()))


def place_problems(layer: str, atlas: Atlas, names: Sequence[str]) -> tuple[Problem, ...]:
    """Return what to tell about names that are not on the map."""
    return tuple(
        Problem(rule="unknown-place", key=layer, message=atlas.advice(name)) for name in names if atlas.find(name) is None
    )
