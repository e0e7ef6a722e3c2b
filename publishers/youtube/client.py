"""Google's client, built from the discovery document in its own package, with the account's address put in its place."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from importlib.resources import files
from typing import Any

from googleapiclient.discovery import build_from_document  # type: ignore[import-untyped]
from googleapiclient.errors import HttpError, InvalidJsonError  # type: ignore[import-untyped]
from googleapiclient.http import HttpRequest  # type: ignore[import-untyped]

from editorial.outcome import PublishError
from publishers.contract import Account, Notes
from publishers.secrecy import scrub
from publishers.tree import Tree
from publishers.verdict import UNLISTED, error_of, limited, unauthorized
from publishers.wire import Answer, Call, Wire, uncertain
from publishers.youtube.errors import DAILY, REASONS
from publishers.youtube.http import GoogleHttp
from publishers.youtube.quota import UNITS, UPLOADS, Quota, until_midnight_pacific


class YouTube:
    """Speak to YouTube for one channel."""

    def __init__(self, account: Account, project_notes: Callable[[], Notes]) -> None:
        self._account = account
        self._wire = Wire(account.deadline)
        self.quota = Quota(account, project_notes)
        # The client's own way of changing the address leaves uploads on https; the document's rootUrl moves everything.
        document = {**_document(), "rootUrl": account.base_url.rstrip("/") + "/"}
        self.api: Any = build_from_document(document, http=GoogleHttp(account, self._wire))

    def close(self) -> None:
        """Let go of connections."""
        self._wire.close()

    def run(self, request: HttpRequest, *, commit: bool = False) -> Tree:
        """Execute one request of the client and return its answer."""
        self.quota.spend(request.methodId.removeprefix("youtube."))
        try:
            return Tree(request.execute(http=GoogleHttp(self._account, self._wire, commit=commit), num_retries=0))
        except HttpError as error:
            raise self._refusal(error, UNITS, commit=commit) from None  # it carries the request's address
        except (InvalidJsonError, ValueError):
            raise uncertain("unreadable-answer", commit=commit) from None

    def chunk(self, request: HttpRequest, on_session: Callable[[str], None]) -> Tree | None:
        """Send the next chunk of a resumable upload; return the video once it is complete."""
        if request.resumable_uri is None:
            self.quota.spend("videos.insert")
        try:
            _progress, video = request.next_chunk(
                http=GoogleHttp(self._account, self._wire, on_session=on_session), num_retries=0
            )
        except HttpError as error:
            raise self._refusal(error, UPLOADS, commit=False) from None
        except ValueError:
            raise uncertain("unreadable-answer", commit=False) from None
        return Tree(video) if video is not None else None

    def _refusal(self, error: HttpError, bucket: str, *, commit: bool) -> PublishError:
        """Return what the answer means for the post, and remember which of the day's quotas is used up."""
        reason = reason_of(error)
        if reason in DAILY:
            self.quota.used_up(bucket)
        return refusal(error, reason, commit=commit, now=self._account.now())

    def session(self, address: str, size: int) -> Answer:
        """Ask an upload session how far it has come: 308 with Range, 200 or 201 with the video, 404 when it has ended."""
        http = GoogleHttp(self._account, self._wire)
        return http.send(Call(method="PUT", url=address, headers={"Content-Range": f"bytes */{size}"}, content=b""))


def reason_of(error: HttpError) -> str:
    """Return the machine-readable reason of an answer, the first where there are several."""
    tree = Tree.parse(error.content)
    return tree.text("error", "errors", 0, "reason") or tree.text("error", "status") or str(error.resp.status)


def refusal(error: HttpError, reason: str, *, commit: bool, now: datetime) -> PublishError:
    """Return what the answer means for the post."""
    status = int(error.resp.status)
    said = scrub(Tree.parse(error.content).text("error", "message"))
    ruling = UNLISTED if status >= 500 else REASONS.get(reason, UNLISTED)
    if ruling is UNLISTED and status == 401:
        ruling = unauthorized("mã kết nối YouTube không còn dùng được; hãy kết nối lại kênh trong phần Kênh")
    if ruling is UNLISTED and status == 429:
        ruling = limited("gọi YouTube quá nhanh", timedelta(minutes=1))
    return error_of(ruling, said, code=reason, commit=commit, wait=_wait(error, reason, now))


def _wait(error: HttpError, reason: str, now: datetime) -> timedelta | None:
    if reason in DAILY:
        return until_midnight_pacific(_moment(error.resp.get("date", ""), now))
    seconds = error.resp.get("retry-after", "")
    return timedelta(seconds=int(seconds)) if seconds.isdigit() else None


def _moment(header: str, now: datetime) -> datetime:
    """Return the server's own moment, so that its midnight is counted on its clock; ours where it names none."""
    try:
        return parsedate_to_datetime(header)
    except ValueError:
        return now


@cache
def _document() -> dict[str, Any]:
    text = files("googleapiclient").joinpath("discovery_cache/documents/youtube.v3.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document
