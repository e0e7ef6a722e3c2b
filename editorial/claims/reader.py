"""Reading a text into claims: each kind in turn takes its places, so that no digit is read twice."""

from __future__ import annotations

from dataclasses import dataclass

from editorial.claims.bystander import without_bystanders, without_marks, without_names
from editorial.claims.day import whens, years
from editorial.claims.document_number import DocumentNumber, document_numbers
from editorial.claims.figure import Figure, figures
from editorial.claims.hour import Hour, hours
from editorial.claims.link import Link, links
from editorial.claims.name import NameIndex, NameSaid
from editorial.claims.phone import Phone, phones
from editorial.claims.when import When
from editorial.claims.wording import BLANK, Wording, blanked, clean

_YEAR_CUES = ("năm ", "in ", "since ", "by ", "until ", "from ", "of ", "đến ", "từ ", "year ", "before ", "after ", "(", "- ")


@dataclass(frozen=True, kw_only=True, slots=True)
class Claims:
    """Everything that a text states."""

    wording: Wording
    masked: str  # lower case, with what was read blanked, except for the figures
    figures: tuple[Figure, ...]
    whens: tuple[When, ...]
    hours: tuple[Hour, ...]
    documents: tuple[DocumentNumber, ...]
    phones: tuple[Phone, ...]
    links: tuple[Link, ...]
    names: tuple[NameSaid, ...]


def read(text: str, language: str, names: NameIndex) -> Claims:
    """Return what the text states, in the language it is written in."""
    wording = Wording(text=clean(text))
    masked = wording.lower
    found_links, masked = links(wording.text, masked)
    masked = without_marks(masked)
    found_names = names.said(_shown(wording.text, masked), language)
    masked = without_bystanders(wording.text, masked)
    found_documents, masked = document_numbers(wording.text, masked)
    masked = _without(masked, found_names)
    found_phones, masked = phones(masked)
    found_whens, masked = whens(masked, language)
    found_hours, masked = hours(masked)
    masked = without_names(masked)
    found_figures, found_years = _figures_and_years(masked, language)
    return Claims(
        wording=wording,
        masked=masked,
        figures=tuple(found_figures),
        whens=(*found_whens, *found_years),
        hours=tuple(found_hours),
        documents=tuple(found_documents),
        phones=tuple(found_phones),
        links=tuple(found_links),
        names=found_names,
    )


def _shown(text: str, masked: str) -> str:
    """Return the text with addresses and hashtags blanked, in which no name is looked for."""
    if BLANK not in masked:
        return text
    return "".join(BLANK if shadow == BLANK else letter for letter, shadow in zip(text, masked, strict=True))


def _without(masked: str, names: tuple[NameSaid, ...]) -> str:
    """Blank the names that hold digits: the 4 of Vành đai 4 is no figure."""
    for name in names:
        if any(letter.isdigit() for letter in masked[name.start : name.stop]):
            masked = blanked(masked, name.start, name.stop)
    return masked


def _figures_and_years(masked: str, language: str) -> tuple[list[Figure], list[When]]:
    """Tell years from figures: four digits by themselves are a year, unless they are counted or measured in something."""
    said = {year.start: year for year in years(masked)}
    kept: list[Figure] = []
    for figure in figures(masked, language):
        year = said.get(figure.start)
        if year is None or figure.scale != 1:
            kept.append(figure)
            said.pop(figure.start, None)
        elif (figure.unit.dimension or figure.unit.counts) and not masked[: figure.start].endswith(_YEAR_CUES):
            kept.append(figure)
            said.pop(figure.start)
    return kept, sorted(said.values(), key=lambda when: when.start)
