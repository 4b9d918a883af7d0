"""The list of departments and the page of one; tasks only for staff."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from organizations.models import Department, DepartmentAlias
from taskboard.models import Task
from tests.accounts import browser_of, reads_of_the_page
from tests.factories import (
    DepartmentFactory,
    DirectiveFactory,
    EventFactory,
    PersonFactory,
    TaskFactory,
    TaskListFactory,
)

pytestmark = pytest.mark.django_db


def page_of(department: Department, role: str = "anonymous", **query: str) -> Any:
    response = browser_of(role).get(department.get_absolute_url(), query)
    assert response.status_code == 200
    return response


def shown(role: str = "anonymous", **query: str) -> list[str]:
    return [found.name for found in browser_of(role).get("/departments/", query).context["page"]]


def with_post(department: Department, name: str) -> Any:
    person = PersonFactory(name=name)
    person.posts.create(title="局长", department=department)
    return person


# -- the page -----------------------------------------------------------------------------------


def test_the_page_names_kind_parent_phone_and_aliases() -> None:
    parent = DepartmentFactory(name="市政府", slug="gov")
    found = DepartmentFactory(name="城市管理局", parent=parent, office_phone="000-1234")
    DepartmentAlias.objects.create(name="执法局", department=found)
    page = page_of(found).content.decode()
    for words in ("政府部门", "市政府", "tel:000-1234", "执法局"):
        assert words in page
    assert f'href="{found.get_absolute_url()}"' in page_of(parent).content.decode()


def test_what_is_not_known_is_said() -> None:
    page = page_of(DepartmentFactory()).content.decode()
    for words in ("未登记", "公报未印", "没有条目提到", "没有登记职务"):
        assert words in page


def test_a_chinese_slug_leads_to_the_page_and_an_unknown_one_to_none() -> None:
    DepartmentFactory(name="水利局", slug="水利局")
    assert browser_of("anonymous").get("/departments/水利局/").status_code == 200
    assert browser_of("anonymous").get("/departments/无此局/").status_code == 404


def test_people_and_entries_are_those_that_one_may_see() -> None:
    found = DepartmentFactory()
    named = with_post(found, "公开甲")
    with_post(found, "未提乙")
    EventFactory(departments=[found], people=[named], title="已发布的会")
    EventFactory(departments=[found], title="草稿的会", publication="draft")
    DirectiveFactory(title="印发的方案", issuing_department=found)
    DirectiveFactory(title="内部的方案", issuing_department=found, is_public=False)
    visitor, editor = (page_of(found, role).content.decode() for role in ("anonymous", "editor"))
    assert "公开甲" in visitor and "已发布的会" in visitor and "印发的方案" in visitor
    for words in ("未提乙", "草稿的会", "内部的方案"):
        assert words not in visitor and words in editor


def test_tasks_are_for_staff_and_lead_to_the_filtered_list() -> None:
    found = DepartmentFactory(slug="water")
    task_list = TaskListFactory(title="治水清单")
    today = timezone.localdate()
    late = today - timedelta(days=1)
    TaskFactory(task_list=task_list, title="牵头的事", leads=[found], due_on=late)
    TaskFactory(task_list=task_list, title="办结的事", leads=[found], state=Task.State.CLOSED)
    TaskFactory(task_list=task_list, title="配合的事", supporters=[found])
    response = page_of(found, "viewer")
    (share,) = response.context["shares"]
    assert (share.title, share.led, share.supported) == ("治水清单", 2, 1)
    page = response.content.decode()
    assert "牵头的事" in page and "逾期" in page and "办结的事" not in page
    assert f"/tasks/lists/{task_list.pk}/?lead=water" in page
    assert f"/tasks/lists/{task_list.pk}/?support=water" in page
    visitor = page_of(found).content.decode()
    assert "治水清单" not in visitor and "牵头的事" not in visitor


# -- the list -----------------------------------------------------------------------------------


@pytest.fixture
def three() -> list[Department]:
    water = DepartmentFactory(name="水利局", order=3)
    school = DepartmentFactory(name="教育局", order=1)
    street = DepartmentFactory(name="东街街道", order=2, kind=Department.Kind.STREET)
    DepartmentFactory(name="已撤销局", is_active=False)
    DepartmentAlias.objects.create(name="河道处", department=water)
    EventFactory(departments=[water, school])
    EventFactory(departments=[water], people=[with_post(water, "林某")])
    TaskFactory(leads=[school], supporters=[street])
    return [water, school, street]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["教育局", "东街街道", "水利局"]),
        ({"q": "河道"}, ["水利局"]),
        ({"kind": "street"}, ["东街街道"]),
        ({"kind": "nonsense"}, ["教育局", "东街街道", "水利局"]),
        ({"q": "局", "kind": "street"}, []),
        ({"sort": "-entries"}, ["水利局", "教育局", "东街街道"]),
        ({"sort": "-people"}, ["水利局", "教育局", "东街街道"]),
        ({"sort": "nonsense", "page": "99"}, ["教育局", "东街街道", "水利局"]),
    ],
)
def test_the_list_is_filtered_and_sorted(
    three: list[Department], query: dict[str, str], found: list[str]
) -> None:
    assert shown(**query) == found


def test_counts_of_tasks_are_for_staff(three: list[Department]) -> None:
    by_name = {d.name: d for d in browser_of("viewer").get("/departments/").context["page"]}
    assert (by_name["教育局"].leads, by_name["东街街道"].supports) == (1, 1)
    visitor = browser_of("anonymous").get("/departments/")
    assert all(found.leads == found.supports == 0 for found in visitor.context["page"])
    assert "牵头" not in visitor.content.decode()
    assert shown("viewer", sort="-leads")[0] == "教育局"


def test_the_table_leaves_tasks_out_for_visitors(three: list[Department]) -> None:
    tables = {
        role: browser_of(role).get("/departments/departments.csv").getvalue().decode("utf-8-sig")
        for role in ("anonymous", "viewer")
    }
    assert "牵头任务" in tables["viewer"] and "牵头任务" not in tables["anonymous"]
    water = next(line for line in tables["anonymous"].splitlines() if line.startswith("水利局"))
    assert water.split(",")[-3:] == ["河道处", "2", "1"]
    assert "已撤销局" not in tables["viewer"]


@pytest.mark.parametrize(("count", "pages"), [(50, 1), (51, 2)])
def test_the_list_comes_in_pages(count: int, pages: int) -> None:
    DepartmentFactory.create_batch(count)
    page = browser_of("anonymous").get("/departments/").context["page"]
    assert page.paginator.num_pages == pages


@pytest.mark.parametrize("role", ["anonymous", "viewer"])
def test_pages_cost_the_same_queries_however_much_there_is(role: str) -> None:
    client = browser_of(role)
    client.get("/departments/")  # what all pages share is in the cache from here on

    def cost(number: int) -> list[int]:
        parent = DepartmentFactory()
        one, *_ = DepartmentFactory.create_batch(number, parent=parent)
        for n in range(number):
            DepartmentAlias.objects.create(name=f"别名{number}-{n}", department=one)
            EventFactory(departments=[one], people=[with_post(one, f"林{number}{n}")])
            DirectiveFactory(issuing_department=one, issued_on=date(2023, 5, 8))
            TaskFactory.create_batch(number, leads=[one], supporters=[parent])
        counts = []
        for address in ("/departments/", one.get_absolute_url(), "/departments/departments.csv"):
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            counts.append(reads_of_the_page(captured))
        return counts

    few = cost(2)
    assert cost(6) == few
    assert max(few) <= 15
