"""Type: no mark is clipped, no line touches the next, nothing that belongs together is torn apart."""

from __future__ import annotations

import unicodedata
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont
from PIL.ImageFont import Layout

from studio.colour import Colour
from studio.display import Box, Run, Words
from studio.fit import Setting, fit
from studio.font import VIETNAMESE, ink, missing_glyphs
from studio.number import running, write_number
from studio.paint import paint
from studio.subtitle import cues
from studio.words import keep_names, keep_together, normal, paragraphs
from tests.studio.conftest import FONT

BLACK = Colour(0, 0, 0)
SHIPPED = sorted((Path(__file__).parents[2] / "assets" / "fonts").rglob("*.ttf"))


def setting(text: str, **changes: object) -> Setting:
    """Return a plain setting of a text."""
    base = {"text": text, "font": FONT, "largest": 60.0, "smallest": 30.0, "max_lines": 9, "leading": 1.0, "tracking": 0.0}
    base |= {"balance": False, "emphasis": False, "ellipsis": False, "figure": False}
    return Setting(**{**base, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize("font", SHIPPED, ids=lambda path: path.stem)
def test_no_ink_of_a_vietnamese_letter_is_clipped(font: Path) -> None:
    assert len(SHIPPED) >= 6 and len(VIETNAMESE) == 134
    assert missing_glyphs(font, VIETNAMESE) == ""
    for letter in VIETNAMESE:
        words = Words(
            box=Box(left=0, top=0, width=1, height=1), runs=(Run(text=letter, x=50, y=200, colour=BLACK),), font=font, size=96
        )
        alpha = np.asarray(paint(words).image.getchannel("A"))
        assert alpha.max() == 255
        assert not alpha[0].any() and not alpha[-1].any() and not alpha[:, 0].any() and not alpha[:, -1].any(), letter


@pytest.mark.parametrize("text", ["VIETNAM CULTURAL HERITAGE DAY", "AVAVAVAVAV", "TOÀ ÁN, TỪ ĐÂY TỚI VỊNH YÊN TĨNH"])
def test_no_ink_of_spaced_letters_is_clipped(text: str) -> None:
    run = Run(text=text, x=50, y=200, colour=BLACK)
    words = Words(box=Box(left=0, top=0, width=1, height=1), runs=(run,), font=FONT, size=30, tracking=1.8)
    alpha = np.asarray(paint(words).image.getchannel("A"))
    assert alpha.max() == 255
    assert not alpha[:, 0].any() and not alpha[:, -1].any()


def test_lines_of_capitals_never_touch() -> None:
    block = fit(setting("ỘỖẪẬ ẾỂỄỀ ỰỮỬỪ ẮẲẴẰ"), 260, None, 60)
    assert len(block.lines) == 4
    for above, below in zip(block.lines, block.lines[1:], strict=False):
        bottom = above.baseline + ink(FONT, block.size, above.pieces[0].text).bottom
        top = below.baseline + ink(FONT, block.size, below.pieces[0].text).top
        assert bottom < top


@pytest.mark.parametrize("font", SHIPPED, ids=lambda path: path.stem)
def test_no_letter_touches_one_on_the_line_above_it(font: Path) -> None:
    """Each Vietnamese letter stands under the ones that hang lowest, and over the ones that reach highest."""
    lowest, highest = (
        sorted(VIETNAMESE, key=lambda letter: sign * ink(font, 60, letter)[side])[:3] for sign, side in ((-1, 3), (1, 1))
    )
    for letter in VIETNAMESE:
        lines = ["".join(lowest), letter * 3, "".join(highest)]
        block = fit(setting("\n".join(lines), font=font, smallest=60.0, leading=0.8), 900, None, 60)
        assert [line.pieces[0].text for line in block.lines] == lines
        for above, below in pairwise(block.lines):
            bottom = above.baseline + ink(font, block.size, above.pieces[0].text).bottom
            assert bottom < below.baseline + ink(font, block.size, below.pieces[0].text).top, letter


@pytest.mark.parametrize("font", SHIPPED, ids=lambda path: path.stem)
def test_without_fribidi_composed_vietnamese_looks_the_same(font: Path) -> None:
    """Basic layout, which Pillow falls back to, is right for the composed letters that all text is brought to."""
    shaped, basic = (ImageFont.truetype(str(font), 64, layout_engine=engine) for engine in (Layout.RAQM, Layout.BASIC))
    for start in range(0, len(VIETNAMESE), 12):
        for text in (VIETNAMESE[start : start + 12], unicodedata.normalize("NFD", VIETNAMESE[start : start + 12])):
            one, other = (np.asarray(_drawn(normal(text), face)) for face in (shaped, basic))
            assert np.abs(one.astype(int) - other).mean() < 0.5, text


def _drawn(text: str, face: ImageFont.FreeTypeFont) -> Image.Image:
    """Return letters, each at a place of its own: the two layouts kern differently."""
    image = Image.new("L", (80 * len(text), 160), 0)
    for place, letter in enumerate(text):
        ImageDraw.Draw(image).text((80 * place + 10, 110), letter, 255, face, anchor="ls")
    return image


def test_loose_marks_are_drawn_like_composed_letters() -> None:
    text = "Ế ộ ữ ặ Đường Nguyễn Huệ"
    assert paragraphs(unicodedata.normalize("NFD", text), False) == paragraphs(text, False)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("có 126 phường", "126\u00a0phường"),
        ("ở TP. Hà Nội nay", "TP.\u00a0Hà\u00a0Nội"),
        ("dài 38,3 km nữa", "38,3\u00a0km"),
        ("theo Nghị quyết số 02-NQ/TW", "số\u00a002-NQ/TW"),
        ("từ ngày 10/10", "ngày\u00a010/10"),
        ("ở TP Hà Nội", "TP\u00a0Hà\u00a0Nội"),
        ("TP. Hồ Chí Minh", "TP.\u00a0Hồ\u00a0Chí\u00a0Minh"),
        ("gọi 0243 825 3636 ngay", "0243\u00a0825\u00a03636 ngay"),
        ("ngày 10 tháng 10 năm 2026", "ngày\u00a010 tháng\u00a010 năm\u00a02026"),
        ("1.250 tỷ đồng", "1.250\u00a0tỷ\u00a0đồng"),
        ("Kỷ niệm 72 năm Ngày Giải phóng Thủ đô", "Giải\u00a0phóng Thủ\u00a0đô"),
        ("Văn Miếu - Quốc Tử Giám", "Miếu\u00a0- Quốc"),
    ],
)
def test_what_belongs_together_stays_together(text: str, kept: str) -> None:
    assert kept in keep_together(normal(text))


