"""Addresses on the web, and hosts that only look like ours."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import parse_qsl

from editorial.claims.wording import blanked, folded

OWN_HOSTS = ("hanoi.gov.vn",)  # the office's own, watched even where no fact names it

_TLD = (
    "vn|com|org|net|info|io|gov|edu|app|me|co|asia|xyz|site|online|top|club|biz|cc|ly|gl|link|live|news|page|shop|store|tv"
    "|us|uk|cn|ru|int|eu|in"
)
_LINK = re.compile(
    rf"(?<![\w@.-])(?:(?P<scheme>https?)://|(?=[^\s/]*\.(?:{_TLD})(?![\w-])))(?P<rest>[^\s<>\"“”()\[\]\x00]+)", re.IGNORECASE
)
_MAIL = re.compile(r"(?<![\w./])[\w.+-]+@(?P<host>[\w-]+(?:\.[\w-]+)+)")
_TRACKED = re.compile(r"utm_|fbclid$|gclid$|zarsrc$|ref$|src$|source$|mc_")
_TRAIL = ".,;:!?…'*"
_ALIKE = str.maketrans({"0": "o", "1": "l", "i": "l", "5": "s", "3": "e", "а": "a", "о": "o", "е": "e", "і": "l",
                        "һ": "h", "п": "n",
                        "ո": "n", "ɑ": "a", "ο": "o", "ν": "v", "ɡ": "g", "ѵ": "v", "ı": "l"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Link:
    """An address that a text states."""

    start: int
    stop: int
    host: str  # lower case, without www.
    path: str  # from the first slash, or a port of its own, without a slash at the end; without query and fragment
    text: str
    mail: bool = False
    query: frozenset[tuple[str, str]] = frozenset()  # what it asks for, without where its reader came from


def links(text: str, masked: str) -> tuple[list[Link], str]:
    """Return the addresses in the text, and its masked lower case with them blanked."""
    if "." not in text:
        return [], masked
    found: list[Link] = []
    for match in _MAIL.finditer(text):
        found.append(Link(match.start(), match.end(), match["host"].lower().rstrip("."), "", match.group(), mail=True))
        masked = blanked(masked, match.start(), match.end())
    for match in _LINK.finditer(text):
        if "\x00" in masked[match.start() : match.end()]:
            continue
        shown = match.group().rstrip(_TRAIL)
        link = read_link(shown, match.start())
        if link is not None:
            found.append(link)
            masked = blanked(masked, link.start, link.stop)
    return found, masked


def read_link(text: str, start: int = 0) -> Link | None:
    """Return the address that a text is, None when it is none."""
    body = re.sub(r"^[a-zA-Z]+://", "", text)
    authority, _, path = body.partition("/")
    authority = re.split(r"[?#]", authority)[0]
    # a name before @ is kept: hanoi.gov.vn@example.com leads to example.com and looks like ours
    host = authority.split(":")[0].lower().removeprefix("www.")
    if "." not in host or host.startswith(".") or re.fullmatch(r"[0-9.,]+", host):
        return None
    shown = "/" + re.split(r"[?#]", path)[0].strip("/") if path else ""
    port = re.search(r":(?!80$|443$)[0-9]+$", authority)
    page = (port.group() if port else "") + ("" if shown == "/" else shown)
    asked = body.partition("?")[2].partition("#")[0] if "?" in body else ""
    query = frozenset(pair for pair in parse_qsl(asked) if not _TRACKED.match(pair[0]))
    return Link(start, start + len(text), host, page, text, query=query)


def same_site(host: str, ours: str) -> bool:
    """Tell whether a host is ours or one that we own below it."""
    return host == ours or host.endswith("." + ours)


def looks_like(host: str, ours: str) -> bool:
    """Tell whether a foreign host could be taken for ours: hanoi-gov.vn, hanoii.gov.vn, hanoi.gov.vn.example.com, xn--."""
    if same_site(host, ours):
        return False
    shown, known = skeleton(host), skeleton(ours)
    if known in shown or known.replace(".", "") in shown.replace(".", "").replace("-", ""):
        return True
    name = known.split(".")[0]
    labels = shown.replace("-", ".").split(".")
    if name in labels and not ("gov" in labels and host.endswith(".gov.vn") and labels[0] != name):
        return True
    if host.startswith("xn--") or ".xn--" in host:
        return True
    return distance(shown, known, 2) <= (1 if host.endswith(".gov.vn") and len(known) < 12 else 2)


def skeleton(host: str) -> str:
    """Return a host with letters that look alike made one."""
    return folded(unicodedata.normalize("NFKC", host)).translate(_ALIKE).replace("rn", "m").replace("vv", "w")


def distance(one: str, other: str, most: int) -> int:
    """Return how many letters differ (added, left out, changed, swapped with the next), `most` + 1 when more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    previous: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        before, previous, row = previous, row, [i]
        for j, wanted in enumerate(other, start=1):
            cost = min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]
