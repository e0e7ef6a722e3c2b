"""Clips: the same bytes, true colours, the still inside the clip, the words beside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from editorial.problem import BadInput
from studio.compose import Projector
from studio.film import make_film
from studio.frame import film_frames
from studio.paint import Easel
from studio.rendition import Rendition
from studio.scene import stage
from studio.still import fold_film
from studio.studio import Studio
from studio.subtitle import cues, srt
from studio.zoom import zoom_at
from tests.studio.conftest import GOLD, RED, make_workspace, studio_of

Open = Callable[[str], Studio]
DATA = {"headline": "Hà Nội có 126 phường", "photo": "photo.jpg", "wards": {"value": 126, "unit": "phường"}}


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Rendition:
    """Return the rendered clip; tests share it and leave it as it is."""
    studio = studio_of(make_workspace(tmp_path_factory.mktemp("clip")))
    return studio.render(studio.recipe("clip/short", DATA, "link"))


def frames(path: Path, *numbers: int) -> dict[int, NDArray[np.float64]]:
    """Return some of a clip's frames in RGB, as a player that believes its tags shows them."""
    with av.open(str(path)) as source:
        return {
            number: frame.to_ndarray(format="rgb24", src_colorspace=frame.colorspace).astype(float)
            for number, frame in enumerate(source.decode(video=0))
            if number in numbers
        }


def test_a_clip_has_its_frames_sound_and_tags(clip: Rendition) -> None:
    with av.open(str(clip.path)) as source:
        video, audio = source.streams.video[0], source.streams.audio[0]
        assert (video.width, video.height, video.average_rate, video.frames) == (1200, 630, 30, 120)
        assert (video.codec_context.colorspace, video.codec_context.color_range) == (1, 1)
        assert (video.codec_context.color_primaries, video.codec_context.color_trc) == (1, 1)
        assert audio.codec_context.name == "aac"
        presented = sorted(packet.pts for packet in source.demux(video=0) if packet.pts is not None)
    assert np.unique(np.diff(presented)).size == 1
    assert clip.seconds == 4.0
    assert clip.path.read_bytes().find(b"moov") < clip.path.read_bytes().find(b"mdat")


def test_brand_colours_come_through_the_clip(clip: Rendition) -> None:
    shown = frames(clip.path, 80, 118)
    assert np.abs(shown[118][300, 600] - RED).max() <= 3
    assert np.abs(shown[80][600, 1150] - GOLD).max() <= 3


def test_the_poster_is_the_clip_at_its_moment(clip: Rendition, open_studio: Open) -> None:
    assert clip.poster is not None
    studio = open_studio("cache")
    template = studio._templates["clip/short"]
    film = make_film(stage(template, studio._brand, DATA, "link", "light"))
    error = frames(clip.path, film.poster)[film.poster] - np.asarray(Image.open(clip.poster)).astype(float)
    assert 10 * np.log10(255**2 / np.mean(error**2)) >= 38


def test_the_same_clip_has_the_same_bytes_in_an_old_process(clip: Rendition, open_studio: Open) -> None:
    studio = open_studio("again")
    again = studio.render(studio.recipe("clip/short", DATA, "link"))
    assert not again.cached
    assert again.path.read_bytes() == clip.path.read_bytes()


def test_two_processes_give_the_bytes_of_one(clip: Rendition, open_studio: Open) -> None:
    one = open_studio("apart")
    two = Studio(templates=one._templates, brand=one._brand, cache=one._shelf.cache, cores=2)
    apart = two.render(two.recipe("clip/short", DATA, "link"))
    assert not apart.cached
    assert apart.sha256 == clip.sha256


def test_a_frame_does_not_depend_on_the_frames_before_it(open_studio: Open) -> None:
    studio = open_studio("cache")
    film = make_film(stage(studio._templates["clip/short"], studio._brand, DATA, "link", "light"))
    walked = Projector(film, Easel())
    for number in range(71):
        last = walked.frame(number)
    assert Projector(film, Easel()).frame(70).tobytes() == last.tobytes()


