"""Whatever file is named as a picture: a right picture comes of it or a Problem, never a crash and never a wrong picture."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from editorial.problem import BadInput, Problem, Severity
from studio.brand import Brand
from studio.paint import paint
from studio.photo import sampled
from studio.picture import find_picture
from studio.studio import Studio

Open = Callable[[str], Studio]
Colour = tuple[int, int, int]
RED, GREEN, BLUE, GREY = (200, 30, 40), (30, 160, 60), (30, 60, 190), (128, 128, 128)


def quarters(size: tuple[int, int] = (400, 300)) -> Image.Image:
    """Return a picture whose quarters are red, green, blue and grey: top left, top right, bottom left, bottom right."""
    width, height = size
    image = Image.new("RGB", size)
    for colour, place in zip((RED, GREEN, BLUE, GREY), ((0, 0), (1, 0), (0, 1), (1, 1)), strict=True):
        image.paste(colour, (place[0] * width // 2, place[1] * height // 2, width, height))
    image.paste(BLUE, (0, height // 2, width // 2, height))
    return image


def corners(image: Image.Image) -> list[Colour]:
    """Return the colours in the middle of the four quarters."""
    width, height = image.size
    places = [
        (width // 4, height // 4),
        (width * 3 // 4, height // 4),
        (width // 4, height * 3 // 4),
        (width * 3 // 4, height * 3 // 4),
    ]
    rgb = image.convert("RGB")
    return [rgb.getpixel(place) for place in places]  # type: ignore[misc]


def near(found: list[Colour], wanted: list[Colour], most: int = 8) -> bool:
    return max(abs(a - b) for one, other in zip(found, wanted, strict=True) for a, b in zip(one, other, strict=True)) <= most


def render(open_studio: Open, name: str) -> Image.Image:
    """Return the part of a rendered picture that shows a photo, 1080 x 200."""
    studio = open_studio("cache")
    made = studio.render(studio.recipe("infographic/card", {"headline": "Hà Nội", "photo": name}, "square"))
    with Image.open(made.path) as picture:
        return picture.crop((0, 0, 1080, 200))


def refused(open_studio: Open, name: str) -> Problem:
    """Return the one problem for which a picture is refused, in a check and in a render alike."""
    studio = open_studio("cache")
    data = {"headline": "Hà Nội", "photo": name}
    checked = studio.check("infographic/card", data, "square")
    with pytest.raises(BadInput) as stopped:
        studio.render(studio.recipe("infographic/card", data, "square"))
    assert [problem.rule for problem in checked] == [problem.rule for problem in stopped.value.problems]
    assert list((studio._shelf.cache / "unfinished").glob("*")) == [], "nothing half-made stays"
    return checked[0]


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_stands_as_the_camera_held_it(workspace: Path, orientation: int, suffix: str) -> None:
    turns = {
        2: "FLIP_LEFT_RIGHT",
        3: "ROTATE_180",
        4: "FLIP_TOP_BOTTOM",
        5: "TRANSPOSE",
        6: "ROTATE_90",
        7: "TRANSVERSE",
        8: "ROTATE_270",
    }
    seen = quarters()
    stored = seen.transpose(Image.Transpose[turns[orientation]]) if orientation in turns else seen
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = workspace / f"held.{suffix}"
    stored.save(path, exif=exif, quality=95)
    assert near(corners(sampled(path, 200, 150)), [RED, GREEN, BLUE, GREY], 12)


def test_a_turned_photo_is_cropped_at_its_focus(workspace: Path, open_studio: Open) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    quarters((1080, 1080)).transpose(Image.Transpose.ROTATE_90).save(workspace / "turned.jpg", exif=exif, quality=95)
    seen = render(open_studio, "turned.jpg")  # the middle fifth: red and green above, blue and grey below
    assert near(corners(seen), [RED, GREEN, BLUE, GREY], 12)


def cmyk(path: Path) -> None:
    quarters().convert("CMYK").save(path, quality=95)


def sixteen_bit_grey(path: Path) -> None:
    grey = np.asarray(quarters().convert("L")).astype(np.uint16) * 257
    Image.fromarray(grey).save(path)


def sixteen_bit_colour(path: Path) -> None:
    pixels = np.asarray(quarters()).astype(np.uint16) * 257
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in pixels.reshape(pixels.shape[0], -1))
    path.write_bytes(png_of(pixels.shape[1], pixels.shape[0], 16, 2, zlib.compress(rows)))


def palette(path: Path) -> None:
    quarters().quantize(16).save(path)


def see_through(path: Path) -> None:
    quarters().convert("RGBA").save(path)


def grey_with_alpha(path: Path) -> None:
    quarters().convert("LA").save(path)


def progressive(path: Path) -> None:
    quarters((1600, 1200)).save(path, progressive=True, quality=95)


def png_of(width: int, height: int, depth: int, kind: int, body: bytes) -> bytes:
    """Return a PNG written by hand."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


