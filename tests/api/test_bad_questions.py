"""What is asked wrongly: 400 with the fields, never 500, never passed over. And pages, and limits."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.throttling import SimpleRateThrottle

from search.services import catch_up
from tests.api.world import Caller, build
from tests.factories import DepartmentFactory, DirectiveFactory, EventFactory, PersonFactory, TaskFactory

pytestmark = pytest.mark.django_db
CHINESE = re.compile("[\u4e00-\u9fff]")
LISTS = ("events/", "directives/", "tasks/", "task-lists/", "departments/", "people/", "flood/matrix/")


@pytest.mark.parametrize(
    ("path", "field", "value"),
    [
        *(("events/", field, value) for field in ("date_from", "date_to") for value in ("31.12.2023", "x")),
        ("events/", "date_from", "2023-02-30"),
        ("events/", "date_from", "2023-13-01"),
        ("events/", "date_to", "99999-01-01"),
        ("events/", "q", "词" * 201),
        ("events/", "q", "a\x00b"),
        ("events/", "topic", "a\x00b"),
        *((path, field, "%s %(x)d 5%") for path, field in [("events/", "topic"), ("events/", "department")]),
        *((path, field, "100%") for path, field in [("events/", "official"), ("directives/", "issuer")]),
        ("events/", "official", "名" * 101),
        ("directives/", "issued_from", "8月"),
        ("directives/", "issued_to", "2023-02-29"),
        ("directives/", "as_of", "yesterday"),
        ("directives/", "kind", "poem"),
        ("directives/", "status", "eternal"),
        ("directives/", "issuer", "a\x00b"),
        ("tasks/", "due_before", "2023-02-30"),
        ("tasks/", "as_of", "2023-02-30"),
        ("tasks/", "state", "done"),
        ("tasks/", "light", "purple"),
        ("tasks/", "list", "999999"),
        ("tasks/", "list", "abc"),
        ("tasks/", "list", "9" * 40),
        ("tasks/", "lead", "a\x00b"),
        ("task-lists/", "state", "open"),
        ("task-lists/", "as_of", "2023-02-30"),
        ("departments/", "kind", "castle"),
        ("people/", "q", "名" * 201),
        ("flood/matrix/", "year", "this"),
        ("flood/matrix/", "year", "0"),
        ("flood/matrix/", "year", "10000"),
        ("flood/matrix/", "year", "2023.5"),
        *((path, "ordering", "password") for path in LISTS),
        *((path, "page_size", value) for path in ("events/", "flood/matrix/") for value in ("0", "-1", "x")),
    ],
)
def test_a_bad_filter_is_refused_by_name_in_chinese(path: str, field: str, value: str) -> None:
    found = Caller("viewer").get(path, {field: value}, status=400)
    assert list(found) == [field]
    assert CHINESE.search(found[field][0])


def test_every_bad_field_is_named() -> None:
    found = Caller("anonymous").get("directives/", {"kind": "poem", "issued_to": "x"}, status=400)
    assert set(found) == {"kind", "issued_to"}


@pytest.mark.parametrize("path", LISTS)
def test_an_empty_filter_asks_nothing(path: str) -> None:
    build()
    names = (
        "q",
        "date_from",
        "kind",
        "status",
        "as_of",
        "state",
        "light",
        "list",
        "lead",
        "year",
        "ordering",
    )
    caller = Caller("viewer")
    assert caller.rows(path, dict.fromkeys(names, "")) == caller.rows(path)


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("page", ["0", "-1", "2", "x", "9" * 40])
def test_a_page_that_is_not_there_is_404(path: str, page: str) -> None:
    build()
    assert CHINESE.search(Caller("viewer").get(path, {"page": page}, status=404)["detail"])


@pytest.mark.parametrize("path", ["events/", "directives/", "tasks/", "people/"])
def test_a_number_beyond_any_record_is_404(path: str) -> None:
    Caller("viewer").get(f"{path}{'9' * 40}/", status=404)


def test_pages_hold_every_row_once() -> None:
    for _ in range(7):
        EventFactory(position=1)
    caller = Caller("anonymous")
    first = caller.get("events/", {"page_size": 3})
    assert (first["count"], first["previous"]) == (7, None)
    assert first["next"] == "http://testserver/api/v1/events/?page=2&page_size=3"
    seen = [row["id"] for page in (1, 2, 3) for row in caller.rows("events/", {"page_size": 3, "page": page})]
    assert len(seen) == len(set(seen)) == 7
    assert caller.get("events/", {"page_size": 3, "page": 3})["next"] is None


@pytest.mark.parametrize(("asked", "given"), [({}, 50), ({"page_size": 500}, 501), ({"page_size": 501}, 501)])
def test_a_page_has_its_limit(asked: dict[str, int], given: int) -> None:
    for n in range(501):
        PersonFactory(name=f"林{n}")
    found = Caller("viewer").get("people/", asked)
    assert found["count"] == 501
    assert len(found["results"]) == min(given, 500)


@pytest.mark.parametrize("count", [5_000, 5_001])
def test_a_heap_of_items_is_refused_before_one_is_looked_at(count: int) -> None:
    caller = Caller("editor")
    given = {"text": "某日某事。", "start_date": "2023-05-01", "departments": ["x"] * count}
    answer = caller.http.post("/api/v1/events/", given, format="json")
    assert answer.status_code == 400
    assert ("合计超过 5000 项" in answer.content.decode()) is (count > 5_000)


def test_nested_lists_are_counted_together() -> None:
    given = {"text": "某日某事。", "start_date": "2023-05-01", "officials": [{"x": [1] * 2_000}] * 3}
    answer = Caller("editor").http.post("/api/v1/events/", given, format="json")
    assert answer.status_code == 400 and "合计超过 5000 项" in answer.content.decode()


@pytest.mark.parametrize("count", [200, 201])
def test_a_report_on_many_tasks_is_counted_first(count: int) -> None:
    task = TaskFactory()
    rows = [{"task": task.pk, "percent": 1, "text": "x"}] * count
    officer = Caller("department_officer")
    with CaptureQueriesContext(connection) as captured:
        answer = officer.http.post("/api/v1/tasks/bulk-report/", {"reports": rows}, format="json")
    assert (answer.status_code == 400 and "200" in answer.content.decode()) is (count > 200)
    assert (len(captured) < 20) is (count > 200)


def test_an_address_without_its_slash_is_led_on() -> None:
    response = Caller("anonymous").http.get("/api/v1/events", {"q": "会"})
    assert response.status_code == 301
    assert response["Location"].endswith("/api/v1/events/?q=%E4%BC%9A")


def test_too_many_calls_are_429_with_the_time_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", {"anon": "2/min", "user": "3/min"})
    visitor, staff = Caller("anonymous"), Caller("viewer")
    assert [visitor.status("events/") for _ in range(3)] == [200, 200, 429]
    refused = visitor.http.get("/api/v1/events/")
    assert int(refused["Retry-After"]) > 0
    assert CHINESE.search(refused.json()["detail"])
    assert [staff.status("events/") for _ in range(4)] == [200, 200, 200, 429]


def test_a_visitor_is_not_somebody_else_by_a_header(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", {"anon": "2/min", "user": "3/min"})
    visitor = Caller("anonymous").http
    answers = [
        visitor.get("/api/v1/events/", headers={"X-Forwarded-For": f"10.0.0.{n}"}).status_code
        for n in range(3)
    ]
    assert answers == [200, 200, 429]


def many(number: int) -> None:
    for n in range(number):
        lead, support = DepartmentFactory(), DepartmentFactory()
        lead.aliases.create(name=f"别名{number}-{n}")
        person = PersonFactory(posts=["局长", "书记"])
        EventFactory(people=[person], departments=[lead, support])
        directive = DirectiveFactory()
        directive.citations.create(order=1, title="预案")
        TaskFactory(task_list__directive=directive, leads=[lead], supporters=[support])


@pytest.mark.parametrize("role", ["anonymous", "viewer"])
def test_a_page_costs_the_same_queries_however_much_there_is(role: str) -> None:
    world = build()
    caller = Caller(role)
    details = [f"events/{world.event.pk}/", f"directives/{world.directive.pk}/", f"people/{world.person.pk}/"]
    public = [path for path in LISTS if not path.startswith("task")] + details
    paths = public if role == "anonymous" else [*LISTS, *details, f"tasks/{world.task.pk}/"]

    def cost() -> dict[str, int]:
        counts = {}
        for path in paths:
            with CaptureQueriesContext(connection) as captured:
                caller.get(path)
            counts[path] = len(captured)
        return counts

    caller.get("")  # a token's use is noted once in a while
    few = cost()
    many(12)
    assert cost() == few
    assert max(few.values()) <= 15, few


def test_a_filtered_page_costs_no_more(django_assert_max_num_queries: Any) -> None:
    build()
    catch_up(at=timezone.now())
    caller = Caller("viewer")
    query = {
        "q": "水",
        "official": "林青",
        "department": "shuiwu",
        "topic": "water",
        "date_from": "2023-01-01",
    }
    with django_assert_max_num_queries(15):
        caller.get("events/", query)
    with django_assert_max_num_queries(15):
        caller.get("tasks/", {"q": "整", "lead": "shuiwu", "light": "red", "due_before": "2030-01-01"})
