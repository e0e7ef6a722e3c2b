"""Calls to Graph: token and proof on every call, errors by their code, waiting times by the usage headers."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from editorial.outcome import PublishError, RateLimited, Unauthorized
from publishers.contract import Account, Notes
from publishers.facebook.errors import CODES, GONE, PROOF, WRONG_SECRET
from publishers.facebook.usage import Allowance, usages_of
from publishers.secrecy import scrub
from publishers.tree import Tree
from publishers.verdict import UNLISTED, Ruling, Verdict, error_of, unknown
from publishers.wire import Answer, Call, Part, Wire, uncertain

VERSION = "v26.0"
GRAPH_HOST, VIDEO_HOST = "https://graph.facebook.com", "https://graph-video.facebook.com"


@dataclass(frozen=True, kw_only=True)
class GraphError:
    """The `error` object of an answer."""

    code: str
    subcode: str
    message: str
    transient: bool
    data: Tree
    wait: timedelta | None  # by the usage header of the answer that carried it

    @property
    def full_code(self) -> str:
        """Return code and subcode as the table writes them."""
        return f"{self.code}/{self.subcode}" if self.subcode else self.code

    @property
    def ruling(self) -> Ruling:
        """Return the table's row: the subcode's own, else the code's. A throttle is certain even where it is called transient."""
        if PROOF in self.message:  # it has no code of its own: 100 stands for anything wrong with a call
            return WRONG_SECRET
        row = CODES.get(self.full_code) or CODES.get(self.subcode) or CODES.get(self.code) or UNLISTED
        if self.transient and row.verdict is not Verdict.LIMITED:
            return unknown("Facebook báo lỗi tạm thời")
        return row


class Graph:
    """Speak Graph for one page."""

    def __init__(self, account: Account, app_notes: Callable[[], Notes]) -> None:
        self._account = account
        self._wire = Wire(account.deadline)
        self.allowance = Allowance(account, app_notes)

    def close(self) -> None:
        """Let go of connections."""
        self._wire.close()

    def get(self, path: str, **params: str) -> Tree:
        """Return what Graph says of an object."""
        return self._checked(Call(method="GET", url=self._url(path), params=self._signed(params)))

    def post(
        self,
        path: str,
        form: Mapping[str, str],
        *,
        files: Mapping[str, Part] | None = None,
        commit: bool = False,
        video: bool = False,
    ) -> Tree:
        """Send a form, or a multipart form with files."""
        url = self._url(path, video=video)
        return self._checked(
            Call(method="POST", url=url, params=self._signed({}), form=form, files=files, commit=commit, upload=bool(files))
        )

    def delete(self, path: str) -> None:
        """Delete an object; one that is already gone is as good."""
        answer = self._send(Call(method="DELETE", url=self._url(path), params=self._signed({})))
        error = error_in(answer)
        if error is None or error.full_code not in GONE:
            self._accepted(answer, commit=False)

    def get_or_none(self, path: str, **params: str) -> Tree | None:
        """Return the object, or None when Graph says that it is gone."""
        answer = self._send(Call(method="GET", url=self._url(path), params=self._signed(params)))
        error = error_in(answer)
        if error is not None and error.full_code in GONE:
            return None
        return self._accepted(answer, commit=False)

    def attempt(self, path: str, form: Mapping[str, str], files: Mapping[str, Part]) -> tuple[Tree, GraphError | None]:
        """Send a video chunk and return the answer with its error, for the caller that knows how to go on after it."""
        url = self._url(path, video=True)
        answer = self._send(Call(method="POST", url=url, params=self._signed({}), form=form, files=files, upload=True))
        return answer.tree, error_in(answer)

    def scopes(self) -> frozenset[str] | None:
        """Return what the page token is allowed; None when the app's id or secret, which may ask, is not known."""
        app_id, secret = self._account.settings.get("app_id"), self._app_secret()
        if not app_id or not secret:
            return None
        asker = f"{app_id}|{secret}"
        params = {"input_token": self._account.secrets.get("page_token"), "access_token": asker, **_proof(asker, secret)}
        told = self._checked(Call(method="GET", url=self._url("debug_token"), params=params)).at("data")
        return frozenset(scope.text() for scope in told.at("scopes")) if told.is_true("is_valid") else frozenset()

    def refusal(self, error: GraphError) -> PublishError:
        """Return the exception for an error that `attempt` gave back."""
        return error_of(error.ruling, error.message, code=error.full_code, commit=False, wait=error.wait)

    def _checked(self, call: Call) -> Tree:
        return self._accepted(self._send(call), commit=call.commit)

    def _send(self, call: Call) -> Answer:
        answer = self._wire.send(call)
        self.allowance.note(answer)
        return answer

    def _accepted(self, answer: Answer, *, commit: bool) -> Tree:
        error = error_in(answer)
        if error is not None:
            raise error_of(error.ruling, error.message, code=error.full_code, commit=commit, wait=error.wait)
        if answer.status == 429:
            raise RateLimited("Facebook bảo chờ", wait=regain_access(answer) or timedelta(minutes=5), code="429")
        # A 200 that says `success: false` is a failure in Meta's own SDK; what happened is anybody's guess.
        if not answer.ok or not answer.tree.is_mapping or answer.tree.text("success") == "false":
            raise uncertain(str(answer.status), commit=commit)
        return answer.tree

    def _url(self, path: str, *, video: bool = False) -> str:
        base = self._account.base_url.rstrip("/")
        if video:
            base = self._account.settings.get("video_base_url") or base.replace(GRAPH_HOST, VIDEO_HOST)
        return f"{base.rstrip('/')}/{VERSION}/{path}"

    def _signed(self, params: Mapping[str, str]) -> dict[str, str]:
        token = self._account.secrets.get("page_token")
        return {**params, "access_token": token, **_proof(token, self._app_secret())}

    def _app_secret(self) -> str:
        try:
            return self._account.secrets.get("app_secret")
        except Unauthorized:
            return ""


def _proof(token: str, app_secret: str) -> dict[str, str]:
    if not app_secret:
        return {}
    return {"appsecret_proof": hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()}


def error_in(answer: Answer) -> GraphError | None:
    """Return the error that the answer carries, whatever its HTTP status."""
    error = answer.tree.at("error")
    if not error.is_mapping:
        return None
    return GraphError(
        code=error.text("code"),
        subcode=error.text("error_subcode"),
        message=scrub(error.text("error_user_msg") or error.text("message")),
        transient=error.is_true("is_transient"),
        data=error.at("error_data"),
        wait=regain_access(answer),
    )


def regain_access(answer: Answer) -> timedelta | None:
    """Return how long until calls are taken again, where the answer tells."""
    spans = [usage.regain for usage in usages_of(answer).values() if usage.regain]
    return max(spans, default=answer.retry_after)
