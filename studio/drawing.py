"""An SVG drawing, taken only where what is drawn is what its author saw: nothing from elsewhere, no letters, no bombs."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree

import resvg_py
from PIL import Image

from editorial.problem import BadInput, Problem
from studio.allowance import memory_bytes
from studio.colour import Colour

_INK = re.compile(r"var\(\s*--([a-z][a-z0-9_]*)\s*(?:,\s*([^)]*?)\s*)?\)")
_TYPE = re.compile(r"<!DOCTYPE[^>\[]*>")
_LENGTH = re.compile(r"^\s*(\d+(?:\.\d+)?)(?:px)?\s*$")
_ELSEWHERE = re.compile(r"url\(\s*['\"]?\s*(?!['\"]?\s*(?:#|data:image/(?:png|jpeg|webp)))|@import", re.IGNORECASE)
_OWN = re.compile(r"^\s*(?:#|data:image/(?:png|jpeg|jpg|webp|gif)[;,])", re.IGNORECASE)
_MOST_BYTES = 8_000_000
_MOST_PARTS = 100_000  # drawn parts with every <use> counted as often as it is drawn
_MOST_ASPECT = 50.0
_PIXEL = 12  # bytes: resvg's own picture, the PNG's, and Pillow's
_REFUSED = {
    "text": "có chữ chưa chuyển thành nét; trong phần mềm vẽ hãy chọn chữ rồi dùng “Convert to paths”",
    "foreignObject": "có phần HTML không vẽ được; hãy vẽ lại bằng hình thường",
    "script": "có mã lệnh; hãy xuất lại dạng SVG thường (plain SVG)",
}


def svg_aspect(path: Path, digest: str) -> float:
    """Return a drawing's width / height; raise BadInput where it cannot be drawn as its author saw it."""
    return _checked(path, digest)[1]


def draw_svg(path: Path, digest: str, inks: Mapping[str, Colour], width: int) -> Image.Image:
    """Return a drawing rasterised at a width, its named inks replaced by brand colours."""
    text, aspect = _checked(path, digest)
    if width * width / aspect * _PIXEL > memory_bytes() / 2:
        raise _refused(path, "quá lớn để vẽ ở cỡ này; hãy dùng hình khác tỉ lệ, hoặc tăng LOA_MEMORY_MB")
    coloured = _INK.sub(lambda match: _hex(inks.get(match[1])) or match[2] or "none", text)
    try:
        png = resvg_py.svg_to_bytes(svg_string=coloured, width=width, skip_system_fonts=True)
    except ValueError as error:
        raise _refused(path, f"không vẽ được ({error}); hãy xuất lại từ phần mềm vẽ") from error
    return Image.open(io.BytesIO(bytes(png))).convert("RGBA")


def _hex(colour: Colour | None) -> str:
    return "" if colour is None else f"#{colour.red:02x}{colour.green:02x}{colour.blue:02x}"


def _refused(path: Path, why: str) -> BadInput:
    return BadInput(Problem(rule="unreadable-picture", key=path.name, message=f"hình SVG này {why}"))


@lru_cache(maxsize=128)
def _checked(path: Path, digest: str) -> tuple[str, float]:
    """Return a drawing's text and aspect."""
    text = _text(path)
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise _refused(path, f"không vẽ được ({error}); hãy xuất lại từ phần mềm vẽ") from error
    if _name(root) != "svg":
        raise _refused(path, "không phải là SVG; hãy xuất lại từ phần mềm vẽ")
    for reason in _reasons(root):
        raise _refused(path, reason)
    return text, _aspect(path, root)


def _text(path: Path) -> str:
    if path.stat().st_size > _MOST_BYTES:
        raise _refused(path, f"nặng hơn {_MOST_BYTES // 1_000_000} MB; hãy giản lược nét vẽ")
    try:
        text = _TYPE.sub("", path.read_text(encoding="utf-8-sig"), count=1)
    except (OSError, UnicodeDecodeError) as error:
        raise _refused(path, "không phải là chữ UTF-8; hãy xuất lại từ phần mềm vẽ") from error
    if "<!DOCTYPE" in text or "<!ENTITY" in text:  # entities can grow a thousandfold, or read other files
        raise _refused(path, "định nghĩa thực thể XML; hãy xuất lại dạng SVG thường (plain SVG)")
    return text


def _reasons(root: ElementTree.Element) -> Iterator[str]:
    """Yield why a drawing would look otherwise here than where it was made."""
    for element in root.iter():
        if _name(element) in _REFUSED:
            yield _REFUSED[_name(element)]
        if _reaches_out(element):
            yield "lấy hình hoặc kiểu từ tệp khác; hãy nhúng hẳn vào trong tệp"
    if _parts(root) > _MOST_PARTS:
        yield "lặp lại quá nhiều nét; hãy giản lược"


def _reaches_out(element: ElementTree.Element) -> bool:
    links = [value for key, value in element.attrib.items() if key.rsplit("}", 1)[-1] == "href"]
    if _name(element) in ("a", "metadata"):
        links = []
    styles = [value for key, value in element.attrib.items() if "url(" in value or key == "style"]
    if _name(element) == "style":
        styles.append(element.text or "")
    return any(not _OWN.match(link) for link in links) or any(_ELSEWHERE.search(style) for style in styles)


def _parts(root: ElementTree.Element) -> int:
    """Return how many parts are drawn; a reference inside a reference multiplies."""
    named = {element.get("id"): element for element in root.iter() if element.get("id")}
    known: dict[int, int] = {}

    def count(element: ElementTree.Element, depth: int) -> int:
        if id(element) not in known:
            known[id(element)] = _MOST_PARTS + 1  # what is met again inside itself never ends
            target = named.get(_reference(element)) if _name(element) == "use" else None
            inner = sum(count(child, depth + 1) for child in element) if depth < 200 else _MOST_PARTS
            known[id(element)] = min(_MOST_PARTS + 1, 1 + inner + (0 if target is None else count(target, depth + 1)))
        return known[id(element)]

    return count(root, 0)


def _reference(element: ElementTree.Element) -> str | None:
    link = next((value for key, value in element.attrib.items() if key.rsplit("}", 1)[-1] == "href"), "")
    return link.removeprefix("#") if link.startswith("#") else None


def _name(element: ElementTree.Element) -> str:
    return element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""


def _aspect(path: Path, root: ElementTree.Element) -> float:
    view = [float(part) for part in re.findall(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?", root.get("viewBox", ""))]
    lengths = [_LENGTH.match(root.get(side, "")) for side in ("width", "height")]
    width, height = view[2:4] if len(view) == 4 else (float(side[1]) if side else 0.0 for side in lengths)
    if width <= 0 or height <= 0 or not 1 / _MOST_ASPECT <= width / height <= _MOST_ASPECT:
        raise _refused(path, "không cho biết khổ, hoặc khổ quá hẹp; hãy đặt viewBox vừa với hình")
    return width / height
