"""The names a reader knows: those of the fixtures, overridden by the stored ones."""

from django.db import DatabaseError

from gazette.default_names import default_vocabulary
from gazette.parser.records import Vocabulary
from organizations.models import Department, DepartmentAlias, Person, PersonVariant


def current_vocabulary() -> Vocabulary:
    """Default names and, where a database answers, the stored ones over them."""
    default = default_vocabulary()
    try:
        stored = _stored_vocabulary()
    except DatabaseError:
        # A dry run needs no database: before the first migration there are no names to add.
        return default
    return Vocabulary(
        departments={**default.departments, **stored.departments},
        people={**default.people, **stored.people},
    )


def _stored_vocabulary() -> Vocabulary:
    departments = {name: name for name in Department.objects.values_list("name", flat=True)}
    departments |= dict(DepartmentAlias.objects.values_list("name", "department__name"))
    people = {name: name for name in Person.objects.values_list("name", flat=True)}
    people |= dict(PersonVariant.objects.values_list("printed_name", "person__name"))
    return Vocabulary(departments=departments, people=people)
