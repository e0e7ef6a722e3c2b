"""The calls on /wp/v2/posts."""

from __future__ import annotations

from dataclasses import replace

from starlette.responses import JSONResponse, Response

from rehearsal.call import Call, JsonObject
from rehearsal.wordpress import request
from rehearsal.wordpress.error import RestError, invalid
from rehearsal.wordpress.listing import answer_list
from rehearsal.wordpress.post import STATUSES, Post, free_slug, slugify
from rehearsal.wordpress.site import Describer, Site

REGISTERED_META = ("footnotes",)  # core's own; any other key is dropped without a word unless a plugin registers it
FORMATS = ("standard", "aside", "chat", "gallery", "link", "image", "quote", "status", "video", "audio")


class Posts:
    """Creates, lists, changes and deletes posts."""

    def __init__(self, site: Site, registered_meta: tuple[str, ...] = ()) -> None:
        self._site = site
        self._meta = (*REGISTERED_META, *registered_meta)

    def create(self, call: Call, describe: Describer) -> Response:
        """POST /posts: 201, whatever the slug had to become."""
        now = self._site.now()
        blank = Post(id=self._site.new_id(), date=now, modified=now)
        post = self._site.keep(self._changed(call, blank))
        body = describe.post(post, edit=True)
        return JSONResponse(body, status_code=201, headers={"Location": f"{describe.address}/wp-json/wp/v2/posts/{post.id}"})

    def read(self, call: Call, describe: Describer, id: int, *, member: bool) -> JsonObject:
        """GET /posts/{id}: drafts and raw fields for members only."""
        post = self._site.post(id)
        edit = call.text("context") == "edit"
        if not member and (edit or post.status != "publish"):
            raise RestError("rest_forbidden_context" if edit else "rest_forbidden", "Sorry, you are not allowed to do that.", 401)
        return describe.post(post, edit=edit)

    def update(self, call: Call, describe: Describer, id: int) -> JsonObject:
        """POST or PUT /posts/{id}: change what is named."""
        post = self._site.post(id)
        changed = self._changed(call, replace(post, modified=self._site.now()))
        if (
            changed.status == "publish"
            and post.status != "publish"
            and not call.params.get("date_gmt")
            and not call.params.get("date")
        ):
            changed = replace(changed, date=self._site.now())
        return describe.post(self._site.keep(changed), edit=True)

    def delete(self, call: Call, describe: Describer, id: int) -> JsonObject:
        """DELETE /posts/{id}: into the bin, or for good with force."""
        post = self._site.post(id)
        if request.flag(call, "force"):
            self._site.drop(post)
            return {"deleted": True, "previous": describe.post(post, edit=True)}
        if post.status == "trash":
            raise RestError("rest_already_trashed", "The post has already been deleted.", 410)
        binned = replace(post, status="trash", slug=f"{post.slug}__trashed", before_trash=post.status, modified=self._site.now())
        return describe.post(self._site.keep(binned), edit=True)

    def list(self, call: Call, describe: Describer, *, member: bool) -> Response:
        """GET /posts: published ones, unless a member asks for other statuses."""
        edit = call.text("context") == "edit"
        if edit and not member:
            raise RestError("rest_forbidden_context", "Sorry, you are not allowed to edit posts in this post type.", 401)
        wanted = self._statuses(call, member=member)
        found = [post for post in self._site.posts if post.status in wanted and _matches(call, post)]
        found.sort(key=lambda post: (post.date, post.id), reverse=call.text("order") != "asc")
        return answer_list(call, found, lambda post: describe.post(post, edit=edit))

    def _statuses(self, call: Call, *, member: bool) -> tuple[str, ...]:
        asked = request.words(call, "status") or ("publish",)
        if any(one not in (*STATUSES, "any", "trash") for one in asked):
            raise invalid("status", "status[0] is not one of publish, future, draft, pending, private, trash, any.")
        if not member and asked != ("publish",):
            raise RestError("rest_forbidden_status", "Status is forbidden.", 401)
        return STATUSES if "any" in asked else asked

    def _changed(self, call: Call, post: Post) -> Post:
        title, content, excerpt = (request.rendered(call, name) for name in ("title", "content", "excerpt"))
        when = request.moment(call, "date_gmt") or request.moment(call, "date")
        featured = request.number(call, "featured_media")
        changed = replace(
            post,
            title=post.title if title is None else title,
            content=post.content if content is None else content,
            excerpt=post.excerpt if excerpt is None else excerpt,
            status=request.status(call) or post.status,
            date=when or post.date,
            featured_media=post.featured_media if featured is None else self._featured(featured),
            categories=self._terms(request.numbers(call, "categories"), "category", post.categories) or (1,),
            tags=self._terms(request.numbers(call, "tags"), "post_tag", post.tags),
            meta={**post.meta, **self._known_meta(call)},
            comment_status=request.choice(call, "comment_status", ("open", "closed")) or post.comment_status,
            format=request.choice(call, "format", FORMATS) or post.format,
            sticky=post.sticky if (sticky := request.flag(call, "sticky")) is None else sticky,
        )  # fmt: skip
        if not (changed.title or changed.content or changed.excerpt):
            raise RestError("empty_content", "Content, title, and excerpt are empty.", 400)
        return replace(changed, slug=self._slug(call, changed))

    def _slug(self, call: Call, post: Post) -> str:
        """Give the slug: as asked, kept, or from the title once the post goes out; never one that is taken."""
        asked = call.text("slug")
        wanted = slugify(asked) if asked else post.slug or ("" if post.status in ("draft", "pending") else slugify(post.title))
        return free_slug(wanted or str(post.id), self._site.slugs(but=post.id)) if wanted or post.status == "publish" else ""

    def _featured(self, id: int) -> int:
        """Take the featured picture; one that does not exist is ignored, which is WordPress's way."""
        return id if self._site.attachments.get(str(id)) else 0

    def _terms(self, asked: tuple[int, ...] | None, taxonomy: str, before: tuple[int, ...]) -> tuple[int, ...]:
        """Take the terms; ids that do not exist are skipped, which is WordPress's way."""
        if asked is None:
            return before
        known = {term.id for term in self._site.terms if term.taxonomy == taxonomy}
        return tuple(id for id in asked if id in known)

    def _known_meta(self, call: Call) -> dict[str, str]:
        meta = call.params.get("meta")
        if meta is None:
            return {}
        if not isinstance(meta, dict):
            raise invalid("meta", "meta is not of type object.")
        return {name: str(value) for name, value in meta.items() if name in self._meta}


def _matches(call: Call, post: Post) -> bool:
    slugs = request.words(call, "slug")
    text = call.query.get("search", "").lower()
    after, before = request.moment(call, "after"), request.moment(call, "before")
    modified = request.moment(call, "modified_after")
    included = request.words(call, "include")
    return (
        (not slugs or post.slug in slugs)
        and (not text or text in f"{post.title}\n{post.content}\n{post.excerpt}".lower())
        and (after is None or post.date > after)
        and (before is None or post.date < before)
        and (modified is None or post.modified > modified)
        and (not included or str(post.id) in included)
    )
