"""The named person who follows an incident is changed on record, within the unit or the office."""

import pytest
from django.test import Client

from floodresponse.models import Incident
from floodresponse.services.incidents import resolve_incident
from floodresponse.services.tracking import change_tracker
from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.models import AuditEntry
from organizations.models import User
from tests.floodresponse.reporting import build_city, happen, minute

pytestmark = pytest.mark.django_db


def change(incident: Incident, actor: User, tracker: User, reason: str = "换班") -> None:
    change_tracker(actor=actor, incident=incident, tracker=tracker, reason=reason, at=minute(30))


def test_another_person_of_the_office_takes_over_and_it_is_on_record() -> None:
    city = build_city()
    incident = happen(city, actor=city.street_officer)
    change(incident, city.street_officer, city.office)
    incident.refresh_from_db()
    assert incident.tracker == city.office
    entry = AuditEntry.objects.about(incident).get(action="incident.change_tracker")
    assert (entry.before, entry.after) == (
        {"tracker": city.street_officer.pk},
        {"tracker": city.office.pk, "exercise": False},
    )


def test_neither_a_stranger_nor_the_same_person_nor_no_reason() -> None:
    city = build_city()
    incident = happen(city, actor=city.street_officer)
    with pytest.raises(InvalidInput, match="柳河街道"):
        change(incident, city.office, city.bureau_officer)
    with pytest.raises(InvalidInput, match="理由"):
        change(incident, city.office, city.office, reason=" ")
    with pytest.raises(StateConflict, match="无需更换"):
        change(incident, city.office, city.street_officer)
    with pytest.raises(PermissionRefused):
        change(incident, city.bureau_officer, city.office)
    incident.refresh_from_db()
    assert incident.tracker == city.street_officer


def test_what_is_over_keeps_its_tracker() -> None:
    city = build_city()
    incident = happen(city, actor=city.street_officer)
    resolve_incident(actor=city.office, incident=incident, at=minute(20))
    with pytest.raises(StateConflict, match="处置完毕"):
        change(incident, city.office, city.office)


def test_the_page_offers_the_unit_and_the_office_and_changes_it(client: Client) -> None:
    city = build_city()
    incident = happen(city, actor=city.street_officer)
    address = f"{incident.get_absolute_url()}tracker/"
    client.force_login(city.street_officer)
    assert address in client.get(incident.get_absolute_url()).content.decode()
    page = client.get(address).content.decode()
    assert "office</option>" in page and "bureau</option>" not in page
    assert client.post(address, {"tracker": city.office.pk, "reason": ""}).status_code == 400
    assert client.post(address, {"tracker": city.office.pk, "reason": "换班"}).status_code == 302
    incident.refresh_from_db()
    assert incident.tracker == city.office
    client.force_login(city.bureau_officer)
    assert client.get(address).status_code == 404