GREYS: list[Colour] = [(v, v, v) for v in (82, 110, 66, 128)]  # what the four colours are without colour (ITU-R BT.601)
RIGHT = {
    "cmyk.jpg": (cmyk, [RED, GREEN, BLUE, GREY]),
    "deep-grey.png": (sixteen_bit_grey, GREYS),
    "deep.png": (sixteen_bit_colour, [RED, GREEN, BLUE, GREY]),
    "palette.png": (palette, [RED, GREEN, BLUE, GREY]),
    "palette.gif": (palette, [RED, GREEN, BLUE, GREY]),
    "alpha.png": (see_through, [RED, GREEN, BLUE, GREY]),
    "alpha.webp": (see_through, [RED, GREEN, BLUE, GREY]),
    "grey-alpha.png": (grey_with_alpha, GREYS),
    "progressive.jpg": (progressive, [RED, GREEN, BLUE, GREY]),
}


@pytest.mark.parametrize("name", RIGHT)
def test_every_kind_of_photo_keeps_its_colours(workspace: Path, name: str) -> None:
    write, wanted = RIGHT[name]
    write(workspace / name)
    shown = sampled(workspace / name, 200, 150)
    assert shown.mode in ("RGB", "RGBA") and near(corners(shown), wanted, 12)


def test_a_photo_from_a_phone_with_display_p3_is_brought_to_srgb(workspace: Path) -> None:
    p3 = display_p3()
    quarters().save(workspace / "phone.jpg", icc_profile=p3, quality=95)
    shown = corners(sampled(workspace / "phone.jpg", 200, 150))
    phone, screen = ImageCms.ImageCmsProfile(io.BytesIO(p3)), ImageCms.createProfile("sRGB")
    meant = ImageCms.Intent.RELATIVE_COLORIMETRIC
    transform = ImageCms.buildTransform(phone, screen, "RGB", "RGB", renderingIntent=meant)
    truth = ImageCms.applyTransform(quarters(), transform)
    assert truth is not None
    assert near(shown, corners(truth), 8)
    assert shown[0][0] > RED[0] + 10, "a P3 red is more than its numbers say in sRGB"
    assert near(shown[3:], [GREY], 3), "grey stays grey"


def display_p3() -> bytes:
    """Return a small ICC profile of Display P3: its primaries adapted to D50, with the gamma 2.2 that is near enough here."""

    def fixed(*values: float) -> bytes:
        return b"".join(struct.pack(">i", round(value * 65536)) for value in values)

    white = b"XYZ \0\0\0\0" + fixed(0.96420, 1.0, 0.82491)
    primaries = [(0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407)]
    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(2.2 * 256)) + b"\0\0"
    name = b"Display P3\0"
    text = b"desc\0\0\0\0" + struct.pack(">I", len(name)) + name + bytes(78)
    tags = {b"desc": text + bytes(-len(text) % 4), b"wtpt": white, b"rTRC": curve, b"gTRC": curve, b"bTRC": curve}
    tags |= {tag: b"XYZ \0\0\0\0" + fixed(*values) for tag, values in zip((b"rXYZ", b"gXYZ", b"bXYZ"), primaries, strict=True)}
    table, body, offset = b"", b"", 128 + 4 + 12 * len(tags)
    for tag, data in tags.items():
        table += tag + struct.pack(">II", offset + len(body), len(data))
        body += data
    size = offset + len(body)
    head = struct.pack(">I4s4s4s4s4s", size, b"test", b"\x02\x40\0\0", b"mntr", b"RGB ", b"XYZ ") + bytes(12) + b"acsp"
    head += bytes(68 - len(head)) + fixed(0.96420, 1.0, 0.82491)
    return head + bytes(128 - len(head)) + struct.pack(">I", len(tags)) + table + body


def test_a_profile_that_does_not_fit_the_photo_is_ignored(workspace: Path) -> None:
    quarters().save(workspace / "odd.jpg", icc_profile=b"not a profile at all" * 20, quality=95)
    assert near(corners(sampled(workspace / "odd.jpg", 200, 150)), [RED, GREEN, BLUE, GREY])


