"""Figures by street and for the city: the last that were told, nothing twice, blank is not 0."""

from decimal import Decimal
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from floodresponse.losses import totals_by_street
from floodresponse.models import Incident
from floodresponse.passing import draft_words
from floodresponse.services.counting import count_incident
from floodresponse.services.incidents import change_grade, resolve_incident
from floodresponse.services.reports import latest_figures
from foundation.errors import InvalidInput, PermissionRefused
from foundation.models import AuditEntry
from organizations.models import Department, User
from tests.factories import DepartmentFactory
from tests.floodresponse.reporting import City, build_city, happen, minute, report

pytestmark = pytest.mark.django_db
YEAR = {"date_from": "2023-07-01", "date_to": "2023-07-31"}


def count(
    incident: Incident, actor: User, *, street: Department | None = None, same_as: Incident | None = None
) -> Incident:
    return count_incident(actor=actor, incident=incident, street=street, same_as=same_as, at=minute(60))


def sums(name: str) -> dict[str, Decimal]:
    rows = Incident.objects.select_related("unit", "street")
    return {total.name: total for total in totals_by_street(rows)}[name].figures


def bureaus_incident(city: City) -> Incident:
    return happen(city, unit=city.bureau, actor=city.office, location="柳桥北")


def test_of_several_reports_the_last_counts_and_not_their_sum() -> None:
    city = build_city()
    incident = happen(city)
    report(incident, city.street_officer, at=minute(20), figures={"affected": 30, "loss_10k_yuan": "1.5"})
    report(incident, city.street_officer, at=minute(40), stage="followup", figures={"affected": 50})
    assert sums("柳河街道") == {"affected": 50, "loss_10k_yuan": Decimal("1.5")}
    assert sums("全市") == sums("柳河街道")


def test_a_bureau_counts_in_the_street_that_is_named_else_apart() -> None:
    city = build_city()
    incident = bureaus_incident(city)
    report(incident, city.bureau_officer, at=minute(20), figures={"evacuated": 4})
    assert sums("未注明街道") == {"evacuated": 4}
    count(incident, city.office, street=city.street)
    assert sums("柳河街道") == {"evacuated": 4}


def test_what_two_units_told_is_counted_once() -> None:
    city = build_city()
    streets, bureaus = happen(city), bureaus_incident(city)
    report(streets, city.street_officer, at=minute(20), figures={"affected": 30})
    report(bureaus, city.bureau_officer, at=minute(21), figures={"affected": 28})
    assert sums("全市") == {"affected": 58}
    count(bureaus, city.office, street=city.street, same_as=streets)
    assert sums("全市") == {"affected": 30}
    entry = AuditEntry.objects.about(bureaus).get(action="incident.count")
    assert entry.after == {"street": city.street.pk, "same_as": streets.pk, "exercise": False}


def test_blank_is_told_from_none_and_how_many_are_left_out() -> None:
    city = build_city()
    happen(city, dead=0, missing=2)
    happen(city, location="柳桥西")
    total = totals_by_street(Incident.objects.select_related("unit", "street"))[-1]
    assert total.figures == {"dead": Decimal(0), "missing": Decimal(2)}
    assert total.uncounted["dead"] == 1
    assert total.uncounted["affected"] == 2


def test_a_death_that_is_found_later_counts_over_an_earlier_report() -> None:
    city = build_city()
    incident = happen(city)
    report(incident, city.street_officer, at=minute(20), figures={"dead": 0, "affected": 5})
    incident.refresh_from_db()
    change_grade(actor=city.street_officer, incident=incident, changes={"dead": 1}, at=minute(40))
    assert sums("全市") == {"affected": 5, "dead": 1}
    incident.refresh_from_db()
    assert latest_figures(incident)["dead"] == 1
    assert "死亡 1" in draft_words(incident, None, latest_figures(incident))


def test_a_report_lower_than_what_was_found_needs_an_explanation() -> None:
    city = build_city()
    incident = happen(city)
    change_grade(actor=city.street_officer, incident=incident, changes={"dead": 1}, at=minute(40))
    bare = report(incident, city.street_officer, at=minute(60), stage="followup", figures={"dead": 0})
    assert any("死亡由 1 减为 0" in part for part in bare.lacking)


def test_a_call_that_is_entered_late_overrides_nothing_that_was_told_later() -> None:
    city = build_city()
    incident = happen(city)
    report(incident, city.street_officer, at=minute(60), figures={"dead": 1})
    report(incident, city.office, at=minute(70), channel="phone", reported_at=minute(10), figures={"dead": 0})
    assert sums("全市")["dead"] == 1
    incident.refresh_from_db()
    assert incident.dead == 1


