"""Who owes daily reports: the plan's lists, their gaps named, settled by the office on record."""

from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

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
    first = page.context["page"].object_list[0]
    assert (first.unit, first.gap) == (odd, True)
    assert f"?unit={odd.pk}#settle" in page.content.decode()
    refused = client.post(PAGE, {"unit": odd.pk, "owes": "no", "reason": ""})
    assert refused.status_code == 400
    done = client.post(PAGE, {"unit": odd.pk, "owes": "no", "reason": "无职责"}, follow=True)
    assert "已确认：园艺局不报" in done.content.decode()
    assert not any(line.gap for line in done.context["page"])
    client.force_login(city.street_officer)
    assert "确认应报</h2>" not in client.get(PAGE).content.decode()
    assert client.post(PAGE, {"unit": odd.pk, "owes": "yes", "reason": "我要报"}).status_code == 403


def test_without_a_plan_it_says_what_would_stand_there(client: Client, city: City) -> None:
    client.force_login(city.office)
    assert "没有现行的防内涝方案" in client.get(PAGE).content.decode()


@pytest.fixture
def settled(city: City) -> Plan:
    """One unit with a gap, one taken out by the office, the others as the plan's lists say."""
    plan = make_plan()
    odd = DepartmentFactory(name="园艺局", slug="yuanyi")
    CommandPostMember.objects.create(plan=plan, order=9, role="成员", printed_name="林某", unit=odd)
    settle(plan, city.office, city.bureau, owes=False, reason="无职责")
    return plan


def shown(client: Client, query: str) -> list[str]:
    return [line.unit.name for line in client.get(f"{PAGE}?{query}").context["page"]]


def test_units_are_found_by_word_and_by_where_they_stand(client: Client, city: City, settled: Plan) -> None:
    client.force_login(city.office)
    assert shown(client, "state=gap") == shown(client, "q=园艺") == ["园艺局"]
    assert shown(client, "state=not") == shown(client, "state=settled") == [city.bureau.name]
    assert shown(client, "q=无职责") == [city.bureau.name]
    assert city.bureau.name not in shown(client, "state=owes")
    nothing = client.get(f"{PAGE}?q=没有这个单位").content.decode()
    assert "没有符合条件的单位" in nothing
    assert "清除筛选" in nothing


@pytest.mark.parametrize("order", ["unit", "seat", "duty", "owes", "basis"])
def test_units_are_sorted_both_ways(client: Client, city: City, settled: Plan, order: str) -> None:
    client.force_login(city.office)
    up, down = shown(client, f"sort={order}"), shown(client, f"sort=-{order}")
    assert sorted(up) == sorted(down)
    assert up != down


def test_units_leave_as_a_workbook_as_they_are_filtered(client: Client, city: City, settled: Plan) -> None:
    client.force_login(city.street_officer)
    answer = client.get(f"{PAGE}units.xlsx?state=not")
    rows = list(load_workbook(BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True))
    assert rows[0][:2] == ("单位", "在名单")
    assert [(row[0], row[3], row[5]) for row in rows[1:]] == [(city.bureau.name, "不报", "无职责")]
    assert Client().get(f"{PAGE}units.xlsx").status_code == 302
