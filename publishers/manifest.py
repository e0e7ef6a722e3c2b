"""The facts of a channel, read from its manifest.yaml: limits, formats, settings, and where they are documented."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from html import unescape
from pathlib import Path
from typing import Literal

from pydantic import Field

from editorial.message import Variant
from editorial.post import Medium, MediumKind, Post
from editorial.problem import Problem
from editorial.rate import Rate
from reading.document import Record, read_yaml


class LengthUnit(Enum):
    """How the platform counts a text."""

    CHARACTERS = "characters"  # Unicode code points
    UTF16 = "utf16"  # UTF-16 code units: an emoji counts two
    BYTES = "bytes"  # UTF-8 bytes: a Vietnamese letter with marks counts up to three


class Limit(Record):
    """The most of one text that the platform takes; `with_media` where it takes less beside a picture or clip."""

    most: int
    unit: LengthUnit = LengthUnit.CHARACTERS
    with_media: int | None = None
    required: bool = False
    markup: bool = False  # the text is HTML and the platform counts only what is left without its tags

    def length(self, text: str) -> int:
        """Return the length of the text as the platform counts it."""
        return length_in(without_tags(text) if self.markup else text, self.unit)

    def allowed(self, *, with_media: bool) -> int:
        """Return the most for a post, by whether it has a picture or clip."""
        return self.with_media if with_media and self.with_media is not None else self.most


@dataclass(frozen=True, kw_only=True)
class TextFault:
    """Why the platform would refuse one text of a post; `part` is its name in the manifest, `measure` what it has too much of."""

    part: str
    rule: str
    message: str
    measure: str = ""


class MediaRule(Record):
    """What the platform takes of one kind of medium; `sizes` are template sizes, the best first."""

    most: int
    media_types: tuple[str, ...]
    most_bytes: int
    sizes: tuple[str, ...]
    most_seconds: int | None = None


class CallRate(Record):
    """At most so many commit calls in any span of so many seconds."""

    calls: int = Field(ge=1)
    seconds: int = Field(ge=1)

    @property
    def pace(self) -> Rate:
        """Return it in the words of the domain."""
        return Rate(calls=self.calls, span=timedelta(seconds=self.seconds))


class SharedApp(Record):
    """What several accounts of a platform may share, and with it an allowance: an app, a bot, a project.

    Accounts with the same `setting`, or whose `secret` begins with the same number, share one; those that name none are taken to
    share one too.
    """

    called: str  # by the platform's documentation
    setting: str = ""
    secret: str = ""
    rate: CallRate | None = None  # where the platform says how often the app may post
    limit: str = ""  # what else the platform says of its allowance
    counts_down: bool = False  # an answer's headers tell what is left to the app, not to the account


class Connecting(Record):
    """How an account is connected: where its platform answers, unless the office says otherwise."""

    base_url: str = ""  # of the API; empty where it is the office's own server
    addresses: dict[str, str] = Field(default_factory=dict)  # settings that are other addresses of the platform
    given: tuple[str, ...] = ()  # settings and secrets that the platform gives with its consent


class Manifest(Record):
    """One channel's facts. Times are seconds."""

    id: str
    name: str
    mark: str = Field(default="", max_length=2)  # two letters that stand for the channel where its name does not fit
    documentation: str
    checked: date  # the day the facts were last compared with the documentation
    texts: dict[Literal["title", "text", "summary", "html"], Limit]
    media: dict[MediumKind, MediaRule] = Field(default_factory=dict)
    media_required: tuple[MediumKind, ...] = ()
    most_media: int | None = None  # pictures and clips of one post together
    cover_required: bool = False  # needs a picture or a clip, whichever
    mixes_media: bool = False  # takes pictures and clips in one post
    settings: tuple[str, ...] = ()
    optional_settings: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    optional_secrets: tuple[str, ...] = ()
    stand_in: str | None = None  # the rehearsal's stand-in for the platform, by its name there; a channel may have none
    stand_in_words: dict[str, str] = Field(default_factory=dict)  # credential -> what the stand-in calls it, where it differs
    absence_is_proof: bool  # may a post that a complete read-back does not show be sent again?
    permanent: bool = False  # the platform's API neither changes nor removes what is live: a person does, in its app
    settle_seconds: int  # how long the platform may take to show what it has accepted
    comment: Limit | None = None  # of a comment below a live post; None where Loa cannot say one there
    rate: CallRate | None = None  # where the platform says how often an account may post
    app: SharedApp | None = None  # where accounts may share an allowance
    forbidden_characters: dict[Literal["title", "text"], str] = Field(default_factory=dict)
    connecting: Connecting = Field(default_factory=Connecting)

    @property
    def pace(self) -> Rate | None:
        """Return how often an account may post; None where only the platform's answers say."""
        return self.rate.pace if self.rate else None

    @property
    def app_pace(self) -> Rate | None:
        """Return how often all accounts of one app together may post; None where only the platform's answers say."""
        return self.app.rate.pace if self.app and self.app.rate else None

    @property
    def settle(self) -> timedelta:
        """Return how long to wait between two looks for a post."""
        return timedelta(seconds=self.settle_seconds)

    def takes(self, kind: MediumKind) -> bool:
        """Tell whether the channel takes this kind of medium at all."""
        return kind in self.media

    def check(self, post: Post) -> tuple[Problem, ...]:
        """Return everything in the post that the platform would refuse."""
        faults = self.text_faults(post.variant, with_media=bool(post.media))
        return (*(_problem(post, fault.rule, fault.message) for fault in faults), *self.check_media(post))

    def text_faults(self, variant: Variant, *, with_media: bool) -> tuple[TextFault, ...]:
        """Return why the platform would refuse the words, each counted in its own unit."""
        found = [fault for name, limit in self.texts.items() for fault in _limit_faults(variant, name, limit, with_media)]
        for name, characters in self.forbidden_characters.items():
            bad = sorted(set(characters) & set(text_of(variant, name)))
            if bad:
                message = f"{_WORDS[name]} có ký tự kênh không nhận: {' '.join(bad)}"
                found.append(TextFault(part=name, rule="forbidden-character", message=message))
        return tuple(found)

    def check_media(self, post: Post) -> tuple[Problem, ...]:
        """Return everything in the post's pictures and clips that the platform would refuse."""
        return tuple(self._media_problems(post))

    def missing_media(self, kinds: Collection[MediumKind]) -> tuple[str, ...]:
        """Return what the platform would ask for besides pictures and clips of these kinds; nothing is rendered to know."""
        found = [f"kênh này cần ít nhất một {_KINDS[each]}; hãy thêm vào bài, hoặc bỏ kênh này khỏi bài"
                 for each in self.media if each in self.media_required and each not in kinds]  # fmt: skip
        if self.cover_required and not kinds:
            message = "kênh này cần một ảnh hoặc clip làm bìa; hãy thêm vào bài, hoặc bỏ kênh này khỏi bài"
            found.append(message)
        return tuple(found)

    def _media_problems(self, post: Post) -> list[Problem]:
        found = [problem for medium in post.media for problem in self._medium_problems(post, medium)]
        for kind, rule in self.media.items():
            count = sum(medium.kind is kind for medium in post.media)
            if count > rule.most:
                found.append(_problem(post, "too-many-media", f"có {count} {_KINDS[kind]}, kênh chỉ nhận {rule.most}"))
        if self.most_media is not None and len(post.media) > self.most_media:
            found.append(_problem(post, "too-many-media", f"có {len(post.media)} ảnh và clip, kênh chỉ nhận {self.most_media}"))
        found += [_problem(post, "missing-media", words) for words in self.missing_media({each.kind for each in post.media})]
        if post.images and post.videos and not self.mixes_media:
            found.append(_problem(post, "mixed-media", "kênh không nhận ảnh và clip trong cùng một bài; hãy chọn một loại"))
        return found

    def _medium_problems(self, post: Post, medium: Medium) -> list[Problem]:
        rule = self.media.get(medium.kind)
        if rule is None:
            return [_problem(post, "media-kind", f"kênh không nhận {_KINDS[medium.kind]} “{medium.id}”")]
        found = []
        name, seconds = f"“{medium.id}”", medium.seconds or 0
        if medium.media_type not in rule.media_types:
            wanted = ", ".join(rule.media_types)
            found.append(_problem(post, "media-type", f"{name} là {medium.media_type}, kênh chỉ nhận {wanted}"))
        if medium.byte_size > rule.most_bytes:
            found.append(_problem(post, "media-size", f"{name} nặng {medium.byte_size} byte, kênh chỉ nhận {rule.most_bytes}"))
        if rule.most_seconds is not None and seconds > rule.most_seconds:
            found.append(_problem(post, "media-duration", f"{name} dài {seconds:.0f} giây, kênh chỉ nhận {rule.most_seconds}"))
        if not medium.alt.strip():
            found.append(_problem(post, "missing-alt", f"{name} chưa có lời mô tả cho người không xem được hình"))
        return found


