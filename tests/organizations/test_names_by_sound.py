"""People and departments stand in the order of a Chinese directory."""

import pytest
from django.test import Client
from django.utils import timezone

from organizations.models import Department, Person
from organizations.pinyin import sort_key
from organizations.services import correct_person
from tests.accounts import browser_of
from tests.factories import DepartmentFactory, PersonFactory


def test_names_stand_by_sound_then_tone_then_the_next_character() -> None:
    names = ["张伟", "安某", "王波", "王博", "李某", "汪某", "单某", "A组"]
    assert sorted(names, key=lambda name: sort_key(name, person=True)) == [
        "A组", "安某", "李某", "单某", "汪某", "王波", "王博", "张伟",
    ]  # fmt: skip


def test_a_character_is_read_as_surname_only_where_it_is_one() -> None:
    assert sort_key("单某", person=True).startswith("shan")
    assert sort_key("单某").startswith("dan")
    assert sort_key("曾某", person=True).startswith("zeng")


def test_the_key_is_plain_however_long_the_name() -> None:
    key = sort_key("呼" * 80)
    assert len(key) <= 300
    assert key.isascii() and key.isalnum()


@pytest.mark.django_db
def test_saved_bulk_made_and_renamed_people_have_their_key() -> None:
    Person.objects.bulk_create([Person(name="张某")])
    person = PersonFactory(name="安某")
    assert Person.objects.get(name="张某").sort_key.startswith("zhang")
    correct_person(
        actor=None, at=timezone.now(), person=person, name="朱某", qualifier="", note="", reason="原名有误"
    )
    assert [found.name for found in Person.objects.all()] == ["张某", "朱某"]


@pytest.mark.django_db
def test_the_lists_are_in_this_order_and_turn_round() -> None:
    for name in ("张某", "安某", "李某"):
        PersonFactory(name=name)
        DepartmentFactory(name=f"{name[0]}局", slug=name)
    browser: Client = browser_of("viewer")
    people = browser.get("/people/").context["page"].object_list
    assert [person.name for person in people] == ["安某", "李某", "张某"]
    turned = browser.get("/departments/?sort=-name").context["page"].object_list
    names = [department.name for department in turned]
    assert names == ["张局", "李局", "安局"]
    assert Department.objects.count() == 3
