"""Approved pictures and clips, by the digest of their bytes."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException
from fastapi.responses import FileResponse, Response

from desk.web.desk import TheDesk
from publishers.subtitles import to_webvtt

router = APIRouter(include_in_schema=False)

IMMUTABLE = {"cache-control": "public, max-age=31536000, immutable"}  # the name is the digest of the bytes
MEDIA_TYPES = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "mp4": "video/mp4",
    "srt": "application/x-subrip; charset=utf-8",
}


@router.api_route("/media/{name}", methods=["GET", "HEAD"])
def medium(desk: TheDesk, name: str) -> Response:
    """Serve a medium, whole or in ranges; subtitles also as the WebVTT that browsers want."""
    digest, _, kind = name.partition(".")
    if kind == "vtt":
        return _subtitles(desk, digest)
    path = desk.bench.media.named(name) if kind in MEDIA_TYPES else None
    if path is None:
        raise HTTPException(404, "Không có ảnh hay clip này.")
    return FileResponse(path, media_type=MEDIA_TYPES[kind], headers=IMMUTABLE)


def _subtitles(desk: TheDesk, digest: str) -> Response:
    path = desk.bench.media.named(f"{digest}.srt")
    if path is None:
        raise HTTPException(404, "Không có phụ đề này.")
    return Response(to_webvtt(path.read_text(encoding="utf-8")), media_type="text/vtt", headers=IMMUTABLE)
