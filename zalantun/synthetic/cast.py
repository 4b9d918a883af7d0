"""The invented departments and people that synthetic records mention."""

from dataclasses import dataclass

from organizations.models import Department, Person, Post
from zalantun.synthetic.wording import SOURCE, Actor, actors, bodies

SLUG_START = "synthetic-"
QUALIFIER = "模拟人员"
LAST_IN_ORDER = 9000


@dataclass(frozen=True, slots=True)
class Cast:
    """Departments by name, people by name."""

    bodies: list[str]
    actors: list[Actor]
    departments: dict[str, int]
    people: dict[str, int]


def gather_cast() -> Cast:
    """Create whoever is missing; a few queries however often it is asked."""
    known, everyone = bodies(), actors()
    slugs = {name: f"{SLUG_START}{number}" for number, name in enumerate(known, start=1)}
    Department.objects.bulk_create(
        (
            Department(slug=slug, name=name, kind=_kind(name), order=LAST_IN_ORDER)
            for name, slug in slugs.items()
        ),
        ignore_conflicts=True,
    )
    departments = dict(Department.objects.filter(slug__in=slugs.values()).values_list("name", "pk"))
    Person.objects.bulk_create(
        (Person(name=actor.name, qualifier=QUALIFIER, note=SOURCE) for actor in everyone),
        ignore_conflicts=True,
    )
    people = dict(Person.objects.filter(qualifier=QUALIFIER, note=SOURCE).values_list("name", "pk"))
    Post.objects.bulk_create(
        (
            Post(
                person_id=people[actor.name],
                title=f"{actor.body}{actor.post}",
                department_id=departments[actor.body],
            )
            for actor in everyone
        ),
        ignore_conflicts=True,
    )
    return Cast(known, everyone, departments, people)


def _kind(name: str) -> str:
    return Department.Kind.STREET if name.endswith("街道") else Department.Kind.GOVERNMENT
