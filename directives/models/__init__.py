"""Policy documents and what they are made of."""

from directives.models.directives import Directive, DirectiveCorrection, LegalState, StatusChange
from directives.models.follows import Follow
from directives.models.parts import Annex, Citation, Roster, RosterMember, Section, Stage
from directives.models.topics import Topic, TopicRule

__all__ = [
    "Annex",
    "Citation",
    "Directive",
    "DirectiveCorrection",
    "Follow",
    "LegalState",
    "Roster",
    "RosterMember",
    "Section",
    "Stage",
    "StatusChange",
    "Topic",
    "TopicRule",
]
