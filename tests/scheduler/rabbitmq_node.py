"""A RabbitMQ of this test run alone: on loopback, in a temporary folder, never as root; started when first asked for."""

from __future__ import annotations

import atexit
import functools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import amqp
import pytest

from tests.ports import free_ports

PATIENCE = 90.0
GUEST = {"userid": "guest", "password": "guest"}  # whom RabbitMQ lets in from loopback and from nowhere else
# The node must not outlive tests that were killed: it would wait in memory for ever.
WATCH = 'while kill -0 "$1" 2>/dev/null; do sleep 1; done; kill -KILL "-$2"; kill -KILL "-$3"; rm -rf "$4"'
SMALL = "+S 1:1 +sbwt none +sbwtdcpu none +sbwtdio none"  # one scheduler, which sleeps when it has nothing to do


@dataclass
class Node:
    """One broker with its own port mapper, so that no other Erlang of the machine is asked."""

    folder: Path
    port: int
    environment: dict[str, str]
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    watch: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Return the broker's address."""
        return f"amqp://guest:guest@127.0.0.1:{self.port}//"

    def start(self) -> None:
        """Start it, and return when it takes connections."""
        mapper = [_program("epmd"), "-address", "127.0.0.1", "-port", self.environment["ERL_EPMD_PORT"]]
        self.processes = [self._run(mapper, "epmd"), self._run([str(_server())], "rabbitmq")]
        watched = [str(os.getpid()), *(str(process.pid) for process in self.processes), str(self.folder)]
        self.watch = subprocess.Popen(["sh", "-c", WATCH, "watch", *watched], start_new_session=True)
        end = time.monotonic() + PATIENCE
        while not self._answers():
            assert time.monotonic() < end, (self.folder / "rabbitmq.out").read_text(errors="replace")[-2000:]
            time.sleep(0.1)

    def kill(self) -> None:
        """End it as a power cut does."""
        if self.watch is not None:
            os.killpg(self.watch.pid, signal.SIGKILL)
            self.watch.wait(PATIENCE)
            self.watch = None
        for process in reversed(self.processes):
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(PATIENCE)
        self.processes = []

    def restart(self) -> None:
        """End it as a crash does, and start it again."""
        self.kill()
        self.start()

    def purge(self, queue: str) -> int:
        """Throw away the tickets that wait in a queue; return how many."""
        with amqp.Connection(f"127.0.0.1:{self.port}", **GUEST) as connection:
            return int(connection.channel().queue_purge(queue))

    def waiting(self, queue: str) -> int:
        """Return how many tickets wait in a queue and are in nobody's hands."""
        with amqp.Connection(f"127.0.0.1:{self.port}", **GUEST) as connection:
            return int(connection.channel().queue_declare(queue, passive=True).message_count)

    def consumers(self, queue: str) -> int:
        """Return how many consumers a queue has; none where there is no such queue yet."""
        try:
            with amqp.Connection(f"127.0.0.1:{self.port}", **GUEST) as connection:
                return int(connection.channel().queue_declare(queue, passive=True).consumer_count)
        except amqp.exceptions.NotFound:
            return 0

    def take_and_drop(self, queue: str) -> bool:
        """Take a ticket and go away without a word, as a process that is killed does; tell whether there was one."""
        with amqp.Connection(f"127.0.0.1:{self.port}", **GUEST) as connection:
            return connection.channel().basic_get(queue) is not None

    def remove(self) -> None:
        """End it and leave nothing of it."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _answers(self) -> bool:
        try:
            with amqp.Connection(f"127.0.0.1:{self.port}", connect_timeout=2, **GUEST):
                return True
        except (OSError, amqp.AMQPError):
            return False

    def _run(self, command: list[str], name: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}.out").open("ab") as out:
            more = {"env": self.environment, "cwd": self.folder, "start_new_session": True, **_as_account()}
            return subprocess.Popen(command, stdout=out, stderr=out, **more)  # type: ignore[call-overload,no-any-return]


def broker() -> Node:
    """Return the node of this process; skip the test where there is no RabbitMQ, which CI may not."""
    found = _the_node()
    if isinstance(found, str):
        if os.environ.get("CI"):
            pytest.fail(found)
        pytest.skip(found)
    return found


@functools.cache
def _the_node() -> Node | str:
    if _server() is None:
        return "RabbitMQ is not installed (Debian: apt-get install rabbitmq-server)"
    made = own_node()
    atexit.register(made.remove)
    return made


def own_node() -> Node:
    """Make and start one more node; whoever asks removes it."""
    folder = Path(tempfile.mkdtemp(prefix="loa-rabbitmq-"))
    port, mapper, distribution = free_ports(3)
    (folder / "rabbitmq.conf").write_text(f"listeners.tcp.1 = 127.0.0.1:{port}\nlog.console.level = warning\n")
    (folder / "plugins").write_text("[].")
    account = _account()
    if account is not None:
        for path in (folder, *folder.iterdir()):
            os.chown(path, account.pw_uid, account.pw_gid)
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8",
        "ERL_EPMD_ADDRESS": "127.0.0.1", "ERL_EPMD_PORT": str(mapper),
        "RABBITMQ_NODENAME": f"loa-{port}@localhost", "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1", "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_DIST_PORT": str(distribution), "RABBITMQ_BASE": str(folder), "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
        "RABBITMQ_LOG_BASE": str(folder / "log"), "RABBITMQ_LOGS": "-", "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"), "RABBITMQ_CONF_ENV_FILE": "/dev/null",
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": SMALL,
    }  # fmt: skip
    node = Node(folder=folder, port=port, environment=environment)
    try:
        node.start()
    except BaseException:
        node.remove()
        raise
    return node


@functools.cache
def _server() -> Path | None:
    """Return the script that starts the server as whoever calls it; the one on the path insists on its own account."""
    found = sorted(Path("/usr/lib/rabbitmq/lib").glob("rabbitmq_server-*/sbin/rabbitmq-server"))
    return found[-1] if found else None


def _program(name: str) -> str:
    return shutil.which(name) or name


def _account() -> pwd.struct_passwd | None:
    """Return who runs the node where root runs the tests."""
    return pwd.getpwnam("rabbitmq") if os.geteuid() == 0 else None


def _as_account() -> dict[str, object]:
    account = _account()
    return {} if account is None else {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
