"""A QR code as a drawing inside a page. Nothing of it is cached: what it says may be a secret."""

from __future__ import annotations

from markupsafe import Markup


def qr_drawing(content: str) -> Markup:
    """Return the SVG of a text, dark on light in every theme, with the quiet margin that phones need."""
    import segno  # here, for it brings a client of HTTP with it and hardly any page has a code

    drawn = segno.make_qr(content, error="m").svg_inline(scale=5, border=4, dark="#000", light="#fff", omitsize=True)
    return Markup(drawn)