def test_subtitles_say_what_the_scene_says(clip: Rendition) -> None:
    assert clip.subtitles is not None
    assert clip.subtitles.read_text(encoding="utf-8") == "1\n00:00:00,000 --> 00:00:01,750\nHà Nội có 126 phường\n\n"
    assert clip.subtitles.with_suffix(".vtt").read_text(encoding="utf-8").startswith("WEBVTT\n\n00:00:00.000 --> 00:00:01.750\n")
    assert "Hà Nội có 126 phường" in clip.words
    assert "126 phường" in clip.words


def test_long_speech_is_cut_at_its_pauses() -> None:
    said = "Từ ngày 1 tháng 7, chính quyền hai cấp hoạt động. Người dân nộp hồ sơ ở bất kỳ điểm nào trong thành phố, không đi xa."
    shown = list(cues(said, 1.0, 9.0))
    assert shown[0].text == "Từ ngày 1 tháng 7, chính quyền hai cấp hoạt động."
    assert all(len(cue.text) <= 70 for cue in shown)
    assert shown[0].start == 1.0 and shown[-1].end == pytest.approx(9.0)
    assert " ".join(cue.text for cue in shown) == said
    assert srt(shown).startswith("1\n00:00:01,000 --> ")


def test_a_sentence_ends_its_subtitle() -> None:
    assert [cue.text for cue in cues("Nước dâng nhanh. Gọi 112.", 0.0, 4.0)] == ["Nước dâng nhanh.", "Gọi 112."]


def test_a_scene_that_is_not_visible_is_left_out(open_studio: Open) -> None:
    studio = open_studio("cache")
    data = {"headline": "Hà Nội", "photo": "photo.jpg"}
    film = make_film(stage(studio._templates["clip/short"], studio._brand, data, "link", "light"))
    assert [shot.id for shot in film.shots] == ["opening", "end"]


def test_progress_is_told_frame_by_frame(open_studio: Open) -> None:
    studio = open_studio("fresh")
    told: list[tuple[int, int]] = []
    studio.render(studio.recipe("clip/short", {"headline": "Chào"}, "link"), lambda done, whole: told.append((done, whole)))
    assert told[-1][0] == told[-1][1] == len(told)


def test_a_zoom_is_even(open_studio: Open) -> None:
    studio = open_studio("cache")
    film = make_film(stage(studio._templates["clip/short"], studio._brand, DATA, "link", "light"))
    burns = film.shots[0].display.items[0].live
    steps = np.diff([zoom_at(burns, number / 30, 2.0) for number in range(60)])  # type: ignore[arg-type]
    assert np.allclose(steps, steps[0])


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_a_picture_that_comes_nearer_leaves_no_black_beside_it(workspace: Path, open_studio: Open, kind: str) -> None:
    """A square drawing covers a wide canvas; a picture with holes lets the ground through and stands still."""
    if kind == "svg":
        shape = '<rect width="100" height="100" fill="#007a3d"/>'
        square = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">{shape}</svg>'
        (workspace / "art.svg").write_text(square, encoding="utf-8")
    else:
        holed = Image.new("RGBA", (1200, 630), (0, 122, 61, 255))
        holed.paste((0, 0, 0, 0), (0, 0, 400, 630))
        holed.save(workspace / "art.png")
    studio = open_studio("cache")
    film = make_film(studio.stage(studio.recipe("clip/short", {**DATA, "photo": f"art.{kind}"}, "link")))
    for picture in (*film_frames(film, [30], Easel()), fold_film(film, Easel(), 30)):
        pixels = np.asarray(picture.convert("RGB")).astype(int)
        left, middle = pixels[400, 100], pixels[400, 800]
        assert np.abs(middle - (0, 122, 61)).max() <= 4
        assert np.abs(left - ((0, 122, 61) if kind == "svg" else (255, 255, 255))).max() <= 4


def test_a_picture_that_comes_nearer_must_cover_its_box(workspace: Path, open_studio: Open) -> None:
    path = workspace / "templates" / "clip" / "short" / "template.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("kenburns: {from", "fit: contain, kenburns: {from"), encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        open_studio("cache")
    (found,) = caught.value.problems
    line = text[: text.index("{id: photo")].count("\n") + 1
    assert (found.rule, found.line, found.key) == ("wrong-value", line, "scenes[0].layers[0].fit")
