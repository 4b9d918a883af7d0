"""Public alerts: valid CAP 1.2, one chain, unchanged once issued, no drill within reach."""

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import xmlschema
from django.test import Client
from django.utils import timezone

from floodresponse.cap import NAMESPACE, Alert, cap_xml
from floodresponse.models import CapMessage
from tests.accounts import browser_of
from tests.floodresponse.city import Phone, gauge, make_plan, rained

pytestmark = pytest.mark.django_db
WHY = "上游来水加大，提前处置"


@pytest.fixture
def commander() -> Phone:
    make_plan()
    return Phone("commander")


@pytest.fixture(scope="module")
def schema(shared_folder: Path) -> Any:
    return xmlschema.XMLSchema(shared_folder / "data" / "CAP-v1.2.xsd")


def chain(commander: Phone, *, exercise: bool = False) -> list[CapMessage]:
    """Declared at III, raised to I, ended."""
    first = {"level": "III", "reason": f"{WHY} <&>", "authorised_by": "林某", "exercise": exercise}
    response = commander.post("responses/", first)
    commander.post(f"responses/{response['id']}/adjust/", {"level": "I", "reason": WHY}, status=200)
    commander.post(f"responses/{response['id']}/terminate/", {"reason": WHY}, status=200)
    return list(CapMessage.objects.filter(exercise=exercise).order_by("record__sequence"))


def values(message: CapMessage, path: str) -> list[str]:
    root = ElementTree.fromstring(message.xml)
    found = root.findall("/".join(f"{{{NAMESPACE}}}{part}" for part in path.split("/")))
    return [element.text or "" for element in found]


@pytest.mark.parametrize("exercise", [False, True])
def test_every_message_of_a_chain_is_valid(commander: Phone, schema: Any, exercise: bool) -> None:
    rained(gauge(name="北<门>&桥"), "60")
    for message in chain(commander, exercise=exercise):
        schema.validate(message.xml)


def test_the_advice_names_the_number_to_report_to(commander: Phone) -> None:
    advice = [values(message, "info/instruction")[0] for message in chain(commander)]
    assert ["（电话5550100）" in one for one in advice] == [True, True, False]


def test_words_with_marks_and_line_ends_stay_valid(schema: Any) -> None:
    alert = Alert(
        identifier="x.1", sender="a@b", sent=timezone.now(), message_type="Alert", level=4, measured=False,
        exercise=False, sender_name="<指>&", headline="a\x00\x0bb", description="一\n二", instruction="",
        area="青河",
    )  # fmt: skip
    schema.validate(cap_xml(alert))
    assert "<certainty>Likely</certainty>" in cap_xml(alert)


def test_the_bad_samples_are_refused_by_the_same_schema(schema: Any, shared_folder: Path) -> None:
    folder = shared_folder / "data" / "cap"
    assert schema.is_valid(folder / "sample_valid.xml")
    assert not any(schema.is_valid(bad) for bad in folder.glob("bad_*.xml"))


def test_alert_update_and_cancel_refer_to_the_one_before(commander: Phone) -> None:
    alert, update, cancel = chain(commander)
    assert [message.message_type for message in (alert, update, cancel)] == ["Alert", "Update", "Cancel"]
    assert values(alert, "references") == []
    assert values(update, "references") == [f"{alert.sender},{alert.identifier},{alert.sent}"]
    assert values(cancel, "references") == [f"{update.sender},{update.identifier},{update.sent}"]
    assert values(cancel, "info/responseType") == ["AllClear"]
    assert len({message.identifier for message in (alert, update, cancel)}) == 3


@pytest.mark.parametrize(
    ("level", "severity", "colour"),
    [
        ("I", "Extreme", "red"),
        ("II", "Severe", "orange"),
        ("III", "Moderate", "yellow"),
        ("IV", "Minor", "blue"),
    ],
)
def test_level_severity_and_colour_word(commander: Phone, level: str, severity: str, colour: str) -> None:
    commander.post("responses/", {"level": level, "reason": WHY})
    message = CapMessage.objects.get()
    assert values(message, "info/severity") == [severity]
    assert values(message, "info/parameter/value") == [colour, level]
    assert values(message, "status") == ["Actual"]


@pytest.mark.parametrize(("mm", "certainty"), [("60", "Observed"), ("1", "Likely")])
def test_what_gauges_measured_is_observed(commander: Phone, mm: str, certainty: str) -> None:
    rained(gauge(), mm)
    commander.post("responses/", {"level": "II", "reason": WHY})
    assert values(CapMessage.objects.get(), "info/certainty") == [certainty]


def test_times_carry_the_offset_and_identifiers_nothing_forbidden(commander: Phone) -> None:
    for message in chain(commander):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00", values(message, "sent")[0])
        assert not set(" ,<&") & set(message.identifier + message.sender)


def test_the_feed_lists_real_messages_with_their_files(client: Client, commander: Phone) -> None:
    chain(commander, exercise=True)
    real = chain(commander)
    feed = client.get("/flood/cap/")
    assert feed["Content-Type"].startswith("application/atom+xml")
    entries = ElementTree.fromstring(feed.content).findall("{http://www.w3.org/2005/Atom}entry")
    assert len(entries) == 3 and "演练" not in feed.content.decode()
    for message in real:
        found = client.get(f"/flood/cap/{message.identifier}.xml")
        assert found.content.decode() == message.xml
        assert found["Content-Type"].startswith("application/cap+xml")


def test_an_empty_feed_is_a_feed(client: Client) -> None:
    assert b"<feed" in client.get("/flood/cap/").content


@pytest.mark.parametrize(("role", "status"), [("anonymous", 404), (None, 404), ("viewer", 200)])
def test_a_drill_is_out_of_reach_of_visitors(commander: Phone, role: str | None, status: int) -> None:
    drill = chain(commander, exercise=True)[0]
    assert values(drill, "status") == ["Exercise"]
    assert browser_of(role).get(f"/flood/cap/{drill.identifier}.xml").status_code == status
    assert browser_of(role).get("/flood/cap/none.xml").status_code == 404


def test_what_was_issued_stays_as_it_was(commander: Phone) -> None:
    response = commander.post("responses/", {"level": "III", "reason": WHY})
    before = CapMessage.objects.get()
    commander.post(f"responses/{response['id']}/adjust/", {"level": "II", "reason": WHY}, status=200)
    after = CapMessage.objects.get(pk=before.pk)
    assert (after.identifier, after.xml) == (before.identifier, before.xml)
