"""A template's proof sheet, kept in the cache under what it was made from: the picture, and what is wrong in it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from desk.rendering import HowFar
from desk.showroom import Exhibit
from desk.trials import Trial, Wanted, trials
from editorial.digest import digest_of
from scheduler.engines.contract import Engine
from studio.studio import frames_folder
from studio.whole_file import write_whole

SHEET, FINDINGS = "proof.png", "proof.json"
WIDTH = 260  # px of a canvas 1080 px wide on a sheet: one of everything fits a large screen


@dataclass(frozen=True, kw_only=True)
class ProofSheet:
    """What of a template is on one sheet; `digest` is the name under which the sheet is kept."""

    exhibit: Exhibit
    trials: tuple[Trial, ...]
    digest: str

    def folder(self, memory: Path) -> Path:
        """Return where it is kept."""
        return frames_folder(memory, self.digest)

    def findings(self, memory: Path) -> Sequence[Mapping[str, object]] | None:
        """Return what is wrong in it; None where it was not drawn yet."""
        folder = self.folder(memory)
        try:
            found = json.loads((folder / FINDINGS).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return found if isinstance(found, list) and (folder / SHEET).is_file() else None


def proof_sheet(exhibit: Exhibit, wanted: Wanted) -> ProofSheet:
    """Return the sheet that is wanted; raise BadInput where the template has nothing of the kind, or no sample."""
    assert exhibit.studio is not None
    found = trials(exhibit.studio, wanted)
    made_from = " ".join((f"proof {WIDTH}", *(f"{each.sample} {each.recipe.digest}" for each in found)))
    return ProofSheet(exhibit=exhibit, trials=found, digest=digest_of(made_from))


def draw_sheet(sheet: ProofSheet, memory: Path, engine: Engine, progress: HowFar) -> str:
    """Draw a sheet into the cache; return its digest."""
    from desk.proofing import make_all, write_sheet  # an idle desk loads nothing that paints
    from studio.proof import Scale

    assert sheet.exhibit.studio is not None
    made = make_all(sheet.exhibit.studio, sheet.trials, engine, progress)
    folder = sheet.folder(memory)
    findings = engine.render(write_sheet, sheet.exhibit.studio, sheet.trials, made, folder / SHEET, Scale(width=WIDTH)).result()
    write_whole(folder / FINDINGS, json.dumps(findings.values(), ensure_ascii=False).encode())
    return sheet.digest
