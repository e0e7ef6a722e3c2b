"""The Page itself: its stories, photos and videos, what the public sees of them, and how they are described to the API."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from html import escape

from rehearsal.call import JsonObject
from rehearsal.facebook import token
from rehearsal.facebook.error import GraphError, missing
from rehearsal.facebook.story import Photo, Session, Story, Video
from rehearsal.journal import Counter, Journal
from rehearsal.ledger import Ledger
from rehearsal.media import Media

PAGE_NAME = "Trang Facebook diễn tập"
LONGEST_CLIP = 4 * 3600  # seconds


class Page:
    """The tables of a Page and the one place where something becomes visible."""

    def __init__(self, journal: Journal, counter: Counter, ledger: Ledger, now: Callable[[], datetime]) -> None:
        self.stories = journal.table("stories", Story)
        self.photos = journal.table("photos", Photo)
        self.videos = journal.table("videos", Video)
        self.sessions = journal.table("sessions", Session)
        self._counter = counter
        self._ledger = ledger
        self.now = now
        self._planned = {story.id for story in self.stories if story.scheduled} | {
            video.id for video in self.videos if not video.story
        }
        self._newest = next((story for story in self.newest_first() if story.published), None)

    def new_id(self, kind: str) -> str:
        """Give an object id as Graph would: digits only."""
        return str(122_000_000_000_000 + self._counter.next("object") * 7 + {"photo": 1, "video": 2, "session": 3}.get(kind, 0))

    def new_story_id(self) -> str:
        """Give a story id: page, underscore, post."""
        return f"{token.PAGE_ID}_{self.new_id('story')}"

    def story(self, id: str) -> Story:
        """Find a story, with or without the page's id in front."""
        found = self.stories.get(id) or self.stories.get(f"{token.PAGE_ID}_{id}")
        if found is None:
            raise missing(id)
        return found

    def newest_first(self) -> list[Story]:
        """List stories as a Page lists them."""
        return sorted(self.stories, key=lambda story: story.created)[::-1]

    def refuse_repetition(self, story: Story) -> None:
        """Refuse words that repeat the newest visible story, as Graph does for consecutive posts."""
        last = self._newest and self.stories.get(self._newest.id)
        if story.message and last and (last.message, last.link) == (story.message, story.link):
            raise GraphError(
                "Duplicate status message", code=506, subcode=1455006, title="Duplicate Status Update",
                user_message="This status update is identical to the last one you posted. Try posting something different, "
                "or delete your previous update.",
            )  # fmt: skip

    def keep(self, story: Story) -> Story:
        """Save a story with its media's link back to it, and let the public see what it may."""
        self.stories.put(story.id, story)
        if story.scheduled and not story.published:
            self._planned.add(story.id)
        elif story.published and (self._newest is None or story.created >= self._newest.created):
            self._newest = story
        for id in story.photos:
            if (photo := self.photos.get(id)) and photo.story != story.id:
                self.photos.put(id, replace(photo, story=story.id))
        if (video := self.videos.get(story.video)) and video.story != story.id:
            self.videos.put(video.id, replace(video, story=story.id))
        self._show(story)
        return story

    def drop(self, story: Story) -> None:
        """Delete a story with its photos and its clip; the public sees it no more."""
        self.stories.drop(story.id)
        for id in story.photos:
            self.photos.drop(id)
        self.videos.drop(story.video)
        if self._newest and self._newest.id == story.id:
            self._newest = next((one for one in self.newest_first() if one.published), None)
        self._ledger.remove(story.id, at=self.now())

    def publish_due(self, valid_token: str) -> None:
        """Publish what its time has come for; what was scheduled with a token that died since never appears."""
        for id in sorted(self._planned):
            if story := self.stories.get(id):
                self._publish_story(story, valid_token)
            elif video := self.videos.get(id):
                self._publish_video(video)
            else:
                self._planned.discard(id)

    def _publish_story(self, story: Story, valid_token: str) -> None:
        if story.published:
            self._planned.discard(story.id)
        elif story.scheduled and story.scheduled <= self.now() and story.scheduled_with == valid_token:
            self.keep(replace(story, published=True, created=story.scheduled, updated=story.scheduled))

    def _publish_video(self, video: Video) -> None:
        if video.story:
            self._planned.discard(video.id)
        elif self.ready(video) and (video.published or (video.scheduled and video.scheduled <= self.now())):
            self.release(video)

    def ready(self, video: Video) -> bool:
        """Say whether a clip is uploaded, finished and processed."""
        return video.finished and not video.error and video.ready_at is not None and video.ready_at <= self.now()

    def release(self, video: Video) -> None:
        """Turn a processed clip into a story."""
        at = max(video.scheduled or video.created, video.ready_at or video.created)
        words = video.description or video.title
        self.keep(Story(id=self.new_story_id(), message=words, video=video.id, created=at, updated=at))
        self.videos.put(video.id, replace(self.videos.get(video.id) or video, published=True))

    def accept(self, video: Video, media: Media, processing: timedelta) -> Video:
        """Take a whole clip; it is ready after its processing time."""
        error = "The video you tried to upload is too long." if media.seconds > LONGEST_CLIP else ""
        done = replace(video, media=media, size=media.size, received=media.size, finished=True, ready_at=self.now() + processing,
                       error=error)  # fmt: skip
        self.videos.put(video.id, done)
        self._planned.add(video.id)
        if self.ready(done) and done.published and not done.scheduled:
            self.release(done)
        return done

    def media(self, story: Story) -> tuple[Media, ...]:
        """List what is shown with a story."""
        pictures = tuple(
            replace(photo.media, name=photo.alt or photo.caption) for id in story.photos if (photo := self.photos.get(id))
        )
        video = self.videos.get(story.video)
        return pictures + ((video.media,) if video and video.media else ())

    def path(self, story: Story) -> str:
        """Give the public path of a story; a clip's is that of its video."""
        if story.video:
            return f"/{token.PAGE_ID}/videos/{story.video}/"
        return f"/{token.PAGE_ID}/posts/{story.id.partition('_')[2]}"

    def _show(self, story: Story) -> None:
        if not story.visible:
            self._ledger.remove(story.id, at=self.now())
            return
        video = self.videos.get(story.video)
        at = self.now() if self._ledger.visible(story.id) else story.created
        link = f'<p><a href="{escape(story.link)}">{escape(story.link)}</a></p>' if story.link else ""
        html = escape(story.message).replace("\n", "<br>") + link if link else ""
        title = video.title if video else ""
        self._ledger.show(
            story.id, path=self.path(story), at=at, text=story.message, html=html, title=title, media=self.media(story)
        )


def sender() -> JsonObject:
    """Describe who posts: always the Page."""
    return {"id": token.PAGE_ID, "name": PAGE_NAME}
