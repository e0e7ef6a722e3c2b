"""Loudness as EBU measures it: the signals of EBU Tech 3341, and sounds brought to the target."""

from __future__ import annotations

import numpy as np
import pytest

from editorial.problem import Severity
from studio.loudness import TARGET, Samples, integrated, levelled, loudness_problems
from studio.sampling import SAMPLES_A_SECOND


def sine(*parts: tuple[float, float], hertz: float = 1000.0) -> Samples:
    """Return a stereo sine of stretches of dBFS and seconds."""
    loud = np.concatenate([np.full(round(seconds * SAMPLES_A_SECOND), 10 ** (level / 20)) for level, seconds in parts])
    wave = loud * np.sin(2 * np.pi * hertz * np.arange(loud.size) / SAMPLES_A_SECOND)
    return np.stack([wave, wave]).astype(np.float32)


@pytest.mark.parametrize(
    ("parts", "lufs"),
    [
        ([(-23, 20)], -23.0),  # EBU Tech 3341, case 1
        ([(-33, 20)], -33.0),  # case 2
        ([(-36, 10), (-23, 60), (-36, 10)], -23.0),  # case 3: what is much quieter is not counted
        ([(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)], -23.0),  # case 4: nor is what is no sound
        ([(-26, 20), (-20, 20.1), (-26, 20)], -23.0),  # case 5
    ],
)
def test_the_test_signals_of_ebu_measure_what_ebu_says(parts: list[tuple[float, float]], lufs: float) -> None:
    assert integrated(sine(*parts)) == pytest.approx(lufs, abs=0.1)


def test_one_full_channel_at_997_hz_is_minus_3_lkfs() -> None:
    both = sine((0, 5), hertz=997.0)
    assert integrated(both * np.array([[1], [0]], dtype=np.float32)) == pytest.approx(-3.01, abs=0.01)


def test_the_ear_hears_less_of_a_bass_and_more_of_a_treble() -> None:
    plain = integrated(sine((-20, 5)))
    assert integrated(sine((-20, 5), hertz=40.0)) < plain - 4
    assert integrated(sine((-20, 5), hertz=6000.0)) > plain + 3


@pytest.mark.parametrize("level", [-40.0, -23.0, -6.0])
def test_a_sound_is_brought_to_the_target(level: float) -> None:
    shaped = levelled(sine((level, 8), (level - 6, 4)))
    assert integrated(shaped) == pytest.approx(TARGET, abs=0.1)
    assert loudness_problems(shaped) == ()


def test_a_sound_of_sharp_peaks_is_limited_and_never_over_full_scale() -> None:
    noise = np.random.default_rng(5).normal(0, 0.01, (2, 10 * SAMPLES_A_SECOND)).astype(np.float32)
    noise[:, :: SAMPLES_A_SECOND // 2] = 0.9
    shaped = levelled(noise)
    assert np.abs(shaped).max() <= 0.85
    assert integrated(shaped) == pytest.approx(TARGET, abs=0.5)


def test_silence_stays_silent_and_is_told() -> None:
    silent = np.zeros((2, 3 * SAMPLES_A_SECOND), dtype=np.float32)
    assert np.array_equal(levelled(silent), silent)
    assert [(problem.rule, problem.severity) for problem in loudness_problems(silent)] == [("loudness", Severity.WARNING)]


def test_what_is_off_the_target_is_told_with_its_loudness() -> None:
    problem = loudness_problems(sine((-24, 5)))[0]
    assert "-24.0 LUFS" in problem.message and problem.severity is Severity.WARNING
