"""The names in ``fixtures/``, read without a database.

A dry run of the reader needs departments, aliases and misprinted names before
any portal exists.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from gazette.parser.records import Vocabulary

FOLDER = Path(__file__).resolve().parent.parent / "fixtures"


@cache
def default_vocabulary() -> Vocabulary:
    """Departments with their aliases, people with the misprinted forms of their names."""
    departments: dict[str, str] = {}
    for row in read_fixture("departments"):
        departments |= dict.fromkeys((row["name"], *row.get("aliases", ())), row["name"])
    people: dict[str, str] = {}
    for row in read_fixture("people"):
        printed = (variant["printed_name"] for variant in row.get("variants", ()))
        people |= dict.fromkeys((row["name"], *printed), row["name"])
    return Vocabulary(departments=departments, people=people)


def read_fixture(name: str) -> Any:
    """One file of the fixtures; its shape is described in ``fixtures/README.md``."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
