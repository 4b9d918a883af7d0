"""The page of waterlogging for everybody and for staff, and the page of a response."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from floodresponse.models import LevelRecord, Plan, Response
from floodresponse.plans import nearest
from floodresponse.services import (
    CriterionContent,
    DeadlineContent,
    DutyContent,
    GroupContent,
    MeasureContent,
    PlanContent,
    SeatContent,
    SignContent,
    SirenContent,
    create_plan,
)
from organizations.services import NameDirectory
from tests.accounts import browser_of, person, reads_of_the_page

pytestmark = pytest.mark.django_db
ROLES = ["anonymous", "viewer", "editor"]


def make_plan(year: int = 2031, size: int = 2) -> Plan:
    at = timezone.now()
    content = PlanContent(
        title=f"青河市{year}年方案",
        year=year,
        office_phone="5550100",
        criteria=(
            CriterionContent(level=3, kind="rain_6h", lower=Decimal(50), provisional=True),
            CriterionContent(level=2, kind="ponding", lower=Decimal(30), upper=Decimal(50)),
        ),
        signs=tuple(SignContent(code=f"s{n}", label=f"现象{n}", level=2) for n in range(size)),
        sirens=(SirenContent(3, 3, 1),),
        deadlines=(DeadlineContent(kind="phone", who="各单位", minutes=20, trigger="灾害发生"),),
        seats=(
            SeatContent("总指挥", "某甲", "市长"),
            *(SeatContent("成员", f"某乙{n}", "局长") for n in range(size)),
        ),
        duties=tuple(DutyContent(f"青河市{n}局", (f"{n}局",), "抢修管线") for n in range(size)),
        groups=tuple(GroupContent(name=f"保障{n}组", leader="某甲", units=(f"{n}局",)) for n in range(size)),
        measures=tuple(MeasureContent("heavy_rain", f"巡查低洼处{n}") for n in range(size)),
    )
    return create_plan(
        actor=None, at=at, content=content, directive=None, directory=NameDirectory(actor=None, at=at)
    )


def declare(level: int = 3, *, exercise: bool = False) -> Response:
    now = timezone.now()
    response = Response.objects.create(plan=Plan.objects.get(), declared_at=now, exercise=exercise)
    officer = person("commander", f"c{response.pk}")
    LevelRecord.objects.create(
        response=response, level=level, since=now, decided_by=officer, authorised_by="指挥长", reason="雨大"
    )
    return response


@pytest.mark.parametrize("role", ROLES)
def test_everybody_sees_level_advice_and_plan_staff_the_command_post(role: str) -> None:
    make_plan()
    page = browser_of(role).get("/flood/").content.decode()
    for words in (
        "未启动响应",
        "6 小时",
        "≥ 50 mm",
        "≥ 30 且 &lt; 50 cm",
        "现象0",
        "20 分钟内",
        "5550100",
        "待确认",
    ):
        assert words in page
    for words in ("某乙0", "抢修管线", "保障1组", "巡查低洼处0", "历次响应"):
        assert (words in page) == (role != "anonymous")


def test_missing_data_is_said_and_never_taken_for_safety() -> None:
    page = browser_of("anonymous").get("/flood/").content.decode()
    assert "无数据" in page and "不等于安全" in page


def test_without_a_plan_the_page_says_so() -> None:
    assert "还没有防内涝方案" in browser_of("anonymous").get("/flood/").content.decode()


def test_the_level_of_an_active_response_is_shown_to_everybody() -> None:
    make_plan()
    declare(3)
    response = browser_of("anonymous").get("/flood/")
    assert "III级响应 黄" in response.content.decode()
    assert response.context["badge"].level == 3


def test_the_latest_record_is_the_current_level() -> None:
    make_plan()
    active = declare(4)
    LevelRecord.objects.create(
        response=active,
        sequence=2,
        level=2,
        since=active.declared_at + timedelta(hours=1),
        decided_by=active.levels.get().decided_by,
    )
    assert browser_of("anonymous").get("/flood/").context["badge"].level == 2


def test_an_exercise_or_an_ended_response_leaves_the_page_grey() -> None:
    make_plan()
    declare(1, exercise=True)
    ended = declare(2)
    Response.objects.filter(pk=ended.pk).update(terminated_at=timezone.now())
    assert browser_of("anonymous").get("/flood/").context["badge"] is None


def test_a_plan_of_another_year_is_marked_as_not_confirmed() -> None:
    make_plan(year=timezone.localdate().year - 1)
    assert "尚未确认沿用" in browser_of("anonymous").get("/flood/").content.decode()
    Plan.objects.update(year=timezone.localdate().year)
    assert "尚未确认沿用" not in browser_of("anonymous").get("/flood/").content.decode()


@pytest.mark.parametrize(("year", "chosen"), [(2030, 2030), (2031, 2031), (2035, 2031), (2029, 2030)])
def test_the_plan_is_that_of_the_year_or_the_nearest_before_it(year: int, chosen: int) -> None:
    make_plan(2030)
    make_plan(2031)
    found = nearest(year, Plan.objects.all())
    assert found is not None and found.year == chosen


@pytest.mark.parametrize(
    ("role", "status"), [("anonymous", 302), (None, 403), ("viewer", 200), ("editor", 200)]
)
def test_the_page_of_a_response_is_for_staff(role: str | None, status: int) -> None:
    make_plan()
    assert browser_of(role).get(declare().get_absolute_url()).status_code == status


def test_a_response_names_who_ordered_who_entered_and_why() -> None:
    make_plan()
    page = browser_of("viewer").get(declare(2).get_absolute_url()).content.decode()
    for words in ("II级 橙", "指挥长", "雨大", "进行中"):
        assert words in page


def test_an_exercise_says_so_on_its_page() -> None:
    make_plan()
    page = browser_of("viewer").get(declare(2, exercise=True).get_absolute_url()).content.decode()
    assert "演练：不通知真实对象" in page


@pytest.mark.parametrize("role", ROLES)
def test_the_page_costs_the_same_queries_however_much_there_is(role: str) -> None:
    client = browser_of(role)

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/flood/").status_code == 200
        return reads_of_the_page(captured)

    this_year = timezone.localdate().year
    make_plan(this_year, size=2)
    declare(4)
    client.get("/flood/")  # what all pages share is in the cache from here on
    few = cost()
    Plan.objects.all().update(year=this_year - 1)
    make_plan(this_year, size=20)
    assert cost() == few <= 15
