"""The end of a process that publishes: what takes too long is left to the next start, which finds it as after a crash."""

from __future__ import annotations

import logging
import os
import sys

from scheduler.engines.embedded import EmbeddedEngine

LEFT = "Còn bài đang gửi dở khi đóng; lần mở sau Loa tự xem bài đã lên chưa rồi mới làm tiếp, không đăng hai lần."
LOG = logging.getLogger(__name__)


def leave(engine: EmbeddedEngine) -> None:
    """End the process where its engine was stopped and work goes on: Python would wait for it, for minutes where it is a clip."""
    if engine.is_idle:
        return
    LOG.warning(LEFT)
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
