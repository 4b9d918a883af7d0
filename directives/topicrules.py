"""Which subjects a record belongs to by its words: pure, from plain rules and texts."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

EVENTS, DIRECTIVES, ALL = "events", "directives", "all"


@dataclass(frozen=True, slots=True)
class Rule:
    """One way into a subject; the fields are those of ``TopicRule``."""

    topic: int
    records: str
    place: str
    any_of: tuple[str, ...]
    all_of: tuple[str, ...]
    none_of: tuple[str, ...]

    def fits(self, title: str, text: str) -> bool:
        """Whether a record holds what the rule asks for and nothing it excludes; case does not count.

        A rule without words to find fits nothing.
        """
        place = {"title": title, "text": text}.get(self.place, f"{title}\n{text}").lower()
        if not self.any_of and not self.all_of:
            return False
        some = not self.any_of or any(word.lower() in place for word in self.any_of)
        every = all(word.lower() in place for word in self.all_of)
        return some and every and not any(word.lower() in place for word in self.none_of)


def topics_for(rules: Iterable[Rule], records: str, title: str, text: str) -> frozenset[int]:
    """The subjects of an entry (``EVENTS``) or a document (``DIRECTIVES``)."""
    return frozenset(
        rule.topic for rule in rules if rule.records in (ALL, records) and rule.fits(title, text)
    )


def state_of(rules: Sequence[Rule]) -> str:
    """A name for these very rules: it changes with any of them."""
    rows = sorted((asdict(rule) for rule in rules), key=lambda row: json.dumps(row, sort_keys=True))
    return hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()
