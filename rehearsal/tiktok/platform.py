"""The TikTok server: OAuth, the posting calls, uploads, and the app in which the creator finishes drafts."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar

from starlette.responses import Response

from rehearsal import pages
from rehearsal.call import Call, JsonObject
from rehearsal.media import MediaStore
from rehearsal.platform import Clock, Platform
from rehearsal.tiktok import creator, login, request
from rehearsal.tiktok.creator import NICKNAME, USERNAME, Creator, Rules
from rehearsal.tiktok.error import ApiError, invalid, success
from rehearsal.tiktok.limits import CREATOR_INFO, INIT, READ, STATUS, Limits
from rehearsal.tiktok.login import SCOPES, Login
from rehearsal.tiktok.request import PostInfo, Source
from rehearsal.tiktok.share import PUBLIC, Share
from rehearsal.tiktok.upload import Uploads

_PUBLIC = re.compile(rf"^/@{re.escape(USERNAME)}/(?:video|photo)/(\d+)$")
_VIDEO_FIELDS = ("id", "title", "video_description", "create_time", "share_url", "duration", "cover_image_url", "view_count",
                 "like_count", "comment_count", "share_count", "height", "width", "embed_link")  # fmt: skip
Work = Callable[[Call, str], Awaitable[JsonObject]]


@dataclass(frozen=True, kw_only=True)
class Route:
    """A call of the API: what it does, the scopes that admit to it, how often a minute, and whether it begins something."""

    work: Work
    scopes: tuple[str, ...]
    most: int
    writes: bool = False


class TikTok(Platform):
    """One creator account and one client; `scopes` are what the creator grants, the other settings are `creator.Rules`."""

    name: ClassVar[str] = "tiktok"
    title: ClassVar[str] = "TikTok diễn tập"

    def __init__(
        self, *, folder: Path, media: MediaStore, clock: Clock, processing: timedelta = timedelta(),
        audited: bool = True, private_account: bool = False, scopes: tuple[str, ...] = SCOPES,
        active_users: int = 0, posts_a_day: int = 15, pending_drafts: int = 5, banned: bool = False,
        moderation: timedelta = timedelta(seconds=30),
        verified_urls: tuple[str, ...] = ("http://127.0.0.1", "http://localhost"),
    ) -> None:  # fmt: skip
        super().__init__(folder=folder, media=media, clock=clock, processing=processing)
        rules = Rules(
            audited=audited, private_account=private_account, active_users=active_users, posts_a_day=posts_a_day,
            pending_drafts=pending_drafts, banned=banned, moderation=moderation, processing=processing,
            verified_urls=verified_urls,
        )  # fmt: skip
        self._creator = Creator(rules, self.journal, self.counter, self.ledger, media, self.now)
        self._login = Login(self.keys, self.counter, self.now, scopes)
        self._limits = Limits()
        self._uploads = Uploads(self._creator.shares, folder / "tiktok-uploads", self.now, self._creator.arrived)
        publish, upload = ("video.publish",), ("video.upload",)
        self._routes: dict[str, Route] = {
            "post/publish/creator_info/query": Route(work=self._creator_info, scopes=publish, most=CREATOR_INFO),
            "post/publish/video/init": Route(work=self._init_video, scopes=publish, most=INIT, writes=True),
            "post/publish/inbox/video/init": Route(work=self._init_draft, scopes=upload, most=INIT, writes=True),
            "post/publish/content/init": Route(work=self._init_photos, scopes=publish + upload, most=INIT, writes=True),
            "post/publish/status/fetch": Route(work=self._status, scopes=publish + upload, most=STATUS),
            "post/publish/cancel": Route(work=self._cancel, scopes=publish + upload, most=STATUS, writes=True),
            "video/list": Route(work=self._list, scopes=("video.list",), most=READ),
            "video/query": Route(work=self._query, scopes=("video.list",), most=READ),
        }

    async def answer(self, call: Call) -> Response:
        """Serve a public page, OAuth, an upload or an API call."""
        log_id = f"{self.now():%Y%m%d%H%M%S}{self.counter.next('log'):010d}"
        if call.is_read and (found := _PUBLIC.match(call.path)):
            return pages.post(self, found.group(1))
        if call.is_read and call.path == f"/@{USERNAME}":
            return pages.feed(self)
        doors = {"/v2/auth/authorize/": self._login.authorize, "/v2/oauth/token/": self._login.token,
                 "/v2/oauth/revoke/": self._login.revoke}  # fmt: skip
        if door := doors.get(call.path):
            return door(call, log_id)
        if call.path == "/video/" and call.method == "PUT":
            return self._uploads.receive(call)
        try:
            return success(await self._work(call), log_id)
        except ApiError as error:
            return error.response(log_id)

    def broken(self, status: int) -> Response:
        """Say internal_error, which tells nothing about what was done."""
        return ApiError("internal_error", "Something is wrong. Please try again later.", status=status).response("rehearsal")

    def throttled(self, seconds: float) -> Response:
        """Say rate_limit_exceeded; TikTok names no time to wait."""
        return ApiError("rate_limit_exceeded", "The API rate limit was exceeded. Please try again later.").response("rehearsal")

    def expire_token(self, subcode: int = 0) -> None:
        """Let the access token be dead; refreshing helps."""
        self._login.expire()

    def credentials(self) -> Mapping[str, str]:
        """Give the client and its newest pair of tokens."""
        access, refresh = self._login.pair
        self.journal.flush()
        return {
            "client_key": login.CLIENT_KEY, "client_secret": login.CLIENT_SECRET, "open_id": login.OPEN_ID,
            "access_token": access, "refresh_token": refresh,
        }  # fmt: skip

    def writes(self, call: Call) -> bool:
        """Count the calls that begin or end a post, and the bytes of one."""
        route = self._route(call)
        return call.method == "PUT" or (route is not None and route.writes)

    def reads(self, call: Call) -> bool:
        """Count what is asked by POST, as everything of this API is."""
        route = self._route(call)
        return call.is_read if route is None else not route.writes

    def tick(self) -> None:
        """Finish what is processed or through moderation."""
        self._creator.catch_up()

    def reset(self) -> None:
        """Start over, without the bytes of any upload."""
        super().reset()
        self._limits.forget()
        self._uploads.forget()

    async def act(self, name: str, values: JsonObject) -> JsonObject:
        """`finish` a draft (publish_id, privacy_level, title) at the creator's phone, or list the `fetches` of pulled media."""
        if name == "finish":
            title, privacy = values.get("title"), str(values.get("privacy_level", PUBLIC))
            self._creator.finish(str(values.get("publish_id")), privacy=privacy, title=None if title is None else str(title))
            return {"finished": True}
        if name == "fetches":
            return {"fetches": [
                {"url": one.url, "at": one.at.isoformat(), "publish_id": one.share, "ok": one.ok, "why": one.why}
                for one in self._creator.fetches
            ]}  # fmt: skip
        return {} if self._login.consents.heed(name, values) else await super().act(name, values)

    def _route(self, call: Call) -> Route | None:
        return self._routes.get(call.path.removeprefix("/v2/").rstrip("/")) if call.path.startswith("/v2/") else None

    async def _work(self, call: Call) -> JsonObject:
        route = self._route(call)
        if route is None or call.method != "POST":
            raise ApiError("invalid_params", "The requested path is not found", status=404)
        token = self._login.check(call, *route.scopes)
        self._limits.admit(token, call.path, route.most, self.now())
        return await route.work(call, token)

    async def _creator_info(self, call: Call, token: str) -> JsonObject:
        self._creator.hold_posts()
        self.keys.put("creator asked", self.now().isoformat())
        rules = self._creator.rules
        return {
            "creator_avatar_url": f"{self.address}/__sandbox/feed", "creator_username": USERNAME, "creator_nickname": NICKNAME,
            "privacy_level_options": list(rules.options), "comment_disabled": False, "duet_disabled": rules.private_account,
            "stitch_disabled": rules.private_account, "max_video_post_duration_sec": creator.LONGEST_SECONDS,
        }  # fmt: skip

    async def _init_video(self, call: Call, token: str) -> JsonObject:
        given = request.body(call)
        self._hold_creator_asked()
        info = request.post_info(given, photo=False, options=self._creator.rules.options)
        source = request.video_source(given)
        self._creator.hold_direct(info)
        return await self._begin(info, source, kind="video", direct=True)

    async def _init_draft(self, call: Call, token: str) -> JsonObject:
        source = request.video_source(request.body(call))
        self._creator.hold_drafts()
        return await self._begin(PostInfo(), source, kind="video", direct=False)

    async def _init_photos(self, call: Call, token: str) -> JsonObject:
        given = request.body(call)
        request.choice(given, "media_type", ("PHOTO",))
        direct = request.choice(given, "post_mode", ("DIRECT_POST", "MEDIA_UPLOAD")) == "DIRECT_POST"
        self._login.check(call, "video.publish" if direct else "video.upload")
        if not direct:
            info, source = request.draft_info(given), request.photo_source(given)
            self._creator.hold_drafts()
            return await self._begin(info, source, kind="photo", direct=False)
        self._hold_creator_asked()
        info = request.post_info(given, photo=True, options=self._creator.rules.options)
        source = request.photo_source(given)
        self._creator.hold_direct(info)
        return await self._begin(info, source, kind="photo", direct=True)

    async def _begin(self, info: PostInfo, source: Source, *, kind: str, direct: bool) -> JsonObject:
        share = self._creator.begin(info, source, kind=kind, direct=direct)
        if source.urls:
            await self._creator.pull(share, source.urls)
            return {"publish_id": share.id}
        address = f"{self.address}/video/?upload_id={share.token.rsplit('-', 1)[-1]}&upload_token={share.token}"
        return {"publish_id": share.id, "upload_url": address}

    async def _status(self, call: Call, token: str) -> JsonObject:
        share = self._found(call)
        told: JsonObject = {"status": share.status.value, "publicaly_available_post_id": [], "uploaded_bytes": share.received}
        if not share.token:
            told["downloaded_bytes"] = sum(one.size for one in share.media)
        if share.fail:
            told["fail_reason"] = share.fail
        if share.post and share.privacy == PUBLIC:
            told["publicaly_available_post_id"] = [int(share.post)]
        return told

    async def _cancel(self, call: Call, token: str) -> JsonObject:
        share = self._found(call)
        if share.is_over or share.ready_at is not None:
            raise ApiError("publish_not_cancellable", "The post can no longer be cancelled")
        self._creator.fail(share, "publish_cancelled")
        return {}

    async def _list(self, call: Call, token: str) -> JsonObject:
        given = request.body(call) if call.body else {}
        most, cursor = given.get("max_count", 10), given.get("cursor")
        if not isinstance(most, int) or not 1 <= most <= 20:
            raise invalid("max_count must be 1 to 20")
        if cursor is not None and not isinstance(cursor, int):
            raise invalid("cursor must be an integer")
        found = [one for one in self._creator.videos() if not cursor or _millis(one) < cursor]
        shown = found[:most]
        videos = [self._video(call, one) for one in shown]
        return {"videos": videos, "cursor": _millis(shown[-1]) if shown else 0, "has_more": len(found) > len(shown)}

    async def _query(self, call: Call, token: str) -> JsonObject:
        filters = request.body(call).get("filters")
        ids = filters.get("video_ids") if isinstance(filters, dict) else None
        if not isinstance(ids, list) or not 1 <= len(ids) <= 20:
            raise invalid("filters.video_ids must hold 1 to 20 ids")
        wanted = {str(id) for id in ids}
        return {"videos": [self._video(call, one) for one in self._creator.videos() if one.post in wanted]}

    def _video(self, call: Call, share: Share) -> JsonObject:
        fields = [name for name in call.query.get("fields", "").split(",") if name]
        if not fields or any(name not in _VIDEO_FIELDS for name in fields):
            raise invalid("fields is required and holds only fields of a video")
        media, address = share.media[0], self.address + creator.path(share)
        values: JsonObject = {
            "id": share.post, "title": share.title, "video_description": share.title[:150], "create_time": _millis(share) // 1000,
            "share_url": address, "embed_link": address, "duration": round(media.seconds), "cover_image_url": "",
            "view_count": 0, "like_count": 0, "comment_count": 0, "share_count": 0, "height": media.height, "width": media.width,
        }  # fmt: skip
        return {name: values[name] for name in fields}

    def _found(self, call: Call) -> Share:
        share = self._creator.shares.get(str(request.body(call).get("publish_id")))
        if share is None:
            raise ApiError("invalid_publish_id", "The publish_id does not exist")
        return share

    def _hold_creator_asked(self) -> None:
        """Refuse a direct post of a client that has not looked at the creator's settings today."""
        asked = self.keys.get("creator asked")
        if asked is None or datetime.fromisoformat(asked) + creator.A_DAY < self.now():
            raise invalid("creator_info must be queried before a post is initialized")


def _millis(share: Share) -> int:
    return int((share.public_at or share.opened).timestamp() * 1000)
