"""What was typed as readers will see it, before it is stored."""

from datetime import date

from directives.services import DocumentIndex
from events.reading import Body, Cited, Entry, Official, address
from foundation.versions import Content
from organizations.services import NameDirectory


def preview_of(content: Content, directory: NameDirectory) -> Entry:
    """The entry that the content would be; names that are not known yet stand without a link."""
    entry = Entry(
        pk=0,
        start=date.fromisoformat(content["start_date"]),
        end=date.fromisoformat(content["end_date"]),
        position=content["position"] or 0,
        title=content["title"],
        text=content["text"],
        source=content["source"],
        publication="draft",
    )
    for name, post, printed in content["officials"]:
        person = directory.find_person(name, post)
        if person is not None:
            entry.officials.append(Official(person.pk, person.name, printed, post))
    for name in content["departments"]:
        department = directory.find_department(name)
        if department is not None:
            entry.bodies.append(Body(department.slug, name, (name, department.short_name or name)))
    documents = DocumentIndex() if content["citations"] else None
    for title in content["citations"]:
        held = documents.find(title) if documents else None
        entry.citations.append(Cited(title, address("directives:directive", held) if held else ""))
    return entry
