"""The Graph server: versions, admission, routes and usage headers of one Page."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar

from starlette.responses import JSONResponse, Response

from rehearsal import fetch, pages
from rehearsal.call import Call, JsonObject, Upload
from rehearsal.facebook import insight, token, write
from rehearsal.facebook.clip import Clips
from rehearsal.facebook.description import Describer
from rehearsal.facebook.error import GraphError, dead_token, invalid
from rehearsal.facebook.login import Login
from rehearsal.facebook.page import PAGE_NAME, Page
from rehearsal.facebook.story import Story
from rehearsal.facebook.talk import Talk
from rehearsal.faults import Fault
from rehearsal.media import MediaStore
from rehearsal.platform import Clock, Platform
from rehearsal.remark import Remark

NEWEST, OLDEST = 26, 22  # v20 and older are past their end; calls with them are served by the oldest live version
CALLS_PER_ENGAGED_USER = 4800
ENGAGED_USERS = 126
LARGEST_CLIP = 1_000_000_000
_VERSION = re.compile(r"^v(\d{1,2})\.0$")
_LISTS = ("feed", "posts", "published_posts", "scheduled_posts")
_PUBLIC = re.compile(rf"^/{token.PAGE_ID}(?:/posts/|_)(\d+)/?$")  # also by the whole id, as the web redirects it
_PUBLIC_VIDEO = re.compile(rf"^/(?:{token.PAGE_ID}/videos/)?(\d+)/?$")


class Facebook(Platform):
    """One Page behind Graph; `proof_required` is the app's setting that every call proves the app secret.

    `list_lag` is how long a new post is missing from the lists, which are eventually consistent; by its id it is there at once.
    """

    name: ClassVar[str] = "facebook"
    title: ClassVar[str] = PAGE_NAME
    faults_known: ClassVar[frozenset[Fault]] = Platform.faults_known | {Fault.DUPLICATE_DETECT}

    def __init__(
        self, *, folder: Path, media: MediaStore, clock: Clock, processing: timedelta = timedelta(), proof_required: bool = False,
        list_lag: timedelta = timedelta(),
    ) -> None:  # fmt: skip
        super().__init__(folder=folder, media=media, clock=clock, processing=processing)
        self._page = Page(self.journal, self.counter, self.ledger, self.now)
        self._clips = Clips(self._page, media, processing)
        self._talk = Talk(self.journal, self.counter, self.now)
        self._login = Login(self.keys, self.counter, self.now)
        self._proof_required = proof_required
        self._list_lag = list_lag
        self._calls: deque[datetime] = deque()

    async def answer(self, call: Call) -> Response:
        """Serve a public page or a Graph call."""
        if call.is_read and (public := self._public(call.path)):
            return public
        version, path = _split(call.path)
        if call.is_read and path == "dialog/oauth":
            return self._login.dialog(call)
        try:
            response: Response = JSONResponse(self._graph(await _fetched(call, path), path, version))
        except GraphError as error:
            response = error.response(self._trace())
        response.headers.update(self._headers(version))
        return response

    def broken(self, status: int) -> Response:
        """Say code 2, which may follow a successful commit."""
        return self._failed(GraphError("Service temporarily unavailable", code=2, status=status, transient=True))

    def throttled(self, seconds: float) -> Response:
        """Say code 80001 with the minutes to wait in the usage header."""
        response = GraphError(
            "There have been too many calls to this Page account. Wait a bit and try again.", code=80001
        ).response(self._trace())
        response.headers.update(self._headers(NEWEST, used=100, minutes=max(1, round(seconds / 60))))
        return response

    def duplicate(self) -> Response:
        """Say that the same content was posted before."""
        return self._failed(
            GraphError("The action attempted has been deemed abusive: duplicate content", code=368, subcode=1404082)
        )

    def expire_token(self, subcode: int = 0) -> None:
        """Let the Page token die (463 expired, 458 app removed, 460 password changed, 492 no role); a person has to reconnect."""
        self.keys.put(f"died {self.generation('page_token')}", str(subcode or token.EXPIRED))
        self.renew("page_token")

    def credentials(self) -> Mapping[str, str]:
        """Give the app and the Page token."""
        return {
            "app_id": token.APP_ID, "app_secret": token.APP_SECRET, "page_id": token.PAGE_ID,
            "page_token": self.generation("page_token"), "user_token": token.USER_TOKEN,
        }  # fmt: skip

    def tick(self) -> None:
        """Publish scheduled posts and finished clips that are due."""
        self._page.publish_due(self.generation("page_token"))

    def _graph(self, call: Call, path: str, version: int) -> JsonObject:
        if version > NEWEST:
            raise GraphError(f"Unknown path components: /v{version}.0", code=2500)
        if path == "oauth/access_token":
            return self._login.exchange(call)
        used = token.check(
            call, valid=self.generation("page_token"), died=self._died, proof_required=self._proof_required
        )
        self._count()
        if call.method == "POST" and call.text("method").upper() == "DELETE":
            return write.delete(self._page, path)
        return self._route(call, path, used)

    def _route(self, call: Call, path: str, used: str) -> JsonObject:
        head, _, edge = path.partition("/")
        head = token.PAGE_ID if head == "me" and used == self.generation("page_token") else head
        if head == "me" and edge == "accounts":
            return {"data": [*self._pages()]}
        if head == "debug_token":
            return self._debug(call)
        if head == "video-upload":
            return self._clips.receive_reel(call, path.rsplit("/", 1)[-1])
        if head.startswith("upload:"):
            return self._clips.ask_handle(head) if call.is_read else self._clips.receive_handle(call, head)
        if (head, edge) == (token.APP_ID, "uploads"):
            return self._clips.open_handle(call)
        if call.method == "POST" and head in (token.PAGE_ID, "") and used == token.USER_TOKEN:
            raise dead_token(467, "This method must be called with a Page Access Token")
        if call.is_read and edge in ("insights", "video_insights"):
            known = head == token.PAGE_ID or self._page.videos.get(head) or self._page.story(head)
            return insight.read(call, head, self.now()) if known else {}
        return self._on_page(call, edge) if head == token.PAGE_ID else self._on_object(call, head, edge)

    def _pages(self) -> Iterator[JsonObject]:
        """List the Pages that the person looks after: ours, and those of which nothing is known here but the name."""
        yield self._describer.page("id,name,tasks") | {"access_token": self.generation("page_token")}
        for number, name in enumerate(filter(None, (self.keys.get("other pages") or "").split("\n"))):
            token_of = f"rehearsal-facebook-other-{number}"
            yield {"id": f"90000{number}", "name": name, "tasks": ["CREATE_CONTENT"], "access_token": token_of}

    async def act(self, name: str, values: JsonObject) -> JsonObject:
        """Give whoever signs in `other pages` (names) to look after, or do what has to do with the sign-in itself."""
        if name == "other pages":
            names = values.get("names")
            self.keys.put("other pages", "\n".join(map(str, names)) if isinstance(names, list) else "")
            return {}
        return {} if self._login.consents.heed(name, values) else await super().act(name, values)

    def _on_page(self, call: Call, edge: str) -> JsonObject:
        fields = call.text("fields")
        if not edge and call.is_read:
            return self._describer.page(fields)
        if call.is_read and edge in _LISTS:
            return self._list(call, edge)
        if call.is_read and edge in ("photos", "videos", "insights"):
            return {"data": []} if edge == "insights" else self._media_list(edge, fields)
        posts: dict[str, Callable[[], JsonObject]] = {
            "feed": lambda: write.feed(self._page, call),
            "photos": lambda: write.photo(self._page, call, self.media),
            "videos": lambda: self._clips.videos(call),
            "video_reels": lambda: self._clips.reels(call, self.address),
            "subscribed_apps": lambda: {"success": True},
        }
        if call.method != "POST" or edge not in posts:
            raise GraphError(f"Unknown path components: /{edge}", code=2500)
        return posts[edge]()

    def _on_object(self, call: Call, id: str, edge: str) -> JsonObject:
        if not id and call.method == "POST" and call.text("scrape"):
            return {"url": call.text("id"), "type": "article"}
        if edge == "comments":
            return self._below(call, id)
        if call.method == "DELETE":
            return write.delete(self._page, id)
        if video := self._page.videos.get(id):
            steps = {"": self._clips.edit, "thumbnails": self._clips.thumbnail, "captions": self._clips.caption}
            if call.method == "POST" and edge in steps:
                return steps[edge](call, video)
            return self._describer.video(video, call.text("fields"))
        if (photo := self._page.photos.get(id)) and call.is_read:
            return self._describer.photo(photo, call.text("fields"))
        story = self._page.story(id)
        if edge in ("reactions", "likes", "insights") and call.is_read:
            return {"data": [], "summary": {"total_count": 0}}
        if edge:
            raise GraphError(f"Unknown path components: /{edge}", code=2500)
        return self._describer.story(story, call.text("fields")) if call.is_read else write.edit_story(self._page, call, story)

    def remarks(self) -> tuple[Remark, ...]:
        """List what was ever said below the Page's posts and clips."""
        return self._talk.remarks()

    def _below(self, call: Call, id: str) -> JsonObject:
        """Say or list what stands below a post, a clip or a comment."""
        above = self._talk.comment(id)
        post = above.post if above else id if self._page.videos.get(id) else self._page.story(id).id
        work = self._talk.list if call.is_read else self._talk.say
        return work(call, post, above.id if above else "")

    def _list(self, call: Call, edge: str) -> JsonObject:
        scheduled = edge == "scheduled_posts"
        shown_until = self.now() - self._list_lag
        chosen = [
            one for one in self._page.newest_first()
            if _listed(one, scheduled) and (scheduled or one.created <= shown_until) and self._within(one, call)
        ]  # fmt: skip
        limit = call.text("limit") or "25"
        if not limit.isdigit() or not 1 <= int(limit) <= 100:
            raise invalid("Param limit must be between 1 and 100")
        start = int(call.text("after") or 0) if (call.text("after") or "0").isdigit() else 0
        end = start + int(limit)
        shown = [self._describer.story(story, call.text("fields")) for story in chosen[start:end]]
        if not shown:
            return {"data": []}
        paging: JsonObject = {"cursors": {"before": str(start), "after": str(min(end, len(chosen)))}}
        if end < len(chosen):
            query = "&".join(f"{name}={value}" for name, value in call.query.items() if name != "after")
            paging["next"] = f"{self.address}{call.path}?{query}&after={end}"
        return {"data": shown, "paging": paging}

    def _within(self, story: Story, call: Call) -> bool:
        since, until = call.text("since"), call.text("until")
        return story.created.timestamp() >= _seconds(since, 0) and story.created.timestamp() <= _seconds(until, 1e12)

    def _media_list(self, edge: str, fields: str) -> JsonObject:
        if edge == "photos":
            return {"data": [self._describer.photo(one, fields) for one in self._page.photos if one.published]}
        return {"data": [self._describer.video(one, fields) for one in self._page.videos if one.finished]}

    def _debug(self, call: Call) -> JsonObject:
        valid = call.text("input_token") == self.generation("page_token")
        return {
            "data": {
                "app_id": token.APP_ID, "type": "PAGE", "is_valid": valid, "expires_at": 0, "data_access_expires_at": 0,
                "scopes": list(token.SCOPES), "profile_id": token.PAGE_ID,
            }
        }  # fmt: skip

    def _public(self, path: str) -> Response | None:
        if found := _PUBLIC.match(path):
            return pages.post(self, f"{token.PAGE_ID}_{found.group(1)}")
        if (found := _PUBLIC_VIDEO.match(path)) and (video := self._page.videos.get(found.group(1))):
            return pages.post(self, video.story)
        return None

    def _died(self, old: str) -> int:
        """Give the subcode with which an old Page token is refused."""
        return int(self.keys.get(f"died {old}") or token.EXPIRED)

    @property
    def _describer(self) -> Describer:
        return Describer(self._page, self.address, self._talk.count)

    def _failed(self, error: GraphError) -> Response:
        response = error.response(self._trace())
        response.headers.update(self._headers(NEWEST))
        return response

    def _count(self) -> None:
        day = self.now() - timedelta(days=1)
        while self._calls and self._calls[0] < day:
            self._calls.popleft()
        self._calls.append(self.now())
        if len(self._calls) > CALLS_PER_ENGAGED_USER * ENGAGED_USERS:
            raise GraphError("There have been too many calls to this Page account. Wait a bit and try again.", code=80001)

    def _headers(self, version: int, *, used: int | None = None, minutes: int = 0) -> dict[str, str]:
        percent = used if used is not None else len(self._calls) * 100 // (CALLS_PER_ENGAGED_USER * ENGAGED_USERS)
        usage = {
            "type": "pages",
            "call_count": percent,
            "total_cputime": 0,
            "total_time": 0,
            "estimated_time_to_regain_access": minutes,
        }
        return {
            "facebook-api-version": f"v{max(version, OLDEST)}.0",
            "x-fb-trace-id": self._trace(),
            "x-fb-request-id": self._trace(),
            "x-business-use-case-usage": json.dumps({token.PAGE_ID: [usage]}),
        }

    def _trace(self) -> str:
        return f"A{len(self._calls):010d}"


