"""What the renderer is: everything beside template and data that could change a byte of its output."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from PIL import features

from studio.encoder import encoder_identity
from studio.font import layout_engine

_LIBRARIES = ("pillow", "numpy", "av", "opencv-python-headless", "resvg-py", "segno", "isal", "jinja2")
_BUILT_IN = ("freetype2", "raqm", "harfbuzz", "fribidi", "libjpeg_turbo", "zlib_ng", "littlecms2")


@lru_cache(maxsize=1)
def renderer_identity() -> str:
    """Return a digest of this room's code, its libraries and the machine's text layout and encoder settings."""
    digest = hashlib.sha256()
    for source in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(source.name.encode() + b"\0" + source.read_bytes())
    parts = [f"{name}={version(name)}" for name in _LIBRARIES]
    parts += [f"{name}={features.version(name)}" for name in _BUILT_IN]
    parts += [f"layout={layout_engine().name}", f"encoder={encoder_identity()}"]
    digest.update("\n".join(parts).encode())
    return digest.hexdigest()