def test_whoever_is_found_dead_when_all_is_over_counts_and_asks_for_a_report_at_once() -> None:
    city = build_city()
    incident = happen(city, dead=0)
    resolve_incident(actor=city.street_officer, incident=incident, at=minute(90))
    report(incident, city.street_officer, at=minute(120), stage="followup", figures={"dead": 1})
    incident.refresh_from_db()
    assert incident.dead == 1
    assert incident.obligations.get(kind="immediate").state == "met"
    assert sums("全市")["dead"] == 1


def test_twins_that_cannot_be_are_refused_in_words() -> None:
    city = build_city()
    one, two, three = happen(city), bureaus_incident(city), happen(city, location="柳桥西")
    drill = happen(city, exercise=True)
    for twin, words in ((one, "自己"), (drill, "演练")):
        with pytest.raises(InvalidInput, match=words):
            count(one, city.office, same_as=twin)
    count(two, city.office, same_as=one)
    with pytest.raises(InvalidInput, match="已经并入另一起"):
        count(three, city.office, same_as=two)
    with pytest.raises(InvalidInput, match="已有别的险情并入"):
        count(one, city.office, same_as=three)
    with pytest.raises(PermissionRefused):
        count(three, city.street_officer)


def test_a_twin_counts_where_the_other_is_not_asked_for(client: Client) -> None:
    city = build_city()
    streets, bureaus = happen(city), bureaus_incident(city)
    report(streets, city.street_officer, at=minute(20), figures={"affected": 30})
    report(bureaus, city.bureau_officer, at=minute(21), figures={"affected": 28})
    count(bureaus, city.office, street=city.street, same_as=streets)
    client.force_login(city.bureau_officer)
    sheet = client.get("/flood/losses/losses.xlsx", YEAR)
    rows = load_workbook(BytesIO(sheet.content)).active.iter_rows(values_only=True)  # type: ignore[union-attr]
    assert [row[1:4] for row in rows][1:] == [("柳河街道", "1", 28), ("合计", "1", 28)]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_days_at_the_ends_of_time_are_days_like_others(client: Client, day: str) -> None:
    city = build_city()
    happen(city)
    client.force_login(city.office)
    for name in ("date_from", "date_to"):
        assert client.get("/flood/losses/", {name: day}).status_code == 200


def test_the_page_and_the_workbook_add_up_and_leave_drills_out(client: Client) -> None:
    city = build_city()
    report(happen(city), city.street_officer, at=minute(20), figures={"affected": 30, "injured": 0})
    drill = happen(city, exercise=True)
    report(drill, city.street_officer, at=minute(20), figures={"affected": 999})
    client.force_login(city.office)
    page = client.get("/flood/losses/", YEAR).content.decode()
    assert "柳河街道" in page
    assert "999" not in page
    assert "未核" in page
    sheet = client.get("/flood/losses/losses.xlsx", YEAR)
    rows = load_workbook(BytesIO(sheet.content)).active.iter_rows(values_only=True)  # type: ignore[union-attr]
    header, street, whole = rows
    assert header[:5] == ("演练", "街道", "险情（起）", "受灾人口", "受灾人口未核（起）")
    assert street[1:5] == ("柳河街道", "1", 30, "0")
    assert whole[1] == "全市"
    marked = client.get("/flood/losses/", {**YEAR, "exercise": "true"}).content.decode()
    assert "999" in marked
    assert "演练 · 灾情统计" in marked


def test_a_unit_sees_its_own_and_a_year_without_any_says_so(client: Client) -> None:
    city = build_city()
    happen(city)
    client.force_login(city.bureau_officer)
    page = client.get("/flood/losses/", YEAR).content.decode()
    assert "只含本单位上报的" in page
    assert "这段时间没有险情" in page
    wrong = client.get("/flood/losses/", {"date_from": "七月"})
    assert "年-月-日" in wrong.content.decode()


def test_the_page_of_counting_offers_what_is_near(client: Client) -> None:
    city = build_city()
    one, two = happen(city), bureaus_incident(city)
    client.force_login(city.office)
    address = f"{two.get_absolute_url()}counting/"
    assert f'value="{one.pk}"' in client.get(address).content.decode()
    done = client.post(address, {"street": city.street.pk, "same_as": one.pk}, follow=True).content.decode()
    assert "数字只按那一起计一次" in done
    assert f'value="{two.pk}"' not in client.get(f"{one.get_absolute_url()}counting/").content.decode()
    client.force_login(city.bureau_officer)
    assert client.get(address).status_code == 403


def test_a_bureau_names_the_street_on_the_form_and_a_street_is_not_asked(client: Client) -> None:
    city = build_city()
    DepartmentFactory(name="青山街道", slug="qingshan", kind="street")
    client.force_login(city.bureau_officer)
    assert "所在街道" in client.get("/flood/incidents/new/").content.decode()
    client.force_login(city.street_officer)
    assert "所在街道" not in client.get("/flood/incidents/new/").content.decode()