def test_text_shrinks_to_its_smallest_size_and_then_does_not_fit() -> None:
    small = fit(setting("Hà Nội " * 6, max_lines=2), 500, None, 60)
    assert small.fits and 30 <= small.size < 60
    assert not fit(setting("Hà Nội " * 60, max_lines=2), 500, None, 60).fits


def test_an_ellipsis_cuts_whole_words() -> None:
    block = fit(setting("Hà Nội " * 60, max_lines=2, ellipsis=True), 500, None, 60)
    last = block.lines[-1].pieces[-1].text
    assert block.cut and block.fits and len(block.lines) <= 2
    assert last.endswith(("Nội…", "Hà…"))


def test_no_line_is_wider_than_its_box() -> None:
    block = fit(setting("Thành phố Hà Nội tuyên truyền, vận động nhân dân", balance=True), 640, None, 60)
    assert all(line.width <= 640 for line in block.lines)
    assert len(block.lines[-1].pieces) > 1


def test_figures_are_written_as_the_language_writes_them() -> None:
    assert write_number(12500, "vi") == "12.500"
    assert write_number(38.3, "en") == "38.3"
    counting = running("Hơn 1.234,5 km", "vi")
    assert counting is not None
    assert counting.at(1234.5) == "Hơn 1.234,5 km"
    assert counting.at(0) == "Hơn 0,0 km"


