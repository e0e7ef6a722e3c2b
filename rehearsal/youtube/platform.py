"""The YouTube server: uploads, videos, playlists, captions and the token server of one channel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

from starlette.responses import JSONResponse, RedirectResponse, Response

from rehearsal import pages
from rehearsal.call import Call, JsonObject
from rehearsal.faults import Fault
from rehearsal.media import MediaStore
from rehearsal.platform import Clock, Platform
from rehearsal.remark import Remark
from rehearsal.youtube import login, metadata, quota
from rehearsal.youtube.channel import Channel
from rehearsal.youtube.error import ApiError, bad, no_video
from rehearsal.youtube.login import Login
from rehearsal.youtube.quota import Quota
from rehearsal.youtube.talk import Talk
from rehearsal.youtube.upload import Arrived, Uploads
from rehearsal.youtube.video import CHANNEL_ID, CHANNEL_TITLE, UPLOADS, Caption, ListItem, Session, Video

_UPLOAD = ("/upload/youtube/v3/", "/resumable/upload/youtube/v3/")
_KINDS = ("videos", "thumbnails/set", "captions")
LARGEST_THUMBNAIL = 2 << 20


class YouTube(Platform):
    """One channel; `audited` is whether its project may publish at all, `upload_cap` the channel's own uploads a day."""

    name: ClassVar[str] = "youtube"
    title: ClassVar[str] = CHANNEL_TITLE
    faults_known: ClassVar[frozenset[Fault]] = Platform.faults_known | {Fault.DUPLICATE_DETECT}

    def __init__(
        self,
        *,
        folder: Path,
        media: MediaStore,
        clock: Clock,
        processing: timedelta = timedelta(),
        audited: bool = True,
        upload_cap: int | None = None,
    ) -> None:
        super().__init__(folder=folder, media=media, clock=clock, processing=processing)
        self._channel = Channel(self.journal, self.counter, self.ledger, self.now)
        self._quota = Quota(self.journal.table("quota", int), self.now)
        self._login = Login(self.keys, self.counter, self.now)
        self._talk = Talk(self.journal, self._channel, self.now)
        self._audited = audited
        self._next_is_duplicate = False
        self._upload_cap = upload_cap
        self._uploads = Uploads(
            sessions=self.journal.table("sessions", Session),
            counter=self.counter,
            folder=folder / "youtube-uploads",
            now=self.now,
            open=self._admit,
            finish=self._finish,
            describe=self._result,
        )
        self._calls: dict[tuple[str, str], Callable[[Call], JsonObject | None]] = {
            ("GET", "videos"): self._list_videos,
            ("PUT", "videos"): self._update_video,
            ("DELETE", "videos"): self._delete_video,
            ("GET", "channels"): self._list_channels,
            ("GET", "playlistItems"): self._list_items,
            ("POST", "playlistItems"): self._add_item,
            ("GET", "captions"): self._list_captions,
            ("GET", "videoCategories"): self._list_categories,
            ("GET", "commentThreads"): self._talk.threads,
            ("POST", "commentThreads"): self._talk.begin,
            ("GET", "comments"): self._talk.answers,
            ("POST", "comments"): self._talk.reply,
        }

    async def answer(self, call: Call) -> Response:
        """Serve a public page, the token server, an upload or an API call."""
        self._channel.address = self.address
        if call.path == "/token":
            return self._login.token(call)
        if call.path == "/o/oauth2/v2/auth":
            return self._login.authorize(call)
        if call.is_read and (public := self._public(call)):
            return public
        try:
            self._login.check(call)
            return self._upload(call) if call.path.startswith(_UPLOAD) else self._api(call)
        except ApiError as error:
            return error.response()

    def broken(self, status: int) -> Response:
        """Say backendError."""
        return ApiError(status, "backendError", "Backend Error", domain="global").response()

    def throttled(self, seconds: float) -> Response:
        """Say rateLimitExceeded; YouTube names no time to wait."""
        return ApiError(403, "rateLimitExceeded", "Rate Limit Exceeded", domain="usageLimits").response()

    def duplicate(self) -> Response | None:
        """Take the next whole upload in, and reject it in processing as a duplicate; YouTube says so nowhere else."""
        self._next_is_duplicate = True
        return None

    def expire_token(self, subcode: int = 0) -> None:
        """Let access tokens be dead; refreshing helps."""
        self._login.expire()

    async def act(self, name: str, values: JsonObject) -> JsonObject:
        """Do what has to do with the sign-in."""
        return {} if self._login.consents.heed(name, values) else await super().act(name, values)

    def remarks(self) -> tuple[Remark, ...]:
        """List what was ever said below the channel's clips."""
        return self._talk.remarks()

    def credentials(self) -> Mapping[str, str]:
        """Give the owner's tokens and the client."""
        return {
            "channel_id": CHANNEL_ID,
            "access_token": self._login.access,
            "refresh_token": login.REFRESH_TOKEN,
            "client_id": login.CLIENT_ID,
            "client_secret": login.CLIENT_SECRET,
            "token_uri": f"{self.address}/token",
        }

    def tick(self) -> None:
        """Make scheduled videos public."""
        self._channel.publish_due()

    def reset(self) -> None:
        """Start over, without the bytes of any session."""
        super().reset()
        self._uploads.forget()

    def writes(self, call: Call) -> bool:
        """Leave the token server out."""
        return not call.is_read and call.path != "/token"

    def reads(self, call: Call) -> bool:
        """Count the question how far an upload has come, which is a PUT without bytes."""
        return call.is_read or (call.method == "PUT" and call.headers.get("content-range", "").startswith("bytes */"))

    def _upload(self, call: Call) -> Response:
        kind = next((call.path.removeprefix(start) for start in _UPLOAD if call.path.startswith(start)), "")
        if kind not in _KINDS:
            raise ApiError(404, "notFound", "Not Found", domain="global")
        if call.method == "PUT":
            return self._uploads.receive(call)
        return self._uploads.cancel(call) if call.method == "DELETE" else self._uploads.begin(call, kind, self.address)

    def _api(self, call: Call) -> Response:
        work = self._calls.get((call.method, call.path.removeprefix("/youtube/v3/").rstrip("/")))
        if work is None or not call.path.startswith("/youtube/v3/"):
            raise ApiError(404, "notFound", "Not Found", domain="global")
        if call.is_read:
            self._quota.spend(quota.CAPTIONS_LIST if "captions" in call.path else quota.READ)
        else:
            self._quota.spend(quota.WRITE)
        result = work(call)
        return Response(status_code=204) if result is None else JSONResponse(result)

    def _admit(self, kind: str, body: JsonObject, query: dict[str, str]) -> None:
        """Check and charge an upload before its bytes come."""
        if kind == "videos":
            self._parts(body, query)
            self._hold_cap()
            self._quota.spend(1, bucket="inserts")
        elif kind == "captions":
            self._check_caption(body, query)
            self._quota.spend(quota.CAPTIONS_INSERT)
        else:
            self._channel.video(query.get("videoId", ""))
            self._quota.spend(quota.WRITE)

    def _finish(self, arrived: Arrived) -> str:
        """Turn a complete upload into what it is for, and give its id."""
        if arrived.kind == "videos":
            media = self.media.keep(arrived.data)
            rejected, self._next_is_duplicate = "duplicate" if self._next_is_duplicate else "", False
            return self._channel.add(self._parts(arrived.metadata, arrived.query), media, self.processing, rejected).id
        if arrived.kind == "captions":
            return self._add_caption(arrived)
        return self._set_thumbnail(arrived)

    def _result(self, kind: str, id: str, query: dict[str, str]) -> JsonObject:
        if kind == "captions":
            caption = self._channel.captions.get(id)
            return self._channel.describe_caption(caption) if caption else {}
        video = self._channel.video(id)
        if kind == "videos":
            return self._channel.describe(video, metadata.parts(query.get("part", ""), metadata.READABLE))
        picture = self.picture_address(video.thumbnail) if video.thumbnail else ""
        return {"kind": "youtube#thumbnailSetResponse", "etag": id, "items": [{"default": {"url": picture}}]}

    def _parts(self, body: JsonObject, query: dict[str, str]) -> dict[str, JsonObject]:
        chosen = metadata.parts(query.get("part", ""), metadata.READABLE)
        given = metadata.written(body, chosen)
        given["snippet"] = metadata.snippet(given.get("snippet", {}), category_required=False)
        given["status"] = metadata.status(given.get("status", {}), forced_private=not self._audited)
        return given

    def _hold_cap(self) -> None:
        day = self.now() - timedelta(days=1)
        if self._upload_cap is not None and sum(video.uploaded > day for video in self._channel.videos) >= self._upload_cap:
            raise bad("uploadLimitExceeded", "The user has exceeded the number of videos they may upload.")

    def _check_caption(self, body: JsonObject, query: dict[str, str]) -> tuple[str, str, str]:
        metadata.parts(query.get("part", ""), ("snippet", "id"))
        snippet = body.get("snippet")
        if not isinstance(snippet, dict) or not snippet.get("language") or "videoId" not in snippet:
            raise bad("invalidMetadata", "The request contains invalid metadata values: videoId, language and name are required.")
        video, language, name = str(snippet["videoId"]), str(snippet["language"]), str(snippet.get("name", ""))
        self._channel.video(video)
        if any((one.video, one.language, one.name) == (video, language, name) for one in self._channel.captions):
            raise ApiError(409, "captionExists", "The specified video already has a caption track with this language and name.")
        return video, language, name

    def _add_caption(self, arrived: Arrived) -> str:
        video, language, name = self._check_caption(arrived.metadata, arrived.query)
        if b"-->" not in arrived.data:
            raise bad("contentRequired", "The request does not contain captions that can be read.")
        id = self._channel.new_id("caption", 24)
        made = Caption(id=id, video=video, language=language, name=name, draft=False, updated=self.now())
        self._channel.captions.put(id, made)
        return id

    def _set_thumbnail(self, arrived: Arrived) -> str:
        video = self._channel.video(arrived.query.get("videoId", ""))
        if len(arrived.data) > LARGEST_THUMBNAIL:
            raise ApiError(413, "uploadTooLarge", "Media is too large. Limit: 2097152", domain="global")
        media = self.media.keep(arrived.data)
        if not media.is_picture("jpeg", "png"):
            raise bad("invalidImage", "The provided image content is invalid.")
        return self._channel.keep(replace(video, thumbnail=media)).id

    def _list_videos(self, call: Call) -> JsonObject:
        chosen = metadata.parts(",".join(call.query.getlist("part")), metadata.READABLE)
        ids = [id for value in call.query.getlist("id") for id in value.split(",") if id]
        if not ids or len(ids) > 50:
            raise bad("missingRequiredParameter" if not ids else "invalidFilters", "id takes 1 to 50 ids", location="id")
        found = [video for id in ids if (video := self._channel.videos.get(id))]
        return _list("video", [self._channel.describe(video, chosen) for video in found], len(found))

    def _update_video(self, call: Call) -> JsonObject:
        """Replace every named part as a whole; what the body leaves out of it is gone."""
        chosen = metadata.parts(",".join(call.query.getlist("part")), metadata.READABLE)
        body = call.json or {}
        video = self._channel.video(str(body.get("id")))
        given = metadata.written(body, chosen)
        parts = dict(video.parts)
        for name in chosen:
            if name == "snippet":
                parts[name] = metadata.snippet(given.get(name, {}), category_required=True)
            elif name == "status":
                parts[name] = metadata.status(given.get(name, {}), forced_private=not self._audited)
            elif name in metadata.WRITABLE:
                parts[name] = given.get(name, {})
        changed = self._channel.keep(replace(video, parts=parts))
        self.tick()
        return self._channel.describe(self._channel.video(changed.id), chosen)

    def _delete_video(self, call: Call) -> None:
        self._channel.drop(self._channel.video(call.query.get("id", "")))

    def _list_channels(self, call: Call) -> JsonObject:
        metadata.parts(",".join(call.query.getlist("part")), ("id", "snippet", "contentDetails", "statistics", "status"))
        count = sum(video.privacy == "public" for video in self._channel.videos)
        channel: JsonObject = {"kind": "youtube#channel", "etag": "1", "id": CHANNEL_ID, "snippet": {"title": CHANNEL_TITLE}}
        channel |= {"contentDetails": {"relatedPlaylists": {"likes": "", "uploads": UPLOADS}}}
        channel |= {"statistics": {"viewCount": "0", "subscriberCount": "126", "videoCount": str(count)}}
        return _list("channel", [{**channel, "status": {"privacyStatus": "public", "longUploadsStatus": "allowed"}}], 1)

    def _list_items(self, call: Call) -> JsonObject:
        metadata.parts(",".join(call.query.getlist("part")), ("id", "snippet", "contentDetails", "status"))
        playlist = call.query.get("playlistId", "")
        size, start = _page(call)
        placed = self._placed(playlist)
        shown = placed[start : start + size]
        items = [
            self._channel.describe_item(video, item=id, playlist=playlist, position=start + at)
            for at, (id, video) in enumerate(shown)
        ]
        listed = _list("playlistItem", items, len(placed), size=size)
        return {**listed, "nextPageToken": f"P{start + size}"} if start + size < len(placed) else listed

    def _placed(self, playlist: str) -> list[tuple[str, Video]]:
        if playlist == UPLOADS:
            return [(f"UP{video.id}", video) for video in self._channel.newest_first()]
        held = [one for one in self._channel.items if one.playlist == playlist]
        if not held and not playlist.startswith("PL"):
            message = "The playlist identified with the request's playlistId parameter cannot be found."
            raise ApiError(404, "playlistNotFound", message, domain="youtube.playlistItem", location="playlistId")
        return [(one.id, video) for one in held if (video := self._channel.videos.get(one.video))]

    def _add_item(self, call: Call) -> JsonObject:
        snippet = (call.json or {}).get("snippet")
        resource = snippet.get("resourceId") if isinstance(snippet, dict) else None
        if (
            not isinstance(snippet, dict)
            or not isinstance(resource, dict)
            or not str(snippet.get("playlistId", "")).startswith("PL")
        ):
            raise bad("playlistIdRequired", "The request does not specify a playlist and a video.")
        video = self._channel.video(str(resource.get("videoId")))
        item = ListItem(
            id=self._channel.new_id("item", 24), playlist=str(snippet["playlistId"]), video=video.id, added=self.now()
        )
        self._channel.items.put(item.id, item)
        return self._channel.describe_item(video, item=item.id, playlist=item.playlist, position=0)

    def _list_captions(self, call: Call) -> JsonObject:
        metadata.parts(",".join(call.query.getlist("part")), ("id", "snippet"))
        video = self._channel.video(call.query.get("videoId", ""))
        found = [self._channel.describe_caption(one) for one in self._channel.captions if one.video == video.id]
        return {"kind": "youtube#captionListResponse", "etag": "1", "items": found}

    def _list_categories(self, call: Call) -> JsonObject:
        items: list[JsonObject] = [
            {"kind": "youtube#videoCategory", "id": id, "snippet": {"assignable": True}} for id in metadata.CATEGORIES
        ]
        return _list("videoCategory", items, len(items))

    def _public(self, call: Call) -> Response | None:
        if call.path == "/watch":
            return pages.post(self, call.query.get("v", ""))
        if call.path == f"/channel/{CHANNEL_ID}":
            return pages.feed(self)
        if call.path.startswith("/vi/"):
            video = self._channel.videos.get(call.path.split("/")[2])
            if video is None or video.thumbnail is None:
                return no_video().response()
            return RedirectResponse(video.thumbnail.path)
        return None


def _page(call: Call) -> tuple[int, int]:
    size = call.query.get("maxResults", "5")
    token = call.query.get("pageToken", "P0")
    if not size.isdigit() or int(size) > 50:
        raise bad("invalidParameter", "maxResults must be within 0 and 50", location="maxResults")
    if not token[1:].isdigit():
        raise bad("invalidPageToken", "The request specifies an invalid page token.", location="pageToken")
    return int(size), int(token[1:])


def _list(kind: str, items: list[JsonObject], total: int, *, size: int | None = None) -> JsonObject:
    info = {"totalResults": total, "resultsPerPage": len(items) if size is None else size}
    return {"kind": f"youtube#{kind}ListResponse", "etag": "1", "items": items, "pageInfo": info}
