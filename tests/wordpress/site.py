"""A real WordPress of Debian's packages on loopback: MariaDB on a private socket, PHP's built-in server, app passwords."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.ports import free_port

HERE = Path(__file__).parent
SOURCE = Path("/usr/share/wordpress")
THEME = SOURCE / "wp-content" / "themes" / "twentytwentyone"
PROGRAMS = ("mariadbd", "mariadb-install-db", "mariadb", "mariadb-admin", "php")
PATIENCE = 60.0  # seconds for a server to answer on a busy machine
KEYS = tuple(f"{kind}_{what}" for what in ("KEY", "SALT") for kind in ("AUTH", "SECURE_AUTH", "LOGGED_IN", "NONCE"))


@dataclass(frozen=True, kw_only=True)
class Site:
    """A running WordPress with the application passwords of its accounts: `scheduler` may publish, `guest` may not."""

    address: str
    version: str
    passwords: Mapping[str, str]


def missing() -> tuple[str, ...]:
    """Return what this machine lacks to run one, in Debian's names."""
    gone = tuple(name for name in PROGRAMS if shutil.which(name) is None)
    return gone if THEME.is_dir() else (*gone, "wordpress", "wordpress-theme-twentytwentyone")


@contextmanager
def running(folder: Path) -> Iterator[Site]:
    """Install and run a WordPress in an empty folder; everything it started is over on leaving."""
    with ExitStack() as stack:
        database = _database(folder, stack)
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        site = _files(folder, database, address)
        version, passwords = _installed(folder, site, address)
        _started(stack, _php(site, port), folder / "web.log", workers=4)
        _wait_for(f"{address}/wp-json/")
        yield Site(address=address, version=version, passwords=passwords)


def _database(folder: Path, stack: ExitStack) -> Path:
    """Start MariaDB without a network and return its socket."""
    data, where = folder / "db", folder / "db.sock"
    common = ["--no-defaults", f"--datadir={data}", *(["--user=root"] if os.geteuid() == 0 else [])]
    made = ["mariadb-install-db", *common, "--skip-test-db", "--auth-root-authentication-method=normal"]
    subprocess.run(made, check=True, capture_output=True)
    private = [f"--socket={where}", f"--pid-file={folder / 'db.pid'}", "--skip-networking", "--performance-schema=OFF"]
    _started(stack, ["mariadbd", *common, *private], folder / "db.log")
    ping = ["mariadb-admin", "--no-defaults", "-uroot", f"--socket={where}", f"--wait={int(PATIENCE)}", "ping"]
    subprocess.run([*ping, "--connect-timeout=5"], check=True, capture_output=True)
    create = "CREATE DATABASE wp CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci"
    subprocess.run(["mariadb", "--no-defaults", "-uroot", f"--socket={where}", "-e", create], check=True, capture_output=True)
    return where


def _files(folder: Path, database: Path, address: str) -> Path:
    site = folder / "site"
    shutil.copytree(SOURCE, site, symlinks=False, ignore_dangling_symlinks=True, ignore=shutil.ignore_patterns("wp-config.php"))
    (site / "wp-content" / "uploads").mkdir(parents=True, exist_ok=True)
    salt = secrets.token_hex(16)
    settings = {
        "DB_NAME": "wp",
        "DB_USER": "root",
        "DB_PASSWORD": "",
        "DB_HOST": f"localhost:{database}",
        "DB_CHARSET": "utf8mb4",
        "WP_HOME": address,
        "WP_SITEURL": address,
        "WP_ENVIRONMENT_TYPE": "local",  # or application passwords are refused over plain http
        **{key: hashlib.sha256(f"{key}{salt}".encode()).hexdigest() for key in KEYS},
    }
    switches = ("WP_HTTP_BLOCK_EXTERNAL", "AUTOMATIC_UPDATER_DISABLED", "DISABLE_WP_CRON")
    lines = [f"define({name!r}, {value!r});" for name, value in settings.items()]
    lines += [f"define({name!r}, true);" for name in switches]
    lines += ["$table_prefix = 'wp_';", "if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');"]
    text = "\n".join(["<?php", *lines, "require_once ABSPATH . 'wp-settings.php';", ""])
    (site / "wp-config.php").write_text(text, encoding="utf-8")
    return site


def _installed(folder: Path, site: Path, address: str) -> tuple[str, dict[str, str]]:
    out = folder / "accounts.json"
    subprocess.run(["php", str(HERE / "setup.php"), str(site), address, str(out)], check=True, capture_output=True)
    known = json.loads(out.read_text(encoding="utf-8"))
    return known["version"], known["accounts"]


def _php(site: Path, port: int) -> list[str]:
    sizes = {"upload_max_filesize": "64M", "post_max_size": "72M", "memory_limit": "256M", "opcache.enable_cli": "1"}
    options = [part for name, value in sizes.items() for part in ("-d", f"{name}={value}")]
    return ["php", *options, "-S", f"127.0.0.1:{port}", "-t", str(site), str(HERE / "router.php")]


def _started(stack: ExitStack, command: list[str], log: Path, *, workers: int = 0) -> None:
    environment = {**os.environ, **({"PHP_CLI_SERVER_WORKERS": str(workers)} if workers else {})}
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, stdout=out, stderr=out, stdin=subprocess.DEVNULL, env=environment, start_new_session=True
        )
    stack.callback(_end, process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a server together with the workers it forked: they are one process group."""
    try:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(20)


def _wait_for(address: str) -> None:
    with httpx.Client(transport=httpx.HTTPTransport(retries=8), timeout=PATIENCE, trust_env=False) as client:
        client.get(address).raise_for_status()
