"""Files in Bot API calls: uploaded, by file_id, or by attach:// inside an album."""

from __future__ import annotations

from rehearsal import fetch
from rehearsal.call import Call, Upload
from rehearsal.journal import Counter, Table
from rehearsal.media import Kind, Media, MediaStore
from rehearsal.telegram.error import bad
from rehearsal.telegram.message import Sent

LARGEST_PHOTO, LARGEST_FILE = 10 << 20, 50 << 20
LARGEST_BY_ADDRESS = {"photo": 5 << 20, "video": 20 << 20, "document": 20 << 20}


class Attachments:
    """Finds the file that a call means and holds it to the limits of its kind."""

    def __init__(self, files: Table[Sent], counter: Counter, media: MediaStore) -> None:
        self._files = files
        self._counter = counter
        self._media = media

    def take(self, call: Call, kind: str, reference: str, part: str) -> Sent:
        """Find a file: a part of the body, or a file_id that was given out before."""
        name = reference.removeprefix("attach://") if reference.startswith("attach://") else part
        upload = call.files.get(name)
        if upload is None:
            return self._known(kind, reference)
        if not upload.data:
            raise bad("file must be non-empty")
        kept = self._media.keep(upload.data, name=upload.name)
        _hold(kind, kept)
        id = f"AgACAgUAAx{self._counter.next('file'):06d}{kept.sha256[:24]}"
        return self._files.put(id, Sent(id=id, media=kept, kind=kind))

    def _known(self, kind: str, reference: str) -> Sent:
        if reference.startswith(("http://", "https://")):
            raise bad("failed to get HTTP URL content")
        if not reference:
            raise bad(f"there is no {kind} in the request")
        found = self._files.get(reference)
        if found is None:
            raise bad("wrong file identifier/HTTP URL specified")
        if found.kind != kind:
            raise bad(f"can't use file of type {found.kind.capitalize()} as {kind.capitalize()}")
        return found


async def fetched(call: Call) -> Call:
    """Fetch the photo, clip or document that a call gives by its address."""
    for kind, largest in LARGEST_BY_ADDRESS.items():
        url = call.text(kind)
        if url.startswith(("http://", "https://")) and kind not in call.files:
            try:
                data = await fetch.get(url, largest=largest)
            except fetch.CannotFetch as problem:
                raise bad("failed to get HTTP URL content") from problem
            call = call.with_file(kind, Upload(name=url.rsplit("/", 1)[-1], content_type="", data=data))
    return call


def _hold(kind: str, media: Media) -> None:
    if media.size > (LARGEST_PHOTO if kind == "photo" else LARGEST_FILE):
        raise bad("file is too big")
    if kind == "photo":
        _hold_photo(media)
    if kind == "video" and media.kind is not Kind.VIDEO:
        raise bad("wrong type of the file: a video is expected")


def _hold_photo(media: Media) -> None:
    if not media.is_picture("jpeg", "png", "webp"):
        raise bad("IMAGE_PROCESS_FAILED")
    long, short = max(media.width, media.height), min(media.width, media.height)
    if media.width + media.height > 10_000 or long > 20 * short:
        raise bad("PHOTO_INVALID_DIMENSIONS")
