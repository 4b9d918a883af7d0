"""Departments by any of their printed names."""

import re
from collections.abc import Iterable, Mapping

from gazette.parser.patterns import SPACES
from gazette.parser.records import Vocabulary

CITY_PREFIX = re.compile(r"^[\u4e00-\u9fff]{2,8}?市(?=.)")
CITY_MARK = "市"
# What stands after one of these belongs to another government, even if its name is the same.
OTHER_GOVERNMENTS = ("自治区", "省", "盟", "自治州", "国家")
NO_NAME = re.compile(r"(?!)")


class DepartmentNames:
    """Canonical names of departments.

    ``city`` (青河市) limits the prefix that may stand before a known name; without
    it any city's name may, which suits a file that speaks of one city only.
    """

    def __init__(self, vocabulary: Vocabulary, city: str = "") -> None:
        self._canonical = {_closed_up(name): canonical for name, canonical in vocabulary.departments.items()}
        self._canonical.pop("", None)
        self._city = _closed_up(city)
        self._mention = longest_first(self._canonical)

    def canonical(self, printed: str) -> str:
        """The canonical name; an unknown one comes back as printed, without spaces."""
        name = _closed_up(printed)
        return self._find(name) or name

    def knows(self, printed: str) -> bool:
        """Whether the name is that of a known department."""
        return bool(self._find(_closed_up(printed)))

    def known(self, text: str) -> list[str]:
        """Canonical names of the departments mentioned in a running text, each once, in order."""
        found = (
            self._canonical[match[0]]
            for match in self._mention.finditer(text)
            if not text.endswith(OTHER_GOVERNMENTS, max(0, match.start() - 3), match.start())
        )
        return list(dict.fromkeys(found))

    def _find(self, name: str) -> str:
        return next((self._canonical[form] for form in self._forms(name) if form in self._canonical), "")

    def _forms(self, name: str) -> Iterable[str]:
        yield name
        if self._city:
            yield name.removeprefix(self._city)
        else:
            yield CITY_PREFIX.sub("", name)
        yield name.removeprefix(CITY_MARK)


def _closed_up(name: str) -> str:
    return SPACES.sub("", name)


def longest_first(names: Mapping[str, str]) -> re.Pattern[str]:
    """A pattern that finds any of the names, of two that begin alike the longer one.

    Names that share their first two characters stand together, so that a place
    in a text is compared with few of them, however many there are.
    """
    groups: dict[str, list[str]] = {}
    for name in sorted(names, key=lambda name: (-len(name), name)):
        groups.setdefault(name[:2], []).append(name[2:])
    if not groups:
        return NO_NAME
    branches = (re.escape(head) + _one_of(tails) for head, tails in groups.items())
    return re.compile("|".join(branches))


def _one_of(tails: list[str]) -> str:
    return f"(?:{'|'.join(map(re.escape, tails))})"
