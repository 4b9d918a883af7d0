"""An entry of the chronicle in the words of schema.org."""

from typing import Any

from events.reading import Entry


def facts_of(entry: Entry, address: str, place: str) -> dict[str, Any]:
    """An Event: days, who took part and who held it; ``address`` is the entry's page, ``place`` the city."""
    return {
        "@type": "Event",
        "@id": address,
        "url": address,
        "name": entry.title,
        "description": entry.text,
        "startDate": entry.start.isoformat(),
        "endDate": entry.end.isoformat(),
        "inLanguage": "zh-CN",
        "location": {"@type": "City", "name": place},
        "organizer": [{"@type": "GovernmentOrganization", "name": body.name} for body in entry.bodies],
        "attendee": [_person(official.name, official.post) for official in entry.officials],
        "keywords": [name for _, name in entry.topics],
    }


def _person(name: str, post: str) -> dict[str, str]:
    return {"@type": "Person", "name": name} | ({"jobTitle": post} if post else {})
