"""The creator's account: what may be posted on it, what was begun, what is through moderation, and what the public sees."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from rehearsal import fetch
from rehearsal.journal import Counter, Journal
from rehearsal.ledger import Ledger
from rehearsal.media import Kind, Media, MediaStore
from rehearsal.tiktok import request
from rehearsal.tiktok.error import ApiError
from rehearsal.tiktok.request import PostInfo, Source
from rehearsal.tiktok.share import FOLLOWERS, MUTUAL, PUBLIC, SELF, Fetch, Share, Status

USERNAME, NICKNAME = "loa.dientap", "Loa diễn tập"
LONGEST_SECONDS = 600
LEAST_SIDE, MOST_SIDE = 360, 4096
LARGEST_PHOTO, PHOTO_SIDES = 20_000_000, (1080, 1920)
ACTIVE_USERS = 5  # that an unaudited client may post for in a day
A_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What this creator and this client may do.

    `audited` is whether the client may post in public at all, `private_account` the creator's own setting. `active_users` is for
    how many others the client has posted today. `moderation` is how long a post that is complete stays without an id.
    `verified_urls` are the prefixes that media may be pulled from.
    """

    audited: bool
    private_account: bool
    active_users: int
    posts_a_day: int
    pending_drafts: int
    banned: bool
    moderation: timedelta
    processing: timedelta
    verified_urls: tuple[str, ...]

    @property
    def options(self) -> tuple[str, ...]:
        """Give the privacy levels that creator_info offers."""
        return (FOLLOWERS, MUTUAL, SELF) if self.private_account else (PUBLIC, MUTUAL, SELF)


