"""A document in the words of schema.org, which has them from the European Legislation Identifier."""

from collections.abc import Sequence
from typing import Any

from directives.models import Citation, Directive, LegalState

FORCES = {
    LegalState.NOT_ISSUED: "NotInForce",
    LegalState.IN_FORCE: "InForce",
    LegalState.AMENDED: "PartiallyInForce",
    LegalState.REPEALED: "NotInForce",
    LegalState.EXPIRED: "NotInForce",
}


def facts_of(
    directive: Directive, status: LegalState, cites: Sequence[Citation], address: str, place: str
) -> dict[str, Any]:
    """A Legislation: number, issuer, date, legal force, what it cites; ``place`` is where it is in force."""
    day = directive.issued_on
    return {
        "@type": "Legislation",
        "@id": address,
        "url": address,
        "name": directive.title,
        "legislationIdentifier": directive.number,
        "legislationType": directive.get_kind_display(),
        "legislationPassedBy": {"@type": "GovernmentOrganization", "name": directive.issuer},
        "legislationDate": day.isoformat() if day else "",
        "legislationLegalForce": f"https://schema.org/{FORCES[status]}",
        "legislationJurisdiction": {"@type": "City", "name": place},
        "inLanguage": "zh-CN",
        "abstract": directive.summary,
        "isPartOf": directive.source,
        "citation": [citation.title for citation in cites],
        "dateModified": directive.updated_at.isoformat(timespec="seconds"),
    }