SYLLABLES = st.sampled_from(["Hà", "Nội", "nghiêng", "đường", "ở", "phường,", "126", "thủ", "đô", "ga", "Nguyễn", "tháng"])


@settings(max_examples=120, deadline=None, derandomize=True)
@given(
    words=st.lists(SYLLABLES, min_size=2, max_size=24),
    width=st.integers(220, 960),
    lines=st.integers(1, 8),
    tracking=st.sampled_from([0.0, 60.0]),
    ellipsis=st.booleans(),
)
def test_whatever_the_text_its_lines_stay_inside_and_its_last_syllable_has_company(
    words: list[str], width: int, lines: int, tracking: float, ellipsis: bool
) -> None:
    wanted = setting(" ".join(words), max_lines=lines, tracking=tracking, balance=True, ellipsis=ellipsis, smallest=20.0)
    block = fit(wanted, width, None, 60)
    if not block.fits:
        assert not ellipsis
        return
    assert len(block.lines) <= lines and 20 <= block.size <= 60
    assert all(line.width <= width + 0.5 for line in block.lines)
    shown = " ".join(piece.text for line in block.lines for piece in line.pieces)
    assert block.cut or shown.replace("\u00a0", " ") == " ".join(words)
    last = block.lines[-1].pieces
    if len(block.lines) > 1 and len(last) == 1 and "\u00a0" not in last[0].text and not block.cut:
        lonely = (block.lines[-2].pieces[-1].text, last[0].text)
        together = sum(len(text) for text in lonely) * block.size * 0.9
        assert len(block.lines[-2].pieces) == 1 or together > width, lonely


def test_each_paragraph_ends_in_company() -> None:
    text = "Cháy nhà cao tầng thì\ngọi 114 rồi xuống bằng thang bộ ngay"
    block = fit(setting(text, balance=True, max_lines=8), 420, None, 60)
    ends = [line.pieces for line, after in pairwise((*block.lines, None)) if after is None or after.pieces[0].text == "gọi"]
    assert [len(pieces) > 1 for pieces in ends] == [True, True]


def test_a_headline_of_three_thousand_letters_is_told_and_quickly_done() -> None:
    block = fit(setting("Hà Nội rực rỡ cờ hoa " * 150, balance=True, max_lines=5), 900, 600, 60)
    assert not block.fits and block.size == 30
    cut = fit(setting("Hà Nội rực rỡ cờ hoa " * 150, balance=True, max_lines=5, ellipsis=True), 900, 600, 60)
    assert cut.fits and cut.cut and len(cut.lines) <= 5


def test_a_word_that_no_line_can_hold_does_not_fit() -> None:
    assert not fit(setting("Ngh" + "iê" * 200), 500, None, 60).fits


def test_a_word_of_two_syllables_may_end_a_headline_alone_but_never_leaves_one_behind() -> None:
    block = fit(setting("Kỷ niệm 72 năm Ngày Giải phóng Thủ đô", balance=True, max_lines=5), 560, None, 60)
    assert all(len(line.pieces) > 1 or "\u00a0" in line.pieces[0].text for line in block.lines)


def broken(text: str, width: float, **changes: object) -> list[str]:
    """Return the lines that a text is set in."""
    block = fit(setting(text, **changes), width, None, 60)
    return [" ".join(piece.text for piece in line.pieces).replace("\u00a0", " ") for line in block.lines]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Tôi ở phường Văn Miếu - Quốc Tử Giám, giấy tờ cũ", "Quốc Tử Giám"),
        ("mười hai ga trên tuyến Cát Linh - Hà Đông", "Cát Linh"),
        ("Quảng trường Đông Kinh Nghĩa Thục", "Đông Kinh Nghĩa Thục"),
        ("hẹn nhau tối Thứ Bảy, 19/12/2026", "Thứ Bảy"),
        ("chính quyền địa phương 3 cấp", "3 cấp"),
    ],
)
def test_a_name_is_never_on_two_lines_at_any_width_that_has_room_for_it(text: str, name: str) -> None:
    least = fit(setting(name, max_lines=1, smallest=60.0), 9999, None, 60).width
    torn = [width for width in range(int(least) + 2, 1400, 7) if not any(name in line for line in broken(text, width))]
    assert torn == []


