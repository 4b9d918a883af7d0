"""Declaring, adjusting and terminating through the interface, and all that follows."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from events.models import Event
from floodresponse.models import CapMessage, Criterion, LevelRecord, Notice, Response, SirenOrder, UnitAction
from floodresponse.services import Decision, declare_response
from foundation.errors import StateConflict
from foundation.models import AuditEntry
from notifications.models import Message
from organizations.models import Role
from tests.factories import UserFactory
from tests.floodresponse.city import Phone, department, gauge, make_plan, rained

pytestmark = pytest.mark.django_db
WHY = "河道水位上涨，提前部署"


@pytest.fixture
def commander() -> Phone:
    make_plan()
    return Phone("commander")


def declare(by: Phone, level: str = "III", status: int = 201, **more: Any) -> dict[str, Any]:
    given = {"level": level, "reason": WHY, "authorised_by": "林指挥长", "exercise": False, **more}
    found: dict[str, Any] = by.post("responses/", given, status=status)
    return found


def adjust(by: Phone, response: dict[str, Any], level: str, status: int = 200, **more: Any) -> Any:
    given = {"level": level, "reason": WHY, **more}
    return by.post(f"responses/{response['id']}/adjust/", given, status=status)


def terminate(by: Phone, response: dict[str, Any], status: int = 200, **more: Any) -> Any:
    return by.post(f"responses/{response['id']}/terminate/", {"reason": "雨停水退", **more}, status=status)


def open_actions(response: dict[str, Any]) -> list[tuple[str, str]]:
    return [(row["unit_name"], row["text"]) for row in response["actions"] if row["state"] != "closed"]


# -- what stands beside a decision --------------------------------------------------------------


def test_the_recommendation_is_frozen_beside_the_decision(commander: Phone) -> None:
    station = gauge()
    rained(station, "55")
    response = declare(commander, "II", reason="")
    rained(station, "60", ago=timedelta(0))
    level = commander.get(f"responses/{response['id']}/")["levels"][0]
    assert (level["level"], level["recommended"]) == ("II", "II")
    measured = [(row["where"], row["criterion"], row["value"]) for row in level["recommendation"]["reasons"]]
    assert measured == [("R1", "rain_3h", 55), ("R1", "rain_6h", 55)]
    assert level["authorised_by"] == "林指挥长" and level["by"] == str(commander.user)


@pytest.mark.parametrize(
    ("reason", "status"),
    [("", 400), ("雨很大很大很大很大啊", 201), ("雨很大很大很大很大", 400), (" " * 12, 400)],
)
def test_another_level_than_the_recommended_needs_a_reason(
    commander: Phone, reason: str, status: int
) -> None:
    answer = declare(commander, "IV", status=status, reason=reason)
    if status == 400:
        assert "理由" in answer["reason"][0]
        assert not Response.objects.exists()


def test_the_recommended_level_needs_none(commander: Phone) -> None:
    rained(gauge(), "20")
    assert declare(commander, "IV", reason="")["level"] == "IV"


@pytest.mark.parametrize("level", ["V", "", None, 3, ["I"]])
def test_a_level_that_is_none_is_named(commander: Phone, level: Any) -> None:
    assert "level" in declare(commander, level, status=400)


def test_a_plan_that_cannot_be_judged_by_never_stops_a_person(commander: Phone) -> None:
    Criterion.objects.all().delete()
    level = declare(commander, "III")["levels"][0]
    assert level["recommended"] is None and "error" in level["recommendation"]


def test_without_a_plan_nothing_is_declared() -> None:
    assert "方案" in declare(Phone("commander"), status=409)["detail"]


# -- one at a time ------------------------------------------------------------------------------


def test_a_second_declaration_is_told_of_the_first(commander: Phone) -> None:
    declare(commander)
    answer = declare(commander, "II", status=409)
    assert "III级（黄色）" in answer["detail"] and "启动" in answer["detail"]
    assert Response.objects.count() == 1


def test_an_exercise_runs_beside_a_real_response_and_once(commander: Phone) -> None:
    declare(commander)
    drill = declare(commander, "I", exercise=True)
    assert drill["exercise"] is True
    assert "演练" in declare(commander, "I", status=409, exercise=True)["detail"]


def test_the_same_level_again_is_no_change(commander: Phone) -> None:
    response = declare(commander)
    assert "已经是" in adjust(commander, response, "III", status=409)["detail"]
    assert LevelRecord.objects.count() == 1


def test_a_stale_page_changes_nothing_and_says_who_was_first(commander: Phone) -> None:
    response = declare(commander)
    adjust(commander, response, "II", seen=1)
    answer = adjust(commander, response, "IV", status=409, seen=1)
    assert "II级（橙色）" in answer["detail"] and str(commander.user) in answer["detail"]
    assert "没有执行" in terminate(commander, response, status=409, seen=1)["detail"]
    assert adjust(commander, response, "IV", seen=2)["level"] == "IV"


def test_what_is_over_is_neither_adjusted_nor_ended_again(commander: Phone) -> None:
    response = declare(commander)
    ended = terminate(commander, response)
    assert (ended["level"], ended["terminated_at"] is not None) == (None, True)
    assert [level["level"] for level in ended["levels"]] == ["III"]
    assert ended["termination"]["reason"] == "雨停水退"
    assert "终止" in adjust(commander, response, "II", status=409)["detail"]
    assert "终止" in terminate(commander, response, status=409)["detail"]
    declare(commander, "IV")


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_declare_one_response() -> None:
    make_plan()
    people = [UserFactory(role="commander") for _ in range(4)]
    results: list[str] = []
    gate = threading.Barrier(len(people))

    def press(person: Any) -> None:
        gate.wait()
        try:
            declare_response(actor=person, at=timezone.now(), decision=Decision(level=3, reason=WHY))
            results.append("declared")
        except StateConflict as error:
            results.append(error.message)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(result == "declared" for result in results) == [False, False, False, True]
    assert all("已于" in result for result in results if result != "declared")
    assert Response.objects.count() == LevelRecord.objects.count() == CapMessage.objects.count() == 1


# -- sirens -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("levels", "soundings"),
    [
        (["IV"], []),
        (["III"], [1, 1, 1]),
        (["II"], [2, 2, 2]),
        (["I"], [2, 2, 2]),
        (["IV", "III"], [1, 1, 1]),
        (["III", "II"], [1, 1, 1, 2, 2, 2]),
        (["II", "III"], [2, 2, 2]),
        (["I", "IV", "III"], [2, 2, 2, 1, 1, 1]),
    ],
)
def test_sirens_sound_when_the_level_rises_to_three_or_above(
    commander: Phone, levels: list[str], soundings: list[int]
) -> None:
    response = declare(commander, levels[0])
    for level in levels[1:]:
        response = adjust(commander, response, level)
    assert [order["minutes"] for order in response["sirens"]] == soundings


def test_exercises_never_sound(commander: Phone) -> None:
    drill = declare(commander, "III", exercise=True)
    assert adjust(commander, drill, "I")["sirens"] == []


def test_a_sounding_is_confirmed_once_by_name(commander: Phone) -> None:
    first = declare(commander)["sirens"][0]
    officer = Phone("duty_officer")
    sounded = officer.post(f"sirens/{first['id']}/sounded/", status=200)
    assert sounded["sounded_by"] == str(officer.user) and sounded["sounded_at"]
    assert "已经确认" in commander.post(f"sirens/{first['id']}/sounded/", status=409)["detail"]


def test_what_has_not_sounded_is_withdrawn_with_its_level(commander: Phone) -> None:
    response = declare(commander, "III")
    first, second, _ = response["sirens"]
    commander.post(f"sirens/{first['id']}/sounded/", status=200)
    lowered = adjust(commander, response, "IV")
    assert [order["withdrawn_at"] is None for order in lowered["sirens"]] == [True, False, False]
    assert "撤销" in commander.post(f"sirens/{second['id']}/sounded/", status=409)["detail"]


# -- actions ------------------------------------------------------------------------------------

AT_IV = [
    ("排水局", "抽排积水"),
    ("治安局", "疏导交通"),
    ("东街街道", "巡查辖区"),
    ("西街街道", "巡查辖区"),
    ("指挥部", "全天值守"),
]
FROM_III = [("东街街道", "队伍全部到位"), ("西街街道", "队伍全部到位")]


def test_each_unit_gets_its_actions_by_level(commander: Phone) -> None:
    response = declare(commander, "IV")
    assert sorted(open_actions(response)) == sorted(AT_IV)
    raised = adjust(commander, response, "III")
    assert sorted(open_actions(raised)) == sorted(AT_IV + FROM_III)
    lowered = adjust(commander, response, "IV")
    assert sorted(open_actions(lowered)) == sorted(AT_IV)
    again = adjust(commander, response, "III")
    assert sorted(open_actions(again)) == sorted(AT_IV + FROM_III)
    assert open_actions(terminate(commander, response)) == []


def test_what_was_done_stays_done_and_is_not_asked_again(commander: Phone) -> None:
    response = declare(commander, "III")
    one = next(row for row in response["actions"] if row["text"] == "队伍全部到位")
    commander.post(f"actions/{one['id']}/acknowledge/", status=200)
    assert commander.post(f"actions/{one['id']}/done/", status=200)["state"] == "done"
    adjust(commander, response, "IV")
    again = adjust(commander, response, "III")
    wide = sorted(row["state"] for row in again["actions"] if row["text"] == "队伍全部到位")
    assert wide == ["closed", "done", "open"]


def test_an_action_goes_from_open_to_acknowledged_to_done(commander: Phone) -> None:
    pk = declare(commander)["actions"][0]["id"]
    assert "待签收" in commander.post(f"actions/{pk}/done/", status=409)["detail"]
    found = commander.post(f"actions/{pk}/acknowledge/", status=200)
    assert (found["state"], found["acknowledged_at"] is not None) == ("acknowledged", True)
    commander.post(f"actions/{pk}/acknowledge/", status=409)
    assert commander.post(f"actions/{pk}/done/", status=200)["done_at"]
    commander.post(f"actions/{pk}/done/", status=409)


def test_an_officer_answers_for_his_own_unit_only(commander: Phone) -> None:
    rows = {row["unit_name"]: row["id"] for row in declare(commander)["actions"]}
    officer = Phone("department_officer", department("排水局"))
    officer.post(f"actions/{rows['排水局']}/acknowledge/", status=200)
    for other in ("治安局", "指挥部"):
        assert other in officer.post(f"actions/{rows[other]}/acknowledge/", status=403)["detail"]


def test_a_streets_duty_officer_answers_for_the_street_and_confirms_no_siren(commander: Phone) -> None:
    response = declare(commander)
    rows = {row["unit_name"]: row["id"] for row in response["actions"]}
    street = Phone("duty_officer", department("东街街道", "street"))
    assert "排水局" in street.post(f"actions/{rows['排水局']}/acknowledge/", status=403)["detail"]
    siren = f"sirens/{response['sirens'][0]['id']}/sounded/"
    assert "防涝办" in street.post(siren, status=403)["detail"]
    commander.post(siren, status=200)


# -- messages, alert, notice, chronicle ----------------------------------------------------------


def test_everybody_concerned_is_told_at_once(commander: Phone) -> None:
    told = {
        "值班员": UserFactory(role="duty_officer"),
        "成员单位": UserFactory(role="department_officer", department=department("排水局")),
        "街道": UserFactory(role="department_head", department=department("东街街道", "street")),
        "市委": UserFactory(role="department_officer", department=department("市委办公室")),
    }
    UserFactory(role="department_officer", department=department("园艺局"))
    UserFactory(role="viewer")
    UserFactory(role="duty_officer", is_active=False)
    response = declare(commander)
    messages = Message.objects.filter(about=f"flood-response:{response['id']}")
    assert {m.recipient for m in messages} == {*told.values(), commander.user}
    assert all(m.urgent and not m.exercise and "启动" in m.subject for m in messages)
    adjust(commander, response, "II")
    terminate(commander, response)
    assert messages.filter(recipient=told["街道"]).count() == 3


def test_a_drill_reaches_the_command_post_alone_and_is_marked(commander: Phone) -> None:
    UserFactory(role="department_officer", department=department("排水局"))
    drill = declare(commander, exercise=True)
    messages = Message.objects.filter(about=f"flood-response:{drill['id']}")
    assert [m.recipient for m in messages] == [commander.user]
    assert all(m.exercise and m.channel == "inbox" and m.subject.startswith("【演练】") for m in messages)
    assert not Event.objects.exists()


def test_a_draft_for_the_chronicle_is_written_at_each_change(commander: Phone) -> None:
    rained(gauge(), "55")
    response = declare(commander, "II")
    adjust(commander, response, "III")
    terminate(commander, response, reason=WHY)
    events = Event.objects.order_by("position")
    assert [event.publication for event in events] == [Event.Publication.DRAFT] * 3
    assert "启动防内涝II级（橙色）" in events[0].text and "55毫米" in events[0].text
    assert "由II级（橙色）调整为III级（黄色）" in events[1].text
    assert "终止防内涝III级（黄色）" in events[2].text


def test_notices_are_numbered_by_year_and_drills_apart(commander: Phone) -> None:
    response, drill = declare(commander), declare(commander, exercise=True)
    adjust(commander, response, "II")
    adjust(commander, drill, "II")
    numbers = [(n.exercise, n.number) for n in Notice.objects.order_by("exercise", "number")]
    assert numbers == [(False, 1), (False, 2), (True, 1), (True, 2)]


def test_everything_is_on_the_record(commander: Phone) -> None:
    response = declare(commander)
    adjust(commander, response, "II")
    terminate(commander, response)
    commands = AuditEntry.objects.filter(action__startswith="flood_response.").order_by("sequence")
    assert [entry.action.split(".")[1] for entry in commands] == ["declare", "adjust", "terminate"]
    assert {entry.actor for entry in commands} == {commander.user}


def test_when_one_part_fails_nothing_is_declared(commander: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(**kwargs: Any) -> None:
        raise StateConflict("大事记暂时不能写入。")

    monkeypatch.setattr("floodresponse.services.deciding.draft_chronicle_entry", fails)
    declare(commander, status=409)
    for model in (Response, LevelRecord, SirenOrder, UnitAction, CapMessage, Notice, Message):
        assert not model._default_manager.exists(), model


# -- who may ------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["anonymous", None, *Role.values])
def test_each_role_and_each_operation(commander: Phone, role: str | None) -> None:
    response = declare(commander)
    caller = commander if role == "commander" else Phone(role)
    action, siren = response["actions"][0]["id"], response["sirens"][0]["id"]
    one = f"responses/{response['id']}/"
    commands, officers = {"commander"}, {"commander", "duty_officer"}

    def expected(allowed: set[str], good: int, *, listed: bool = False) -> int:
        if role == "anonymous":
            return 401
        if role is None:
            return 403 if listed else 404
        return good if role in allowed else 403

    staff = set(Role.values)
    caller.get("responses/", status=expected(staff, 200, listed=True))
    caller.get(one, status=expected(staff, 200))
    caller.post("responses/", {"level": "I", "reason": WHY}, status=expected(commands, 409, listed=True))
    caller.post("responses/", {}, status=expected(commands, 400, listed=True))
    caller.post(f"actions/{action}/acknowledge/", status=expected(officers, 200))
    caller.post(f"sirens/{siren}/sounded/", status=expected(officers, 200))
    caller.post(f"{one}adjust/", {"level": "II", "reason": WHY}, status=expected(commands, 200))
    caller.post(f"{one}adjust/", {}, status=expected(commands, 400))
    caller.post(f"{one}terminate/", {"reason": WHY}, status=expected(commands, 200))
    gone = 401 if role == "anonymous" else 404
    for path in ("responses/99999/adjust/", "actions/99999/done/", "sirens/99999/sounded/"):
        caller.post(path, status=gone)


def test_lists_cost_the_same_however_many_responses(
    commander: Phone, django_assert_max_num_queries: Any
) -> None:
    for _ in range(3):
        terminate(commander, declare(commander))
    with django_assert_max_num_queries(14):
        assert commander.get("responses/")["count"] == 3
