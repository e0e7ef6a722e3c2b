"""Where a platform that fetches pictures and clips finds them: the office serves its approved media by their digest."""

from __future__ import annotations

from collections.abc import Mapping

from editorial.post import Medium

EXTENSIONS: Mapping[str, str] = {"image/jpeg": "jpg", "image/png": "png", "video/mp4": "mp4"}


def public_address(medium: Medium, media_url: str) -> str:
    """Return the medium's address below `media_url`."""
    return f"{media_url.rstrip('/')}/{medium.sha256}.{EXTENSIONS[medium.media_type]}"
