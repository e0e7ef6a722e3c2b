"""The Zalo server: OAuth, the article calls, clips and broadcasts of one Official Account."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import ClassVar
from zoneinfo import ZoneInfo

from starlette.responses import Response

from rehearsal import pages
from rehearsal.call import Call, JsonObject
from rehearsal.media import Kind, Media, MediaStore
from rehearsal.platform import Clock, Platform
from rehearsal.words import plain
from rehearsal.zalo import editor, login, parameter
from rehearsal.zalo.article import Article, Broadcast, Clip, Ticket
from rehearsal.zalo.editor import PICTURES, Editor
from rehearsal.zalo.error import ALLOWANCE_USED, NO_METHOD, PROCESSING, QUOTA_USED, RATE, ZaloError, invalid, success, too_much
from rehearsal.zalo.login import Login
from rehearsal.zalo.webhook import Webhook

LARGEST_CLIP, LARGEST_PICTURE = 50 << 20, 1 << 20
MODERATION = timedelta(minutes=30)
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
_PUBLIC = re.compile(r"^/bai-viet/([0-9a-f]+)$")
_TYPES = ("normal", "video")


class Zalo(Platform):
    """One Official Account; `allowance` is how many articles it may show in a calendar month, None for no limit.

    Broadcasts are counted by Vietnam's days and months; both limits depend on the account's package.
    """

    name: ClassVar[str] = "zalo"
    title: ClassVar[str] = "Zalo OA diễn tập"

    def __init__(
        self,
        *,
        folder: Path,
        media: MediaStore,
        clock: Clock,
        processing: timedelta = timedelta(),
        allowance: int | None = None,
        broadcasts_a_month: int = 4,
        broadcasts_a_day: int = 1,
    ) -> None:
        super().__init__(folder=folder, media=media, clock=clock, processing=processing)
        self._articles = self.journal.table("articles", Article)
        self._tickets = self.journal.table("tickets", Ticket)
        self._clips = self.journal.table("clips", Clip)
        self._broadcasts = self.journal.table("broadcasts", Broadcast)
        self._waiting = {ticket.token for ticket in self._tickets if not ticket.done}
        self._login = Login(self.keys, self.counter, self.now)
        self._allowance = allowance
        self._broadcasts_a_month = broadcasts_a_month
        self._broadcasts_a_day = broadcasts_a_day
        self._webhook = Webhook(self.journal, self.counter, self.now)
        self._calls: dict[tuple[str, str], Callable[[Call], Awaitable[object]]] = {
            ("POST", "/v2.0/article/create"): self._create,
            ("POST", "/v2.0/article/update"): self._update,
            ("POST", "/v2.0/article/verify"): self._verify,
            ("POST", "/v2.0/article/remove"): self._remove,
            ("GET", "/v2.0/article/getslice"): self._slice,
            ("GET", "/v2.0/article/getdetail"): self._detail,
            ("POST", "/v2.0/article/upload_video/preparevideo"): self._prepare_clip,
            ("GET", "/v2.0/article/upload_video/verify"): self._verify_clip,
            ("POST", "/v2.0/oa/upload/image"): self._upload_picture,
            ("POST", "/v2.0/oa/message"): self._broadcast,
            ("GET", "/v2.0/oa/getoa"): self._about,
        }

    async def answer(self, call: Call) -> Response:
        """Serve a public page, the OAuth server or an OpenAPI call."""
        if call.is_read and (found := _PUBLIC.match(call.path)):
            return pages.post(self, found.group(1))
        if call.path == "/v4/oa/permission":
            return self._login.permission(call)
        if call.path == "/v4/oa/access_token":
            return self._login.exchange(call)
        try:
            self._login.check(call)
            work = self._calls.get((call.method, call.path))
            if work is None:
                raise ZaloError(NO_METHOD, "Method is not supported")
            return success(await work(call))
        except ZaloError as error:
            return error.response()

    def broken(self, status: int) -> Response:
        """Fail as a gateway in front of Zalo does."""
        return Response('{"error":-100,"message":"Unknown error"}', status_code=status, media_type="application/json")

    def throttled(self, seconds: float) -> Response:
        """Say that the rate is exceeded, under HTTP 200."""
        response = ZaloError(RATE, "Your application has reached the limit of calls").response()
        response.headers.update({"X-RateLimit-Limit": "60", "X-RateLimit-Remain": "0"})
        return response

    def expire_token(self, subcode: int = 0) -> None:
        """Let the access token be expired; refreshing helps."""
        self._login.expire()

    def credentials(self) -> Mapping[str, str]:
        """Give the app and its newest pair of tokens."""
        access, refresh = self._login.pair
        self.journal.flush()
        return {
            "app_id": login.APP_ID,
            "secret_key": login.SECRET_KEY,
            "oa_id": login.OA_ID,
            "oa_secret_key": login.OA_SECRET_KEY,
            "access_token": access,
            "refresh_token": refresh,
        }

    def tick(self) -> None:
        """Finish articles and deliver broadcasts that are due."""
        for token in sorted(self._waiting):
            ticket = self._tickets.get(token)
            if ticket is None or ticket.done:
                self._waiting.discard(token)
            elif ticket.ready_at <= self.now():
                self._apply(ticket)
        for broadcast in self._broadcasts:
            if not broadcast.delivered and broadcast.sent_at + MODERATION <= self.now():
                self._deliver(broadcast)

    def writes(self, call: Call) -> bool:
        """Count only calls that change articles or reach followers."""
        return call.method == "POST" and call.path in (
            "/v2.0/article/create",
            "/v2.0/article/update",
            "/v2.0/article/remove",
            "/v2.0/oa/message",
        )

    def reads(self, call: Call) -> bool:
        """Count the question what became of a ticket, which is a POST."""
        return call.is_read or call.path == "/v2.0/article/verify"

    async def errands(self) -> None:
        """Push the events that are due."""
        await self._webhook.push()

    async def act(self, name: str, values: JsonObject) -> JsonObject:
        """Register a `webhook` (url), let a follower cause an `event` (event_name and the event's own values), or a sign-in's."""
        if name == "webhook":
            self._webhook.register(str(values.get("url", "")))
            return {"registered": True}
        if name == "event":
            self._webhook.happen(str(values.pop("event_name")), values)
            await self._webhook.push()
            return {"subscribed": bool(self._webhook.address)}
        return {} if self._login.consents.heed(name, values) else await super().act(name, values)

    async def _create(self, call: Call) -> JsonObject:
        checked = await self._editor.check(parameter.body(call))
        now = self.now()
        return self._queue(self._article(checked, self._new_id("article"), created=now))

    async def _update(self, call: Call) -> JsonObject:
        body = parameter.body(call)
        before = self._found(body.get("id"))
        checked = await self._editor.check(body)
        if checked.content["type"] != before.type:
            raise invalid("type cannot change")
        return self._queue(self._article(checked, before.id, created=before.created))

    async def _verify(self, call: Call) -> JsonObject:
        ticket = self._tickets.get(str(parameter.body(call).get("token")))
        if ticket is None:
            raise invalid("token")
        if not ticket.asked or not ticket.done:
            self._tickets.put(ticket.token, replace(ticket, asked=True))
            raise ZaloError(PROCESSING, "Article is being processed")
        return {"id": ticket.article.id}

    async def _remove(self, call: Call) -> JsonObject:
        article = self._found(parameter.body(call).get("id"))
        self._articles.drop(article.id)
        self.ledger.remove(article.id, at=self.now())
        return {"message": "Success"}

    async def _slice(self, call: Call) -> JsonObject:
        offset, limit = parameter.number(call, "offset", 0), parameter.number(call, "limit", 10)
        kind = call.query.get("type", "normal")
        if kind not in _TYPES:
            raise invalid("type must be normal or video")
        if not 1 <= limit <= 10:
            raise too_much("limit must be at most 10")
        found = sorted((one for one in self._articles if one.type == kind), key=lambda one: one.created)[::-1]
        return {"total": len(found), "medias": [self._brief(one) for one in found[offset : offset + limit]]}

    async def _detail(self, call: Call) -> JsonObject:
        article = self._found(call.query.get("id"))
        return {"cite": None, **article.content, **self._brief(article)}

    async def _prepare_clip(self, call: Call) -> JsonObject:
        media = self._file(call, Kind.VIDEO, LARGEST_CLIP)
        token = self._new_id("clip token")
        ready = self.now() + self.processing
        self._clips.put(token, Clip(token=token, id=self._new_id("clip"), media=media, ready_at=ready))
        return {"token": token}

    async def _verify_clip(self, call: Call) -> JsonObject:
        clip = self._clips.get(call.headers.get("token") or call.query.get("token", ""))
        if clip is None:
            raise invalid("token")
        ready = clip.ready_at <= self.now()
        return {
            "video_id": clip.id,
            "video_name": clip.media.name,
            "video_size": clip.media.size,
            "convert_percent": 100 if ready else 0,
            "status": 1 if ready else 3,
            "status_message": "Video is ready" if ready else "Video is processing",
        }

    async def _upload_picture(self, call: Call) -> JsonObject:
        media = self._file(call, Kind.PICTURE, LARGEST_PICTURE)
        if not media.is_picture(*PICTURES):
            raise invalid("file type is not supported")
        return {"attachment_id": sha256(media.sha256.encode()).hexdigest()[:32]}

    async def _about(self, call: Call) -> JsonObject:
        return {
            "oaid": login.OA_ID,
            "oa_id": login.OA_ID,
            "name": self.title,
            "is_verified": True,
            "oa_type": 4,
            "num_follower": 126,
            "package_name": "Diễn tập",
            "package_valid_through_date": "31/12/2027",
        }

    async def _broadcast(self, call: Call) -> JsonObject:
        ids = parameter.broadcast_articles(parameter.body(call))
        for id in ids:
            if self._found(id).status != "show":
                raise invalid("a hidden article cannot be broadcast")
        for period, most in (("%Y-%m", self._broadcasts_a_month), ("%Y-%m-%d", self._broadcasts_a_day)):
            now = self.now().astimezone(VIETNAM).strftime(period)
            if sum(one.sent_at.astimezone(VIETNAM).strftime(period) == now for one in self._broadcasts) >= most:
                raise ZaloError(QUOTA_USED, "Out of quota")
        made = Broadcast(id=self._new_id("broadcast"), articles=ids, sent_at=self.now())
        self._broadcasts.put(made.id, made)
        return {"message_id": made.id}

    def _deliver(self, broadcast: Broadcast) -> None:
        self._broadcasts.put(broadcast.id, replace(broadcast, delivered=True))
        shown = [one for id in broadcast.articles if (one := self._articles.get(id))]
        titles = "\n".join(one.title for one in shown)
        pictures = tuple(one.media[0] for one in shown if one.media)
        at = broadcast.sent_at + MODERATION
        self.ledger.show(
            broadcast.id, path=f"/bai-viet/{broadcast.id}", at=at, title="Tin gửi người quan tâm", text=titles, media=pictures
        )

    def _queue(self, article: Article) -> JsonObject:
        """Take an article in; it takes effect after the processing time."""
        self._hold_allowance(article)
        ticket = Ticket(token=self._new_id("ticket") * 2, article=article, ready_at=self.now() + self.processing)
        self._tickets.put(ticket.token, ticket)
        self._waiting.add(ticket.token)
        self.tick()
        return {"token": ticket.token}

    def _apply(self, ticket: Ticket) -> None:
        self._tickets.put(ticket.token, replace(ticket, done=True))
        article = ticket.article
        self._articles.put(article.id, article)
        if article.status != "show":
            self.ledger.remove(article.id, at=self.now())
            return
        page = editor.html(article)
        path = f"/bai-viet/{article.id}"
        self.ledger.show(
            article.id, path=path, at=ticket.ready_at, title=article.title, text=plain(page), html=page, media=article.media
        )

    def _hold_allowance(self, article: Article) -> None:
        if self._allowance is None or article.status != "show" or self.ledger.visible(article.id):
            return
        month = self.now().strftime("%Y-%m")
        if sum(row.published_at.strftime("%Y-%m") == month for row in self.ledger.feed()) >= self._allowance:
            raise ZaloError(ALLOWANCE_USED, "OA has exceeded its content publishing allowance")

    def _article(self, checked: editor.Checked, id: str, *, created: datetime) -> Article:
        content = checked.content
        kind, title, status = str(content["type"]), str(content["title"]), str(content["status"])
        return Article(
            id=id,
            content=content,
            type=kind,
            title=title,
            status=status,
            media=checked.media,
            created=created,
            updated=self.now(),
        )

    def _brief(self, article: Article) -> JsonObject:
        thumb = next((one for one in article.media if one.kind is Kind.PICTURE), None)
        return {
            "id": article.id,
            "type": article.type,
            "title": article.title,
            "status": article.status,
            "total_view": 0,
            "total_share": 0,
            "create_date": int(article.created.timestamp() * 1000),
            "update_date": int(article.updated.timestamp() * 1000),
            "thumb": self.picture_address(thumb) if thumb else "",
            "link_view": f"{self.address}/bai-viet/{article.id}",
        }

    def _file(self, call: Call, kind: Kind, largest: int) -> Media:
        upload = call.files.get("file")
        if upload is None:
            raise invalid("file is missing")
        if len(upload.data) > largest:
            raise too_much(f"file is larger than {largest >> 20}MB")
        media = self.media.keep(upload.data, name=upload.name)
        if media.kind is not kind:
            raise invalid("file type is not supported")
        return media

    def _found(self, id: object) -> Article:
        found = self._articles.get(str(id))
        if found is None:
            raise invalid("id does not exist")
        return found

    def _new_id(self, series: str) -> str:
        return sha256(f"{series} {self.counter.next(series)}".encode()).hexdigest()[:20]

    @property
    def _editor(self) -> Editor:
        ready = {clip.id: clip.media for clip in self._clips if clip.ready_at <= self.now()}
        return Editor(self.media, ready)
