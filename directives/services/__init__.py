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
from directives.services.directives import create_directive, update_directive
from directives.services.linking import DocumentIndex, link_citations
from directives.services.publishing import move_directive
from directives.services.statuses import record_status
from directives.services.texts import (
    DOCUMENTS,
    directive_values,
    propose_directive,
    save_directive,
    step_directive_revision,
)
from directives.services.topics import TopicContent, save_topic

__all__ = [
    "DOCUMENTS",
    "AnnexContent",
    "CitationContent",
    "DirectiveContent",
    "DocumentIndex",
    "MemberContent",
    "RosterContent",
    "SectionContent",
    "StageContent",
    "TopicContent",
    "create_directive",
    "directive_values",
    "link_citations",
    "move_directive",
    "propose_directive",
    "record_status",
    "save_directive",
    "save_topic",
    "step_directive_revision",
    "update_directive",
]
