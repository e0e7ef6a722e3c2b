"""One call of python-telegram-bot over our own wire: with its deadline, and its word on whether anything was sent."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, TypeVar

from telegram import Bot
from telegram.error import TelegramError
from telegram.request import BaseRequest, RequestData

from editorial.outcome import OutcomeUnknown, PublishError, RateLimited
from publishers.contract import Account
from publishers.secrecy import scrub
from publishers.telegram.errors import DROPPED_QUERY_SECONDS, ruling_of
from publishers.verdict import error_of
from publishers.wire import Answer, Call, Wire, uncertain

# An answer that is no JSON is one of our five errors; the library would print a traceback beside it.
logging.getLogger("telegram.request").setLevel(logging.CRITICAL)
Result = TypeVar("Result")


class BotLine:
    """Make calls as the office's bot."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._wire = Wire(account.deadline)

    def close(self) -> None:
        """Let go of connections."""
        self._wire.close()

    def call(self, action: Callable[[Bot], Awaitable[Result]], *, commit: bool = False) -> Result:
        """Return what the action answers, run on an event loop of its own; raise one of the five errors."""
        try:
            return self.attempt(action, commit=commit)
        except TelegramError as error:
            raise refusal(error, commit=commit) from None

    def attempt(self, action: Callable[[Bot], Awaitable[Result]], *, commit: bool = False) -> Result:
        """Do as `call`, but let the platform's own no through as TelegramError, for the caller that expects one."""
        request = _WireRequest(self._wire, commit=commit)
        try:
            return asyncio.run(self._run(action, request))
        except TelegramError as error:
            if isinstance(error.__cause__, PublishError):
                raise error.__cause__ from None
            raise
        except (KeyError, TypeError, ValueError, AttributeError):  # a 2xx answer without what the library expects in it
            raise uncertain("unreadable-answer", commit=commit) from None

    async def _run(self, action: Callable[[Bot], Awaitable[Result]], request: _WireRequest) -> Result:
        token = self._account.secrets.get("bot_token")
        base_url = f"{self._account.base_url.rstrip('/')}/bot"
        return await action(Bot(token, base_url=base_url, request=request, get_updates_request=request))


class _WireRequest(BaseRequest):
    """Carry the library's requests over our wire. Blocks its event loop, which serves one call only."""

    def __init__(self, wire: Wire, *, commit: bool) -> None:
        self._wire = wire
        self._commit = commit

    @property
    def read_timeout(self) -> float | None:
        return None

    async def initialize(self) -> None:
        pass

    async def shutdown(self) -> None:
        pass

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_timeouts: Any, **_more_timeouts: Any
    ) -> tuple[int, bytes]:
        form = request_data.json_parameters if request_data else None
        files = request_data.multipart_data if request_data else None
        patient = bool(files) and not self._commit
        call = Call(method=method, url=url, form=form, files=files or None, commit=self._commit, upload=patient)
        answer = self._wire.send(call)
        if answer.status == 429:  # the library's own RetryAfter warns of its coming change each time it is made
            raise _not_now(answer, commit=self._commit)
        return answer.status, answer.body


def refusal(error: TelegramError, *, commit: bool = False) -> PublishError:
    """Return what the platform's no means for the post."""
    said = scrub(error.message)
    return error_of(ruling_of(error), said, code=said, commit=commit)


def _not_now(answer: Answer, *, commit: bool) -> PublishError:
    seconds = answer.tree.number("parameters", "retry_after") or DROPPED_QUERY_SECONDS
    if commit and seconds == DROPPED_QUERY_SECONDS:
        return OutcomeUnknown("máy chủ Telegram vừa khởi động lại giữa chừng; Loa sẽ kiểm tra bài đã lên chưa", code="429")
    return RateLimited("Telegram bảo chờ", wait=timedelta(seconds=seconds), code="429")
