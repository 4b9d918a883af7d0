"""Names met in texts: who may create them, what goes on record, what happens at once elsewhere."""

from datetime import UTC, datetime

import pytest

from foundation.errors import InvalidInput, PermissionRefused
from foundation.models import AuditEntry
from organizations.models import Department, DepartmentAlias, Person, Post, Role, User
from organizations.services import DepartmentContent, NameDirectory, add_alias, save_department
from tests.factories import DepartmentFactory, PersonFactory, UserFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
CREATORS = {Role.EDITOR, Role.PUBLISHER}


def directory(actor: User | None = None) -> NameDirectory:
    return NameDirectory(actor=actor, at=AT)


def recorded() -> list[str]:
    return list(AuditEntry.objects.order_by("sequence").values_list("action", flat=True))


# -- who may --------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", sorted(CREATORS))
def test_who_keeps_names_creates_them(role: Role) -> None:
    names = directory(UserFactory(role=role))
    assert names.department("河道局").name == "河道局"
    assert names.person("林青", "河道局局长") is not None
    assert Post.objects.get().department == Department.objects.get()


@pytest.mark.parametrize("role", sorted(set(Role) - CREATORS))
def test_others_are_told_to_use_known_names(role: Role) -> None:
    known = DepartmentFactory(name="水利局")
    names = directory(UserFactory(role=role))
    assert names.department("水利局") == known
    with pytest.raises(PermissionRefused, match="“河道局”尚未登记"):
        names.department("河道局")
    with pytest.raises(PermissionRefused, match="“林青”尚未登记"):
        names.person("林青", "局长")
    assert (Department.objects.count(), Person.objects.count(), recorded()) == (1, 0, [])


def test_where_others_name_a_known_person_no_post_is_learned_and_nobody_told_apart() -> None:
    person = PersonFactory(name="林青", posts=["局长"])
    names = directory(UserFactory(role=Role.SUPERVISOR))
    assert names.person("林青", "书记") == person
    with pytest.raises(PermissionRefused):
        names.people_of_roster([("林青", "局长"), ("林青", "书记")])
    person.refresh_from_db()
    assert (person.qualifier, Post.objects.count(), recorded()) == ("", 1, [])


# -- on record ------------------------------------------------------------------------------------


def test_a_new_person_and_each_new_post_are_on_record() -> None:
    DepartmentFactory(name="河道局")
    names = directory()
    names.person("林青", "河道局局长")
    names.person("林青", "书记")
    names.person("林青", "书记")
    assert recorded() == ["person.create", "person.learn_post", "person.learn_post"]
    entry = AuditEntry.objects.get(sequence=2)
    assert entry.after == {"post": "河道局局长", "department": "河道局"}


def test_telling_namesakes_apart_is_on_record() -> None:
    person = PersonFactory(name="林青", posts=["局长"])
    directory().people_of_roster([("林青", "局长"), ("林青", "书记")])
    entry = AuditEntry.objects.get(action="person.separate")
    assert (entry.object_id, entry.before, entry.after) == (
        str(person.pk),
        {"qualifier": ""},
        {"qualifier": "局长"},
    )


# -- another run at the same time -------------------------------------------------------------------


def test_names_that_another_run_created_meanwhile_are_taken_up() -> None:
    names = directory()
    unit = DepartmentFactory(name="河道局", slug="river")
    person = PersonFactory(name="林青")
    person.posts.create(title="河道局局长")
    assert names.department("河道局") == unit
    assert names.person("林青", "河道局局长") == person
    assert (Department.objects.count(), Person.objects.count(), Post.objects.count()) == (1, 1, 1)
    assert recorded() == []


# -- one printed name, one department ---------------------------------------------------------------


def keep(slug: str, name: str, *aliases: str) -> Department:
    content = DepartmentContent(slug=slug, name=name, aliases=aliases)
    return save_department(actor=None, at=AT, content=content)


def test_the_name_of_a_department_is_no_alias_of_another() -> None:
    keep("river", "河道局")
    other = keep("water", "水利局")
    with pytest.raises(InvalidInput, match="“河道局”是另一个部门的规范名称"):
        keep("water", "水利局", "河道局")
    with pytest.raises(InvalidInput, match="“河道局”是另一个部门的规范名称"):
        add_alias(actor=None, at=AT, department=other, name="河道局", reason="试")
    assert not DepartmentAlias.objects.exists()


@pytest.mark.parametrize("slug", ["river", "new"])
def test_the_alias_of_a_department_is_no_name_of_another(slug: str) -> None:
    keep("water", "水利局", "水务局")
    keep("river", "河道局")
    with pytest.raises(InvalidInput, match="“水务局”已是“水利局”的别名"):
        keep(slug, "水务局")
    assert set(Department.objects.values_list("name", flat=True)) == {"水利局", "河道局"}


def test_an_alias_may_become_the_name_of_its_own_department() -> None:
    keep("water", "水利局", "水务局")
    assert keep("water", "水务局").name == "水务局"


def test_adding_an_alias_needs_the_right_and_is_on_record_with_its_reason_once() -> None:
    unit = keep("water", "水利局")
    with pytest.raises(PermissionRefused):
        add_alias(actor=UserFactory(role="viewer"), at=AT, department=unit, name="水务局", reason="第3页")
    for _ in range(2):
        add_alias(actor=None, at=AT, department=unit, name="水务局", reason="第3页")
    entry = AuditEntry.objects.get(action="department.add_aliases")
    assert (entry.after["aliases"], entry.reason) == (["水务局"], "第3页")
