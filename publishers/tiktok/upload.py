"""A clip in pieces. TikTok gives it an id and an address before the first byte, and publishes it with the last one.

Both are kept together the moment they exist: sent to this address again, the same bytes never make a second post. The address
lives for an hour; another is begun only when TikTok says that the first never got all of its bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from editorial.outcome import Unavailable
from editorial.post import Medium
from publishers.contract import Handles
from publishers.tiktok.errors import URL_OVER
from publishers.tiktok.open_api import OpenApi, upload_refusal

LIFE = timedelta(hours=1)
# The smallest that TikTok takes, whichever way it counts a megabyte: what the commit call carries has to fit into its deadline.
LEAST_PIECE = 5 * 1024 * 1024
MORE_WANTED, WHOLE = 206, 201
SESSION, OVER = "session", "session.over"


@dataclass(frozen=True, kw_only=True)
class Session:
    """One upload: TikTok's id of the post that it becomes, when it was begun, and where its bytes go."""

    id: str
    begun: datetime
    url: str

    @classmethod
    def kept(cls, handles: Handles) -> Self | None:
        """Return the delivery's newest upload; None where none was begun."""
        value = handles.get(SESSION)
        if value is None:
            return None
        id, begun, url = value.split(" ", 2)
        return cls(id=id, begun=datetime.fromisoformat(begun), url=url)

    def keep(self, handles: Handles) -> None:
        """Keep id and address as one: half of it would be of no use, or of two different uploads."""
        handles.save(SESSION, f"{self.id} {self.begun.isoformat()} {self.url}")

    def is_over(self, handles: Handles, now: datetime) -> bool:
        """Tell whether its address takes no more bytes: its hour is over, or TikTok, whose clock may be ahead, has said so."""
        return self.begun + LIFE <= now or handles.get(OVER) == self.id


@dataclass(frozen=True, kw_only=True)
class Pieces:
    """How a clip is cut: `count` pieces of `size` bytes, the last of which takes what is left over."""

    total: int
    size: int
    count: int

    @classmethod
    def of(cls, clip: Medium) -> Self:
        """Cut a clip evenly, so that the last piece is hardly larger than the others."""
        count = max(1, clip.byte_size // LEAST_PIECE)
        return cls(total=clip.byte_size, size=clip.byte_size // count, count=count)

    def span(self, number: int) -> tuple[int, int]:
        """Return the first byte of a piece and the one behind its last."""
        return number * self.size, self.total if number == self.count - 1 else (number + 1) * self.size


def send_all_but_the_last(api: OpenApi, clip: Medium, session: Session, handles: Handles, *, arrived: int) -> None:
    """Bring what shows nothing yet, from the piece on that TikTok has not got."""
    pieces = Pieces.of(clip)
    for number in range(arrived // pieces.size, pieces.count - 1):
        _send(api, clip, session, handles, number)


def send_the_last(api: OpenApi, clip: Medium, session: Session, handles: Handles) -> None:
    """Make the commit call: TikTok publishes the clip once it has this piece."""
    _send(api, clip, session, handles, Pieces.of(clip).count - 1)


def _send(api: OpenApi, clip: Medium, session: Session, handles: Handles, number: int) -> None:
    pieces = Pieces.of(clip)
    first, behind = pieces.span(number)
    last = number == pieces.count - 1
    with clip.path.open("rb") as file:
        file.seek(first)
        piece = file.read(behind - first)
    if len(piece) != behind - first:
        raise Unavailable("tệp clip ngắn hơn bản đã duyệt; hãy dựng lại clip", code="short-file")
    answer = api.put(session.url, piece, f"bytes {first}-{behind - 1}/{pieces.total}", clip.media_type, commit=last)
    if answer.status == (WHOLE if last else MORE_WANTED):
        return
    if answer.status == URL_OVER:
        handles.save(OVER, session.id)
    raise upload_refusal(answer, commit=last)
