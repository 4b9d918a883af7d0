"""Incidents and what is owed: sorted, filtered and taken out as workbooks, drills marked everywhere."""

import io
from typing import Any

import openpyxl
import pytest
from django.test import Client

from floodresponse.aftermath.facts import gather
from floodresponse.aftermath.log import log_of
from floodresponse.models import AftermathEntry, Household, HouseholdMove, Plan, Response
from floodresponse.services.obligations import excuse_obligation
from organizations.models import User
from tests.floodresponse.reporting import City, build_city, happen, minute

pytestmark = pytest.mark.django_db
INCIDENTS, OBLIGATIONS = "/flood/incidents/", "/flood/obligations/"
SHEET = f"{INCIDENTS}incidents.xlsx"


@pytest.fixture
def city() -> City:
    return build_city()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def rows_of(user: User, path: str, query: Any = None) -> list[dict[str, str]]:
    response = signed_in(user).get(path, query or {})
    assert response.status_code == 200
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert sheet is not None
    header, *lines = [[str(cell or "") for cell in line] for line in sheet.iter_rows(values_only=True)]
    return [dict(zip(header, line, strict=True)) for line in lines]


class TestIncidents:
    def test_the_sheet_has_what_was_asked_for_and_tells_nought_from_blank(self, city: City) -> None:
        happen(city, location="柳桥下", dead=0)
        happen(city, location="泵站", kind="danger", severity="serious", unit=city.bureau)
        rows = rows_of(city.office, SHEET)
        assert {row["地点"]: (row["等级"], row["死亡"], row["失踪"]) for row in rows} == {
            "柳桥下": ("一般", "0", ""), "泵站": ("较大", "", ""),
        }  # fmt: skip
        found = rows_of(city.office, SHEET, {"kind": "danger"})
        assert [row["地点"] for row in found] == ["泵站"]

    def test_a_unit_takes_out_its_own(self, city: City) -> None:
        happen(city)
        happen(city, unit=city.bureau, location="泵站")
        assert [row["单位"] for row in rows_of(city.bureau_officer, SHEET)] == ["水务局"]

    @pytest.mark.parametrize(
        ("order", "first"),
        [("", "晚"), ("occurred_at", "早"), ("-severity", "重"), ("unit", "重"), ("nonsense", "晚")],
    )  # fmt: skip
    def test_the_list_and_the_sheet_stand_in_the_order_asked_for(
        self, city: City, order: str, first: str
    ) -> None:
        city.street.order, city.bureau.order = 2, 1
        city.street.save()
        city.bureau.save()
        happen(city, location="早", occurred_at=minute(-60))
        happen(city, location="重", occurred_at=minute(-30), severity="major", unit=city.bureau)
        happen(city, location="晚", occurred_at=minute(0))
        page = signed_in(city.office).get(INCIDENTS, {"sort": order})
        assert next(incident.location for incident, _ in page.context["rows"]) == first
        assert rows_of(city.office, SHEET, {"sort": order})[0]["地点"] == first


class TestObligations:
    def test_the_sheet_says_how_late_and_why_excused(self, city: City) -> None:
        incident = happen(city)
        phone = incident.obligations.get(kind="phone")
        excuse_obligation(actor=city.office, obligation=phone, reason="断网", at=minute(30))
        row = rows_of(city.office, f"{OBLIGATIONS}obligations.xlsx", {"kind": "phone"})[0]
        assert (row["单位"], row["状态"], row["免责理由"]) == ("柳河街道", "免责", "断网")
        assert row["依据"]

    def test_the_latest_limit_first(self, city: City) -> None:
        happen(city)
        dues = [
            row["时限"] for row in rows_of(city.office, f"{OBLIGATIONS}obligations.xlsx", {"sort": "-due_at"})
        ]
        assert dues == sorted(dues, reverse=True)  # fmt: skip
        assert len(dues) > 1


class TestDrills:
    def test_lists_and_sheets_mark_each_line_and_can_leave_them_out(self, city: City) -> None:
        happen(city, location="真")
        drill = happen(city, location="练", exercise=True)
        for path, sheet, column in (
            (INCIDENTS, "incidents.xlsx", "地点"), (OBLIGATIONS, "obligations.xlsx", "事件"),
        ):  # fmt: skip
            marks = {row["演练"] for row in rows_of(city.office, path + sheet) if "练" in row[column]}
            assert marks == {"【演练】"}
            real = rows_of(city.office, path + sheet, {"exercise": "false"})
            assert real
            assert {row["演练"] for row in real} == {""}
            only = rows_of(city.office, path + sheet, {"exercise": "true"})
            assert {row["演练"] for row in only} == {"【演练】"}
        page = signed_in(city.office).get(INCIDENTS, {"exercise": "true"}).content.decode()
        assert "练" in page
        assert "flood-exercise" in page
        one = drill.obligations.first()
        assert one is not None
        assert "不计入统计" in signed_in(city.office).get(f"{OBLIGATIONS}{one.pk}/").content.decode()

    def test_the_log_of_a_drill_marks_every_line(self, city: City) -> None:
        plan = Plan.objects.create(title="方案", year=2023)
        real, drill = (
            Response.objects.create(
                plan=plan, declared_at=minute(-1), terminated_at=minute(60), exercise=exercise
            )
            for exercise in (False, True)
        )
        happen(city, exercise=True)
        lines = log_of(gather(drill, minute(60)))
        assert lines
        assert all(line.text.startswith("【演练】") for line in lines)
        assert not log_of(gather(real, minute(60)))

    def test_households_and_matters_of_a_drill_are_marked(self, city: City) -> None:
        plan = Plan.objects.create(title="方案", year=2023)
        drill = Response.objects.create(plan=plan, declared_at=minute(0), exercise=True)
        drill.levels.create(level=3, since=minute(0), decided_by=city.commander)
        household = Household.objects.create(street=city.street, head="林甲", address="柳巷", people=2)
        HouseholdMove.objects.create(
            household=household, response=drill, people=2, moved_at=minute(1), moved_by=city.office
        )
        row = rows_of(city.office, "/flood/households/households.xlsx")[0]
        assert row["状态"] == "【演练】已转移"
        AftermathEntry.objects.create(
            response=drill, kind="lesson", text="预置沙袋", entered_at=minute(2), entered_by=city.office
        )
        row = rows_of(city.office, f"/flood/responses/{drill.pk}/aftermath/aftermath.xlsx")[0]
        assert row["内容"] == "【演练】预置沙袋"
        page = signed_in(city.office).get(f"/flood/responses/{drill.pk}/aftermath/").content.decode()
        assert "不计入统计" in page