def test_a_name_that_would_make_the_text_small_is_broken_and_so_is_a_headline_in_capitals() -> None:
    name = fit(setting("Đông Kinh Nghĩa Thục", max_lines=1, smallest=60.0), 9999, None, 60).width
    narrow = fit(setting("Quảng trường Đông Kinh Nghĩa Thục"), name * 0.6, None, 60)
    assert narrow.fits and narrow.size > 50
    title = "Tuyên Dương Công Dân Thủ Đô Ưu Tú"
    assert "\u00a0" not in keep_names(title)
    glued = "Văn\u00a0Miếu\u00a0-\u00a0Quốc\u00a0Tử\u00a0Giám,"
    assert keep_names(glued.replace("Quốc\u00a0Tử\u00a0", "Quốc Tử ") + " Hà Nội") == f"{glued} Hà\u00a0Nội"


def test_a_subtitle_is_not_cut_inside_a_name() -> None:
    said = "Buổi lễ diễn ra lúc bảy giờ tối ngay cạnh khu di tích Văn Miếu và Quốc Tử Giám ở giữa lòng phố phường của Thủ đô"
    cut = [cue.text for cue in cues(said, 0, 20)]
    assert len(cut) > 1 and any("Quốc Tử Giám" in text for text in cut) and any("Văn Miếu" in text for text in cut)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Thành phố đặt mục tiêu gì cho năm nay?", "mục tiêu"),
        ("Những con số chính của kế hoạch thông tin, tuyên truyền năm 2026", "kế hoạch"),
        ("Nguồn: “Kế hoạch” tuyên truyền quý II đến quý IV năm 2026", "quý IV"),
        ("trực tiếp giải quyết việc của người dân", "giải quyết"),
        ("Theo dõi bản tin chính thức của Thành phố và xã, phường; không chia sẻ thông tin chưa được kiểm chứng", "kiểm chứng"),
    ],
)
def test_a_word_of_two_syllables_is_not_torn_at_any_width_of_a_column(text: str, word: str) -> None:
    torn = [width for width in range(640, 1300, 11) if not any(word in line for line in broken(text, width, balance=True))]
    assert torn == []


def test_lines_are_even_and_end_where_a_reader_pauses() -> None:
    even = broken("Mưa lớn kéo dài: nhiều tuyến đường có nguy cơ ngập, người dân hạn chế ra đường", 900, balance=True)
    assert even == ["Mưa lớn kéo dài: nhiều", "tuyến đường có nguy cơ ngập,", "người dân hạn chế ra đường"]
    paused = broken("Theo dõi bản tin, không chia sẻ tin giả, gọi 114 khi cần cứu nạn", 900, balance=True)
    assert paused == ["Theo dõi bản tin,", "không chia sẻ tin giả,", "gọi 114 khi cần cứu nạn"]
    leaning = broken("Ngày hội của những người yêu sách và của các bạn trẻ", 700, balance=True)
    assert leaning == ["Ngày hội của những", "người yêu sách", "và của các bạn trẻ"]


def test_a_small_word_that_opens_a_sentence_is_no_part_of_the_name_after_it() -> None:
    assert keep_names("Tại Quảng trường Ba Đình") == "Tại Quảng trường Ba\u00a0Đình"
    assert keep_names("Sóc Sơn và Từ Liêm") == "Sóc\u00a0Sơn và Từ\u00a0Liêm"
