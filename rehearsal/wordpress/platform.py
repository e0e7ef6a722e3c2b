"""The portal's server: admission, routes, public pages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response

from rehearsal import pages
from rehearsal.call import Call, JsonObject
from rehearsal.faults import Fault
from rehearsal.media import MediaStore
from rehearsal.platform import Clock, Platform
from rehearsal.remark import Remark
from rehearsal.wordpress import login
from rehearsal.wordpress.error import RestError
from rehearsal.wordpress.library import Library
from rehearsal.wordpress.listing import answer_list
from rehearsal.wordpress.post import Term, slugify
from rehearsal.wordpress.posts import Posts
from rehearsal.wordpress.site import Describer, Site
from rehearsal.wordpress.talk import Talk

CATEGORIES = ("Tin tức", "Thông báo", "Văn hóa", "Dịch vụ công", "Giao thông", "Sự kiện")
EDITOR_MAY = (
    "publish_posts", "upload_files", "edit_posts", "edit_others_posts", "edit_published_posts", "delete_posts",
    "delete_published_posts", "moderate_comments",
)  # fmt: skip
_ITEM = re.compile(r"^/wp/v2/(posts|media)/(\d+)(/[a-z-]+)?$")
_KNOWN = ("posts", "media", "categories", "tags", "users", "comments", "types", "statuses")


class WordPress(Platform):
    """A portal with one editor; `registered_meta` are the meta keys a plugin has registered.

    Without `cron` the site misses every schedule: WP-Cron runs on visits only, and many a host turns it off.
    """

    name: ClassVar[str] = "wordpress"
    title: ClassVar[str] = "Cổng thông tin diễn tập"
    faults_known: ClassVar[frozenset[Fault]] = Platform.faults_known | {Fault.INSERT_THEN_FAIL}

    def __init__(
        self, *, folder: Path, media: MediaStore, clock: Clock, processing: timedelta = timedelta(),
        registered_meta: tuple[str, ...] = (), cron: bool = True,
    ) -> None:  # fmt: skip
        super().__init__(folder=folder, media=media, clock=clock, processing=processing)
        self._site = Site(self.journal, self.counter, self.ledger, self.now)
        self._posts = Posts(self._site, registered_meta)
        self._library = Library(self._site, media)
        self._talk = Talk(self._site, self.journal, self.counter)
        self._cron = cron
        self._seed()

    async def answer(self, call: Call) -> Response:
        """Serve a public page, a file or a REST call."""
        route = _route(call)
        if route is None:
            return self._public(call)
        try:
            member = login.check(call, self._password())
            response = self._rest(call, route, member=member)
        except RestError as error:
            response = error.response()
        response.headers["Link"] = f'<{self.address}/wp-json/>; rel="https://api.w.org/"'
        return response

    def broken(self, status: int) -> Response:
        """Fail as PHP does."""
        body = {"code": "internal_server_error", "message": "<p>There has been a critical error on this website.</p>"}
        return JSONResponse({**body, "data": {"status": status}}, status_code=status)

    def throttled(self, seconds: float) -> Response:
        """Turn away as a host's firewall does: a web page, since WordPress itself has no limit."""
        page = "<html><head><title>429 Too Many Requests</title></head><body><h1>Too Many Requests</h1></body></html>"
        return HTMLResponse(page, status_code=429, headers={"Retry-After": str(max(1, round(seconds)))})

    def insert_failed(self) -> Response:
        """Refuse a meta value after the post was inserted."""
        message = "Sorry, you are not allowed to edit the custom field."
        return RestError("rest_cannot_update", message, 403, key="_loa").response()

    def expire_token(self, subcode: int = 0) -> None:
        """Revoke the application password; credentials() has a new one."""
        self.renew("application_password")

    def credentials(self) -> Mapping[str, str]:
        """Give the editor's login."""
        return {"user": login.USER, "application_password": self._password()}

    def reset(self) -> None:
        """Start over with the portal's categories."""
        super().reset()
        self._seed()

    def tick(self) -> None:
        """Let WP-Cron publish, on a site where it runs."""
        if self._cron:
            self._site.publish_due()

    def _seed(self) -> None:
        if len(self._site.terms):
            return
        for name in CATEGORIES:
            self._new_term("category", name)
        self.journal.flush()

    def _new_term(self, taxonomy: str, name: str) -> Term:
        id = self.counter.next("term")
        return self._site.terms.put(str(id), Term(id=id, taxonomy=taxonomy, name=name, slug=slugify(name)))

    def _password(self) -> str:
        return login.password(int(self.generation("application_password").rsplit("-", 1)[1]))

    def _rest(self, call: Call, route: str, *, member: bool) -> Response:
        if route == "/":
            return JSONResponse(self._index())
        if not call.is_read and not member:
            raise RestError("rest_cannot_create", "Sorry, you are not allowed to create posts as this user.", 401)
        if found := _ITEM.match(route):
            return self._item(call, found.group(1), int(found.group(2)), found.group(3) or "", member=member)
        lists = {"/wp/v2/posts": self._on_posts, "/wp/v2/media": self._on_media}
        if route in lists:
            return lists[route](call, member)
        if route in ("/wp/v2/categories", "/wp/v2/tags"):
            return self._on_terms(call, "category" if route.endswith("categories") else "post_tag")
        if route.startswith("/wp/v2/users/me"):
            return self._me(route, member=member)
        if route == "/wp/v2/comments":
            return self._talk.list(call) if call.is_read else self._talk.say(call)
        raise RestError("rest_no_route", "No route was found matching the URL and request method.", 404)

    def remarks(self) -> tuple[Remark, ...]:
        """List what was ever said below the portal's posts."""
        return self._talk.remarks()

    def _on_posts(self, call: Call, member: bool) -> Response:
        if call.is_read:
            return self._posts.list(call, self._describe, member=member)
        return self._posts.create(call, self._describe)

    def _on_media(self, call: Call, member: bool) -> Response:
        return self._library.list(call, self._describe) if call.is_read else self._library.create(call, self._describe)

    def _item(self, call: Call, kind: str, id: int, action: str, *, member: bool) -> Response:
        if action == "/post-process" and kind == "media" and call.method == "POST":
            return JSONResponse(self._library.read(call, self._describe, id))
        if action:
            raise RestError("rest_no_route", "No route was found matching the URL and request method.", 404)
        if call.is_read:
            read = self._posts.read(call, self._describe, id, member=member) if kind == "posts" else None
            return JSONResponse(read or self._library.read(call, self._describe, id))
        room = self._posts if kind == "posts" else self._library
        work = room.delete if call.method == "DELETE" else room.update
        return JSONResponse(work(call, self._describe, id))

    def _on_terms(self, call: Call, taxonomy: str) -> Response:
        known = [term for term in self._site.terms if term.taxonomy == taxonomy]
        if not call.is_read:
            name = call.text("name")
            if same := next((term for term in known if term.name == name), None):
                raise RestError("term_exists", "A term with the name provided already exists.", 400, term_id=same.id)
            return JSONResponse(self._describe.term(self._new_term(taxonomy, name)), status_code=201)
        slug, text = call.query.get("slug", ""), call.query.get("search", "").lower()
        shown = [term for term in known if slug in ("", term.slug) and text in term.name.lower()]
        return answer_list(call, shown, self._describe.term)

    def _me(self, route: str, *, member: bool) -> Response:
        if not member:
            raise RestError("rest_not_logged_in", "You are not currently logged in.", 401)
        if route.endswith("/application-passwords/introspect"):
            return JSONResponse({"uuid": "00000000-0000-4000-8000-000000000126", "app_id": "", "name": "Loa diễn tập"})
        abilities = dict.fromkeys(EDITOR_MAY, True)
        me: JsonObject = {
            "id": login.USER_ID,
            "name": "Loa diễn tập",
            "slug": login.USER,
            "username": login.USER,
            "roles": ["editor"],
        }
        return JSONResponse({**me, "capabilities": abilities})

    def _index(self) -> JsonObject:
        routes = {f"/wp/v2/{name}": {"namespace": "wp/v2", "methods": ["GET", "POST"]} for name in _KNOWN}
        authentication = {
            "application-passwords": {"endpoints": {"authorization": f"{self.address}/wp-admin/authorize-application.php"}}
        }
        site: JsonObject = {"name": self.title, "description": "Bản diễn tập", "url": self.address, "home": self.address}
        return {**site, "namespaces": ["wp/v2"], "authentication": authentication, "routes": routes}

    def _public(self, call: Call) -> Response:
        if call.path == "/" and not call.query.get("p"):
            return pages.feed(self)
        if call.path.startswith("/wp-content/uploads/"):
            return self._file(call.path)
        number, slug = call.query.get("p", ""), call.path.strip("/")
        post = next((one for one in self._site.posts if slug == one.slug or str(one.id) == number), None)
        return pages.post(self, str(post.id) if post and post.status == "publish" else number or "0")

    def _file(self, path: str) -> Response:
        found = next((one for one in self._site.attachments if one.path == path), None)
        if found is None:
            return HTMLResponse("<h1>404</h1>", status_code=404)
        return FileResponse(self.media.file(found.media), media_type=found.media.content_type)

    @property
    def _describe(self) -> Describer:
        return Describer(self._site, self.address)


def _route(call: Call) -> str | None:
    """Find the REST route of a call, given as a path or as rest_route; None for anything else."""
    if call.path.startswith("/wp-json"):
        return call.path.removeprefix("/wp-json").rstrip("/") or "/"
    asked = call.query.get("rest_route")
    return (asked.rstrip("/") or "/") if asked else None
