"""Frames and sound into an MP4: the same input gives the same bytes, in any process, at any age of it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.codec.context import Flags
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from studio.compose import Projector
from studio.encoder import encoder_options
from studio.film import Film
from studio.motion import FRAMES_A_SECOND
from studio.plane import Frame
from studio.sound import SAMPLES_A_SECOND, Samples, mix
from studio.zoom import RIM

_BT709 = 1  # AVCOL_SPC_BT709, AVCOL_PRI_BT709 and AVCOL_TRC_BT709 are all 1
_LIMITED = 1  # AVCOL_RANGE_MPEG
_HEARD_AT_ONCE = 16 * 1024  # samples handed to the AAC encoder in one piece; it takes them 1,024 by 1,024
_BITEXACT = {"fflags": "+bitexact"}

Tick = Callable[[int, Frame], None]  # called with each frame and its number; what it raises ends the encoding


def _nothing(number: int, frame: Frame) -> None:
    pass


def encode_segment(projector: Projector, frames: range, tick: Tick = _nothing) -> bytes:
    """Return a stretch of a film as a silent MP4 of its own."""
    film = projector.film
    target = io.BytesIO()
    with av.open(target, "w", format="mp4", options=_BITEXACT) as container:
        stream = _video_stream(container, film)
        picture = _Picture(film.width, film.height)
        for place, number in enumerate(frames):
            projector.show(number, picture.frame)
            container.mux(stream.encode(picture.at(place)))
            tick(number, picture.frame)
        container.mux(stream.encode(None))
    return target.getvalue()


def _video_stream(container: OutputContainer, film: Film) -> VideoStream:
    stream = container.add_stream("libx264", rate=FRAMES_A_SECOND, options=dict(encoder_options()))
    context = stream.codec_context
    context.width, context.height, context.pix_fmt = film.width, film.height, "yuv420p"
    context.time_base = Fraction(1, FRAMES_A_SECOND)
    context.thread_count = 1
    context.flags |= Flags.bitexact
    context.color_range = _LIMITED
    context.colorspace = context.color_primaries = context.color_trc = _BT709
    return stream


class _Picture:
    """One frame whose memory the encoder reads, filled again and again: x264 has copied it before encode() returns."""

    def __init__(self, width: int, height: int) -> None:
        self.frame = Frame.blank(width, height, RIM)
        self._picture = VideoFrame.from_dlpack(self.frame.planes, format="yuv420p")
        self._picture.time_base = Fraction(1, FRAMES_A_SECOND)
        # tagged before encoding: an untagged frame is taken for BT.601 and brand red comes out another red
        self._picture.colorspace = _BT709
        self._picture.color_range = _LIMITED
        self._picture.color_primaries = self._picture.color_trc = _BT709

    def at(self, place: int) -> VideoFrame:
        """Return what `frame` shows now as the picture at a place in the stretch."""
        self._picture.pts = place
        return self._picture


@dataclass(frozen=True, kw_only=True, eq=False)
class EncodedSound:
    """The sound of a clip as AAC, not yet in any file."""

    stream: AudioStream
    packets: Sequence[Packet[Any]]


def encode_sound(film: Film) -> EncodedSound | None:
    """Return a film's sound; None where it is silent."""
    if not film.is_heard:
        return None
    container = av.open(io.BytesIO(), "w", format="mp4", options=_BITEXACT)  # an encoder needs one; no packet is written to it
    stream = container.add_stream("aac", rate=SAMPLES_A_SECOND)
    stream.bit_rate = 128_000
    stream.codec_context.layout = "stereo"
    stream.codec_context.flags |= Flags.bitexact
    container.start_encoding()  # only now does the stream know what its packets are decoded with
    return EncodedSound(stream=stream, packets=tuple(_audio_packets(stream, mix(film.bed, film.seconds, film.voice))))


def join(parts: Sequence[bytes], sound: EncodedSound | None, path: Path) -> None:
    """Write the finished clip: the packets of its stretches and of its sound as they are."""
    with av.open(str(path), "w", format="mp4", options={**_BITEXACT, "movflags": "+faststart"}) as container:
        with _opened(parts[0]) as first:
            video = container.add_stream_from_template(first.streams.video[0])
        packets = list(_joined(parts, video))
        if sound is not None:
            heard = container.add_stream_from_template(sound.stream)
            packets += [_moved(packet, heard) for packet in sound.packets]
        for packet in sorted(packets, key=_moment):
            container.mux(packet)


def _opened(part: bytes) -> InputContainer:
    """Return a stretch opened for its packets; FFmpeg would decode its first frames, which takes as long as encoding one."""
    unread: Any = [{"skip_frame": "all"}]  # PyAV's types say texts, its code wants the options of each stream
    return av.open(io.BytesIO(part), "r", stream_options=unread)


def _moved(packet: Packet[Any], stream: AudioStream) -> Packet[Any]:
    packet.stream = stream
    return packet


def _joined(parts: Sequence[bytes], video: VideoStream) -> Iterator[Packet[Any]]:
    start = Fraction(0)
    for part in parts:
        with _opened(part) as source:
            yield from _shifted(source, start, video)
            start += _length(source)


def _shifted(source: InputContainer, start: Fraction, video: VideoStream) -> Iterator[Packet[Any]]:
    for packet in source.demux(video=0):
        if packet.dts is None or packet.pts is None:
            continue
        shift = int(start / packet.time_base)
        packet.pts += shift
        packet.dts += shift
        packet.stream = video
        yield packet


def _length(source: InputContainer) -> Fraction:
    return Fraction(source.streams.video[0].frames, FRAMES_A_SECOND)


def _audio_packets(stream: AudioStream, sound: Samples) -> Iterator[Packet[Any]]:
    for start in range(0, sound.shape[1], _HEARD_AT_ONCE):
        frame = AudioFrame.from_ndarray(
            np.ascontiguousarray(sound[:, start : start + _HEARD_AT_ONCE]), format="fltp", layout="stereo"
        )
        frame.sample_rate, frame.pts, frame.time_base = SAMPLES_A_SECOND, start, Fraction(1, SAMPLES_A_SECOND)
        yield from stream.encode(frame)
    yield from stream.encode(None)


def _moment(packet: Packet[Any]) -> Fraction:
    return (packet.dts or 0) * packet.time_base
