"""What was done in a drill never reads like the real thing in the log of the command post."""

from collections.abc import Callable
from io import BytesIO

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from floodresponse.command.facts import LOG_LINES
from floodresponse.command.journal import IN_LOG, ON_SCREEN
from floodresponse.models import Obligation
from floodresponse.services import acknowledge_action, finish_action
from floodresponse.services.incidents import change_grade, resolve_incident
from floodresponse.services.obligations import excuse_obligation, record_call
from floodresponse.services.orders import Action
from floodresponse.services.passing import PassingContent, pass_up
from floodresponse.services.rainorders import order_measures
from floodresponse.services.tracking import change_tracker
from foundation.models import AuditEntry
from foundation.services.audit import record_change
from tests.accounts import browser_of, person
from tests.floodresponse.city import make_plan
from tests.floodresponse.commandpost import board_of, cost, declared, happened
from tests.floodresponse.reporting import build_city, happen, minute, report

pytestmark = pytest.mark.django_db
MARK = "【演练】"


def deal_with_an_incident(*, exercise: bool) -> None:
    """Everything that is written to the log about an incident."""
    city = build_city()
    incident = happen(city, exercise=exercise)
    change_grade(actor=city.office, incident=incident, changes={"severity": "serious"}, at=minute(6))
    owed = incident.obligations.filter(kind=Obligation.Kind.PHONE).get()
    record_call(actor=city.office, obligation=owed, called="柳河街道", number="", answered=True, at=minute(9))
    seen = PassingContent(text="已核实。", seen=report(incident, city.street_officer, at=minute(12)).pk)
    late = incident.obligations.open().order_by("due_at")[0]
    excuse_obligation(actor=city.commander, obligation=late, reason="通信中断", at=minute(300))
    change_tracker(
        actor=city.office, incident=incident, tracker=city.street_officer, reason="换班", at=minute(301)
    )
    pass_up(actor=city.office, incident=incident, content=seen, at=minute(302))
    resolve_incident(actor=city.office, incident=incident, at=minute(302))


def answer_the_actions(*, exercise: bool) -> None:
    """An action of a response and one of the measures for rain are acknowledged and done."""
    make_plan().measures.create(situation="light_rain", order=9, summary="清掏雨水口")
    boss, now = person("commander"), timezone.now()
    rain = order_measures(actor=boss, at=now, situation="light_rain", reason="小雨将至", exercise=exercise)
    answer(rain.actions.get())
    answer(declared(exercise=exercise).response.actions.exclude(unit=None)[0])


def answer(action: Action) -> None:
    acknowledge_action(actor=person("commander"), at=timezone.now(), action=action)
    finish_action(actor=person("commander"), at=timezone.now(), action=action)


def lines_of_the_page() -> list[str]:
    client = browser_of("commander")
    page = client.get("/flood/log/")
    texts = [line.text for line, _ in page.context["entries"]]
    sheet = load_workbook(BytesIO(client.get("/flood/log/log.xlsx").content)).worksheets[0]
    rows = sheet.iter_rows(values_only=True)
    assert [row[2] for row in rows if row[2] in texts] == texts
    return texts


@pytest.mark.parametrize("exercise", [True, False])
@pytest.mark.parametrize("does", [deal_with_an_incident, answer_the_actions])
def test_each_line_of_a_drill_and_no_other_is_marked(does: Callable[..., None], exercise: bool) -> None:
    does(exercise=exercise)
    texts = lines_of_the_page()
    assert len(texts) >= 6
    assert [text for text in texts if text.startswith(MARK) is not exercise] == []


def test_an_incident_is_told_of_in_every_way() -> None:
    deal_with_an_incident(exercise=True)
    ways = {name for name in IN_LOG if name.startswith(("incident.", "obligation."))}
    assert set(AuditEntry.objects.filter(action__in=IN_LOG).values_list("action", flat=True)) == ways


def test_what_the_screen_shows_says_itself_that_it_is_of_a_drill() -> None:
    deal_with_an_incident(exercise=True)
    shown = AuditEntry.objects.filter(action__in=ON_SCREEN)
    assert [entry.action for entry in shown if not entry.after.get("exercise")] == []


def test_an_older_entry_that_does_not_say_it_is_marked_all_the_same() -> None:
    incident = happen(build_city(), exercise=True)
    record_change(actor=None, action="incident.resolve", target=incident, at=minute(9))
    assert [text.startswith(MARK) for text in lines_of_the_page()] == [True, True]


def test_a_drill_crowds_nothing_real_off_the_real_screen() -> None:
    make_plan()
    declared(3)
    for _ in range(LOG_LINES):
        happened(exercise=True)
    assert [line.text for line in board_of().log] == ["启动 III，推荐为 未达 IV"]
    drill = [line.text for line in board_of(exercise=True).log]
    assert len(drill) == LOG_LINES and all(text.startswith(MARK) for text in drill)


def test_an_entry_that_knows_no_drills_stays_on_the_real_screen() -> None:
    record_change(actor=None, action="flood_watch.start", target=person("commander"), at=timezone.now())
    assert [line.text for line in board_of().log] == ["开启汛期值守"]


def test_the_page_costs_the_same_for_one_report_and_for_many() -> None:
    city = build_city()
    incident = happen(city, exercise=True)
    report(incident, city.street_officer, at=minute(12))
    client = browser_of("commander")
    few = cost(client, "/flood/log/")
    for number in range(8):
        report(incident, city.street_officer, at=minute(20 + number), stage="followup")
    assert cost(client, "/flood/log/") == few <= 15
