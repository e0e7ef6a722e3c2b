"""The table of what each channel takes and can do, written from the code: docs/capabilities.md. Run this module to renew it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from editorial.post import MediumKind
from publishers.manifest import CallRate, Limit, Manifest
from publishers.registry import PUBLISHERS, abilities, manifest_of

PAGE = Path(__file__).parent.parent / "docs" / "capabilities.md"
HEAD = """# What each channel takes and can do

Generated from each channel's manifest and class by `python -m publishers.capabilities`; a test fails when it is stale.
"""
PACE = """Counted in the transaction of the intent, for all workers together. Half of the posts may go at once, the others follow
one after the other. What an answer asks for, by an error, `Retry-After`, or an allowance that is nearly used up, holds for the
account, or for all that share it where it is theirs. Accounts that do not say what they share are taken to share one."""
MEANINGS = {
    "Prepares": "uploads and drafts before the moment, invisibly",
    "Follows": "asks after work that the platform finishes later",
    "Reconciles": "looks for a post whose outcome is unknown",
    "Verifies": "reads the live post back",
    "Corrects": "changes a live post in place",
    "Withdraws": "takes a live post back",
    "Measures": "counts what a live post did",
    "Converses": "reads comments, without who wrote them, and answers in the office's name",
    "Greets": "tells whether the account is connected and what it lacks, without changing anything",
}


def capabilities() -> str:
    """Return the page."""
    manifests = {name: manifest_of(name) for name in PUBLISHERS}
    tables = (_abilities_table(), _limits_table(manifests), _pace_table(manifests), _account_table(manifests))
    return "\n".join([HEAD, *(line for table in tables for line in (*table, ""))])


def _abilities_table() -> list[str]:
    rows = [[f"**{ability}**: {meaning}", *_ticks(ability)] for ability, meaning in MEANINGS.items()]
    return ["## Abilities", "", *_table(["", *PUBLISHERS], rows)]


def _ticks(ability: str) -> list[str]:
    return ["yes" if ability in abilities(kind) else "–" for kind in PUBLISHERS.values()]


def _limits_table(manifests: dict[str, Manifest]) -> list[str]:
    head = ["", "Title", "Text", "Summary", "Comment", "Pictures", "Clips", "Absence is proof", "Looks apart"]
    return ["## Limits", "", *_table(head, [_limits(name, manifest) for name, manifest in manifests.items()])]


def _limits(name: str, manifest: Manifest) -> list[str]:
    texts = [*(_limit(manifest.texts.get(text)) for text in ("title", "text", "summary")), _limit(manifest.comment)]
    media = [_medium(manifest, kind) for kind in (MediumKind.IMAGE, MediumKind.VIDEO)]
    return [name, *texts, *media, "yes" if manifest.absence_is_proof else "no: a person looks", f"{manifest.settle_seconds} s"]


def _limit(limit: Limit | None) -> str:
    if limit is None:
        return "–"
    beside = f", {limit.with_media:,} with media" if limit.with_media is not None else ""
    return f"{limit.most:,} {limit.unit.value}{beside}"


def _medium(manifest: Manifest, kind: MediumKind) -> str:
    rule = manifest.media.get(kind)
    if rule is None:
        return "–"
    types = ", ".join(name.split("/")[1] for name in rule.media_types)
    long = f", {rule.most_seconds:,} s" if rule.most_seconds else ""
    return f"{rule.most}: {types}, {rule.most_bytes / 1_000_000:,.0f} MB{long}; {', '.join(rule.sizes)}"


def _pace_table(manifests: dict[str, Manifest]) -> list[str]:
    head = ["", "Posts of one account", "Accounts share", "Posts of all that share it", "Its allowance"]
    return ["## Pace", "", PACE, "", *_table(head, [_pace(name, manifest) for name, manifest in manifests.items()])]


def _pace(name: str, manifest: Manifest) -> list[str]:
    app = manifest.app
    if app is None:
        return [name, _rate(manifest.rate), "–", "–", "–"]
    known_by = f"{app.called}: same `{app.setting}`" if app.setting else f"{app.called}: same number in front of `{app.secret}`"
    return [name, _rate(manifest.rate), known_by, _rate(app.rate), app.limit or "–"]


def _rate(rate: CallRate | None) -> str:
    return f"{rate.calls} in {rate.seconds} s" if rate else "as its answers say"


def _account_table(manifests: dict[str, Manifest]) -> list[str]:
    head = ["", "Settings", "Secrets", "Checked", "Documentation"]
    return ["## Accounts", "", *_table(head, [_account(name, manifest) for name, manifest in manifests.items()])]


def _account(name: str, manifest: Manifest) -> list[str]:
    settings = _names(manifest.settings, manifest.optional_settings)
    secrets = _names(manifest.secrets, manifest.optional_secrets)
    return [name, settings, secrets, manifest.checked.isoformat(), f"<{manifest.documentation}>"]


def _names(required: Iterable[str], optional: Iterable[str]) -> str:
    return ", ".join([*(f"`{name}`" for name in required), *(f"`{name}` (optional)" for name in optional)]) or "–"


def _table(head: list[str], rows: list[list[str]]) -> list[str]:
    return [_row(head), _row(["---"] * len(head)), *map(_row, rows)]


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(capabilities(), encoding="utf-8")
