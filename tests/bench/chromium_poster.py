"""The poster of the bench by a warm headless Chromium: the page opened, painted, taken as JPEG.

Usage: python chromium_poster.py WORKSPACE RUNS, with the poster's data as JSON on standard input.
Prints seconds, a JSON object a line. Exit status 3: no Chromium here.
"""

from __future__ import annotations

import html
import json
import shutil
import sys
from pathlib import Path
from time import perf_counter

STYLE = """
@font-face {font-family: bold; src: url(assets/fonts/be-vietnam-pro/BeVietnamPro-ExtraBold.ttf)}
@font-face {font-family: medium; src: url(assets/fonts/be-vietnam-pro/BeVietnamPro-Medium.ttf)}
* {margin: 0; box-sizing: border-box}
body {width: 1080px; height: 1350px; padding: 64px; display: flex; flex-direction: column; gap: 28px;
  color: #fff; font: 34px medium;
  background: linear-gradient(180deg, #0c1f26c7, #0c1f2673 45%, #0c1f26e0), url(photo.jpg) center / cover}
.head {display: flex; gap: 16px; align-items: center} .head img {width: 72px} h1 {font: 72px/1.25 bold} .push {flex: 1}
.cards {display: grid; grid-template-columns: 1fr 1fr; gap: 16px}
.cards div {background: #fff3; border-radius: 28px; padding: 14px 26px}
.cards b {font: 52px bold; color: #e5a93f; display: block} .cards span {font-size: 28px}
.bar {display: flex; gap: 16px; align-items: center; font-size: 24px} .bar span {width: 24%} .bar i {flex: 1; height: 20px;
  background: #fff3; border-radius: 10px; overflow: hidden} .bar u {display: block; height: 20px; background: #e5a93f}
.foot {display: flex; align-items: end; font-size: 26px} .foot p {flex: 1} .foot img {width: 120px}
"""


def page(data: dict[str, object], number: int) -> str:
    """Return the poster as HTML; the headline differs from run to run, as ours does."""
    figures, bars = data["figures"], data["bars"]
    assert isinstance(figures, list) and isinstance(bars, list)
    cards = "".join(
        f"<div><b>{html.escape(figure(row['value']))}</b><span>{html.escape(row['label'])}</span></div>" for row in figures
    )
    rows = "".join(
        f"<div class=bar><span>{html.escape(row['label'])}</span><i><u style='width:{float(row['share']):.1%}'></u></i></div>"
        for row in bars
    )
    return (
        f"<!doctype html><meta charset=utf-8><style>{STYLE}</style><div class=head><img src=assets/mark/mark.svg>"
        f"<p>{words(data['kicker'])}</p></div><h1>{words(data['headline'])} {number}</h1><div class=push></div>"
        f"<div class=cards>{cards}</div>{rows}<div class=foot><p>Nguồn: {words(data['source'])}</p><img src=qr.svg></div>"
    )


def words(value: object) -> str:
    return html.escape(str(value))


def figure(value: object) -> str:
    return f"{value['value']} {value['unit']}" if isinstance(value, dict) else str(value)


def main(root: Path, runs: int) -> int:
    program = shutil.which("chromium-headless-shell") or shutil.which("chromium") or shutil.which("google-chrome")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return 3
    if program is None:
        return 3
    data = json.load(sys.stdin)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": 1080, "height": 1350})
        for number in range(runs + 1):
            (root / "poster.html").write_text(page(data, number), encoding="utf-8")
            start = perf_counter()
            tab.goto((root / "poster.html").as_uri())
            tab.screenshot(type="jpeg", quality=90, path=root / "chromium.jpg")
            if number:  # the first opens fonts and warms caches
                sys.stdout.write(json.dumps({"seconds": perf_counter() - start}) + "\n")
        browser.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]), int(sys.argv[2])))
