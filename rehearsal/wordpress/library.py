"""The calls on /wp/v2/media."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import replace
from pathlib import PurePosixPath
from urllib.parse import unquote

from starlette.responses import JSONResponse, Response

from rehearsal.call import Call, JsonObject, Upload
from rehearsal.media import Kind, Media, MediaStore
from rehearsal.wordpress import request
from rehearsal.wordpress.error import RestError
from rehearsal.wordpress.listing import answer_list
from rehearsal.wordpress.post import Attachment, free_slug, slugify
from rehearsal.wordpress.site import Describer, Site

LARGEST = 64 << 20  # upload_max_filesize of the pretended host
_FILENAME = re.compile(r"filename\*?=(?:UTF-8'')?\"?([^\";]+)\"?", re.IGNORECASE)
_TYPES = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
    ".mp4": "video/mp4",
    ".pdf": "application/pdf",
}


class Library:
    """Takes, lists, changes and deletes media."""

    def __init__(self, site: Site, media: MediaStore) -> None:
        self._site = site
        self._media = media

    def create(self, call: Call, describe: Describer) -> Response:
        """POST /media: raw bytes with Content-Disposition, or multipart with `file`."""
        upload = _upload(call)
        kept = self._checked(upload)
        name = self._free_name(upload.name)
        one = Attachment(
            id=self._site.new_id(), media=kept, filename=name, title=PurePosixPath(name).stem, date=self._site.now(),
            slug=free_slug(slugify(call.text("slug") or PurePosixPath(name).stem), self._site.slugs()),
        )  # fmt: skip
        one = self._described(call, one)
        self._site.attachments.put(str(one.id), one)
        headers = {"Location": f"{describe.address}/wp-json/wp/v2/media/{one.id}", "X-WP-Upload-Attachment-ID": str(one.id)}
        return JSONResponse(describe.attachment(one, edit=True), status_code=201, headers=headers)

    def read(self, call: Call, describe: Describer, id: int) -> JsonObject:
        """GET /media/{id}."""
        return describe.attachment(self._site.attachment(id), edit=call.text("context") == "edit")

    def update(self, call: Call, describe: Describer, id: int) -> JsonObject:
        """POST /media/{id}: change title, alternative text, caption, description or slug."""
        one = self._described(call, self._site.attachment(id))
        if call.text("slug"):
            one = replace(one, slug=free_slug(slugify(call.text("slug")), self._site.slugs(but=id)))
        self._site.attachments.put(str(id), one)
        return describe.attachment(one, edit=True)

    def delete(self, call: Call, describe: Describer, id: int) -> JsonObject:
        """DELETE /media/{id}: only for good, since media have no bin."""
        one = self._site.attachment(id)
        if not request.flag(call, "force"):
            message = "The post does not support trashing. Set 'force=true' to delete."
            raise RestError("rest_trash_not_supported", message, 501)
        self._site.attachments.drop(str(id))
        return {"deleted": True, "previous": describe.attachment(one, edit=True)}

    def list(self, call: Call, describe: Describer) -> Response:
        """GET /media."""
        slugs, text = request.words(call, "slug"), call.query.get("search", "").lower()
        found = [
            one for one in self._site.attachments
            if (not slugs or one.slug in slugs) and (not text or text in f"{one.title} {one.slug}".lower())
        ]  # fmt: skip
        return answer_list(call, found[::-1], lambda one: describe.attachment(one, edit=call.text("context") == "edit"))

    def _described(self, call: Call, one: Attachment) -> Attachment:
        title, caption, description = (request.rendered(call, name) for name in ("title", "caption", "description"))
        alt = call.params.get("alt_text")
        return replace(
            one,
            title=one.title if title is None else title,
            caption=one.caption if caption is None else caption,
            description=one.description if description is None else description,
            alt_text=one.alt_text if alt is None else str(alt),
        )

    def _checked(self, upload: Upload) -> Media:
        wanted = _TYPES.get(PurePosixPath(upload.name).suffix.lower())
        if wanted is None:
            raise RestError("rest_upload_sideload_error", "Sorry, you are not allowed to upload this file type.", 500)
        kept = self._media.keep(upload.data, name=upload.name)
        if (kept.kind is Kind.DOCUMENT and wanted != kept.content_type) or kept.content_type != wanted:
            raise RestError("rest_upload_sideload_error", "Sorry, you are not allowed to upload this file type.", 500)
        return kept

    def _free_name(self, name: str) -> str:
        place = PurePosixPath(name)
        taken = [PurePosixPath(one.filename).stem for one in self._site.attachments]
        return free_slug(slugify(place.stem) or "tep", taken) + place.suffix.lower()


def _upload(call: Call) -> Upload:
    upload = call.files.get("file") or _raw(call)
    if not upload.data:
        raise RestError("rest_upload_no_data", "No data supplied.", 400)
    if len(upload.data) > LARGEST:
        raise RestError("rest_upload_file_too_big", "This file is too big.", 413)
    _check_digest(call, upload.data)
    return upload


def _raw(call: Call) -> Upload:
    if not call.headers.get("content-type"):
        raise RestError("rest_upload_no_content_type", "No Content-Type supplied.", 400)
    disposition = call.headers.get("content-disposition")
    if not disposition:
        raise RestError("rest_upload_no_content_disposition", "No Content-Disposition supplied.", 400)
    found = _FILENAME.search(disposition)
    if not found:
        message = "Invalid Content-Disposition supplied. It needs to be formatted as `attachment; filename=...`"
        raise RestError("rest_upload_invalid_disposition", message, 400)
    return Upload(name=unquote(found.group(1)), content_type=call.headers["content-type"], data=call.body)


def _check_digest(call: Call, data: bytes) -> None:
    given = call.headers.get("content-md5")
    if not given:
        return
    digest = hashlib.md5(data, usedforsecurity=False).digest()
    try:
        same = given.lower() == digest.hex() or base64.b64decode(given) == digest
    except binascii.Error:
        same = False
    if not same:
        raise RestError("rest_upload_hash_mismatch", "Content hash did not match expected.", 412)
