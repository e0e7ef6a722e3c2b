"""A workspace for designers: this repo's brand, no entry, and only the templates that a test makes."""

from __future__ import annotations

import shutil
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]

CARD = """\
schema: 1
kind: infographic
name: {vi: Thẻ}
fields:
  headline: {type: text, required: true, max: 60}
  notes: {type: list, of: {label: text}, max: 3}
themes: [light, dark]
sizes: {square: {}, link: {}}
layers:
  - {id: ground, type: fill, fill: background}
  - {id: headline, type: text, within: safe, text: "{{ headline }}", font: display, size: 120, min_size: 100, max_lines: 2}
"""
SAMPLES = """\
typical: {headline: Chào buổi sáng}
worst: {headline: Xin chào buổi sáng}
shortest: {headline: Chào}
"""
TOO_LONG = "Thông báo điều chỉnh lối đi quanh hồ Hoàn Kiếm cuối tuần này"


def make_studio(folder: Path) -> Path:
    """Make the workspace and return its folder."""
    shutil.copytree(HOUSE / "assets", folder / "assets")
    (folder / "content").mkdir()
    shutil.copy(HOUSE / "content" / "office.yaml", folder / "content")
    (folder / "templates").mkdir()
    return folder


def write_card(folder: Path, samples: str = SAMPLES, card: str = CARD) -> Path:
    """Write infographic/card with its samples and return its folder."""
    target = folder / "templates" / "infographic" / "card"
    target.mkdir(parents=True, exist_ok=True)
    (target / "template.yaml").write_text(card, encoding="utf-8")
    (target / "sample.yaml").write_text(samples, encoding="utf-8")
    return target
