"""Who owes daily reports: the plan's lists, their gaps named, settled by the office on record."""

import pytest
from django.test import Client

from floodresponse.members import reporting_units
from floodresponse.models import CommandPostMember, Obligation, Plan, ReportingUnit
from floodresponse.services.daily import open_daily, start_flood_watch
from floodresponse.services.reportingunits import settle_reporting_unit
from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.models import AuditEntry
from organizations.models import Department, User
from tests.factories import DepartmentFactory
from tests.floodresponse.city import make_plan
from tests.floodresponse.reporting import City, build_city, minute

pytestmark = pytest.mark.django_db
PAGE = "/flood/readiness/reporting/"


@pytest.fixture
def city() -> City:
    return build_city()


def settle(plan: Plan, actor: User, unit: Department, *, owes: bool, reason: str = "例会") -> ReportingUnit:
    return settle_reporting_unit(actor=actor, plan=plan, unit=unit, owes=owes, reason=reason, at=minute(0))


def names(plan: Plan) -> set[str]:
    return set(reporting_units(plan).values_list("name", flat=True))


def test_without_a_word_of_the_office_the_lists_decide(city: City) -> None:
    assert names(make_plan()) == {"排水局", "治安局", "东街街道", "西街街道", "柳河街道"}


def test_the_office_adds_one_and_takes_one_out_and_changes_its_mind(city: City) -> None:
    plan = make_plan()
    settle(plan, city.office, city.bureau, owes=True)
    settle(plan, city.office, city.street, owes=False)
    assert "水务局" in names(plan)
    assert "柳河街道" not in names(plan)
    settle(plan, city.commander, city.street, owes=True, reason="改为应报")
    assert "柳河街道" in names(plan)
    entries = AuditEntry.objects.about(plan).filter(action="flood_plan.settle_unit").order_by("pk")
    assert [(one.before["owes"], one.after["owes"]) for one in entries] == [
        (False, True),
        (True, False),
        (False, True),
    ]


def test_settled_twice_it_is_one_change_and_the_second_is_told(city: City) -> None:
    plan = make_plan()
    settle(plan, city.office, city.street, owes=False)
    with pytest.raises(StateConflict, match="柳河街道不报"):
        settle(plan, city.commander, city.street, owes=False)
    assert AuditEntry.objects.about(plan).filter(action="flood_plan.settle_unit").count() == 1


def test_from_the_next_round_on_it_is_not_asked(city: City) -> None:
    plan = make_plan(2023)
    start_flood_watch(actor=city.office, at=minute(-600))
    settle(plan, city.office, city.street, owes=False)
    Obligation.objects.all().delete()
    open_daily(at=minute(0))
    asked = Obligation.objects.filter(kind="zero").values_list("unit__name", flat=True)
    assert "柳河街道" not in set(asked)
    assert "排水局" in set(asked)


def test_who_may_not_and_what_is_no_unit(city: City) -> None:
    plan = make_plan()
    with pytest.raises(PermissionRefused, match="防涝办"):
        settle(plan, city.street_officer, city.street, owes=False)
    with pytest.raises(InvalidInput, match="依据"):
        settle(plan, city.office, city.street, owes=False, reason=" ")
    with pytest.raises(InvalidInput, match="具体单位"):
        settle(plan, city.office, Department.objects.get(name="街道办事处"), owes=False)


def test_the_page_names_the_gaps_first_and_the_office_settles_them(client: Client, city: City) -> None:
    plan = make_plan()
    odd = DepartmentFactory(name="园艺局", slug="yuanyi")
    CommandPostMember.objects.create(plan=plan, order=9, role="成员", printed_name="林某", unit=odd)
    client.force_login(city.office)
    page = client.get(PAGE)
    assert page.context["lines"][0].unit == odd
    assert page.context["lines"][0].gap
    assert f"?unit={odd.pk}#settle" in page.content.decode()
    refused = client.post(PAGE, {"unit": odd.pk, "owes": "no", "reason": ""})
    assert refused.status_code == 400
    done = client.post(PAGE, {"unit": odd.pk, "owes": "no", "reason": "无职责"}, follow=True)
    assert "已确认：园艺局不报" in done.content.decode()
    assert not any(line.gap for line in done.context["lines"])
    client.force_login(city.street_officer)
    assert "确认应报</h2>" not in client.get(PAGE).content.decode()
    assert client.post(PAGE, {"unit": odd.pk, "owes": "yes", "reason": "我要报"}).status_code == 403


def test_without_a_plan_it_says_what_would_stand_there(client: Client, city: City) -> None:
    client.force_login(city.office)
    assert "没有现行的防内涝方案" in client.get(PAGE).content.decode()
