"""An entry checked as its files say it now: what its page would show beside the text, for whoever asks without a page."""

from __future__ import annotations

from dataclasses import dataclass

from desk.certificate import CertificatePage, certificate_values
from desk.drafting import alone, examined
from desk.template_standing import waiting_for_templates
from desk.workbench import Workbench
from editorial.problem import BadInput, Problem
from store.entry_text import EntryText, read_entry_text


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What stands against an entry, and what it says where: no certificate where that could not be written out."""

    text: EntryText
    problems: tuple[Problem, ...]
    certificate: CertificatePage | None = None


def check_entry(bench: Workbench, name: str, id: str) -> Checked:
    """Return the check of the files `name`, for their turn `id` where they are a series'; nothing is changed by it.

    Files that cannot be read are told as what stands against the entry. Raise BadInput where they are gone.
    """
    text = read_entry_text(bench.root, name)
    try:
        written = text.read()
        workspace = alone(bench.workspace, written)
    except BadInput as error:
        return Checked(text=text, problems=error.problems)
    entries = workspace.content.entries
    entry = entries.get(id) or next(each for each in entries.values() if name in (each.id, each.series))
    found, certificate = examined(workspace, entry.id)
    templates = waiting_for_templates(workspace.content, workspace.templates, bench.store, [entry])
    page = certificate_values(workspace, entry.id, certificate) if certificate is not None else None
    return Checked(text=text, problems=tuple(dict.fromkeys((*found, *templates))), certificate=page)
