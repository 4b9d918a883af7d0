"""A condition that names nothing is said, in Chinese, by pages, files and the interface alike."""

from typing import Any

import pytest
from django.test import Client

from organizations.models import Department
from taskboard.models import TaskList
from tests.accounts import browser_of
from tests.factories import DepartmentFactory, DirectiveFactory, EventFactory, PersonFactory, TaskFactory

pytestmark = pytest.mark.django_db
UNKNOWN = [
    ("/events/", "events/", "department", "没有的局", "没有找到部门“没有的局”"),
    ("/events/", "events/", "official", "无此人", "没有找到人员“无此人”"),
    ("/events/", "events/", "topic", "无此题", "没有“无此题”这样的主题"),
    ("/events/", "events/", "date_from", "2023-02-30", "有效的日期"),
    ("/directives/", "directives/", "issuer", "无此机关", "没有找到“无此机关”印发的文件"),
    ("/directives/", "directives/", "topic", "nothing", "没有这样的主题"),
    ("/directives/", "directives/", "kind", "nothing", "nothing"),
    ("/directives/", "directives/", "issued_from", "2023-13-01", "有效的日期"),
    ("/directives/", "directives/", "as_of", "昨天", "有效的日期"),
    ("{tasks}", "tasks/", "lead", "没有的局", "没有找到部门“没有的局”"),
    ("{tasks}", "tasks/", "support", "没有的局", "没有找到部门“没有的局”"),
    ("{tasks}", "tasks/", "list", "999", "没有这张清单"),
    ("{tasks}", "tasks/", "due_before", "2023-02-30", "有效的日期"),
    ("/people/", "people/", "department", "nothing", "没有找到这个单位"),
    ("/departments/", "departments/", "kind", "nothing", "nothing"),
]


@pytest.fixture(autouse=True)
def records(db: None) -> None:
    department = DepartmentFactory(name="水务局", slug="water")
    department.aliases.create(name="市水务局")
    EventFactory(people=[PersonFactory(name="林青")], departments=[department])
    DirectiveFactory(issuer="青河市人民政府")
    TaskFactory(leads=[department], supporters=[department])


@pytest.mark.parametrize(("shown_at", "path", "name", "value", "said"), UNKNOWN)
def test_the_page_says_that_the_condition_was_left_aside(
    shown_at: str, path: str, name: str, value: str, said: str
) -> None:
    shown_at = shown_at.format(tasks=f"/tasks/lists/{TaskList.objects.get().pk}/")
    shown = browser_of("supervisor").get(shown_at, {name: value}).content.decode()
    assert 'role="alert"' in shown and "有条件不能识别，已忽略" in shown and said in shown


@pytest.mark.parametrize(("shown_at", "path", "name", "value", "said"), UNKNOWN)
def test_the_interface_names_the_field(shown_at: str, path: str, name: str, value: str, said: str) -> None:
    answer = browser_of("supervisor").get(f"/api/v1/{path}", {name: value})
    assert answer.status_code == 400
    assert said in "".join(answer.json()[name])


@pytest.mark.parametrize(
    "address",
    ["/events/entries.csv", "/events/feed/", "/events/calendar.ics", "/events/statistics/months.csv"],
)
def test_files_and_subscriptions_refuse(address: str) -> None:
    answer = Client().get(address, {"department": "没有的局"})
    assert answer.status_code == 400 and "没有找到部门“没有的局”" in answer.content.decode()


@pytest.mark.parametrize("value", ["water", "水务局", "市水务局"])
def test_a_department_is_known_by_slug_name_and_alias(value: str) -> None:
    answer = Client().get("/api/v1/events/", {"department": value})
    assert answer.status_code == 200 and answer.json()["count"] == 1
    tasks = browser_of("supervisor").get("/api/v1/tasks/", {"lead": value, "support": value})
    assert tasks.json()["count"] == 1


def test_a_department_that_is_merged_is_still_known_by_its_slug() -> None:
    DepartmentFactory(
        slug="old", name="旧局（已并入水务局）", merged_into=Department.objects.get(slug="water")
    )
    assert Client().get("/api/v1/events/", {"department": "old"}).json()["count"] == 1


def test_a_person_is_known_by_number_name_and_misprint() -> None:
    person: Any = PersonFactory(name="林轻")
    person.variants.create(printed_name="林经")
    EventFactory(people=[person])
    for value in (str(person.pk), "林轻", "林经"):
        assert Client().get("/api/v1/events/", {"official": value}).status_code == 200


def test_what_a_visitor_may_not_see_is_as_unknown_as_what_there_is_not() -> None:
    hidden = DepartmentFactory(name="隐局", learnt=True)
    EventFactory(publication="draft", departments=[hidden])
    refused = Client().get("/api/v1/events/", {"department": "隐局"})
    assert refused.status_code == 400 and "没有找到部门“隐局”" in refused.content.decode()
    seen = browser_of("editor").get("/api/v1/events/", {"department": "隐局"})
    assert seen.status_code == 200 and seen.json()["count"] == 1