_WORDS = {"title": "tiêu đề", "text": "nội dung", "summary": "tóm tắt", "html": "thân bài"}
_UNITS = {LengthUnit.CHARACTERS: "ký tự", LengthUnit.UTF16: "đơn vị UTF-16", LengthUnit.BYTES: "byte"}
_KINDS = {MediumKind.IMAGE: "ảnh", MediumKind.VIDEO: "clip"}


def _limit_faults(variant: Variant, name: str, limit: Limit, with_media: bool) -> list[TextFault]:
    text, most = text_of(variant, name), limit.allowed(with_media=with_media)
    length = limit.length(text)
    if length > most:
        measure = f"{_WORDS[name]} dài {length}, kênh chỉ nhận {most} {_UNITS[limit.unit]}"
        return [TextFault(part=name, rule="too-long", message=f"{measure}; hãy rút gọn", measure=measure)]
    if limit.required and not text.strip():
        return [TextFault(part=name, rule="missing-text", message=f"{_WORDS[name]} còn trống")]
    return []


def text_of(variant: Variant, name: str) -> str:
    """Return one of the variant's texts by its name in the manifest."""
    return {"title": variant.title, "text": variant.text, "summary": variant.summary, "html": variant.html}[name]


def length_in(text: str, unit: LengthUnit) -> int:
    """Return the length of a text as the platform counts it."""
    match unit:
        case LengthUnit.CHARACTERS:
            return len(text)
        case LengthUnit.UTF16:
            return len(text.encode("utf-16-le")) // 2
        case LengthUnit.BYTES:
            return len(text.encode())


def without_tags(text: str) -> str:
    """Return a caption's HTML without its tags and with its entities resolved; line breaks stay."""
    return unescape(re.sub(r"<[^<>]*>", "", text))


def load_manifest(folder: Path) -> Manifest:
    """Return the manifest of a channel's folder; raise BadInput when it is wrong."""
    return read_yaml(folder / "manifest.yaml", Manifest, folder.parent.parent).value


def _problem(post: Post, rule: str, message: str) -> Problem:
    return Problem(rule=rule, message=message, channel=post.channel, key=post.entry)
