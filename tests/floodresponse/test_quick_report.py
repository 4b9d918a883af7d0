"""The phone form: what is sent with an incident becomes its first reports, together or not at all."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from floodresponse.models import Incident, IncidentReport, Obligation
from foundation.models import Attachment
from organizations.models import User
from tests.floodresponse.city import low_spot
from tests.floodresponse.reporting import City, build_city, drill_on

pytestmark = pytest.mark.django_db
NEW = "/flood/incidents/new/"


@pytest.fixture
def city() -> City:
    return build_city()


@pytest.fixture(autouse=True)
def media(tmp_path: Any, settings: Any) -> None:
    options = {**settings.STORAGES["default"]["OPTIONS"], "location": tmp_path}
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": options}}


def picture(name: str = "柳桥.jpg") -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (40, 30), "#336699").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def send(user: User, **values: Any) -> Any:
    client = Client()
    client.force_login(user)
    form = client.get(NEW).context["form"]
    sent = {name: form[name].value() for name in form.fields}
    sent["unit"] = getattr(sent["unit"], "pk", sent["unit"])
    sent = {name: value for name, value in sent.items() if value not in (None, False)}
    return client.post(NEW, {**sent, "location": "柳桥下", **values})


def test_pictures_are_a_report_that_meets_its_limit(city: City) -> None:
    send(city.street_officer, pictures=[picture(), picture("近景.jpg")])
    report = IncidentReport.objects.get()
    assert (report.channel, report.stage, report.incomplete) == ("media", "first", False)
    assert Attachment.objects.count() == 2
    assert Obligation.objects.get(kind="media").state == "met"
    assert Obligation.objects.get(kind="phone").state == "open"


def test_a_call_with_pictures_and_numbers_is_two_reports_and_each_has_the_numbers(city: City) -> None:
    send(
        city.office,
        unit=city.street.pk,
        by_phone="on",
        pictures=[picture()],
        trapped="2",
        injured="0",
        dead="1",
    )
    reports = {report.channel: report.figures for report in IncidentReport.objects.all()}
    numbers = {"trapped": 2, "injured": 0, "dead": 1}
    assert reports == {"phone": numbers, "media": numbers}
    assert Incident.objects.get().dead == 1


def test_numbers_without_a_report_stand_in_the_text(city: City) -> None:
    send(city.street_officer, trapped="2", injured="0", summary="水没过路缘")
    incident = Incident.objects.get()
    assert incident.summary == "水没过路缘\n被困 2 人，受伤 0 人" and not IncidentReport.objects.exists()


def test_numbers_left_blank_are_not_counted_yet(city: City) -> None:
    send(city.street_officer)
    incident = Incident.objects.get()
    assert (incident.dead, incident.missing, incident.summary) == (None, None, "")


def test_a_file_that_is_no_picture_keeps_the_whole_from_being_half_sent(city: City) -> None:
    fake = SimpleUploadedFile("柳桥.jpg", b"MZ not a picture", "image/jpeg")
    answer = send(city.street_officer, pictures=[fake], summary="水没过路缘")
    assert answer.status_code == 400 and "水没过路缘" in answer.content.decode()
    assert not Incident.objects.exists() and not Obligation.objects.exists()


def test_a_form_sent_again_is_taken_in_once_with_its_reports(city: City) -> None:
    client = Client()
    client.force_login(city.office)
    form = client.get(NEW).context["form"]
    sent = {"unit": city.street.pk, "kind": "waterlogging", "when": "now", "location": "柳桥下"}
    sent |= {"severity": "ordinary", "key": form["key"].value(), "by_phone": "on", "trapped": "1"}
    first = client.post(NEW, {**sent, "pictures": [picture()]})
    again = client.post(NEW, {**sent, "pictures": [picture()]})
    assert first["Location"] == again["Location"]
    assert (Incident.objects.count(), IncidentReport.objects.count(), Attachment.objects.count()) == (1, 2, 1)


def test_the_points_of_the_street_can_be_tapped(city: City) -> None:
    low_spot(name="柳桥", street="柳河街道")
    client = Client()
    client.force_login(city.street_officer)
    page = client.get(NEW).content.decode()
    assert 'data-fill="柳桥"' in page and 'data-street="柳河街道"' in page


def test_a_drill_begins_marked_as_one(city: City) -> None:
    client = Client()
    client.force_login(city.office)
    assert client.get(f"{NEW}?exercise=1").context["form"]["exercise"].value() is True
    assert client.get(NEW).context["form"]["exercise"].value() is False


def test_a_drill_is_reported_while_one_is_on_and_not_otherwise(city: City) -> None:
    refused = send(city.street_officer, exercise="on")
    assert (refused.status_code, Incident.objects.exists()) == (400, False)
    assert "现在没有进行中的演练" in refused.content.decode()
    drill_on(timezone.now())
    assert send(city.street_officer, exercise="on").status_code == 302
    assert Incident.objects.get().exercise


def test_the_script_is_told_where_to_go_and_the_page_still_says_that_it_was_sent(city: City) -> None:
    client = Client(headers={"X-Requested-With": "fetch"})
    client.force_login(city.street_officer)
    form = client.get(NEW).context["form"]
    values = {"unit": city.street.pk, "kind": "danger", "when": "now", "severity": "ordinary"}
    sent = client.post(NEW, {**values, "location": "柳桥下", "key": form.initial["key"]})
    assert (sent.status_code, sent.json()) == (201, {"url": Incident.objects.get().get_absolute_url()})
    assert "已上报" in client.get(sent.json()["url"]).content.decode()