class Creator:
    """The tables of an account and the one place where a post becomes visible."""

    def __init__(
        self, rules: Rules, journal: Journal, counter: Counter, ledger: Ledger, media: MediaStore, now: Callable[[], datetime]
    ) -> None:  # fmt: skip
        self.rules = rules
        self.shares = journal.table("shares", Share)
        self.fetches = journal.table("fetches", Fetch)
        self._counter = counter
        self._ledger = ledger
        self._media = media
        self.now = now
        self._under_way = {share.id for share in self.shares if not _is_settled(share)}

    def begin(self, info: PostInfo, source: Source, *, kind: str, direct: bool) -> Share:
        """Begin a share; its addresses must be verified."""
        for url in source.urls:
            if not any(url.startswith(prefix) for prefix in self.rules.verified_urls):
                raise ApiError("url_ownership_unverified", "The ownership of the address is not verified in the developer portal")
        way = "url" if source.urls else "file"
        number = 7_000_000_000 + self._counter.next("share")
        id = f"{'v' if kind == 'video' else 'p'}_{'pub' if direct else 'inbox'}_{way}~v2.{number}"
        return self._keep(Share(
            id=id, token="" if source.urls else f"upload-{self._counter.next('upload'):08d}", kind=kind, direct=direct,
            title=info.title, description=info.description, privacy=info.privacy, size=source.size, chunk=source.chunk,
            chunks=source.chunks, opened=self.now(),
            status=Status.PROCESSING_DOWNLOAD if source.urls else Status.PROCESSING_UPLOAD,
        ))  # fmt: skip

    async def pull(self, share: Share, urls: tuple[str, ...]) -> None:
        """Fetch every address once, noting it in the log; one that fails, fails the post."""
        taken: list[Media] = []
        largest = request.LARGEST_VIDEO if share.kind == "video" else LARGEST_PHOTO
        for url in urls:
            why = ""
            try:
                taken.append(self._media.keep(await fetch.get(url, largest=largest), name=url.rsplit("/", 1)[-1]))
            except fetch.CannotFetch as problem:
                why = str(problem)
            number = f"{len(self.fetches) + 1:06d}"
            self.fetches.put(number, Fetch(url=url, at=self.now(), share=share.id, ok=not why, why=why))
            if why:
                self.fail(share, f"{share.kind}_pull_failed")
                return
        self._accept(share, tuple(taken))

    def arrived(self, share: Share, data: bytes) -> None:
        """Take the whole bytes of an upload."""
        self._accept(share, (self._media.keep(data, name=f"{share.id}.mp4"),))

    def catch_up(self) -> None:
        """Finish what is processed, and let the public see what is through moderation."""
        for id in sorted(self._under_way):
            share = self.shares.get(id)
            if share and share.ready_at and share.ready_at <= self.now() and share.is_processing:
                share = self._processed(share)
            if share and share.status is Status.PUBLISH_COMPLETE and share.public_at and share.public_at <= self.now():
                share = self._moderated(share)
            if share is None or _is_settled(share):
                self._under_way.discard(id)

    def finish(self, id: str, *, privacy: str, title: str | None) -> None:
        """Do in the app what only the creator can: post a draft from the inbox."""
        share = self.shares.get(id)
        if share is None or share.status is not Status.SEND_TO_USER_INBOX or privacy not in self.rules.options:
            raise ValueError(f"there is no draft {id} that can be posted as {privacy}")
        self._publish(replace(share, title=share.title if title is None else title, privacy=privacy))
        self.catch_up()

    def fail(self, share: Share, why: str) -> None:
        """End a share without a post."""
        self._keep(replace(share, status=Status.FAILED, fail=why))

    def videos(self) -> list[Share]:
        """List what the display API shows, newest first; that it lists photo posts is not proven, so it does not."""
        seen = [one for one in self.shares if one.post and one.kind == "video" and one.is_seen]
        return sorted(seen, key=lambda one: one.public_at or one.opened)[::-1]

    def hold_direct(self, info: PostInfo) -> None:
        """Refuse a direct post that this client or this creator may not make."""
        self.hold_posts()
        if not self.rules.audited and self.rules.active_users >= ACTIVE_USERS:
            raise ApiError("reached_active_user_cap", "The daily quota of users that may post through this client is reached")
        if not self.rules.audited and (info.privacy != SELF or not self.rules.private_account):
            raise ApiError(
                "unaudited_client_can_only_post_to_private_accounts",
                "Unaudited clients can only post to a private account, with the privacy level SELF_ONLY",
            )

    def hold_posts(self) -> None:
        """Refuse when the creator may make no (more) posts today, by whichever client."""
        if self.rules.banned:
            raise ApiError("spam_risk_user_banned_from_posting", "The user is banned from making new posts")
        since = self.now() - A_DAY
        made = sum(one.direct and one.opened > since and one.status is not Status.FAILED for one in self.shares)
        if made >= self.rules.posts_a_day:
            raise ApiError("spam_risk_too_many_posts", "The daily post cap of this user is reached")

    def hold_drafts(self) -> None:
        """Refuse when too many drafts wait in the inbox."""
        since = self.now() - A_DAY
        pending = sum(not one.direct and not one.is_over and one.opened > since for one in self.shares)
        if pending >= self.rules.pending_drafts:
            raise ApiError("spam_risk_too_many_pending_share", "There are too many pending drafts within 24 hours")

    def _keep(self, share: Share) -> Share:
        self._under_way.add(share.id)
        return self.shares.put(share.id, share)

    def _accept(self, share: Share, media: tuple[Media, ...]) -> None:
        self._keep(replace(share, media=media, ready_at=self.now() + self.rules.processing))
        self.catch_up()

    def _processed(self, share: Share) -> Share:
        if wrong := _wrong_with(share):
            self.fail(share, wrong)
        elif share.direct:
            self._publish(share)
        else:
            self._keep(replace(share, status=Status.SEND_TO_USER_INBOX))
        return self.shares.get(share.id) or share

    def _publish(self, share: Share) -> None:
        at = (share.ready_at or self.now()) if share.direct else self.now()
        self._keep(replace(share, status=Status.PUBLISH_COMPLETE, public_at=at + self.rules.moderation))

    def _moderated(self, share: Share) -> Share:
        """Give the post its id, and let others see it unless it is the creator's own."""
        if share.post:
            return share
        post = str(7_400_000_000_000_000_000 + self._counter.next("post") * 1_000_003)
        share = self._keep(replace(share, post=post))
        if share.is_seen:
            photo = share.kind == "photo"
            self._ledger.show(
                post, path=path(share), at=share.public_at or self.now(), title=share.title if photo else "",
                text=share.description if photo else share.title, media=share.media,
            )  # fmt: skip
        return share


def path(share: Share) -> str:
    """Give the public path of a post."""
    return f"/@{USERNAME}/{share.kind}/{share.post}"


def _is_settled(share: Share) -> bool:
    return share.status is Status.FAILED or bool(share.post)


def _wrong_with(share: Share) -> str:
    """Tell what the platform finds wrong once it has looked at the media; empty where nothing is."""
    look = _wrong_video if share.kind == "video" else _wrong_photo
    return next((wrong for media in share.media if (wrong := look(media))), "")


def _wrong_video(media: Media) -> str:
    if media.kind is not Kind.VIDEO:
        return "file_format_check_failed"
    if media.seconds > LONGEST_SECONDS:
        return "duration_check_failed"
    sides = (media.width, media.height)
    return "picture_size_check_failed" if any(side and not LEAST_SIDE <= side <= MOST_SIDE for side in sides) else ""


def _wrong_photo(media: Media) -> str:
    if media.content_type not in ("image/jpeg", "image/webp"):
        return "file_format_check_failed"
    fits = min(media.width, media.height) <= PHOTO_SIDES[0] and max(media.width, media.height) <= PHOTO_SIDES[1]
    return "" if fits else "picture_size_check_failed"
