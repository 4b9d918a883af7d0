"""The duty roster in the browser and in the API."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from floodresponse.models import DutyShift
from floodresponse.roster.forms import person_in
from floodresponse.services.roster import OnDuty
from floodresponse.services.swaps import answer_swap, ask_swap
from foundation.workbooks import workbook_of
from tests.factories import UserFactory
from tests.floodresponse.reporting import City, build_city
from tests.floodresponse.test_roster import DAY, NEXT, TEN, enter

pytestmark = pytest.mark.django_db
MONTH = "/flood/roster/units/liuhe/?month=2023-07"
HEADER = ("单位", "日期", "带班领导", "带班电话", "值班员", "值班电话")


@pytest.fixture
def city() -> City:
    made = build_city()
    enter(made, d26_officer="林甲 5550101", d26_leader="林乙", d27_officer="林甲", reason="补登")
    return made


@pytest.fixture(autouse=True)
def at_ten() -> Any:
    with time_machine.travel(TEN, tick=False):
        yield


def browser(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


class TestADay:
    def test_numbers_are_there_to_tap(self, city: City) -> None:
        page = browser(city.street_officer).get("/flood/roster/").content.decode()
        assert 'href="tel:5550101"' in page
        assert "无电话" in page  # 林乙
        assert "现在在岗" in page

    def test_it_shows_who_is_missing(self, city: City) -> None:
        response = browser(city.office).get("/flood/roster/?gaps=1")
        units = [line.unit for line in response.context["page"]]
        assert city.street not in units
        assert units

    def test_it_finds_people_and_sorts(self, city: City) -> None:
        client = browser(city.office)
        found = client.get("/flood/roster/?q=林甲").context["page"]
        assert [line.unit for line in found] == [city.street]
        worst = client.get("/flood/roster/?sort=state").context["page"].object_list
        assert worst[0].gaps == 2
        assert worst[-1].unit == city.street

    @pytest.mark.parametrize("bad", ["day=yesterday", "state=nowhere", "page=x", "sort=;drop"])
    def test_a_condition_that_cannot_be_read_is_left_out(self, city: City, bad: str) -> None:
        assert browser(city.office).get(f"/flood/roster/?{bad}").status_code == 200

    def test_as_a_workbook(self, city: City) -> None:
        answer = browser(city.office).get("/flood/roster/roster.xlsx?q=林甲")
        rows = list(load_workbook(BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True))
        assert rows[0][:6] == HEADER
        assert rows[1][0] == city.street.name
        assert rows[1][4:6] == ("林甲", "5550101")

    @pytest.mark.parametrize("path", ["", "month/", "units/liuhe/"])
    def test_the_number_of_queries_does_not_grow(self, city: City, path: str) -> None:
        client = browser(city.office)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(f"/flood/roster/{path}")
        enter(city, d28_officer="林丙", d29_officer="林丙", d30_officer="林丙", d31_officer="林丙")
        with CaptureQueriesContext(connection) as more:
            client.get(f"/flood/roster/{path}")
        assert len(more) <= len(queries) <= 15


class TestAMonth:
    def test_on_the_phone_the_running_month_begins_today(self, city: City) -> None:
        client = browser(city.office)
        now, before = (client.get(f"/flood/roster/month/?month={month}") for month in ("2023-07", "2023-06"))
        assert now.content.decode().count('<th scope="col" class="duty-over">') == DAY.day - 1
        assert "duty-over" not in before.content.decode()

    def test_all_units_with_their_gaps(self, city: City) -> None:
        response = browser(city.office).get("/flood/roster/month/?month=2023-07")
        row = next(row for row in response.context["rows"] if row.unit == city.street)
        assert row.gaps == 6 * 2 - 3
        assert row.cells[0].over and not row.cells[25].over
        assert row.cells[25].gaps == 0

    def test_a_unit_fills_in_its_month(self, city: City) -> None:
        client, address = browser(city.street_officer), "/flood/roster/units/liuhe/?month=2023-07"
        page = client.get(address)
        sent = {field.html_name: field.value() or "" for field in page.context["grid"]}
        sent |= {"leader-2023-07-30": "林丁 5550109"}
        assert client.post(address, sent).status_code == 302
        shift = DutyShift.objects.get(day="2023-07-30")
        assert (shift.name, shift.phone) == ("林丁", "5550109")
        assert DutyShift.objects.count() == 4

    def test_accounts_are_suggested_as_they_are_spelt(self, city: City) -> None:
        known = browser(city.street_officer).get("/flood/roster/units/liuhe/").context["known"]
        assert str(city.street_officer) in known

    def test_days_that_are_over_are_not_in_the_form(self, city: City) -> None:
        grid = browser(city.street_officer).get("/flood/roster/units/liuhe/?month=2023-07").context["grid"]
        assert "leader-2023-07-25" not in grid.fields
        assert "leader-2023-07-26" in grid.fields

    def test_what_was_typed_stays_when_it_is_refused(self, city: City) -> None:
        client, address = browser(city.street_officer), "/flood/roster/units/liuhe/?month=2023-07"
        sent = {"officer-2023-07-26": "林戊", "seen-officer-2023-07-26": "林甲 5550101"}
        answer = client.post(address, sent)
        assert answer.status_code == 400
        assert "理由" in answer.content.decode()
        assert 'value="林戊"' in answer.content.decode()

    def opened(self, client: Client) -> dict[str, Any]:
        page = client.get(MONTH)
        return {field.html_name: field.value() or "" for field in page.context["grid"]}

    def test_an_old_page_leaves_a_swap_that_was_agreed_since(self, city: City) -> None:
        first, second = (
            UserFactory(username=n, display_name=n, role="department_officer", department=city.street)
            for n in ("林己", "林庚")
        )
        enter(city, d29_officer="林己", d30_officer="林庚")
        client = browser(city.street_officer)
        old = self.opened(client)
        shifts = [DutyShift.objects.get(name=name) for name in ("林己", "林庚")]
        swap = ask_swap(actor=first, shift=shifts[0], other=shifts[1], reason="出差", at=TEN)
        answer_swap(actor=second, swap=swap, agree=True, at=TEN)
        answer = client.post(MONTH, {**old, "leader-2023-07-30": "林丁"}, follow=True)
        assert "改动 1 处" in answer.content.decode()
        assert DutyShift.objects.get(day="2023-07-29", role="officer").name == "林庚"
        assert DutyShift.objects.get(day="2023-07-30", role="officer").name == "林己"
        assert DutyShift.objects.get(day="2023-07-30", role="leader").name == "林丁"

    def test_a_place_that_another_changed_is_told_and_nothing_is_lost(self, city: City) -> None:
        client = browser(city.street_officer)
        old = self.opened(client)
        enter(city, d27_officer="林辛 5550108")
        sent = {**old, "officer-2023-07-27": "林戊", "leader-2023-07-30": "林丁"}
        refused = client.post(MONTH, sent)
        page = refused.content.decode()
        assert refused.status_code == 400
        assert "值班表已有改动" in page and "他人已改为“林辛 5550108”" in page
        assert 'value="林戊"' in page and 'value="林丁"' in page
        assert DutyShift.objects.get(day="2023-07-27").name == "林辛"
        assert not DutyShift.objects.filter(name="林丁").exists()
        again = {field.html_name: field.value() or "" for field in refused.context["grid"]}
        assert client.post(MONTH, again).status_code == 302
        assert DutyShift.objects.get(day="2023-07-27").name == "林戊"
        assert DutyShift.objects.get(day="2023-07-30").name == "林丁"

    def test_a_place_filled_or_emptied_by_another_is_a_conflict_too(self, city: City) -> None:
        client = browser(city.street_officer)
        old = self.opened(client)
        enter(city, d27_officer="", d28_officer="林辛")
        for name in ("officer-2023-07-27", "officer-2023-07-28"):
            refused = client.post(MONTH, {**old, name: "林戊"})
            assert refused.status_code == 400 and "他人已改为" in refused.content.decode()
        assert list(DutyShift.objects.filter(day__gt=DAY).values_list("name", flat=True)) == ["林辛"]

    def test_the_same_person_typed_by_two_is_no_conflict(self, city: City) -> None:
        client = browser(city.street_officer)
        old = self.opened(client)
        enter(city, d28_officer="林辛 5550108")
        answer = client.post(MONTH, {**old, "officer-2023-07-28": "林辛 5550108"}, follow=True)
        assert "没有改动" in answer.content.decode()

    def test_others_see_no_form_and_may_not_post(self, city: City) -> None:
        client, address = browser(city.bureau_officer), "/flood/roster/units/liuhe/?month=2023-07"
        assert client.get(address).context["grid"] is None
        assert client.post(address, {}).status_code == 403

    @pytest.mark.parametrize(
        ("text", "person"),
        [
            ("", None),
            ("林甲", OnDuty("林甲")),
            ("林 甲 0470 5550101", OnDuty("林 甲", "0470 5550101")),
            ("  林甲  13800000000 ", OnDuty("林甲", "13800000000")),
            ("13800000000", None),
        ],
    )
    def test_a_name_and_a_number_in_one_line(self, text: str, person: OnDuty | None) -> None:
        assert person_in(text) == person


class TestASheet:
    def hand_in(self, user: Any, *rows: tuple[Any, ...], header: tuple[str, ...] = HEADER) -> Any:
        file = SimpleUploadedFile("值班.xlsx", workbook_of("值班", header, rows))
        return browser(user).post("/flood/roster/import/", {"file": file})

    def test_all_lines_are_entered(self, city: City) -> None:
        answer = self.hand_in(
            city.office,
            ("柳河街道", NEXT, "林丁", "5550104", "林甲", ""),
            ("柳河街道", "2023/07/28", "", "", "林戊", "5550105"),
        )
        assert answer.status_code == 302
        people = DutyShift.objects.filter(day__gte=NEXT).order_by("day", "role").values_list("name", "phone")
        assert list(people) == [("林丁", "5550104"), ("林甲", "5550101"), ("林戊", "5550105")]

    @pytest.mark.parametrize(
        ("row", "sentence"),
        [
            (("无此街道", NEXT, "林丁", "", "", ""), "第 3 行的单位"),
            (("柳河街道", "7月27日", "林丁", "", "", ""), "第 3 行的日期"),
            (("柳河街道", NEXT, "林己", "", "", ""), "第 3 行与前面的行重复"),
        ],
    )
    def test_a_line_that_cannot_be_read_is_named_and_nothing_is_written(
        self, city: City, row: tuple[Any, ...], sentence: str
    ) -> None:
        answer = self.hand_in(city.office, ("柳河街道", NEXT, "林丁", "", "", ""), row)
        assert answer.status_code == 400
        assert sentence in answer.content.decode()
        assert not DutyShift.objects.filter(name="林丁").exists()

    def test_a_unit_enters_only_its_own(self, city: City) -> None:
        answer = self.hand_in(city.bureau_officer, ("柳河街道", NEXT, "林丁", "", "", ""))
        assert "不在您可登记的单位中" in answer.content.decode()

    def test_a_heading_that_is_missing_is_named(self, city: City) -> None:
        answer = self.hand_in(city.office, ("柳河街道", NEXT), header=("单位", "日期"))
        assert "带班领导" in answer.content.decode()

    def test_another_kind_of_file_is_refused(self, city: City) -> None:
        file = SimpleUploadedFile("值班.txt", "林甲".encode())
        answer = browser(city.office).post("/flood/roster/import/", {"file": file})
        assert answer.status_code == 400
        assert "xlsx" in answer.content.decode()

    def test_an_export_comes_back_without_a_change(self, city: City) -> None:
        client = browser(city.office)
        table = client.get("/flood/roster/roster.xlsx?month=2023-07&unit=liuhe").content
        answer = client.post(
            "/flood/roster/import/", {"file": SimpleUploadedFile("值班.xlsx", table)}, follow=True
        )
        assert "改动 0 处" in answer.content.decode()


class TestAShift:
    def test_signing_in(self, city: City) -> None:
        shift = DutyShift.objects.get(name="林乙")
        client = browser(city.street_officer)
        assert "签到</button>" in client.get(shift.get_absolute_url()).content.decode()
        client.post(f"/flood/roster/shifts/{shift.pk}/sign-in/")
        shift.refresh_from_db()
        assert shift.signed_in_at == TEN
        again = client.post(f"/flood/roster/shifts/{shift.pk}/sign-in/", follow=True)
        assert "已经签到" in again.content.decode()

    @pytest.mark.parametrize(("minutes", "offered"), [(-31, False), (-30, True), (0, True)])
    def test_one_tap_signs_in_from_half_an_hour_before_the_handover(
        self, city: City, minutes: int, offered: bool
    ) -> None:
        UserFactory(username="林己", display_name="林己", role="department_officer", department=city.street)
        enter(city, d27_officer="林己")
        shift = DutyShift.objects.get(name="林己")
        with time_machine.travel(TEN + timedelta(hours=22, minutes=minutes), tick=False):
            client = browser(shift.user)
            button = f'action="/flood/roster/shifts/{shift.pk}/sign-in/"'
            for page in ("/flood/roster/", "/flood/mine/"):
                assert (button in client.get(page).content.decode()) is offered, page

    def test_a_swap_is_asked_and_answered(self, city: City) -> None:
        first, second = (
            UserFactory(username=n, display_name=n, role="department_officer", department=city.street)
            for n in ("林己", "林庚")
        )
        enter(city, d29_officer="林己", d30_officer="林庚")
        mine, theirs = DutyShift.objects.get(name="林己"), DutyShift.objects.get(name="林庚")
        asked = browser(first).post(mine.get_absolute_url(), {"other": theirs.pk, "reason": "出差"})
        assert asked.status_code == 302
        other = browser(second)
        for page in ("/flood/roster/", "/flood/mine/"):
            assert "请您换班：其 7月29日 换您的 7月30日" in other.get(page).content.decode()
        assert "同意换班" in other.get(mine.get_absolute_url()).content.decode()
        other.post(f"/flood/roster/swaps/{mine.swaps_asked.get().pk}/", {"step": "agree"})
        assert DutyShift.objects.get(name="林己").day == NEXT + timedelta(days=3)


class TestTheInterface:
    def test_who_is_on_duty_now(self, city: City) -> None:
        rows = browser(city.bureau_officer).get("/api/v1/flood/roster/?on_duty=true").json()["results"]
        assert [(row["name"], row["role"], row["unit"]) for row in rows] == [
            ("林乙", "leader", "liuhe"),
            ("林甲", "officer", "liuhe"),
        ]

    @pytest.mark.parametrize(
        ("query", "count"),
        [("day=2023-07-27", 1), ("date_from=2023-07-27", 1), ("unit=shuiwu", 0), ("role=officer", 2)],
    )
    def test_filters(self, city: City, query: str, count: int) -> None:
        assert browser(city.office).get(f"/api/v1/flood/roster/?{query}").json()["count"] == count

    def test_only_for_staff(self, city: City) -> None:
        assert Client().get("/api/v1/flood/roster/").status_code == 401
        assert browser(UserFactory(role="")).get("/api/v1/flood/roster/").status_code == 403


@pytest.mark.parametrize(
    ("path", "visitor", "stranger", "viewer", "unit"),
    [
        ("", 302, 403, 200, 200),
        ("month/", 302, 403, 200, 200),
        ("roster.xlsx", 302, 403, 200, 200),
        ("units/liuhe/", 302, 403, 200, 200),
        ("units/nowhere/", 302, 403, 404, 404),
        ("import/", 302, 403, 403, 200),
    ],
)
def test_who_may(city: City, path: str, visitor: int, stranger: int, viewer: int, unit: int) -> None:
    people = [Client(), browser(UserFactory(role="")), browser(UserFactory(role="viewer"))]
    people.append(browser(city.street_officer))
    assert [one.get(f"/flood/roster/{path}").status_code for one in people] == [
        visitor,
        stranger,
        viewer,
        unit,
    ]
