"""Pages of incidents and of what is owed: quick to fill in, keeping what was typed, no script needed."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from floodresponse.models import DailyReport, FloodWatch, Incident, IncidentReport, Obligation
from foundation.models import Attachment
from organizations.models import User
from tests.accounts import browser_of, reads_of_the_page
from tests.factories import UserFactory
from tests.floodresponse.reporting import City, build_city, happen, report

pytestmark = pytest.mark.django_db
NEW = "/flood/incidents/new/"


@pytest.fixture
def city() -> City:
    return build_city()


@pytest.fixture(autouse=True)
def media(tmp_path: Any, settings: Any) -> None:
    options = {**settings.STORAGES["default"]["OPTIONS"], "location": tmp_path}
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": options}}


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def recent(city: City, *, ago: int = 15, **values: Any) -> Incident:
    now = timezone.now()
    return happen(city, at=now, occurred_at=now - timedelta(minutes=ago), **values)


def file(incident: Incident, actor: User, *, channel: str) -> None:
    """A report of now."""
    report(incident, actor, at=timezone.now(), channel=channel)


def filled_in(page: Any, **values: Any) -> dict[str, Any]:
    """What a browser would send of the phone form."""
    form = page.context["form"]
    sent = {name: form[name].value() for name in form.fields}
    sent["unit"] = getattr(sent["unit"], "pk", sent["unit"])
    sent = {name: value for name, value in sent.items() if value not in (None, False)}
    return {**sent, **values}


class TestThePhoneForm:
    def test_three_answers_send_it(self, city: City) -> None:
        client = browser(city.street_officer)
        page = client.get(NEW)
        sent = filled_in(page, when="10", location="柳桥下", depth_cm="34")
        before = timezone.now()
        response = client.post(NEW, sent)
        incident = Incident.objects.get()
        assert response["Location"] == incident.get_absolute_url()
        assert (incident.unit, incident.depth_cm) == (city.street, 34)
        assert abs(before - timedelta(minutes=10) - incident.occurred_at) < timedelta(seconds=5)
        assert (incident.dead, incident.severity) == (None, "ordinary")

    def test_two_presses_are_one_incident(self, city: City) -> None:
        client = browser(city.street_officer)
        sent = filled_in(client.get(NEW), location="柳桥下")
        assert client.post(NEW, sent)["Location"] == client.post(NEW, sent)["Location"]
        assert Incident.objects.count() == 1 and Obligation.objects.count() == 3

    def test_the_office_that_took_the_call_keeps_it_as_the_report_by_telephone(self, city: City) -> None:
        client = browser(city.office)
        sent = filled_in(client.get(NEW), unit=city.street.pk, location="柳桥下", by_phone="on")
        client.post(NEW, sent)
        client.post(NEW, sent)
        assert IncidentReport.objects.get().channel == "phone"
        assert Obligation.objects.get(kind="phone").state == "met"

    def test_a_unit_reports_for_itself_alone(self, city: City) -> None:
        client = browser(city.street_officer)
        response = client.post(NEW, filled_in(client.get(NEW), unit=city.bureau.pk, location="柳桥下"))
        assert response.status_code == 400 and not Incident.objects.exists()

    @pytest.mark.parametrize(
        ("values", "sentence"),
        [
            ({"location": ""}, "必填"),
            ({"when": "other"}, "请填写发生时间"),
            ({"when": "other", "occurred_at": "2099-01-01T08:00"}, "发生时间不能晚于现在"),
            ({"depth_cm": "-3"}, "0"),
        ],
    )
    def test_what_was_typed_stays(self, city: City, values: dict[str, str], sentence: str) -> None:
        client = browser(city.street_officer)
        sent = filled_in(client.get(NEW), **{"location": "柳桥下", "summary": "水没过路缘", **values})
        response = client.post(NEW, sent)
        page = response.content.decode()
        assert response.status_code == 400
        assert sentence in page and "水没过路缘" in page
        assert not Incident.objects.exists()

    @pytest.mark.parametrize("role", ["viewer", "editor", "supervisor", None])
    def test_others_are_told_that_they_may_not(self, role: str | None) -> None:
        assert browser_of(role).get(NEW).status_code == 403

    def test_a_visitor_signs_in_first(self) -> None:
        assert "/accounts/login/" in browser_of("anonymous").get(NEW)["Location"]


class TestThePageOfAnIncident:
    def test_clocks_are_in_words_and_overdue_stands_first(self, city: City) -> None:
        incident = recent(city, ago=30)
        page = browser(city.street_officer).get(incident.get_absolute_url()).content.decode()
        assert re.search(r"逾期</span><b data-remaining>1[01] 分", page) and re.search(r"剩 (29|30) 分", page)
        assert page.index("电话报告") < page.index("书面初报")

    def test_a_report_is_filed_with_pictures(self, city: City) -> None:
        incident = recent(city)
        client = browser(city.street_officer)
        key = client.get(incident.get_absolute_url()).context["report_form"]["key"].value()
        sent = {
            "channel": "media",
            "stage": "first",
            "text": "桥下",
            "key": key,
            "pictures": [picture(), picture()],
        }
        response = client.post(f"{incident.get_absolute_url()}report/", sent)
        assert response.status_code == 302, response.context and response.context["report_form"].errors
        report = IncidentReport.objects.get()
        assert not report.incomplete
        file = Attachment.objects.of(report)[0]
        assert Attachment.objects.of(report).count() == 2
        assert client.get(file.get_absolute_url()).status_code == 200
        assert browser(city.bureau_officer).get(file.get_absolute_url()).status_code == 404

    @pytest.mark.parametrize(
        ("values", "sentence"),
        [
            ({"dead": "x"}, "“死亡”应为不小于 0 的整数"),
            ({"affected": "1", "dead": "2"}, "多于受灾人口"),
            ({"reported_at": "2099-01-01T08:00"}, "报告时间不能晚于现在"),
            ({"reported_at": "2001-01-01T08:00"}, "报告时间不能早于发生时间"),
        ],
    )
    def test_a_refused_report_keeps_what_was_typed(
        self, city: City, values: dict[str, str], sentence: str
    ) -> None:
        incident = recent(city)
        client = browser(city.street_officer)
        key = client.get(incident.get_absolute_url()).context["report_form"]["key"].value()
        sent = {"channel": "written", "stage": "first", "text": "水在退", "key": key, **values}
        response = client.post(f"{incident.get_absolute_url()}report/", sent)
        page = response.content.decode()
        assert response.status_code == 400 and sentence in page and "水在退" in page
        assert not IncidentReport.objects.exists()

    def test_a_file_that_is_no_picture_loses_nothing(self, city: City) -> None:
        incident = recent(city)
        client = browser(city.street_officer)
        key = client.get(incident.get_absolute_url()).context["report_form"]["key"].value()
        bad = SimpleUploadedFile("a.exe", b"MZ\x00\x01")
        sent = {"channel": "media", "stage": "first", "text": "水在退", "key": key, "pictures": [bad]}
        response = client.post(f"{incident.get_absolute_url()}report/", sent)
        assert response.status_code == 400 and "不支持这种文件" in response.content.decode()
        assert not IncidentReport.objects.exists() and not Attachment.objects.exists()

    def test_the_form_offers_what_comes_next(self, city: City) -> None:
        incident = recent(city)
        client = browser(city.street_officer)

        def offered() -> tuple[str, str]:
            initial = client.get(incident.get_absolute_url()).context["report_form"].initial
            return initial["channel"], initial["stage"]

        assert offered() == ("phone", "first")
        file(incident, city.street_officer, channel="phone")
        assert offered() == ("written", "first")
        file(incident, city.street_officer, channel="written")
        assert offered() == ("written", "followup")

    def test_another_unit_does_not_see_it(self, city: City) -> None:
        incident = recent(city)
        assert browser(city.bureau_officer).get(incident.get_absolute_url()).status_code == 404

    def test_grade_and_end_are_changed_here(self, city: City) -> None:
        incident = recent(city)
        client = browser(city.street_officer)
        client.post(f"{incident.get_absolute_url()}grade/", {"grade-severity": "major", "grade-dead": "1"})
        assert set(incident.obligations.values_list("kind", flat=True)) >= {"immediate", "followup"}
        client.post(f"{incident.get_absolute_url()}resolve/")
        again = client.post(f"{incident.get_absolute_url()}resolve/", follow=True)
        assert "已经确认处置完毕" in again.content.decode()

    def test_a_fall_of_casualties_is_explained_here(self, city: City) -> None:
        incident = recent(city, dead=2)
        client, address = browser(city.street_officer), f"{incident.get_absolute_url()}grade/"
        sent = {"grade-severity": "ordinary", "grade-dead": "1"}
        page = client.post(address, sent).content.decode()
        assert "死亡人数已报 2 人" in page and 'value="1"' in page
        incident.refresh_from_db()
        assert incident.dead == 2
        client.post(address, sent | {"grade-reason": "一人重复统计"})
        incident.refresh_from_db()
        assert incident.dead == 1

    def test_typed_markup_is_shown_as_text(self, city: City) -> None:
        incident = recent(city, location="<script>alert(1)</script>")
        page = browser(city.street_officer).get(incident.get_absolute_url()).content.decode()
        assert "<script>alert" not in page and "&lt;script&gt;alert" in page


class TestTheOverview:
    def test_overdue_first_with_the_number_to_tap(self, city: City) -> None:
        recent(city, ago=30)
        page = browser(city.office).get("/flood/obligations/").content.decode()
        assert "1 项逾期未报" in page and 'href="tel:5550111"' in page
        assert page.index("逾期</span>") < page.index("待报</span>")

    def test_filters_by_state_kind_and_unit(self, city: City) -> None:
        recent(city, ago=30)
        client = browser(city.office)

        def shown(query: str) -> list[str]:
            return [c.obligation.kind for c in client.get(f"/flood/obligations/?{query}").context["clocks"]]

        assert shown("state=overdue") == ["phone"]
        assert shown("kind=written") == ["written"]
        assert shown(f"unit={city.bureau.slug}") == []
        assert len(shown("state=nonsense&incident=x")) == 3

    def test_the_office_calls_and_excuses(self, city: City) -> None:
        recent(city, ago=30)
        phone = Obligation.objects.get(kind="phone")
        client, address = browser(city.office), f"/flood/obligations/{phone.pk}/"
        client.post(address, {"step": "call", "called": "街道值班室", "number": "5550111", "answered": "0"})
        assert "未接听" in client.get(address).content.decode()
        assert client.post(address, {"step": "excuse", "reason": ""}).status_code == 400
        client.post(address, {"step": "excuse", "reason": "道路中断"})
        phone.refresh_from_db()
        assert (phone.state, phone.excuse_reason) == ("excused", "道路中断")

    def test_a_unit_cannot_excuse_itself(self, city: City) -> None:
        recent(city, ago=30)
        phone = Obligation.objects.get(kind="phone")
        response = browser(city.street_officer).post(
            f"/flood/obligations/{phone.pk}/", {"step": "excuse", "reason": "忙"}
        )
        assert response.status_code == 403 and "您没有权限免除" in response.content.decode()
        phone.refresh_from_db()
        assert phone.state == "open"

    def test_flood_watch_is_switched_by_the_office(self, city: City) -> None:
        client = browser(city.office)
        client.post("/flood/watch/", {"on": "1"})
        assert "已经开启" in client.post("/flood/watch/", {"on": "1"}, follow=True).content.decode()
        assert FloodWatch.objects.get().started_by == city.office
        client.post("/flood/watch/", {"on": "0"})
        assert FloodWatch.objects.get().ended_by == city.office
        page = browser(city.street_officer).post("/flood/watch/", {"on": "1"}, follow=True)
        assert "您没有权限" in page.content.decode()

    def test_nothing_to_report_is_said_by_a_person(self, city: City) -> None:
        due_at = timezone.now() + timedelta(hours=1)
        zero = Obligation.objects.create(
            kind="zero", unit=city.street, due_at=due_at, basis="每日", created_at=timezone.now()
        )
        client, address = browser(city.street_officer), f"/flood/obligations/{zero.pk}/"
        assert "今日无灾情。" in client.get(address).content.decode()
        client.post(address, {"step": "daily", "text": "今日无灾情。"})
        assert DailyReport.objects.get().reported_by == city.street_officer
        zero.refresh_from_db()
        assert zero.state == "met"


@pytest.mark.parametrize("role", ["viewer", "supervisor"])
def test_staff_without_a_unit_see_an_empty_list(city: City, role: str) -> None:
    recent(city)
    for address in ("/flood/incidents/", "/flood/obligations/"):
        response = browser_of(role).get(address)
        assert response.status_code == 200 and "柳桥下" not in response.content.decode()


def test_pages_cost_the_same_queries_however_much_there_is(city: City) -> None:
    client = browser(city.office)
    first = recent(city, severity="major")
    addresses = ["/flood/incidents/", "/flood/obligations/", first.get_absolute_url(), NEW]

    def costs() -> list[int]:
        found = []
        for address in addresses:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            assert len(captured) <= 25
            found.append(reads_of_the_page(captured))
        return found

    first.reports.create(
        channel="phone",
        stage="first",
        reported_at=first.entered_at,
        filed_at=first.entered_at,
        filed_by=city.office,
    )
    costs()
    few = costs()
    for n in range(12):
        recent(city, ago=5 + n, severity="major", location=f"地点{n}")
        first.reports.create(
            channel="phone",
            stage="first",
            reported_at=timezone.now(),
            filed_at=timezone.now(),
            filed_by=UserFactory(),
        )
    assert costs() == few
    assert max(few) <= 15


def picture() -> SimpleUploadedFile:
    file = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(file, "JPEG")
    return SimpleUploadedFile("现场.jpg", file.getvalue(), content_type="image/jpeg")