def test_a_torn_exif_block_does_not_lose_the_photo(workspace: Path) -> None:
    quarters().save(workspace / "torn.jpg", exif=b"Exif\0\0II*\0\xff\xff\xff\xff garbage", quality=95)
    assert near(corners(sampled(workspace / "torn.jpg", 200, 150)), [RED, GREEN, BLUE, GREY])


@pytest.mark.parametrize("name", ["moving.gif", "moving.png", "moving.webp"])
def test_an_animated_picture_shows_its_first_frame_and_says_so(workspace: Path, open_studio: Open, name: str) -> None:
    frames = [quarters((1080, 200)), Image.new("RGB", (1080, 200), "white"), Image.new("RGB", (1080, 200), "black")]
    frames[0].save(workspace / name, save_all=True, append_images=frames[1:], duration=200)
    assert near(corners(render(open_studio, name)), [RED, GREEN, BLUE, GREY], 24)
    studio = open_studio("cache")
    found = studio.render(studio.recipe("infographic/card", {"headline": "Hà Nội", "photo": name}, "square")).problems
    assert ("animated-picture", Severity.WARNING) in {(problem.rule, problem.severity) for problem in found}


def empty(path: Path) -> None:
    path.write_bytes(b"")


def half(path: Path) -> None:
    stream = io.BytesIO()
    noise = np.random.default_rng(7).integers(0, 255, (600, 800, 3), dtype=np.uint8)
    Image.fromarray(noise).save(stream, "PNG" if path.suffix == ".png" else "JPEG", quality=90)
    path.write_bytes(stream.getvalue()[: len(stream.getvalue()) // 2])


def bomb(path: Path) -> None:
    path.write_bytes(png_of(60_000, 60_000, 8, 2, zlib.compress(bytes(1000))))


def large(path: Path) -> None:
    Image.new("L", (20_000, 10_000), 90).save(path, compress_level=1)


def more_bits(path: Path) -> None:
    """Write a JPEG that says of itself 12 or 16 bits a colour, as its name says."""
    stream = io.BytesIO()
    quarters().save(stream, "JPEG", quality=95)
    data = bytearray(stream.getvalue())
    data[data.find(b"\xff\xc0") + 4] = 12 if "12" in path.name else 16
    path.write_bytes(bytes(data))


def lossless(path: Path) -> None:
    stream = io.BytesIO()
    quarters().save(stream, "JPEG", quality=95)
    path.write_bytes(stream.getvalue().replace(b"\xff\xc0", b"\xff\xc3", 1))


def letters(path: Path) -> None:
    path.write_text("Đây là một bức ảnh, thật đấy.", encoding="utf-8")


def postscript(path: Path) -> None:
    path.write_text("%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n(x) print\n%%EOF\n", encoding="utf-8")


def other_format(path: Path) -> None:
    """Write what Pillow could open, but nobody asked for: its readers of rare formats are the ones that are attacked."""
    quarters().save(path, "BMP")


def clip(path: Path) -> None:
    path.write_bytes(b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(400))


def broken_header(path: Path) -> None:
    good = io.BytesIO()
    quarters().save(good, "PNG")
    path.write_bytes(good.getvalue().replace(b"IHDR", b"IHDX", 1))


def no_pixels(path: Path) -> None:
    path.write_bytes(png_of(0, 0, 8, 2, b""))


UNREADABLE = {
    "zero.jpg": empty, "half.jpg": half, "half.png": half, "bomb.png": bomb, "large.png": large, "letters.jpg": letters,
    "bits-12.jpg": more_bits, "bits-16.jpg": more_bits, "lossless.jpg": lossless, "print.jpg": postscript, "clip.jpg": clip,
    "other.jpg": other_format,
    "header.png": broken_header, "nothing.png": no_pixels, "letters.svg": letters,
}  # fmt: skip


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_no_whole_picture_is_a_problem_with_its_name(workspace: Path, open_studio: Open, name: str) -> None:
    UNREADABLE[name](workspace / name)
    found = refused(open_studio, name)
    assert (found.rule, found.key, found.severity) == ("unreadable-picture", name, Severity.ERROR)
    assert str(workspace) not in found.message


def test_a_200_megapixel_photo_is_read_small(workspace: Path, open_studio: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOA_MEMORY_MB", "256")
    image = Image.new("RGB", (16_384, 12_288), BLUE)
    image.paste(RED, (0, 0, 16_384, 6_144))
    image.save(workspace / "huge.jpg", quality=60)
    del image
    shown = corners(render(open_studio, "huge.jpg"))
    assert near(shown, [RED, RED, BLUE, BLUE], 12)


def test_a_photo_too_large_for_the_memory_allowed_says_what_to_do(
    workspace: Path, open_studio: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    quarters((6000, 5000)).save(workspace / "wide.png", compress_level=1)
    monkeypatch.setenv("LOA_MEMORY_MB", "256")
    found = refused(open_studio, "wide.png")
    assert "30 triệu điểm ảnh" in found.message and "LOA_MEMORY_MB" in found.message
    monkeypatch.setenv("LOA_MEMORY_MB", "1024")
    assert near(corners(render(open_studio, "wide.png")), [RED, GREEN, BLUE, GREY])


SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 10 10">{}</svg>'
RECT = '<rect width="10" height="10" fill="#c8102e"/>'
HOSTILE = {
    "file": SVG.format('<image href="file:///etc/hostname" width="9" height="9"/>'),
    "path": SVG.format('<image xlink:href="/etc/logo.png" width="9" height="9"/>'),
    "web": SVG.format('<image href="https://example.org/a.png" width="9" height="9"/>'),
    "coded": SVG.format('<image href="&#102;ile:///etc/hostname" width="9" height="9"/>'),
    "nested": SVG.format('<image href="data:image/svg+xml;base64,PHN2Zy8+" width="9" height="9"/>'),
    "style": SVG.format("<style>@import url(https://example.org/a.css);</style>" + RECT),
    "fill": SVG.format('<rect width="9" height="9" style="fill: url(http://example.org/a.svg#x)"/>'),
    "script": SVG.format("<script>alert(1)</script>" + RECT),
    "html": SVG.format("<foreignObject><b>chữ</b></foreignObject>"),
    "words": SVG.format('<text x="1" y="9">Hà Nội</text>'),
    "entity": '<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>' + SVG.format("&b;"),
    "outside": '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + SVG.format("&x;"),
    "torn": SVG.format("<rect"),
    "thin": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 100000"><rect width="1" height="9"/></svg>',
    "sizeless": '<svg xmlns="http://www.w3.org/2000/svg"><rect width="1" height="9"/></svg>',
    "flat": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 0 10"/>',
    "html-file": "<html><body/></html>",
    "bomb": SVG.format(
        '<g id="a0">' + RECT + "</g>"
        + "".join(f'<g id="a{n}">' + f'<use href="#a{n - 1}"/>' * 10 + "</g>" for n in range(1, 9))
        + '<use href="#a8"/>'
    ),
    "circle": SVG.format('<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g><use href="#a"/>'),
    "deep": SVG.format("<g>" * 3000 + RECT + "</g>" * 3000),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_drawing_that_reaches_out_or_would_come_out_otherwise_is_refused(workspace: Path, open_studio: Open, name: str) -> None:
    (workspace / "drawing.svg").write_text(HOSTILE[name], encoding="utf-8")
    found = refused(open_studio, "drawing.svg")
    assert (found.rule, found.key) == ("unreadable-picture", "drawing.svg")


HARMLESS = {
    "plain": SVG.format(RECT),
    "doctype": '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" '
    '"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">\n' + SVG.format(RECT),
    "sized": '<svg xmlns="http://www.w3.org/2000/svg" width="10px" height="10">' + RECT + "</svg>",
    "own-gradient": SVG.format(
        '<linearGradient id="g"><stop stop-color="#c8102e"/></linearGradient><rect width="10" height="10" fill="url(#g)"/>'
    ),
    "link": SVG.format('<a href="https://hanoi.gov.vn">' + RECT + "</a>"),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_an_ordinary_drawing_is_drawn(workspace: Path, open_studio: Open, name: str) -> None:
    (workspace / "drawing.svg").write_text(HARMLESS[name], encoding="utf-8")
    assert near([centre(render(open_studio, "drawing.svg"))], [(200, 16, 46)])


def centre(image: Image.Image) -> Colour:
    return image.convert("RGB").getpixel((image.width // 2, image.height // 2))  # type: ignore[return-value]


def names(workspace: Path) -> Iterator[str]:
    """Yield names under which no picture of the workspace can be found."""
    outside = workspace.parent / "outside.jpg"
    quarters().save(outside)
    (workspace / "folder.jpg").mkdir()
    (workspace / "out.jpg").symlink_to(outside)
    (workspace / "one.jpg").symlink_to(workspace / "two.jpg")
    (workspace / "two.jpg").symlink_to(workspace / "one.jpg")
    (workspace / "gone.jpg").symlink_to(workspace / "nowhere.jpg")
    quarters().save(workspace / "photo.bmp")
    clip(workspace / "film.mp4")
    yield from (
        "film.mp4",
        "folder.jpg",
        "out.jpg",
        "../outside.jpg",
        str(outside),
        "one.jpg",
        "gone.jpg",
        "photo.bmp",
        "nil\0.jpg",
        "x" * 5000 + ".jpg",
        "",
    )


def test_only_a_picture_inside_the_workspace_is_found(workspace: Path, open_studio: Open) -> None:
    brand = Brand.load(workspace / "assets")
    quarters().save(workspace / "real.jpg")
    (workspace / "also.jpg").symlink_to(workspace / "real.jpg")
    assert find_picture("also.jpg", workspace, brand, workspace) == (workspace / "real.jpg").resolve()
    studio = open_studio("cache")
    for name in names(workspace):
        assert find_picture(name, workspace, brand, workspace) is None, name
        if name:
            problems = studio.check("infographic/card", {"headline": "Hà Nội", "photo": name}, "square")
            assert [problem.rule for problem in problems] == ["missing-picture"], name


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Chào Hà Nội 🎉🏮", "missing-glyph"),
        ("مرحبا هانوي", "missing-glyph"),
        ("Hà Nội " * 430, "too-long"),
        ("A" * 399, "does-not-fit"),
    ],
    ids=["emoji", "right to left", "3000 letters", "one word"],
)
def test_text_that_cannot_be_set_well_is_a_problem_and_still_a_picture(open_studio: Open, text: str, rule: str) -> None:
    studio = open_studio("cache")
    made = studio.render(studio.recipe("infographic/card", {"headline": text}, "square"))
    assert rule in {problem.rule for problem in made.problems}
    assert (made.width, made.height) == (1080, 1080) and made.path.stat().st_size > 10_000


def test_a_picture_is_painted_from_the_file_that_was_checked(workspace: Path) -> None:
    """A broken file raises where it is painted too: no grey half of a photo is ever shown."""
    from studio.display import Box, Picture

    half(workspace / "half.jpg")
    box = Box(left=0, top=0, width=100, height=100)
    with pytest.raises(BadInput):
        paint(Picture(box=box, path=workspace / "half.jpg", digest="x", fit="cover", focus=(0.5, 0.5)))


LEAST = "  photo: {type: photo, least: [1080, 720]}\n"


@pytest.mark.parametrize(
    ("size", "turned", "small"),
    [((1080, 720), False, False), ((1400, 719), False, True), ((1079, 900), False, True), ((720, 1080), True, False)],
    ids=["just enough", "too low", "too narrow", "enough once it stands upright"],
)
def test_a_photo_smaller_than_its_field_asks_for_is_a_problem_of_the_field(
    workspace: Path, open_studio: Open, size: tuple[int, int], turned: bool, small: bool
) -> None:
    path = workspace / "templates" / "infographic" / "card" / "template.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("  photo: {type: image}\n", LEAST), encoding="utf-8")
    exif = Image.Exif()
    exif[0x0112] = 6 if turned else 1
    Image.new("RGB", size, "navy").save(workspace / "given.jpg", exif=exif)
    studio = open_studio("cache")
    found = studio.check("infographic/card", {"headline": "Hà Nội", "photo": "given.jpg"}, "link")
    told = [(problem.rule, problem.key, problem.severity) for problem in found if problem.rule == "small-picture"]
    assert told == [("small-picture", "photo", Severity.ERROR)] * small
    if small:
        assert "1080 x 720" in found[0].message and f"{size[0]} x {size[1]}" in found[0].message
        made = studio.render(studio.recipe("infographic/card", {"headline": "Hà Nội", "photo": "given.jpg"}, "link"))
        assert found[0] in made.problems


def test_a_least_size_on_what_is_no_photo_is_told_at_its_line(workspace: Path, open_studio: Open) -> None:
    path = workspace / "templates" / "infographic" / "card" / "template.yaml"
    text = path.read_text(encoding="utf-8").replace("link: {type: link}", "link: {type: link, least: [10, 10]}")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as stopped:
        open_studio("cache")
    (found,) = stopped.value.problems
    assert (found.key, found.line) == ("fields.link.least", 8)
