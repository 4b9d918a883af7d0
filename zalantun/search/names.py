"""People and departments in the search."""

from collections.abc import Sequence

from organizations.models import Department, Person
from organizations.querysets import DepartmentQuerySet, PersonQuerySet
from organizations.visitors import Visitor
from zalantun.search.rows import Row
from zalantun.snippets import highlighted, passage
from zalantun.words import Word


def people_holding(found: PersonQuerySet, words: Sequence[Word], visitor: Visitor) -> PersonQuerySet:
    """People who bear all words in their names."""
    for word in words:
        found = found.named(*word.forms, user=visitor)
    return found.with_posts(visitor).prefetch_related("variants").order_by("name", "qualifier")


def people_rows(people: Sequence[Person], words: Sequence[str]) -> list[Row]:
    """Each with posts and misprints."""
    return [
        Row(
            "people",
            highlighted(str(person), words),
            passage("；".join(_person_facts(person)), words),
            person.get_absolute_url(),
        )
        for person in people
    ]


def _person_facts(person: Person) -> list[str]:
    posts = [post.title for post in person.posts.all()]
    return posts + [f"原文印作{variant.printed_name}" for variant in person.variants.all()]


def departments_holding(
    found: DepartmentQuerySet, words: Sequence[Word], visitor: Visitor
) -> DepartmentQuerySet:
    """Departments that bear all words in their names."""
    for word in words:
        found = found.named(*word.forms)
    return found.with_aliases()


def departments_rows(departments: Sequence[Department], words: Sequence[str]) -> list[Row]:
    """Each with other names."""
    return [
        Row(
            "departments",
            highlighted(department.name, words),
            passage("、".join(alias.name for alias in department.aliases.all()), words),
            department.get_absolute_url(),
            note=department.get_kind_display(),
        )
        for department in departments
    ]
