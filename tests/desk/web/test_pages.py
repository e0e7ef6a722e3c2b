from __future__ import annotations

from tests.desk.web.browser import Browser


def test_smoke(browser: Browser) -> None:
    for path in ("/calendar?month=2026-10", "/entries/giai-phong-thu-do", "/deliveries", "/deliveries/1", "/health", "/api/calendar?month=2026-10", "/api/deliveries"):
        answer = browser.get(path)
        assert answer.status_code == 200, answer.text[:3000]
