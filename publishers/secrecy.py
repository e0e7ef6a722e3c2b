"""Keep tokens out of logs: httpx writes the whole address of every call, and some platforms want their token in it."""

from __future__ import annotations

import logging
import re

# Graph and Zalo carry tokens as query parameters, Telegram in the path, OAuth in headers and forms.
_SECRETS = re.compile(
    r"(?P<name>(?:access_token|input_token|appsecret_proof|client_secret|refresh_token|secret_key|fb_exchange_token"
    r"|upload_token|code_verifier|(?<![\w-])code)=)[^&\s\"']+"
    r"|(?P<bot>/bot)\d+:[\w-]+"
    r"|(?P<scheme>(?:Bearer|Basic|OAuth)\s+)[\w.~+/=|-]{8,}"
)


def scrub(text: str) -> str:
    """Return the text with every token that it carries replaced by ***."""
    return _SECRETS.sub(lambda found: f"{found['name'] or found['bot'] or found['scheme']}***", text)


class _Scrubber(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        clean = scrub(message)
        if clean != message:
            record.msg, record.args = clean, ()
        return True


def keep_tokens_out_of_logs() -> None:
    """Clean what the HTTP libraries log, at any level; safe to repeat."""
    for name in ("httpx", "httpcore", "telegram", "telegram.Bot", "telegram.request", "googleapiclient.http"):
        logger = logging.getLogger(name)
        if not any(isinstance(known, _Scrubber) for known in logger.filters):
            logger.addFilter(_Scrubber())
