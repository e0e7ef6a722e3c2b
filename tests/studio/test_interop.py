"""MoviePy beside the studio: our clip in its hands, its clips in our layers. Skipped where `./loa moviepy` has not brought it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from editorial.problem import BadInput, Severity
from studio.film import Film, rest_frame
from studio.frame import film_frames
from studio.loudness import integrated
from studio.paint import Easel
from studio.screening import screening_problems
from studio.segment import segment_digest, segments
from studio.sound import mix
from studio.still import fold_film
from studio.studio import Studio

moviepy = pytest.importorskip("moviepy", reason="./loa moviepy brings MoviePy")

from studio.interop import as_moviepy, film_of, open_studio, with_moving_picture, write  # noqa: E402  # needs MoviePy

Open = Callable[[str], Studio]
DATA = {"headline": "Hà Nội có 126 xã, phường", "photo": "photo.jpg"}
GREEN, BLUE = (0, 122, 61), (20, 60, 200)


def open_film(workspace: Path) -> Film:
    studio = open_studio(workspace)
    return film_of(studio, studio.recipe("clip/short", DATA, "link"))


def turning(seconds: float = 1.0) -> moviepy.VideoClip:
    """Return a clip of MoviePy's own that is green for half its time and then blue."""
    halves = [moviepy.ColorClip((320, 200), color=colour, duration=seconds / 2) for colour in (GREEN, BLUE)]
    return moviepy.concatenate_videoclips(halves)


def colour_at(film: Film, number: int, x: int, y: int) -> tuple[int, ...]:
    (picture,) = film_frames(film, [number], Easel())
    pixel = picture.getpixel((x, y))
    assert isinstance(pixel, tuple)
    return tuple(round(value) for value in pixel)


