"""When Chromium first paints a page over loopback, and what the page weighs, each time as a browser that has nothing of it yet.

Usage: python first_paint.py, with {"address", "cookie", "token", "paths"} as JSON on standard input.
Prints [[path, bytes besides pictures, seconds]]. Exit status 3: no Chromium here, or nothing to drive it.
"""

from __future__ import annotations

import json
import shutil
import sys

PAINT = "() => performance.getEntriesByName('first-contentful-paint').map((each) => each.startTime)[0] ?? null"
RUNS = 3


def main() -> int:
    program = shutil.which("chromium-headless-shell") or shutil.which("chromium") or shutil.which("google-chrome")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return 3
    if program is None:
        return 3
    job = json.load(sys.stdin)
    found = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for path in job["paths"]:
            weights, paints = [], []
            for _ in range(RUNS):
                context = browser.new_context(viewport={"width": 1440, "height": 900})
                context.add_cookies([{"name": job["cookie"], "value": job["token"], "url": job["address"]}])
                page = context.new_page()
                parts = []
                page.on("requestfinished", lambda request, parts=parts: parts.append(request))
                page.goto(job["address"] + path, wait_until="load")
                paint = page.wait_for_function(PAINT.replace("?? null", "?? 0")).json_value()
                paints.append(paint)
                words = [each for each in parts if each.resource_type not in ("image", "media", "eventsource")]
                weights.append(sum(each.sizes()["responseBodySize"] for each in words))
                context.close()
            found.append([path, min(weights), sorted(paints)[RUNS // 2] / 1000])
        browser.close()
    json.dump(found, sys.stdout)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
