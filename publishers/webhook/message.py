"""What is said to a receiver: one JSON object a call, signed as Standard Webhooks has it.

`type` is post.publish, post.correct, post.withdraw, post.look or channel.greet.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime

from editorial.post import Medium, Post
from publishers.media_address import public_address

PREFIX = "whsec_"


def body(kind: str, data: Mapping[str, object]) -> bytes:
    """Return the bytes that are signed and sent: the same for the same data, as a key may not come with another body."""
    return json.dumps({"type": kind, "data": data}, ensure_ascii=False, sort_keys=True).encode()


def post_data(post: Post, media_url: str) -> dict[str, object]:
    """Return everything of a post that a receiver shows."""
    words = post.variant
    return {
        "entry": post.entry,
        "language": words.language,
        "title": words.title,
        "summary": words.summary,
        "text": words.text,
        "html": words.html,
        "link": words.link,
        "hashtags": list(words.hashtags),
        "media": [_medium(medium, media_url) for medium in post.media],
    }


def signed(content: bytes, *, id: str, at: datetime, secret: str) -> dict[str, str]:
    """Return the headers by which a receiver knows the sender, the age and the repetition of a call."""
    moment = str(int(at.timestamp()))
    told = hmac.new(_key(secret), f"{id}.{moment}.".encode() + content, hashlib.sha256).digest()
    return {
        "Content-Type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": moment,
        "webhook-signature": f"v1,{base64.b64encode(told).decode()}",
        "Idempotency-Key": f'"{id}"',
    }


def _key(secret: str) -> bytes:
    """Return the key: Base64 behind whsec_, else the words themselves."""
    if not secret.startswith(PREFIX):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        return secret.encode()


def _medium(medium: Medium, media_url: str) -> dict[str, object]:
    return {
        "url": public_address(medium, media_url),
        "media_type": medium.media_type,
        "sha256": medium.sha256,
        "byte_size": medium.byte_size,
        "width": medium.width,
        "height": medium.height,
        "seconds": medium.seconds,
        "alt": medium.alt,
    }
