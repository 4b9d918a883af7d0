"""Films and pictures of a phone in a report: checked, played in the page, the place kept only when wanted."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from floodresponse.models import Incident, IncidentReport, MediaPosition
from floodresponse.services.reports import add_picture
from foundation.errors import InvalidInput
from foundation.models import Attachment
from organizations.models import User
from tests.factories import UserFactory
from tests.floodresponse.reporting import City, build_city, happen, report
from tests.foundation.films import PLACE, mp4

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> City:
    return build_city()


@pytest.fixture(autouse=True)
def media(tmp_path: Any, settings: Any) -> None:
    options = {**settings.STORAGES["default"]["OPTIONS"], "location": tmp_path}
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": options}}


@pytest.fixture
def incident(city: City) -> Incident:
    now = timezone.now()
    return happen(city, at=now, occurred_at=now - timedelta(minutes=9))


def body_of(answer: Any) -> bytes:
    """All of a streamed answer."""
    return b"".join(answer.streaming_content)


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def film(content: bytes | None = None, name: str = "桥下.mp4") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, mp4() if content is None else content, content_type="video/mp4")


def send(client: Client, incident: Incident, *files: Any, **values: Any) -> Any:
    page = client.get(f"/flood/incidents/{incident.pk}/")
    key = page.context["report_form"]["key"].value()
    sent = {"channel": "media", "stage": "first", "text": "积水过膝", "pictures": list(files), "key": key}
    return client.post(f"/flood/incidents/{incident.pk}/report/", {**sent, **values})


class TestSending:
    def test_a_film_meets_the_media_report_and_is_played_in_the_page(
        self, city: City, incident: Incident
    ) -> None:
        client = browser_of(city.street_officer)
        assert send(client, incident, film()).status_code == 302
        kept = Attachment.objects.get()
        assert (kept.content_type, kept.name) == ("video/mp4", "桥下.mp4")
        assert not IncidentReport.objects.get().incomplete
        assert incident.obligations.get(kind="media").state == "met"
        page = client.get(f"/flood/incidents/{incident.pk}/").content.decode()
        assert "<video controls" in page and kept.get_absolute_url() in page

    def test_the_place_is_dropped_unless_it_is_wanted(self, city: City, incident: Incident) -> None:
        client = browser_of(city.street_officer)
        send(client, incident, film())
        assert PLACE.encode() not in Attachment.objects.get().file.read()
        assert not MediaPosition.objects.exists()

    def test_a_wanted_place_is_kept_beside_the_film(self, city: City, incident: Incident) -> None:
        client = browser_of(city.street_officer)
        send(client, incident, film(), keep_position="on")
        place = MediaPosition.objects.get()
        assert (str(place.latitude), str(place.longitude)) == ("48.00712", "122.74411")
        assert "纬度 48.00712" in client.get(f"/flood/incidents/{incident.pk}/").content.decode()

    def test_a_broken_film_is_refused_in_a_sentence_and_nothing_is_kept(
        self, city: City, incident: Incident
    ) -> None:
        answer = send(browser_of(city.street_officer), incident, film(mp4()[:-1]))
        assert answer.status_code == 400 and "视频不完整或无法识别" in answer.content.decode()
        assert not IncidentReport.objects.exists() and not Attachment.objects.exists()

    @pytest.mark.parametrize(("spare", "taken"), [(1, True), (0, True), (-1, False)])
    def test_the_limit_of_size_includes_itself(
        self, city: City, incident: Incident, settings: Any, spare: int, taken: bool
    ) -> None:
        settings.VIDEO_MAX_BYTES = len(mp4()) + spare
        filed = report(incident, city.street_officer, at=timezone.now(), channel="media")
        actor, at = city.street_officer, timezone.now()
        if taken:
            assert add_picture(actor=actor, report=filed, upload=film(), at=at).size == len(mp4())
            return
        with pytest.raises(InvalidInput, match="视频超过"):
            add_picture(actor=actor, report=filed, upload=film(), at=at)


class TestServing:
    @pytest.fixture
    def address(self, city: City, incident: Incident) -> str:
        send(browser_of(city.street_officer), incident, film())
        return Attachment.objects.get().get_absolute_url()

    def test_the_whole_film_says_that_parts_may_be_asked_for(self, city: City, address: str) -> None:
        answer = browser_of(city.street_officer).get(address)
        assert answer.status_code == 200
        assert answer["Accept-Ranges"] == "bytes" and answer["Content-Type"] == "video/mp4"
        assert answer["Content-Disposition"].startswith("inline")

    def test_a_part_is_that_part(self, city: City, address: str) -> None:
        client = browser_of(city.street_officer)
        whole = body_of(client.get(address))
        answer = client.get(address, headers={"range": "bytes=4-11"})
        assert answer.status_code == 206
        assert answer["Content-Range"] == f"bytes 4-11/{len(whole)}" and answer["Content-Length"] == "8"
        assert body_of(answer) == whole[4:12]

    def test_a_part_behind_the_end_is_not_there(self, city: City, address: str) -> None:
        answer = browser_of(city.street_officer).get(address, headers={"range": "bytes=99999-"})
        assert answer.status_code == 416
        assert answer["Content-Range"].startswith("bytes */")

    def test_another_version_is_sent_whole(self, city: City, address: str) -> None:
        headers = {"range": "bytes=0-3", "if-range": '"other"'}
        assert browser_of(city.street_officer).get(address, headers=headers).status_code == 200

    def test_whoever_may_not_see_the_incident_gets_no_part(self, address: str) -> None:
        outsider = browser_of(UserFactory(username="outsider", role="department_officer"))
        assert outsider.get(address, headers={"range": "bytes=0-3"}).status_code == 404
