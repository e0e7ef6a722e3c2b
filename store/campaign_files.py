"""The files of content/campaigns/, one campaign each."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from editorial.campaign import Campaign, Phase
from editorial.problem import BadInput
from editorial.workspace import Place
from reading.document import Document, dotted, read_yaml
from store.content_records import CampaignRecord


def read_campaign(path: Path, root: Path) -> tuple[Campaign, Mapping[str, Place]]:
    """Return a campaign and where its file says each key; raise BadInput with every problem found in it."""
    document = read_yaml(path, CampaignRecord, root)
    if document.value.id != path.stem:
        raise BadInput(document.problem("wrong-id", f"id phải trùng tên tệp: “{path.stem}”", "id"))
    return _campaign(document.value), _places(document)


def _campaign(record: CampaignRecord) -> Campaign:
    return Campaign(
        id=record.id,
        name=record.name,
        message=record.message,
        start=record.start,
        end=record.end,
        units=record.units,
        phases=tuple(Phase(**phase.model_dump()) for phase in record.phases),
    )


def _places(document: Document[CampaignRecord]) -> dict[str, Place]:
    places = {dotted(path): (document.file, line, dotted(path)) for path, line in document.lines.items() if path}
    return places | {"": (document.file, 1, "")}
