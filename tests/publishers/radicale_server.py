"""A real CalDAV server on loopback, for as long as a test needs it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.ports import free_port

USER, PASSWORD = "loa", "mật-khẩu"
READY = "ready"


@contextmanager
def radicale(folder: Path) -> Iterator[str]:
    """Yield the address of an empty calendar."""
    port = free_port()
    (folder / "users").write_text(f"{USER}:{PASSWORD}\n", encoding="utf-8")
    config = folder / "config"
    config.write_text(
        f"[server]\nhosts = 127.0.0.1:{port}\n"
        f"[auth]\ntype = htpasswd\nhtpasswd_filename = {folder / 'users'}\nhtpasswd_encryption = plain\ndelay = 0\n"
        f"[storage]\nfilesystem_folder = {folder / 'collections'}\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "radicale", "--config", str(config)]
    environment = {**os.environ, "PYTHONUTF8": "1"}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, encoding="utf-8", env=environment) as process:
        drained = threading.Thread(target=_drain, args=(process,))
        try:
            _wait_until_ready(process)
            drained.start()
            yield _made(f"http://127.0.0.1:{port}/{USER}/ke-hoach/")
        finally:
            process.terminate()
            process.wait()
            if drained.is_alive():
                drained.join()


def _wait_until_ready(process: subprocess.Popen[str]) -> None:
    assert process.stderr is not None
    said = []
    for line in process.stderr:
        said.append(line)
        if READY in line:
            return
    raise AssertionError("".join(said))


def _drain(process: subprocess.Popen[str]) -> None:
    """Read on: a server whose log nobody reads stands still when the pipe is full."""
    assert process.stderr is not None
    for _ in process.stderr:
        pass


def _made(address: str) -> str:
    answer = httpx.request("MKCALENDAR", address, auth=(USER, PASSWORD))
    assert answer.status_code == 201, answer.text
    return address
