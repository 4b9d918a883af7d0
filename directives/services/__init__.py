"""Writes of policy documents."""

from directives.services.content import (
    AnnexContent,
    CitationContent,
    DirectiveContent,
    MemberContent,
    RosterContent,
    SectionContent,
    StageContent,
)
from directives.services.directives import create_directive, link_citations, update_directive

__all__ = [
    "AnnexContent",
    "CitationContent",
    "DirectiveContent",
    "MemberContent",
    "RosterContent",
    "SectionContent",
    "StageContent",
    "create_directive",
    "link_citations",
    "update_directive",
]