def _split(path: str) -> tuple[int, str]:
    """Separate the version from the rest; a call without one gets the oldest live version."""
    head, _, rest = path.lstrip("/").partition("/")
    if found := _VERSION.match(head):
        return int(found.group(1)), rest.rstrip("/")
    return OLDEST, path.strip("/")


async def _fetched(call: Call, path: str) -> Call:
    """Fetch a photo or clip that is given by its address, as Graph would."""
    if call.method != "POST" or call.files:
        return call
    if path.endswith("/photos") and (url := call.text("url")):
        return call.with_file("source", await _pulled(url, write.LARGEST_PICTURE + 1, code=324, subcode=2069019))
    if path.endswith("/videos") and (url := call.text("file_url")):
        return call.with_file("source", await _pulled(url, LARGEST_CLIP, code=389, subcode=1363057))
    if path.startswith("video-upload/") and (url := call.headers.get("file_url", "")):
        return call.with_file("source", await _pulled(url, LARGEST_CLIP, code=389, subcode=1363057))
    return call


async def _pulled(url: str, largest: int, *, code: int, subcode: int) -> Upload:
    try:
        data = await fetch.get(url, largest=largest)
    except fetch.CannotFetch as problem:
        raise GraphError(f"Unable to fetch file from URL: {problem}", code=code, subcode=subcode) from problem
    return Upload(name=url.rsplit("/", 1)[-1], content_type="", data=data)


def _listed(story: Story, scheduled: bool) -> bool:
    return (not story.published and story.scheduled is not None) if scheduled else story.visible


def _seconds(text: str, default: float) -> float:
    if not text:
        return default
    try:
        return float(text) if text.replace(".", "").isdigit() else datetime.fromisoformat(text).astimezone(UTC).timestamp()
    except ValueError as problem:
        raise invalid("Params since and until must be unix timestamps or dates") from problem
