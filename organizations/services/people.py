"""People, their posts and the misprinted forms of their names."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from foundation.errors import InvalidInput, StateConflict
from foundation.services.audit import record_change
from organizations.models import Person, PersonVariant, Post, User
from organizations.permissions import require
from organizations.pinyin import sort_key
from organizations.services.directory import NameDirectory


@dataclass(frozen=True, slots=True)
class VariantContent:
    """A misprinted form of the name, and where it was printed."""

    printed_name: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class PersonContent:
    """A person as given; ``qualifier`` tells namesakes apart."""

    name: str
    qualifier: str = ""
    posts: tuple[str, ...] = ()
    variants: tuple[VariantContent, ...] = ()


@transaction.atomic
def save_person(
    *, actor: User | None, at: datetime, content: PersonContent, directory: NameDirectory
) -> Person:
    """Create the person, or add the posts and variants that are new.

    A misprinted form that already means somebody else is refused. A directory
    does not notice who is saved after it was loaded: load it anew.
    """
    require(actor, "organizations.change_names", "修改人员")
    person, created = Person.objects.get_or_create(name=content.name, qualifier=content.qualifier)
    posts = _add_posts(person, content.posts, directory)
    variants = [variant.printed_name for variant in content.variants if _add_variant(person, variant)]
    if created or posts or variants:
        action = "person.create" if created else "person.update"
        after = {"name": person.name, "posts": posts, "variants": variants}
        record_change(actor=actor, action=action, target=person, at=at, after=after)
    return person


@transaction.atomic
def correct_person(
    *, actor: User | None, at: datetime, person: Person, name: str, qualifier: str, note: str, reason: str
) -> Person:
    """Change how a person is called or told apart; the records keep what was printed."""
    require(actor, "organizations.change_names", "修改人员")
    locked = Person.objects.select_for_update().get(pk=person.pk)
    values = {"name": name, "qualifier": qualifier, "note": note}
    before = {field: getattr(locked, field) for field in values}
    if before == values:
        return locked
    if Person.objects.exclude(pk=locked.pk).filter(name=name, qualifier=qualifier).exists():
        raise StateConflict("已有同名且区分相同的人员，请填写不同的区分。")
    Person.objects.filter(pk=locked.pk).update(**values, sort_key=sort_key(name, person=True))
    locked.refresh_from_db()
    record_change(
        actor=actor, action="person.correct", target=locked, at=at, before=before, after=values, reason=reason
    )
    return locked


@transaction.atomic
def remove_variant(*, actor: User | None, at: datetime, variant: PersonVariant, reason: str) -> None:
    """A printed form means the person no longer; what was read under it stays as it is."""
    require(actor, "organizations.change_names", "删除姓名异体")
    if PersonVariant.objects.filter(pk=variant.pk).delete()[0] != 1:
        raise StateConflict("这个异体已经删除，请刷新页面。")
    record_change(
        actor=actor,
        action="person.remove_variant",
        target=variant.person,
        at=at,
        before={"printed_name": variant.printed_name},
        reason=reason,
    )


def _add_posts(person: Person, titles: tuple[str, ...], directory: NameDirectory) -> list[str]:
    """The titles that are new, or were so far only learnt from texts."""
    known = set(person.posts.values_list("title", flat=True))
    learnt = list(person.posts.filter(title__in=titles, learnt=True).values_list("title", flat=True))
    person.posts.filter(title__in=learnt).update(learnt=False)
    new = [title for title in dict.fromkeys(titles) if title not in known]
    Post.objects.bulk_create(
        Post(person=person, title=title, department=directory.department_in(title), order=order)
        for order, title in enumerate(new, start=len(known))
    )
    return learnt + new


def _add_variant(person: Person, content: VariantContent) -> bool:
    variant, created = PersonVariant.objects.get_or_create(
        printed_name=content.printed_name, defaults={"person": person, "note": content.note}
    )
    if variant.person_id != person.pk:
        raise InvalidInput(f"“{content.printed_name}”已认作“{variant.person}”，请先在那里删除。")
    return created
