"""``departments/``, ``people/`` and ``flood/matrix/``."""

from decimal import Decimal

import pytest
import time_machine

from floodresponse.models import Criterion
from organizations.models import Department
from tests.api.world import Caller, build, make_plan
from tests.factories import DepartmentFactory, EventFactory, PersonFactory

pytestmark = pytest.mark.django_db


def test_a_department_with_every_name() -> None:
    build()
    wanted = {"slug": "shuiwu", "name": "水务局", "aliases": ["市水务局"], "kind": "government"}
    caller = Caller("anonymous")
    assert caller.get("departments/shuiwu/") == wanted
    assert wanted in caller.rows("departments/")
    assert caller.rows("departments/", {"q": "市水务"}) == [wanted]
    assert caller.rows("departments/", {"kind": "street"}) == []


def test_a_slug_in_chinese_has_an_address() -> None:
    DepartmentFactory(slug="住建局", name="住建局")
    assert Caller("anonymous").get("departments/住建局/")["name"] == "住建局"


def test_a_department_out_of_use_is_not_listed() -> None:
    DepartmentFactory(is_active=False)
    assert Department.objects.count() == 1
    assert Caller("anonymous").rows("departments/") == []


def test_a_person_with_all_posts() -> None:
    world = build()
    wanted = {"id": world.person.pk, "name": "林青", "posts": ["副市长", "水务局局长"]}
    assert Caller("anonymous").rows("people/", {"q": "水务"}) == [wanted]
    assert Caller("anonymous").get(f"people/{world.person.pk}/") == wanted


def test_namesakes_stay_apart() -> None:
    people = [PersonFactory(name="李某", qualifier=post, posts=[post]) for post in ("局长", "书记")]
    EventFactory(people=people)
    found = Caller("anonymous").rows("people/", {"q": "李某"})
    assert sorted(row["posts"][0] for row in found) == ["书记", "局长"]
    assert len({row["id"] for row in found}) == 2


def test_a_person_whom_nothing_published_names_is_for_staff() -> None:
    hidden = PersonFactory(name="未见")
    assert Caller("anonymous").rows("people/", {"q": "未见"}) == []
    Caller("anonymous").get(f"people/{hidden.pk}/", status=404)
    assert len(Caller("viewer").rows("people/", {"q": "未见"})) == 1


def test_the_matrix_with_its_plan() -> None:
    make_plan(2023)
    found = Caller("anonymous").get("flood/matrix/")
    assert found == {
        "plan": {"title": "青河市2023年方案", "year": 2023},
        "count": 2,
        "next": None,
        "previous": None,
        "results": [
            {
                "level": "II",
                "criterion": "ponding",
                "lower": 30.0,
                "lower_inclusive": True,
                "upper": 50.5,
                "upper_inclusive": False,
                "unit": "cm",
                "clause": "",
                "provisional": True,
            },
            {
                "level": "IV",
                "criterion": "rain_6h",
                "lower": 20.0,
                "lower_inclusive": True,
                "upper": None,
                "upper_inclusive": False,
                "unit": "mm",
                "clause": "四级",
                "provisional": False,
            },
        ],
        "signs": [{"level": "II", "code": "road_cut", "label": "主干道中断", "clause": ""}],
    }


@pytest.mark.parametrize(
    ("today", "query", "year"),
    [
        ("2022-12-31", {}, 2023),
        ("2023-01-01", {}, 2023),
        ("2024-06-01", {}, 2023),
        ("2025-01-01", {}, 2025),
        ("2031-01-01", {}, 2025),
        ("2031-01-01", {"year": "2023"}, 2023),
    ],
)
def test_the_plan_is_that_of_today_or_of_the_year_asked_for(
    today: str, query: dict[str, str], year: int
) -> None:
    make_plan(2023)
    make_plan(2025)
    with time_machine.travel(f"{today}T12:00:00+08:00", tick=False):
        assert Caller("anonymous").get("flood/matrix/", query)["plan"]["year"] == year


def test_no_plan_no_rows() -> None:
    found = Caller("anonymous").get("flood/matrix/")
    assert (found["plan"], found["results"], found["signs"]) == (None, [], [])
    make_plan(2023)
    assert Caller("anonymous").get("flood/matrix/", {"year": 2022})["plan"] is None


def test_thresholds_are_exact() -> None:
    plan = make_plan()
    Criterion.objects.create(plan=plan, level=3, kind="ponding", lower=Decimal("20.01"))
    rows = Caller("anonymous").rows("flood/matrix/")
    assert [row["lower"] for row in rows if row["level"] == "III"] == [20.01]
