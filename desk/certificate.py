"""The certificate of one message: every fact by channel, what is said there and in which part, and what stands against it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from desk.workspace import Workspace
from editorial.clock import OFFICE_ZONE
from editorial.consistency import Certificate, Place, Said
from editorial.fact import Fact
from editorial.fact_words import date_words, words
from editorial.problem import Problem

PARTS = {
    "title": "tiêu đề", "text": "lời bài", "summary": "tóm tắt", "html": "trang", "hashtags": "hashtag", "link": "đường dẫn",
    "": "cả kênh",
}  # fmt: skip
_MEDIUM_PARTS = {"": "hình hoặc clip", "alt": "lời mô tả hình", "template": "chữ của mẫu trong", "say": "lời đọc và phụ đề của"}


@dataclass(frozen=True, kw_only=True)
class FactRow:
    """A fact and where each channel says it."""

    fact: Fact
    required: bool
    cells: Mapping[str, tuple[Place, ...]]  # channel -> places

    @property
    def value(self) -> str:
        """Return the fact in Vietnamese."""
        return words(self.fact, "vi")

    @property
    def age(self) -> str:
        """Return since when and until when the fact may be said; "" where the ledger does not tell."""
        since, until = self.fact.as_of, self.fact.valid_until
        said = [f"số liệu ngày {date_words(since, 'vi')}"] if since else []
        said += [f"dùng đến hết {date_words(until, 'vi')}"] if until else []
        return "; ".join(said).capitalize()

    def said(self, channel: str) -> Mapping[str, tuple[str, ...]]:
        """Return the words in which a channel says the fact, each with its parts of the post."""
        found: dict[str, list[str]] = {}
        for place in self.cells[channel]:
            found.setdefault(place.text, []).append(place.part)
        return {text: tuple(dict.fromkeys(parts)) for text, parts in found.items()}


@dataclass(frozen=True, kw_only=True)
class CertificatePage:
    """A certificate with all that its reader wants to see beside it."""

    entry: str
    headline: str
    office: str
    moment: datetime
    channels: Mapping[str, str]  # id -> name
    rows: tuple[FactRow, ...]
    problems: tuple[Problem, ...]
    texts: tuple[Said, ...]  # every text that was read

    @property
    def clean(self) -> bool:
        """Tell whether nothing stands against the message."""
        return not self.problems

    def texts_of(self, channel: str) -> tuple[Said, ...]:
        """Return what was read of a channel."""
        return tuple(text for text in self.texts if text.channel == channel)

    def as_json(self) -> dict[str, object]:
        """Return the certificate as JSON has it."""
        return {
            "entry": self.entry,
            "headline": self.headline,
            "at": self.moment.isoformat(),
            "clean": self.clean,
            "facts": [
                {
                    "id": row.fact.id,
                    "value": row.value,
                    "kind": row.fact.kind.value,
                    "source": row.fact.source,
                    "as_of": row.fact.as_of.isoformat() if row.fact.as_of else None,
                    "valid_until": row.fact.valid_until.isoformat() if row.fact.valid_until else None,
                    "note": row.fact.note,
                    "required": row.required,
                    "said": {
                        channel: [_place_values(place) for place in places]
                        for channel, places in row.cells.items()
                    },
                }
                for row in self.rows
            ],
            "problems": [
                {
                    "kind": each.rule,
                    "channel": each.channel,
                    "file": each.file,
                    "line": each.line,
                    "key": each.key,
                    "message": each.message,
                }
                for each in self.problems
            ],
            "texts": [
                {"channel": each.channel, "part": each.part, "language": each.language, "text": each.text} for each in self.texts
            ],
        }

    def as_text(self) -> str:
        """Return the certificate for a terminal."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"{self.headline} ({self.entry})"
        for row in self.rows:
            yield f"{'* ' if row.required else '  '}{row.fact.id}: {row.value}"
            for channel, places in row.cells.items():
                said = "; ".join(f"{part_name(place.part)}: “{place.text}”" for place in places)
                yield f"      {channel}: {said or 'không nêu'}"
        yield from (f"LỖI {problem}" for problem in self.problems)
        for channel in self.channels:
            parts = dict.fromkeys(part_name(text.part) for text in self.texts_of(channel))
            yield f"Đã đọc trên {channel}: {', '.join(parts)}"
        yield "Mọi kênh nói đúng dữ kiện." if self.clean else f"Còn {len(self.problems)} lỗi phải sửa trước khi duyệt."


def certificate_values(workspace: Workspace, entry: str, made: Certificate | None = None) -> CertificatePage:
    """Return the certificate of an entry of the workspace; `made` is what was found already."""
    content = workspace.content
    found = content.entries[entry]
    slots, certificate = workspace.plan.of(entry), made or workspace.certificate_of(entry)
    channels = {slot.channel: content.office.channels[slot.channel].name for slot in slots}
    facts = content.facts_of(found)
    return CertificatePage(
        entry=entry,
        headline=workspace.production.headline(found, "vi"),
        office=content.office.name,
        moment=datetime.now(UTC).astimezone(OFFICE_ZONE),
        channels=channels,
        rows=tuple(_rows(certificate, facts, found.uses, channels)),
        problems=certificate.problems,
        texts=certificate.said,
    )


def certificate_page(page: CertificatePage) -> str:
    """Return the certificate as one HTML page that needs nothing else."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["part"] = part_name
    template = Path(__file__).with_name("certificate.html").read_text(encoding="utf-8")
    return environment.from_string(template).render(page=page)


def part_name(part: str) -> str:
    """Return what an editor calls a part of a post."""
    if not part.startswith("media."):
        return PARTS.get(part, part)
    medium, _, kind = part.removeprefix("media.").partition(".")
    return f"{_MEDIUM_PARTS.get(kind, kind)} “{medium}”"


def _place_values(place: Place) -> dict[str, object]:
    origin = place.origin
    where = {"file": origin.file, "line": origin.line, "key": origin.key} if origin else {}
    return {"part": place.part, "text": place.text, **where}


def _rows(
    certificate: Certificate, facts: Mapping[str, Fact], uses: tuple[str, ...], channels: Mapping[str, str]
) -> Iterator[FactRow]:
    """Yield the required facts first, then the others that are said, in the ledger's order."""
    places: dict[str, dict[str, list[Place]]] = {}
    for place in certificate.places:
        places.setdefault(place.fact, {}).setdefault(place.channel, []).append(place)
    said = [name for name in facts if name in places and name not in uses]
    for name in (*(name for name in uses if name in facts), *said):
        cells = {channel: tuple(dict.fromkeys(places.get(name, {}).get(channel, ()))) for channel in channels}
        yield FactRow(fact=facts[name], required=name in uses, cells=cells)
