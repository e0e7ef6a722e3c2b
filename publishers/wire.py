"""One HTTP call to a platform: never retried, never redirected, with a deadline; says whether anything may have happened."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import IO

import httpx

from editorial.outcome import OutcomeUnknown, PublishError, Unavailable
from publishers.accompaniment import Accompaniment, asleep, current
from publishers.secrecy import keep_tokens_out_of_logs
from publishers.tree import Tree

CONNECT_SECONDS = 5.0
EXPIRED = 10  # OpenSSL's X509_V_ERR_CERT_HAS_EXPIRED
PATIENCE = 10  # an upload or download may take this many deadlines: a clip over a ward office's line is slow, and shows nothing
# Raised before the first byte of the request is written, so nothing can have been posted.
NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.ProxyError)

Part = tuple[str, bytes | IO[bytes], str]  # file name, bytes, media type


@dataclass(frozen=True, kw_only=True)
class Call:
    """A request. `commit` marks the one call that makes a post public: it goes out on a fresh connection."""

    method: str
    url: str = field(repr=False)  # Telegram carries its token in it
    params: Mapping[str, str] = field(default_factory=dict, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    form: Mapping[str, str] | None = field(default=None, repr=False)
    files: Mapping[str, Part] | None = field(default=None, repr=False)
    json: Mapping[str, object] | None = field(default=None, repr=False)
    content: bytes | None = field(default=None, repr=False)
    commit: bool = False
    upload: bool = False
    download: bool = False
    at: str = ""  # the address to connect to, whatever the name in `url` leads to by then


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back, whole."""

    status: int
    headers: Mapping[str, str]  # lower-case names
    body: bytes = field(repr=False)

    @property
    def tree(self) -> Tree:
        """Return the body as parsed JSON; empty when it is something else, such as a gateway's HTML page."""
        return Tree.parse(self.body)

    @property
    def ok(self) -> bool:
        """Tell whether the status is 2xx."""
        return 200 <= self.status < 300

    @property
    def retry_after(self) -> timedelta | None:
        """Return what the Retry-After header asks for, where it names seconds."""
        seconds = self.headers.get("retry-after", "")
        return timedelta(seconds=int(seconds)) if seconds.isdigit() else None


class _AsleepError(Exception):
    """The worker has slept, and somebody else may be looking for the post, or have its work in hand, by now."""


class Wire:
    """Make calls; safe to use from several threads."""

    def __init__(self, deadline: timedelta) -> None:
        keep_tokens_out_of_logs()
        self._seconds = deadline.total_seconds()
        self._certificates = _certificates()
        self._shared = self._client()

    def send(self, call: Call) -> Answer:
        """Return the answer; raise Unavailable when nothing was posted for certain, else OutcomeUnknown."""
        if not call.commit:
            return self._send(self._shared, call)
        # A kept-alive connection that the other side has just closed would leave "was it sent?" without an answer.
        with self._client() as fresh:
            return self._send(fresh, call)

    def close(self) -> None:
        """Let go of connections."""
        self._shared.close()

    def _client(self) -> httpx.Client:
        return httpx.Client(verify=self._certificates, follow_redirects=False)

    def _send(self, client: httpx.Client, call: Call) -> Answer:
        try:
            return self._exchange(client, call)
        except _AsleepError:
            raise asleep() from None
        except NOT_SENT as error:
            if (refused := _certificate_error(error)) is not None:
                raise Unavailable(_bad_certificate(refused), code="certificate") from None
            raise Unavailable("không kết nối được tới nền tảng; chưa có gì được đăng", code=type(error).__name__) from None
        except httpx.HTTPError as error:
            raise uncertain(type(error).__name__, commit=call.commit) from None  # its request carries the token
        except (httpx.InvalidURL, UnicodeError):  # UnicodeError: a host's name that cannot be one
            raise Unavailable("địa chỉ API của kênh không hợp lệ; hãy sửa base_url", code="InvalidURL") from None

    def _exchange(self, client: httpx.Client, call: Call) -> Answer:
        seconds = self._seconds * (PATIENCE if call.upload or call.download else 1)
        end = time.monotonic() + seconds
        url, named, kept = _pinned(call)
        going = current()
        with client.stream(
            call.method,
            url,
            params=call.params or None,
            headers={**call.headers, **named},
            data=dict(call.form) if call.form is not None else None,
            files=dict(call.files) if call.files is not None else None,
            json=call.json,
            content=call.content,
            timeout=httpx.Timeout(max(seconds - CONNECT_SECONDS, seconds / 2), connect=min(CONNECT_SECONDS, seconds)),
            extensions={**kept, "trace": partial(_before_the_first_byte, going, call.commit)} if going else kept,
        ) as response:
            answer = Answer(status=response.status_code, headers=dict(response.headers), body=_whole(response, end))
        if going is not None:
            going.hear(answer.headers)
        return answer


def _pinned(call: Call) -> tuple[httpx.URL, Mapping[str, str], dict[str, object]]:
    """Return the address to connect to, with the name kept for the host's header and for its certificate."""
    url = httpx.URL(call.url)
    if not call.at:
        return url, {}, {}
    return url.copy_with(host=call.at), {"host": url.netloc.decode("ascii")}, {"sni_hostname": url.raw_host.decode("ascii")}


def _certificate_error(error: BaseException | None) -> ssl.SSLCertVerificationError | None:
    """Return why the other side's certificate was not taken, where that kept the connection from standing."""
    while error is not None and not isinstance(error, ssl.SSLCertVerificationError):
        error = error.__cause__ or error.__context__
    return error


def _bad_certificate(refused: ssl.SSLCertVerificationError) -> str:
    why = "đã hết hạn" if refused.verify_code == EXPIRED else "không tin được"
    return (
        f"chứng chỉ bảo mật của nền tảng {why}; chưa có gì được đăng. Hãy kiểm tra giờ của máy và địa chỉ API của kênh, rồi báo"
        " nơi giữ máy chủ đó"
    )


def _before_the_first_byte(going: Accompaniment, commit: bool, event: str, _info: Mapping[str, object]) -> None:
    """Stop a call at the last moment at which it can be stopped; httpcore tells of every step."""
    if event.endswith("send_request_headers.started") and going.stops(commit=commit):
        raise _AsleepError


def uncertain(code: str, *, commit: bool) -> PublishError:
    """Return the error for a call that may or may not have been carried out."""
    if commit:
        return OutcomeUnknown("mất liên lạc sau khi đã gửi; Loa sẽ kiểm tra bài đã lên chưa trước khi làm tiếp", code=code)
    return Unavailable("nền tảng chưa trả lời được; Loa sẽ thử lại", code=code)


def _whole(response: httpx.Response, end: float) -> bytes:
    """Return the body; give up at `end`, because a timeout of each read alone lets a dripping body last for ever."""
    chunks: list[bytes] = []
    for chunk in response.iter_bytes():
        chunks.append(chunk)
        if time.monotonic() > end:
            raise httpx.ReadTimeout("deadline")
    return b"".join(chunks)


_lock = threading.Lock()
_shared_certificates: list[ssl.SSLContext] = []


def _certificates() -> ssl.SSLContext:
    """Return the trusted roots, loaded once: loading them takes longer than a call."""
    with _lock:
        if not _shared_certificates:
            _shared_certificates.append(httpx.create_ssl_context())
        return _shared_certificates[0]
