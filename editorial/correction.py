"""When what was said turns out wrong: how each live copy is put right, and what the public is told of it.

A correction or withdrawal is one decision of two people over many copies; each copy is an item with its own means and state:

    waiting -> calling -> called -> done
    calling -> waiting (try again), failed (a person)
    called  -> removed -> done    where a copy is taken down and posted anew
    called  -> different (a person)
    manual  -> done               where the platform can do nothing for us
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from html import escape

from editorial.digest import canonical, digest_of
from editorial.fact import Fact, FactValue
from editorial.fact_words import date_words, words
from editorial.message import Variant
from editorial.post import Post


class Means(Enum):
    """How one live copy is put right."""

    EDIT = "edit"  # changed in place; the address stays
    REPOST = "repost"  # taken down, and posted anew with the right picture
    NOTE = "note"  # the words are changed in place, the picture stays and the note says what is wrong in it
    REMOVE = "remove"  # taken down for good
    MANUAL = "manual"  # the platform lets nobody but a person do it


class ItemState(Enum):
    """Where the putting right of one copy stands."""

    WAITING = "waiting"  # to be called at its moment
    CALLING = "calling"  # the intent is written; the call may be under way, and may be repeated
    CALLED = "called"  # the platform has taken it; to be read back
    REMOVED = "removed"  # gone; its new copy is on the way through the delivery ledger
    DONE = "done"  # read back as it was signed
    DIFFERENT = "different"  # read back otherwise: a person looks
    FAILED = "failed"  # refused: a person looks
    MANUAL = "manual"  # waits for a person to do it on the platform


OPEN = frozenset({ItemState.WAITING, ItemState.CALLING, ItemState.CALLED, ItemState.REMOVED})


class Kind(Enum):
    """What is decided."""

    CORRECTION = "correction"  # a fact has changed
    WITHDRAWAL = "withdrawal"  # an entry is taken back


class Reason(Enum):
    """Why an entry is taken back, which decides what readers see afterwards."""

    ERROR = "error"  # published in error: it is gone
    SUPERSEDED = "superseded"  # its words make way for a notice that leads to what replaces it
    WITHDRAWN = "withdrawn"  # it stays, under a dated notice


@dataclass(frozen=True, kw_only=True)
class Reach:
    """What a channel's publisher can do with what is live."""

    corrects: bool
    replaces_media: bool  # corrects() also changes pictures
    withdraws: bool
    verifies: bool


@dataclass(frozen=True, kw_only=True)
class Item:
    """One live copy and how it is put right. `post` is what will be read back; none where the copy is taken down for good."""

    delivery: int
    post_key: str  # of the live copy
    channel: str
    entry: str
    means: Means
    post: Post | None
    live_digest: str = ""  # of the live copy as it was when this was drafted
    note: str = ""  # what the public is told under it
    changes: tuple[str, ...] = ()  # what is different from the live copy, for the approver
    why: str = ""  # what the person who does it by hand has to know


@dataclass(frozen=True, kw_only=True)
class Decision:
    """A correction or withdrawal before anybody signed it."""

    kind: Kind
    subject: str  # a fact's id, or an entry's
    value: str  # the new value, or the reason of a withdrawal
    why: str
    items: tuple[Item, ...]
    waiting: tuple[Post, ...] = ()  # what has not gone out and quotes the fact, in its new version

    @property
    def signed(self) -> str:
        """Return what two people sign, as canonical JSON: every copy, what becomes of it, and the digest of what replaces it."""
        parts = [(item.post_key, item.means.value, item.post.digest if item.post else "") for item in self.items]
        waiting = [(post.key, "waiting", post.digest) for post in self.waiting]
        return canonical({"kind": self.kind, "subject": self.subject, "value": self.value, "parts": sorted((*parts, *waiting))})

    @property
    def digest(self) -> str:
        """Return the SHA-256 (64 hex digits) of what two people sign."""
        return digest_of(self.signed)


def means_to_correct(reach: Reach, *, media_change: bool) -> Means:
    """Return how a live copy gets the right figure on a channel, the way that keeps address and answers first."""
    if reach.corrects and (not media_change or reach.replaces_media):
        return Means.EDIT
    if reach.withdraws and reach.verifies:
        return Means.REPOST
    return Means.NOTE if reach.corrects else Means.MANUAL


