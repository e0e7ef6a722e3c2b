"""The servers that an office on several machines shares: its database, its broker, its media."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from desk.records import DATABASE, MEDIA, OFFICE
from editorial.problem import BadInput, Problem
from scheduler.engines.contract import Engine
from store.database import ask_postgresql
from store.errors import Unreachable
from store.store import Store

BROKER = "LOA_BROKER"


@dataclass(frozen=True, kw_only=True)
class Servers:
    """Addresses; `media` is empty where pictures and clips lie in a folder that all processes see."""

    database: str
    broker: str
    media: str = ""

    def name_them(self) -> None:
        """Let everything in this process find them, by environment."""
        os.environ[DATABASE] = self.database
        os.environ[MEDIA] = self.media

    def engine(self, store: Store, name: str, *, threads: int) -> Engine:
        """Return this process's part of the engine."""
        from scheduler.engines.distributed import DistributedEngine  # an office in one process never loads it

        return DistributedEngine(self.broker, store.seat(), name=name, threads=threads)


def read_servers(database: str, broker: str, media: str, memory: Path) -> Servers | None:
    """Return the servers, None for an office in one process; raise BadInput where one is missing or does not answer."""
    if not database and not broker and not media:
        return None
    if not database or not broker:
        message = "--database và --broker phải đi cùng nhau; hãy ghi thêm địa chỉ còn thiếu"
        raise BadInput(Problem(rule="servers", key="--broker" if database else "--database", message=message))
    if memory.name != OFFICE:
        message = "máy chủ chung chỉ dùng cho sổ office; hãy bỏ --memory"
        raise BadInput(Problem(rule="servers", key="--memory", message=message))
    ask_database(database)
    ask_broker(broker)
    if media:
        ask_media(media)
    return Servers(database=database, broker=broker, media=media)


def needed_servers(database: str, broker: str, media: str, memory: Path) -> Servers:
    """Return the servers; raise BadInput where any of them is missing or does not answer."""
    servers = read_servers(database, broker, media, memory)
    if servers is None:
        message = "lệnh này dành cho cơ quan chạy trên nhiều máy: hãy ghi --database và --broker"
        raise BadInput(Problem(rule="servers", key="--database", message=message))
    return servers


def ask_database(address: str, key: str = "--database") -> None:
    """Raise BadInput where no PostgreSQL answers."""
    try:
        ask_postgresql(address)
    except Unreachable as error:
        message = "không có kho PostgreSQL nào ở địa chỉ này; viết dạng postgresql://người-dùng@máy/tên-kho"
        raise BadInput(Problem(rule="no-database", key=key, message=message)) from error


def ask_media(address: str) -> None:
    """Raise BadInput where no bucket can be written at the address."""
    from store.depot import Depot

    try:
        Depot(address).ask()
    except (Unreachable, ValueError) as error:
        message = "không ghi được vào kho ảnh và clip ở địa chỉ này; viết dạng s3://kho hoặc http://khóa:mật-khẩu@máy:cổng/kho"
        raise BadInput(Problem(rule="no-media", key="--media", message=message)) from error


def ask_broker(address: str) -> None:
    """Raise BadInput where no RabbitMQ answers."""
    from scheduler.engines.distributed import broker_answers

    if not broker_answers(address):
        message = "không có RabbitMQ nào ở địa chỉ này; viết dạng amqp://người-dùng:mật-khẩu@máy/kho"
        raise BadInput(Problem(rule="no-broker", key="--broker", message=message))