def near(found: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    return max(abs(one - other) for one, other in zip(found, wanted, strict=True)) <= 3


def test_a_loa_clip_is_a_moviepy_clip_frame_for_frame_with_its_sound(workspace: Path) -> None:
    film = open_film(workspace)
    clip = as_moviepy(film)
    assert (clip.size, clip.fps, clip.duration) == ((1200, 630), 30, film.seconds)
    numbers = [0, 12, 55, film.frames - 1]
    for number, picture in zip(numbers, film_frames(film, numbers, Easel()), strict=True):
        assert np.array_equal(clip.get_frame(number / 30), np.asarray(picture))
    assert np.array_equal(clip.get_frame(film.seconds), clip.get_frame((film.frames - 1) / 30)), "the very end is its last frame"
    heard = np.asarray(clip.audio.to_soundarray(fps=48_000)).T.astype(np.float32)
    assert integrated(heard) == pytest.approx(integrated(mix(film.bed, film.seconds)), abs=0.1)


def test_moviepys_own_tools_work_on_it(workspace: Path, tmp_path: Path) -> None:
    cut = as_moviepy(open_film(workspace)).subclipped(0.5, 0.9).resized(0.25)
    shown = moviepy.CompositeVideoClip([cut, moviepy.ColorClip((60, 40), color=BLUE, duration=0.4).with_position((10, 10))])
    shown.write_videofile(str(tmp_path / "out.mp4"), fps=30, codec="libx264", audio_codec="aac", logger=None)
    with av.open(str(tmp_path / "out.mp4")) as container:
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    assert len(frames) == 12 and frames[0].shape[:2] == (shown.h, shown.w)
    assert frames[6][30, 30][2] > 150 > 100 > frames[6][30, 30][0], "the blue that was laid over it"


def test_a_moviepy_clip_takes_the_place_of_a_layer_from_its_scenes_start_and_its_last_frame_stays(workspace: Path) -> None:
    film = with_moving_picture(open_film(workspace), "photo", turning(), workspace / "reels")
    assert near(colour_at(film, 2, 600, 400), GREEN)
    assert near(colour_at(film, 20, 600, 400), BLUE)
    assert near(colour_at(film, 40, 600, 400), BLUE), "it is over, its last frame stays"
    assert near(colour_at(film, 2, 1150, 60), (200, 16, 46)), "the layer above it is still above it"


def test_a_still_shows_the_frame_of_its_moment(workspace: Path) -> None:
    film = with_moving_picture(open_film(workspace), "photo", turning(4.0), workspace / "reels")
    number = rest_frame(film.shots, 0)
    still, (frame,) = fold_film(film, Easel(), number), film_frames(film, [number], Easel())
    box = (100, 150, 1100, 450)  # what it alone shows: letters lose colour in a clip
    difference = np.asarray(still.crop(box), dtype=np.float64) - np.asarray(frame.crop(box))
    assert 10 * np.log10(255**2 / np.mean(np.square(difference))) > 38


def test_what_moviepys_mask_leaves_free_shows_the_layers_below(workspace: Path) -> None:
    clear = moviepy.ColorClip((320, 200), color=GREEN, duration=1.0).with_opacity(0.5)
    film = with_moving_picture(open_film(workspace), "close", clear, workspace / "reels")
    half = tuple((one + 255) // 2 for one in GREEN)  # nothing lies below: white
    assert near(colour_at(film, film.shots[-1].end - 3, 600, 300), half)


def test_a_film_with_it_is_written_by_the_studios_own_encoder_with_the_same_bytes_every_time(workspace: Path) -> None:
    film = with_moving_picture(open_film(workspace), "photo", turning(), workspace / "reels")
    film = replace(film, shots=film.shots[:1], poster=min(film.poster, film.shots[0].frames - 1))
    paths = [workspace / "one.mp4", workspace / "two.mp4"]
    for path in paths:
        assert write(film, path, workspace / path.stem) == ()
    assert paths[0].read_bytes() == paths[1].read_bytes()
    with av.open(str(paths[0])) as container:
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
        assert container.streams.audio
    assert len(frames) == film.frames
    assert near(tuple(int(value) for value in frames[2][400, 600]), GREEN)


def test_sound_of_its_own_is_told_not_to_be_taken_and_the_film_sounds_as_before(workspace: Path) -> None:
    tone = moviepy.AudioClip(lambda t: np.sin(2000 * np.asarray(t)), duration=1.0, fps=48_000)
    plain = open_film(workspace)
    film = with_moving_picture(plain, "photo", turning().with_audio(tone), workspace / "reels")
    (told,) = [problem for problem in film.problems if problem.rule == "unheard-sound"]
    assert (told.key, told.severity) == ("photo", Severity.WARNING)
    assert (film.bed, film.voice) == (plain.bed, plain.voice)
    silent = with_moving_picture(plain, "photo", turning(), workspace / "reels")
    assert silent.problems == plain.problems
    short = replace(film, shots=film.shots[:1], poster=0)
    assert told in write(short, workspace / "out.mp4", workspace / "segments")


def test_another_moving_picture_is_another_stretch_on_the_shelf(workspace: Path) -> None:
    plain = open_film(workspace)
    films = [with_moving_picture(plain, "photo", turning(seconds), workspace / "reels") for seconds in (1.0, 1.0, 0.5)]
    first = segments(plain)[0]
    digests = [segment_digest(film, first) for film in (plain, *films)]
    assert digests[1] == digests[2] and len(set(digests)) == 3


def test_a_moviepy_clip_that_flashes_is_told_as_any_other(workspace: Path) -> None:
    flash = moviepy.VideoClip(lambda t: np.full((90, 160, 3), 255 * (int(t * 10) % 2), dtype=np.uint8), duration=2.0)
    film = with_moving_picture(open_film(workspace), "photo", flash, workspace / "reels")
    assert "flashing" in {problem.rule for problem in screening_problems(film, Easel())}


def broken(moment: float) -> np.ndarray:
    raise OSError("no such frame")


@pytest.mark.parametrize(
    ("layer", "clip", "rule"),
    [
        ("phot", turning(), "unknown-name"),
        ("headline", turning(), "unknown-name"),
        ("photo", moviepy.ColorClip((32, 20), color=GREEN), "unreadable-clip"),
        ("photo", moviepy.VideoClip(lambda t: broken(t) if t else np.zeros((9, 9, 3)), duration=1), "unreadable-clip"),
    ],
    ids=["no such layer", "a text", "endless", "broken"],
)
def test_what_cannot_be_done_is_a_problem_and_leaves_no_file(
    workspace: Path, layer: str, clip: moviepy.VideoClip, rule: str
) -> None:
    with pytest.raises(BadInput) as stopped:
        with_moving_picture(open_film(workspace), layer, clip, workspace / "reels")
    assert [problem.rule for problem in stopped.value.problems] == [rule]
    assert not list((workspace / "reels").glob("**/*.zip")) and not list((workspace / "reels").glob(".*"))