def means_to_withdraw(reach: Reach, reason: Reason) -> Means:
    """Return what becomes of a live copy when its entry is taken back."""
    if reason is Reason.ERROR:
        return Means.REMOVE if reach.withdraws else Means.MANUAL
    if reach.corrects:
        return Means.EDIT
    # A notice that cannot be set must not let a text that is no longer true stand as if nothing were.
    return Means.REMOVE if reason is Reason.SUPERSEDED and reach.withdraws else Means.MANUAL


def correction_note(old: Fact | None, new: Fact, day: date, language: str, why: str = "") -> str:
    """Return the dated public note of a correction: what it says now and, where it is known, what it said before."""
    now, before = words(new, language), words(old, language) if old else ""
    if language == "en":
        told = f"Correction, {date_words(day, 'en')}: {now}" + (f" (earlier version: {before})" if before else "")
    else:
        told = f"Đính chính ngày {day:%d/%m/%Y}: {now}" + (f" (bản trước ghi {before})" if before else "")
    return f"{told}. {_sentence(why)}".strip() if why and language == "vi" else f"{told}."


def withdrawal_note(reason: Reason, day: date, language: str, why: str, link: str = "") -> str:
    """Return the dated public notice of a withdrawal; the reason is said in the office's own language."""
    if language == "en":
        became = "superseded" if reason is Reason.SUPERSEDED else "withdrawn"
        base = f"Notice, {date_words(day, 'en')}: this item has been {became}."
        return f"{base} See {link}" if link else base
    said = "nội dung này đã được thay thế" if reason is Reason.SUPERSEDED else "nội dung này đã được rút"
    base = f"Thông báo ngày {day:%d/%m/%Y}: {said}. {_sentence(why)}".strip()
    return f"{base} Xem bản mới: {link}" if link else base


def _sentence(text: str) -> str:
    """Return the words with a full stop where they end without one."""
    said = text.strip()
    return said if not said or said[-1] in ".!?…" else f"{said}."


def annotated(variant: Variant, notes: Iterable[str], *, markup: bool) -> Variant:
    """Return the variant with dated notes under its words; `markup` where the channel reads the text as HTML."""
    text, html = variant.text, variant.html
    for note in notes:
        text = f"{text}\n\n{escape(note, quote=False) if markup else note}"
        html = f"{html}\n<p><em>{escape(note, quote=False)}</em></p>" if html else html
    return replace(variant, text=text, html=html)


def replaced_by_notice(variant: Variant, note: str, *, markup: bool) -> Variant:
    """Return the variant with nothing but its title and the notice."""
    text = escape(note, quote=False) if markup else note
    html = f"<p>{escape(note, quote=False)}</p>" if variant.html else ""
    return replace(variant, text=text, html=html, summary=note, hashtags=())


def next_key(post_key: str) -> str:
    """Return the key of the copy that is posted anew: `a.facebook.2026` -> `a.facebook.2026.r2` -> `a.facebook.2026.r3`."""
    base, number = split_key(post_key)
    return f"{base}.r{number + 1}"


def split_key(post_key: str) -> tuple[str, int]:
    """Return the key of the first copy and which copy this is, from 1."""
    base, _, last = post_key.rpartition(".")
    return (base, int(last[1:])) if last.startswith("r") and last[1:].isdigit() else (post_key, 1)


def moved(fact: Fact) -> Fact:
    """Return the fact with some other value: what reads differently with it quotes the fact."""
    return replace(fact, value=_other(fact.value))


def _other(value: FactValue) -> FactValue:
    match value:
        case int() | Decimal():
            return value + 1
        case datetime() | date():
            return value + timedelta(days=1)
        case time():
            return value.replace(minute=(value.minute + 1) % 60)
    return f"{value}·"


def changes(live: Post, wanted: Post, *, media_known: bool = True) -> tuple[str, ...]:
    """Return what a reader would see differently, in plain words; media that are not made yet are taken to differ."""
    found = [name for name, field in _SEEN if getattr(live.variant, field) != getattr(wanted.variant, field)]
    seen, shown = ([(medium.sha256, medium.alt) for medium in post.media] for post in (live, wanted))
    if seen != shown or not media_known:
        found.append("ảnh, clip hoặc mô tả ảnh")
    if live.first_comment != wanted.first_comment:
        found.append("bình luận đầu")
    return tuple(found)


_SEEN = (("tiêu đề", "title"), ("lời", "text"), ("tóm tắt", "summary"), ("liên kết", "link"), ("hashtag", "hashtags"))
