"""A document as plain JSON: for its versions, and for comparing."""

from datetime import date

from directives.models import Directive
from foundation.versions import Content


def content_of(directive: Directive) -> Content:
    """All of a document, with the keys of ``DirectiveContent``; wants ``with_parts()`` and topics."""
    return {
        **printed_content_of(directive),
        "kind": directive.kind,
        "summary": directive.summary,
        "source": directive.source,
        "topics": sorted(topic.slug for topic in directive.topics.all()),
    }


def read_directive(directive: Directive) -> Content:
    """The document as it is stored now, in a constant number of queries."""
    return content_of(Directive.objects.with_parts().prefetch_related("topics").get(pk=directive.pk))


def printed_content_of(directive: Directive) -> Content:
    """What a gazette would print of a document; wants ``with_parts()``."""
    return {
        "title": directive.title,
        "number": directive.number,
        "issuer": directive.issuer,
        "issued_on": iso(directive.issued_on),
        "addressees": list(directive.addressees),
        "is_public": directive.is_public,
        "release_note": directive.release_note,
        "preamble": directive.preamble,
        "plan_title": directive.plan_title,
        "plan_preamble": directive.plan_preamble,
        "annexes": [[a.label, a.title, a.printed, a.text] for a in directive.annexes.all()],
        "sections": [
            [s.depth, s.number, s.heading, s.text, s.annex.order if s.annex else 0]
            for s in directive.sections.all()
        ],
        "rosters": [
            [
                roster.name,
                roster.annex.order if roster.annex else 0,
                roster.section.order if roster.section else 0,
                [[m.role, m.printed_name, m.post, m.concurrent] for m in roster.members.all()],
            ]
            for roster in directive.rosters.all()
        ],
        "stages": [
            [s.name, iso(s.starts_on), iso(s.ends_on), s.section.order if s.section else 0]
            for s in directive.stages.all()
        ],
        "citations": [[c.title, c.number] for c in directive.citations.all()],
    }


def iso(day: date | None) -> str | None:
    """A day as JSON has it."""
    return day.isoformat() if day else None
