"""Policy documents and what they are made of."""

from directives.models.directives import Directive, StatusChange
from directives.models.parts import Annex, Citation, Roster, RosterMember, Section, Stage
from directives.models.topics import Topic

__all__ = [
    "Annex",
    "Citation",
    "Directive",
    "Roster",
    "RosterMember",
    "Section",
    "Stage",
    "StatusChange",
    "Topic",
]
