"""Publish a clip on TikTok: uploaded but for its last piece, which publishes it; then asked after until it has an address.

The API changes and removes nothing. Photos are left out: TikTok fetches them itself, so that the call that begins is the one that
publishes, and a lost answer to it could be cleared up by nobody but a person.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from editorial.likeness import same_words
from editorial.outcome import (
    Absent,
    CannotTell,
    Found,
    Greeting,
    LivePost,
    Pending,
    PublishError,
    Receipt,
    Refused,
    Sighting,
    Snapshot,
    Unauthorized,
    Unavailable,
)
from editorial.post import Post
from publishers.contract import (
    Account,
    Follows,
    Greets,
    Handles,
    Measures,
    Prepares,
    Publisher,
    Reconciles,
    Verifies,
)
from publishers.manifest import LengthUnit, length_in, load_manifest
from publishers.tiktok import daily
from publishers.tiktok.errors import CODES, FAILURES, NOT_GRANTED
from publishers.tiktok.open_api import OpenApi
from publishers.tiktok.upload import Pieces, Session, send_all_but_the_last, send_the_last
from publishers.tree import Tree

PUBLIC = "PUBLIC_TO_EVERYONE"
UPLOADING, PUBLISHED, FAILED = "PROCESSING_UPLOAD", "PUBLISH_COMPLETE", "FAILED"
TAKEN = (PUBLISHED, "PROCESSING_DOWNLOAD", "SEND_TO_USER_INBOX")
ARRIVED, USERNAME = "arrived", "username"
SHOWN = 150  # UTF-16 units of a caption that the display API gives
# How long after its upload was begun a clip is asked after how often.
PACES = (
    (timedelta(minutes=1), timedelta(seconds=5)), (timedelta(minutes=3), timedelta(seconds=10)),
    (timedelta(minutes=30), timedelta(seconds=30)),
)  # fmt: skip
SELDOM = timedelta(minutes=5)
PAGES_READ, PAGE = 5, 20
FIELDS = "id,title,video_description,create_time,share_url"
FIGURES = {"views": "view_count", "likes": "like_count", "comments": "comment_count", "shares": "share_count"}
PUBLIC_URL = "https://www.tiktok.com"  # where the public watches; a rehearsal has another


class TikTokPublisher(Publisher, Prepares, Follows, Reconciles, Verifies, Measures, Greets):
    """One clip with its caption."""

    manifest = load_manifest(Path(__file__).parent)

    def __init__(self, account: Account) -> None:
        super().__init__(account)
        self._api = OpenApi(account)

    def close(self) -> None:
        """Let go of connections."""
        self._api.close()

    def shown(self, post: Post) -> Post:
        """Return the post with as much of its caption as can be read back."""
        return replace(post, variant=replace(post.variant, text=_read_back(post.variant.text)))

    def prepare(self, post: Post, *, key: str, handles: Handles) -> None:
        """Begin an upload and bring all of it but the last piece; goes on where an earlier try stopped."""
        clip, session, arrived = post.videos[0], Session.kept(handles), 0
        if session is not None:
            told = self._status(session.id)
            if _has_all(told, clip.byte_size):  # an earlier call came through late: nothing is left to send
                handles.save(ARRIVED, session.id)
                return
            arrived = told.number("uploaded_bytes") or 0
            if told.text("status") == FAILED or session.is_over(handles, self.account.now()):
                if not _lacks_some(told, clip.byte_size):
                    raise Unavailable("TikTok chưa nói rõ đã nhận clip hay chưa; Loa sẽ hỏi lại", code="unclear-status")
                session, arrived = None, 0
        if session is None:
            session = self._begun(post, handles)
        send_all_but_the_last(self._api, clip, session, handles, arrived=arrived)

    def publish(self, post: Post, *, key: str, handles: Handles) -> Pending:
        """Send the last piece; may be repeated, since the address takes each byte once."""
        session = Session.kept(handles)
        if session is None:
            raise Unavailable("lượt tải lên TikTok chưa được mở; Loa sẽ chuẩn bị lại", code="not-prepared")
        if handles.get(ARRIVED) != session.id:
            send_the_last(self._api, post.videos[0], session, handles)
        return Pending(ticket=session.id, ask_again_in=PACES[0][1])

    def follow(self, pending: Pending, *, handles: Handles) -> Receipt | Pending:
        """Ask what became of the clip; a receipt once it is through moderation and has an id."""
        told = self._status(pending.ticket)
        if told.text("status") == FAILED:
            reason = told.text("fail_reason")
            why = FAILURES.get(reason, f"TikTok không đăng clip này: {reason or 'không nói lý do'}")
            raise Refused(why, code=reason or FAILED)
        return self._receipt(told, handles) or replace(pending, ask_again_in=self._pace(handles))

    def find(self, post: Post, *, key: str, handles: Handles, since: datetime) -> Sighting:
        """Ask what became of the upload; without one, look among the newest clips for the caption, which proves no absence."""
        session = Session.kept(handles)
        if session is None:
            return self._alike(post, since)
        told = self._status(session.id)
        if (receipt := self._receipt(told, handles)) is not None:
            return Found(receipt=receipt)
        if _lacks_some(told, post.videos[0].byte_size):
            return Absent(proof=True)
        return CannotTell(why="TikTok đã nhận đủ clip và đang xử lý hoặc kiểm duyệt; clip chưa có địa chỉ")

    def read_back(self, receipt: Receipt) -> LivePost | None:
        """Return the clip as the account's public list shows it, with the beginning of its caption; None when it is gone."""
        video = next(iter(self._videos(receipt, FIELDS)), None)
        if video is None:
            return None
        url = video.text("share_url").partition("?")[0] or receipt.url  # behind it stands who asked
        return LivePost(remote_id=receipt.remote_id, url=url, text=_caption(video), visible=True, media_count=1)

    def measure(self, receipt: Receipt, *, at: datetime) -> Snapshot:
        """Return views, likes, comments and shares."""
        video = next(iter(self._videos(receipt, ",".join(["id", *FIGURES.values()]))), Tree(None))
        figures = {name: video.number(field) for name, field in FIGURES.items()}
        return Snapshot(at=at, figures={name: figure for name, figure in figures.items() if figure is not None})

    def greet(self) -> Greeting:
        """Return the account's name, and whether it may post in public and be read back; an app's audit is not told before."""
        creator = self._creator()
        lacks = [] if _is_public(creator) else ["tài khoản đang để riêng tư: không đăng công khai được"]
        try:
            self._api.ask("video/list", {"max_count": 1}, fields="id")
        except PublishError as error:
            if error.code != NOT_GRANTED:
                raise
            lacks.append("video.list: đọc lại clip đã đăng và số liệu")
        name = creator.text("creator_nickname") or creator.text("creator_username")
        return Greeting(name=name, url=f"{self._public_url}/@{creator.text('creator_username')}", lacks=tuple(lacks))

    @property
    def _public_url(self) -> str:
        return self.account.settings.get("public_url", PUBLIC_URL).rstrip("/")

    def _creator(self) -> Tree:
        return self._api.ask("post/publish/creator_info/query")

    def _status(self, publish_id: str) -> Tree:
        return self._api.ask("post/publish/status/fetch", {"publish_id": publish_id})

    def _begun(self, post: Post, handles: Handles) -> Session:
        """Open an upload. A lost answer leaves an address behind that nobody knows, and that dies within the hour."""
        daily.ask(self.account)
        clip, pieces, creator = post.videos[0], Pieces.of(post.videos[0]), self._creator()
        self._refuse_unfit(creator, clip.seconds or 0)
        handles.save(USERNAME, creator.text("creator_username") or "-")
        cut = {"video_size": pieces.total, "chunk_size": pieces.size, "total_chunk_count": pieces.count}
        body = {"post_info": self._post_info(post, creator), "source_info": {"source": "FILE_UPLOAD", **cut}}
        told, now = self._api.ask("post/publish/video/init", body), self.account.now()
        if not told.text("publish_id") or not told.text("upload_url"):
            raise Unavailable("TikTok nhận bài mà không trả địa chỉ tải lên; Loa sẽ thử lại", code="no-session")
        session = Session(id=told.text("publish_id"), begun=now, url=told.text("upload_url"))
        session.keep(handles)
        daily.count(self.account)
        return session

    def _refuse_unfit(self, creator: Tree, seconds: float) -> None:
        """Hold the clip against what the account itself may do today."""
        if not _is_public(creator):
            raise Unauthorized(CODES["privacy_level_option_mismatch"].advice, code="private-account")
        longest = creator.number("max_video_post_duration_sec")
        if longest and seconds > longest:
            message = f"clip dài {seconds:.0f} giây, tài khoản TikTok này chỉ được đăng {longest} giây; hãy cắt ngắn"
            raise Refused(message, code="duration_check_failed")

    def _post_info(self, post: Post, creator: Tree) -> dict[str, object]:
        """Return what is said of the clip. It speaks for the office alone, so it is never somebody's paid advertisement."""
        return {
            "title": post.variant.text,
            "privacy_level": PUBLIC,
            "disable_comment": creator.is_true("comment_disabled"),
            "disable_duet": creator.is_true("duet_disabled") or not self._wants("allow_duet"),
            "disable_stitch": creator.is_true("stitch_disabled") or not self._wants("allow_stitch"),
            "brand_content_toggle": False,
            "brand_organic_toggle": self._wants("own_brand"),
            "is_aigc": self._wants("made_with_ai"),
        }

    def _wants(self, switch: str) -> bool:
        return self.account.settings.get(switch, "").strip().lower() == "true"

    def _receipt(self, told: Tree, handles: Handles) -> Receipt | None:
        """Return the receipt of a clip that has an id; `publicaly` is how TikTok spells it."""
        post = told.text("publicaly_available_post_id", 0)
        if told.text("status") != PUBLISHED or not post:
            return None
        return Receipt(remote_id=post, url=f"{self._public_url}/@{handles.get(USERNAME) or '-'}/video/{post}")

    def _pace(self, handles: Handles) -> timedelta:
        session = Session.kept(handles)
        age = self.account.now() - session.begun if session else PACES[-1][0]
        return next((pace for until, pace in PACES if age < until), SELDOM)

    def _videos(self, receipt: Receipt, fields: str) -> Tree:
        return self._api.ask("video/query", {"filters": {"video_ids": [receipt.remote_id]}}, fields=fields).at("videos")

    def _alike(self, post: Post, since: datetime) -> Sighting:
        """Look for the caption; two that say the same are for a person to tell apart."""
        wanted = _read_back(post.variant.text)
        found = [video for video in self._newest(since) if same_words(_caption(video), wanted)]
        if len(found) > 1:
            return CannotTell(why="trên TikTok có hơn một clip cùng lời; hãy mở TikTok để xem")
        if not found:
            return Absent(proof=False)  # it may wait for moderation, which can take hours
        return Found(receipt=Receipt(remote_id=found[0].text("id"), url=found[0].text("share_url").partition("?")[0] or None))

    def _newest(self, since: datetime) -> list[Tree]:
        """Return the account's clips since the moment, newest first."""
        found: list[Tree] = []
        cursor: int | None = None
        for _ in range(PAGES_READ):
            body = {"max_count": PAGE} if cursor is None else {"max_count": PAGE, "cursor": cursor}
            page = self._api.ask("video/list", body, fields=FIELDS)
            new = [video for video in page.at("videos") if (video.number("create_time") or 0) >= int(since.timestamp())]
            found.extend(new)
            cursor = page.number("cursor")
            if not new or not page.is_true("has_more") or cursor is None:
                break
        return found


def _is_public(creator: Tree) -> bool:
    return PUBLIC in [level.text() for level in creator.at("privacy_level_options")]


def _has_all(told: Tree, size: int) -> bool:
    """Tell whether TikTok says that it has every byte, so that nothing may be sent any more and no other upload begun."""
    if told.text("status") == UPLOADING:
        return (told.number("uploaded_bytes") or 0) >= size
    return told.text("status") in TAKEN


def _lacks_some(told: Tree, size: int) -> bool:
    """Tell whether TikTok says that this upload has become no post: bytes are missing, or it was given up."""
    if told.text("status") == FAILED:
        return True
    arrived = told.number("uploaded_bytes")
    return told.text("status") == UPLOADING and arrived is not None and arrived < size


def _caption(video: Tree) -> str:
    """Return what is shown of a clip's caption: both fields hold it, and neither more of it than TikTok shows."""
    return _read_back(video.text("video_description") or video.text("title"))


def _read_back(text: str) -> str:
    """Return as much of a caption as TikTok gives back, counted so that no other way of counting gives less."""
    shown = text[:SHOWN]
    while length_in(shown, LengthUnit.UTF16) > SHOWN:
        shown = shown[:-1]
    return shown
