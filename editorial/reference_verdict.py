"""Holding document numbers, telephone numbers, links and names against facts."""

from __future__ import annotations

from collections.abc import Sequence

from editorial.claims.document_number import DocumentNumber
from editorial.claims.link import OWN_HOSTS, Link, distance, looks_like, same_site
from editorial.claims.phone import PUBLIC, Phone, digits_of
from editorial.claims.reader import Claims
from editorial.expectation import Expectations
from editorial.fact import Fact, FactKind
from editorial.finding import Finding, FindingKind, Statement

Result = tuple[list[Statement], list[Finding]]


def hold_documents(claims: Claims, expected: Expectations) -> Result:
    """Return the document numbers that facts say, and those that none says."""
    statements: list[Statement] = []
    findings: list[Finding] = []
    known = {str(figure.number) for figure in expected.figures if figure.quiet}
    for claim in claims.documents:
        if not claim.kind and claim.number in known:
            continue  # may appear: Nghị định 168, of facts_also: [168]
        agreed = [fact for number, fact in expected.documents if _same_document(claim, number)]
        shown = claims.wording.text[claim.start : claim.stop]
        statements.extend(Statement(fact=fact.id, text=shown, start=claim.start, stop=claim.stop) for fact in agreed)
        if not agreed:
            findings.append(_wrong_document(claim, shown, expected))
    return statements, findings


def _same_document(claim: DocumentNumber, true: DocumentNumber) -> bool:
    if claim.number != true.number or (claim.year and true.year and claim.year != true.year):
        return False
    return not claim.kind or claim.kind == true.kind


def _wrong_document(claim: DocumentNumber, shown: str, expected: Expectations) -> Finding:
    loud = [(number, fact) for number, fact in expected.documents if expected.loud(fact)]
    if not loud:
        return Finding(kind=FindingKind.UNSOURCED_FIGURE, text=shown, start=claim.start)
    letters = f"{claim.number}/{claim.kind}"

    def nearness(pair: tuple[DocumentNumber, Fact]) -> tuple[bool, bool, bool, int]:
        true, fact = pair
        apart = distance(f"{true.number}/{true.kind}", letters, 20)
        return expected.own(fact), true.kind == claim.kind, true.number == claim.number, -apart

    _, fact = max(loud, key=nearness)
    return Finding(kind=FindingKind.WRONG_FIGURE, text=shown, fact=fact.id, expected=str(fact.value), start=claim.start)


def hold_phones(claims: Claims, expected: Expectations) -> Result:
    """Return the telephone numbers that facts say, and those that none says."""
    statements: list[Statement] = []
    findings: list[Finding] = []
    known = {str(figure.number) for figure in expected.figures}
    loud = [fact for facts in expected.phones.values() for fact in facts if expected.loud(fact)]
    said = {fact.id for claim in claims.phones for fact in expected.phones.get(claim.digits, ())}
    unsaid = [fact for fact in loud if expected.own(fact) and fact.id not in said]
    for claim in claims.phones:
        shown = claims.wording.text[claim.start : claim.stop].strip()
        agreed = expected.phones.get(claim.digits, ())
        statements.extend(Statement(fact=fact.id, text=shown, start=claim.start, stop=claim.stop) for fact in agreed)
        if not agreed and claim.digits not in known and (unsaid or claim.digits not in PUBLIC):
            findings.append(_wrong_phone(claim, shown, loud, expected))
    return statements, findings


def _wrong_phone(claim: Phone, shown: str, loud: Sequence[Fact], expected: Expectations) -> Finding:
    if not loud:
        return Finding(kind=FindingKind.UNSOURCED_FIGURE, text=shown, start=claim.start)
    apart = {fact.id: distance(digits_of(str(fact.value)), claim.digits, 6) for fact in loud}
    fact = min(loud, key=lambda each: (not expected.own(each), apart[each.id]))
    if not expected.own(fact) and apart[fact.id] > 1:  # another number altogether
        return Finding(kind=FindingKind.UNSOURCED_FIGURE, text=shown, start=claim.start)
    return Finding(kind=FindingKind.WRONG_FIGURE, text=shown, fact=fact.id, expected=str(fact.value), start=claim.start)


