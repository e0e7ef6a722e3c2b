"""One HTTP request, read completely before a stand-in looks at it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from starlette.datastructures import Headers, QueryParams, UploadFile
from starlette.requests import Request
from starlette.types import Message, Receive, Scope

JsonObject = dict[str, object]


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A file part of a multipart body."""

    name: str
    content_type: str
    data: bytes


@dataclass(frozen=True)
class Call:
    """A request with its body decoded: fields of a form, file parts, or JSON."""

    method: str
    path: str
    query: QueryParams
    headers: Headers
    body: bytes
    form: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, Upload] = field(default_factory=dict)

    @property
    def target(self) -> str:
        """Give the path with its query."""
        return f"{self.path}?{self.query}" if self.query else self.path

    @cached_property
    def json(self) -> JsonObject | None:
        """Read the body as a JSON object; None where it is not one."""
        try:
            value = json.loads(self.body)
        except ValueError:
            return None
        return value if isinstance(value, dict) else None

    @cached_property
    def params(self) -> Mapping[str, object]:
        """Merge query, form fields and a JSON body, the later winning."""
        typed = self.headers.get("content-type", "")
        return {**self.query, **self.form, **((self.json or {}) if "json" in typed else {})}

    def text(self, name: str) -> str:
        """Read a parameter as text, empty where it is missing."""
        value = self.params.get(name)
        if value is None:
            return ""
        if isinstance(value, bool):
            return "true" if value else "false"
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

    def with_file(self, part: str, upload: Upload) -> Call:
        """Give the same call with one more file part."""
        return replace(self, files={**self.files, part: upload})

    @property
    def is_read(self) -> bool:
        """Say whether the method alone promises to change nothing."""
        return self.method in ("GET", "HEAD", "OPTIONS")


async def read(scope: Scope, body: bytes) -> Call:
    """Decode a request whose body has arrived."""
    request = Request(scope, _receive_once(body))
    form: dict[str, str] = {}
    files: dict[str, Upload] = {}
    typed = request.headers.get("content-type", "")
    if typed.startswith(("multipart/form-data", "application/x-www-form-urlencoded")):
        async with request.form(max_part_size=16 << 20) as parts:
            for name, value in parts.multi_items():
                if isinstance(value, UploadFile):
                    data = await value.read()
                    files[name] = Upload(name=value.filename or name, content_type=value.content_type or "", data=data)
                else:
                    form[name] = value
    return Call(request.method, request.url.path, request.query_params, request.headers, body, form, files)


def _receive_once(body: bytes) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive
