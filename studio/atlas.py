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
        _refuse_twice(document)
    else:
        if not shapes or not _stands_beside(path, value.file):
            raise BadInput(document.problem("missing-asset", f"không có tệp {value.file} trong assets/maps", "file"))
        places = tuple(_features(document, path.parent / value.file, value.key))
        files = (path, path.parent / value.file)
    if not places:
        raise BadInput(document.problem("empty", "bản đồ chưa có nơi nào; thêm tiles hoặc file", "tiles"))
    return Atlas(places=places, note=value.note, tiled=value.file is None, files=files)


def _stands_beside(path: Path, file: str) -> bool:
    return (path.parent / file).resolve().parent == path.parent.resolve()


def _refuse_twice(document: Document[MapFile]) -> None:
    """Raise BadInput for tiles of one name or at one place: one of the two could never be coloured or seen."""
    names: set[str] = set()
    places: set[tuple[int, int]] = set()
    found: list[Problem] = []
    for index, tile in enumerate(document.value.tiles):
        if _bare(tile.name) in names:
            found.append(document.problem("twice", f"có hai ô tên “{tile.name}”", "tiles", index, "name"))
        if tile.at in places:
            found.append(document.problem("twice", f"ô “{tile.name}” nằm trên một ô khác", "tiles", index, "at"))
        names.add(_bare(tile.name))
        places.add(tile.at)
    if found:
        raise BadInput(*found)


def _tile(column: int, row: int) -> Ring:
    return ((column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1))


def _features(document: Document[MapFile], path: Path, key: str) -> Iterator[Place]:
    """Yield the places of a GeoJSON file (RFC 7946), longitudes shortened as its middle latitude asks.

    A place in several features is one place.
    """
    features: dict[str, tuple[Ring, ...]] = {}
    try:
        for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
            name = str(feature["properties"][key])
            features[name] = (*features.get(name, ()), *_rings(feature["geometry"]))
        heights = [y for rings in features.values() for ring in rings for _, y in ring]
        squeeze = math.cos(math.radians((min(heights) + max(heights)) / 2))
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        message = f"không đọc được {path.name} như một tệp GeoJSON có tên nơi ở “{key}”"
        raise BadInput(document.problem("wrong-form", message, "file")) from error
    for name, rings in features.items():
        yield Place(name=name, rings=tuple(tuple((x * squeeze, -y) for x, y in ring) for ring in rings))


def _rings(geometry: dict[str, object]) -> tuple[Ring, ...]:
    """Return the outlines of a polygon or of several, each with its lakes cut out; raise ValueError for what is no degree."""
    coordinates = geometry["coordinates"]
    polygons = coordinates if geometry["type"] == "MultiPolygon" else [coordinates]
    if not isinstance(polygons, list):
        raise TypeError("coordinates must be a list")
    return tuple(_with_lakes([_ring(ring) for ring in polygon]) for polygon in polygons)


def _ring(points: Sequence[Sequence[float]]) -> Ring:
    ring = tuple((float(point[0]), float(point[1])) for point in points)
    if len(ring) < 3 or not all(abs(x) <= 180 and abs(y) <= 90 for x, y in ring):  # not a number is neither
        raise ValueError("a ring needs three points or more, in degrees")
    return ring


def _with_lakes(rings: Sequence[Ring]) -> Ring:
    """Return an outline that goes in to each lake, round it and back by the same way: what is between is not filled."""
    outer = rings[0]
    return outer + tuple(point for lake in rings[1:] for point in (*lake, lake[0], outer[0]))


def _bare(name: str) -> str:
    return _KIND.sub("", " ".join(unicodedata.normalize("NFC", name).casefold().replace("–", "-").split()))


def place_problems(layer: str, atlas: Atlas, names: Sequence[str]) -> tuple[Problem, ...]:
    """Return what to tell about names that are not on the map, or that come twice."""
    found: list[Problem] = []
    seen: set[Place] = set()
    for name in names:
        place = atlas.find(name)
        if place is None:
            found.append(Problem(rule="unknown-place", key=layer, message=atlas.advice(name)))
        elif place in seen:
            message = f"“{place.name}” được ghi hai lần; mỗi nơi chỉ có một màu và một số, hãy giữ một dòng"
            found.append(Problem(rule="place-twice", key=layer, message=message))
        else:
            seen.add(place)
    return tuple(found)
