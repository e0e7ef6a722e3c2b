"""Make the office's two music beds: `python docs/making/bed.py assets/music`.

Plucked strings over soft pads, in a five-note scale; each loops without a seam because every note's tail wraps to the start.
"""

import sys
import wave
from pathlib import Path

import numpy as np

RATE = 22_050
LOUDNESS = 0.1  # root mean square; about -20 LUFS for this kind of sound


def note_frequency(degree: int, root: float) -> float:
    """Give the frequency of a step of the major five-note scale above `root`."""
    octave, step = divmod(degree, 5)
    return root * 2 ** (octave + (0, 2, 4, 7, 9)[step] / 12)


def plucked(frequency: float, seconds: float, brightness: float) -> np.ndarray:
    """Give a string's sound: partials that die sooner the higher they are."""
    time = np.arange(int(seconds * RATE)) / RATE
    sound = np.zeros_like(time)
    for partial in range(1, 7):
        tone = np.sin(2 * np.pi * frequency * partial * 1.0004**partial * time)
        sound += brightness ** (partial - 1) * tone * np.exp(-time * (1.3 + 0.9 * partial))
    return sound * np.minimum(1, time / 0.006) * np.minimum(1, (seconds - time) / 0.2)


def pad(frequency: float, seconds: float) -> np.ndarray:
    """Give a soft, slowly swelling tone."""
    time = np.arange(int(seconds * RATE)) / RATE
    swell = np.sin(np.pi * np.minimum(1, time / seconds)) ** 0.8
    return swell * sum(np.sin(2 * np.pi * frequency * detune * time) / 2 for detune in (0.998, 1.002))


def laid(track: np.ndarray, sound: np.ndarray, at: float, gain: float) -> None:
    """Add a sound to the loop, its tail wrapping to the start."""
    places = (int(at * RATE) + np.arange(len(sound))) % len(track)
    np.add.at(track, places, gain * sound)


def echoed(track: np.ndarray) -> np.ndarray:
    """Give the loop with a few fading echoes."""
    wet = track.copy()
    for beat, gain in ((0.31, 0.22), (0.47, 0.16), (0.83, 0.09)):
        wet += gain * np.roll(track, int(beat * RATE))
    return wet


def bed(melody: list[int | None], chords: list[tuple[int, ...]], root: float, beat: float, brightness: float) -> np.ndarray:
    """Compose one loop: a melody of half beats over chords of four beats each."""
    track = np.zeros(int(len(chords) * 4 * beat * RATE))
    random = np.random.default_rng(10)
    for index, degree in enumerate(melody):
        if degree is not None:
            note = plucked(note_frequency(degree, root * 2), 2.6, brightness)
            laid(track, note, index * beat / 2 + random.uniform(0, 0.012), random.uniform(0.55, 0.8))
    for index, chord in enumerate(chords):
        for degree in chord:
            laid(track, pad(note_frequency(degree, root), 5.2 * beat), index * 4 * beat, 0.24)
        laid(track, plucked(note_frequency(chord[0] - 5, root), 3.2, 0.3), index * 4 * beat, 0.7)
    return echoed(track)


def write(path: Path, track: np.ndarray) -> None:
    """Write a mono 16-bit wave file at the common loudness."""
    sound = np.tanh(track * LOUDNESS / np.sqrt(np.mean(track**2)))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((sound * 32_767).astype("<i2").tobytes())


N = None
CALM = [
    5, N, 7, 8, 9, N, 8, 7, 5, N, 4, 5, 7, N, N, N,
    8, N, 9, 10, 12, N, 10, 9, 8, N, 7, 5, 7, N, N, 5,
    9, N, 8, 7, 8, N, 5, 7, 4, N, 5, 7, 8, N, 7, N,
    10, N, 9, 8, 9, N, 7, 5, 7, 5, 4, N, 5, N, N, N,
]  # fmt: skip
SOLEMN = [
    5, N, N, N, 7, N, N, N, 8, N, N, 7, 5, N, N, N,
    4, N, N, N, 5, N, N, N, 3, N, N, N, N, N, N, N,
    8, N, N, N, 9, N, N, 8, 7, N, N, N, 5, N, N, N,
    4, N, N, 5, 3, N, N, N, 5, N, N, N, N, N, N, N,
]  # fmt: skip


CALM_CHORDS = [(0, 2, 3), (4, 6, 7), (2, 4, 5), (0, 3, 5), (3, 5, 7), (4, 5, 7), (2, 4, 7), (0, 2, 5)]
SOLEMN_CHORDS = [(-1, 1, 2), (0, 2, 4), (-2, 1, 3), (-1, 2, 4), (1, 3, 4), (0, 2, 3), (-2, 0, 1), (-1, 1, 4)]


def main(folder: Path) -> None:
    """Write both beds into `folder`."""
    write(folder / "bed.wav", bed(CALM, CALM_CHORDS, 130.81, 0.75, 0.42))
    write(folder / "bed_solemn.wav", bed(SOLEMN, SOLEMN_CHORDS, 110.0, 0.85, 0.26))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