def hold_links(claims: Claims, expected: Expectations) -> Result:
    """Return the addresses that facts say, and those that are not the facts' or only look like ours."""
    statements: list[Statement] = []
    doubtful: list[Link] = []
    findings: list[Finding] = []
    for claim in claims.links:
        agreed = [fact for link, fact in expected.links if _same_address(claim, link)]
        if _another_page(claim, agreed, expected):
            agreed = []
        statements.extend(Statement(fact=fact.id, text=claim.text, start=claim.start, stop=claim.stop) for fact in agreed)
        if not agreed:
            doubtful.append(claim)
    said = {statement.fact for statement in statements}
    for claim in doubtful:
        finding = _wrong_link(claim, expected, said)
        if finding is not None:
            findings.append(finding)
    return statements, findings


def _another_page(claim: Link, agreed: Sequence[Fact], expected: Expectations) -> bool:
    """Tell whether only the bare site of the ledger bears the address out, where the message has its own page on that site."""
    own_pages = any(expected.own(fact) and link.path and same_site(claim.host, link.host) for link, fact in expected.links)
    return bool(claim.path) and own_pages and not any(expected.own(fact) for fact in agreed)


def _same_address(claim: Link, true: Link) -> bool:
    """Tell whether an address leads to the fact's page; a shorter way to the same site is as good."""
    if claim.query and true.query and claim.query != true.query:
        return False  # ?lop=ngap and ?lop=chay are two pages
    if claim.host == true.host or (not true.path and same_site(claim.host, true.host)):
        return claim.path in (true.path, "") or not (true.path or claim.path.startswith(":"))
    return False


def _wrong_link(claim: Link, expected: Expectations, said: set[str]) -> Finding | None:
    loud = [(link, fact) for link, fact in expected.links if expected.loud(fact)]
    ours = {link.host for link, _ in expected.links} | set(OWN_HOSTS)
    alike = next((host for host in ours if looks_like(claim.host, host)), None)
    loud.sort(key=lambda pair: (not expected.own(pair[1]), distance(pair[0].host + pair[0].path, claim.host + claim.path, 60)))
    same = [fact for link, fact in loud if link.host in (claim.host, alike)]
    fact = same[0] if same else next((fact for _, fact in loud if fact.id not in said), None)
    if (
        alike is None
        and (claim.mail or any(same_site(claim.host, host) for host in ours))
        and not (same and same[0].id not in said)
    ):
        return None
    if alike is None and (fact is None or fact.id in said):
        return None
    wanted = str(fact.value) if fact else alike
    return Finding(
        kind=FindingKind.WRONG_LINK, text=claim.text, fact=fact.id if fact else None, expected=wanted, start=claim.start
    )


def hold_names(claims: Claims, expected: Expectations) -> Result:
    """Return the names that facts say, and those that are almost a fact's."""
    statements: list[Statement] = []
    findings: list[Finding] = []
    for said in claims.names:
        shown = claims.wording.text[said.start : said.stop]
        fact = expected.facts.get(said.fact)
        if said.exact:
            statements.append(Statement(fact=said.fact, text=shown, start=said.start, stop=said.stop))
        elif fact is not None:
            findings.append(wrong_name(fact, shown, said.start))
    return statements, findings


def wrong_name(fact: Fact, shown: str, start: int) -> Finding:
    """Return the finding that a name is not the fact's; a period with a name, 6 tháng đầu năm 2026, is a date."""
    kind = FindingKind.WRONG_DATE if fact.kind is FactKind.PERIOD else FindingKind.WRONG_NAME
    return Finding(kind=kind, text=shown, fact=fact.id, expected=str(fact.value), start=start)
