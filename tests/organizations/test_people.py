"""People as they are saved, and as they are learned from texts."""

from datetime import UTC, datetime

import pytest

from foundation.errors import InvalidInput, PermissionRefused
from foundation.models import AuditEntry
from organizations.models import Person, User
from organizations.services import NameDirectory, PersonContent, VariantContent, save_person
from tests.factories import DepartmentFactory, PersonFactory, UserFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def save(content: PersonContent, actor: User | None = None) -> Person:
    directory = NameDirectory(actor=None, at=AT)
    return save_person(actor=actor, at=AT, content=content, directory=directory)


def test_a_person_is_saved_with_posts_and_misprints() -> None:
    department = DepartmentFactory(name="水利局")
    content = PersonContent(
        "程远山", posts=("市水利局局长", "工会主席"), variants=(VariantContent("程远仙", "三日条目"),)
    )
    person = save(content)
    posts = [(post.title, post.department, post.order) for post in person.posts.all()]
    assert posts == [("市水利局局长", department, 0), ("工会主席", None, 1)]
    assert person.variants.get().printed_name == "程远仙"
    assert AuditEntry.objects.filter(action="person.create").count() == 1


def test_saving_again_adds_only_what_is_new() -> None:
    save(PersonContent("程远山", posts=("局长",)))
    person = save(PersonContent("程远山", posts=("局长", "党组书记")))
    assert [(post.title, post.order) for post in person.posts.all()] == [("局长", 0), ("党组书记", 1)]
    assert Person.objects.count() == 1
    entry = AuditEntry.objects.get(action="person.update")
    assert entry.after["posts"] == ["党组书记"]
    save(PersonContent("程远山", posts=("局长",)))
    assert AuditEntry.objects.count() == 2


def test_a_misprint_of_somebody_else_is_refused() -> None:
    save(PersonContent("程远山", variants=(VariantContent("程远仙"),)))
    with pytest.raises(InvalidInput, match="程远仙"):
        save(PersonContent("程远川", variants=(VariantContent("程远仙"),)))


def test_saving_needs_the_right_to_change_names() -> None:
    with pytest.raises(PermissionRefused):
        save(PersonContent("程远山"), actor=UserFactory(role="viewer"))


@pytest.mark.parametrize(
    ("printed", "learned"),
    [
        ("市领导", []),
        ("青河市领导", []),
        ("自治区示范工作调研组", []),
        ("督查组组长", ["督查组组长"]),
        ("副市长", ["副市长"]),
        ("", []),
    ],
)
def test_what_several_people_are_called_together_is_nobodys_post(printed: str, learned: list[str]) -> None:
    person = PersonFactory(name="程远山")
    assert NameDirectory(actor=None, at=AT).person("程远山", printed) == person
    assert [post.title for post in person.posts.all()] == learned
