"""A real account as a file of its owner's: only ever asked, never published to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

from pydantic import Field

from editorial.office import Channel
from editorial.outcome import Unauthorized
from editorial.problem import BadInput, Problem
from publishers.contract import Account
from publishers.registry import manifest_of
from reading.document import Document, Record, read_yaml


class AccountRecord(Record):
    """A real account as a file: where its API answers, its settings and its credentials."""

    base_url: str
    settings: dict[str, str] = Field(default_factory=dict)
    secrets: dict[str, str] = Field(default_factory=dict)


def read_account(channel: Channel, file: Path) -> Account:
    """Return the account; raise BadInput for a file that is wrong, or that others on this machine may read."""
    read = read_yaml(file, AccountRecord, file.parent)
    if file.stat().st_mode & 0o077:
        message = f"người khác đọc được mật khẩu trong tệp; hãy chạy: chmod 600 {file.name}"
        raise BadInput(Problem(rule="readable-secrets", file=read.file, message=message))
    manifest = manifest_of(channel.publisher)
    missing = [*_missing(read, "settings", manifest.settings), *_missing(read, "secrets", manifest.secrets)]
    if not read.value.base_url.startswith(("http://", "https://")):
        missing.append(read.problem("bad-address", "địa chỉ API phải bắt đầu bằng https://", "base_url"))
    if missing:
        raise BadInput(*missing)
    value = read.value
    return Account(
        channel=channel.id, base_url=value.base_url, settings=value.settings, secrets=_FileSecrets(value.secrets)
    )  # fmt: skip


def _missing(read: Document[AccountRecord], part: str, names: tuple[str, ...]) -> Iterator[Problem]:
    given: Mapping[str, str] = getattr(read.value, part)
    for name in names:
        if not given.get(name):
            yield read.problem("missing-setting", f"kênh này cần “{name}” trong {part}", part)


class _FileSecrets:
    """Credentials of a file. A token that is renewed would have to be kept, or the account is lost: so none is."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def get(self, name: str) -> str:
        if not self._values.get(name):
            raise Unauthorized(f"tệp tài khoản không có “{name}”", code="not-connected")
        return self._values[name]

    def replace(self, values: Mapping[str, str]) -> None:
        raise Unauthorized("mã kết nối đã hết hạn; hãy lấy mã mới rồi ghi vào tệp", code="expired")

    def alone(self) -> AbstractContextManager[None]:
        raise Unauthorized("mã kết nối đã hết hạn; hãy lấy mã mới rồi ghi vào tệp", code="expired")
