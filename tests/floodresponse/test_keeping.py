"""Keeping the level although another is recommended (维持): on record with its reason."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from floodresponse.models import CapMessage, Criterion, KeptLevel, LevelRecord, Notice, Response, Station
from floodresponse.services import Decision, Keeping, adjust_response, keep_level, record_readings
from floodresponse.services.sweeping import keep_assessing
from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.models import AuditEntry
from notifications.models import Message
from tests.accounts import browser_of, person
from tests.atonce import press_at_once
from tests.factories import UserFactory
from tests.floodresponse.city import Phone, gauge, low_spot, make_plan, row
from tests.floodresponse.commandpost import board_of, declared, measured, page

pytestmark = pytest.mark.django_db
WHY = "雨带已移出城区，半小时内转弱"


def raining(level: int = 2) -> Station:
    """A gauge that recommends the level."""
    make_plan()
    station = gauge(name="北门站")
    measured(station, {1: 120, 2: 60, 4: 25}[level])
    return station


def deepen(station: Station, depth: int, at: datetime | None = None) -> None:
    now = at or timezone.now()
    assert record_readings(actor=person("duty_officer"), at=now, rows=[row(station, now, depth)]).accepted


def keep(
    response: Response | None, declined: int | None = 2, by: str = "commander", **more: Any
) -> KeptLevel:
    keeping = Keeping(declined=declined, reason=more.pop("reason", WHY), authorised_by="总指挥")
    at = more.pop("at", None) or timezone.now()
    return keep_level(actor=person(by), at=at, keeping=keeping, response=response, **more)


class TestOnRecord:
    def test_it_keeps_the_level_the_recommendation_and_the_reason_and_orders_nothing(self) -> None:
        raining()
        response = declared(3).response
        before = (LevelRecord.objects.count(), Notice.objects.count(), CapMessage.objects.count())
        messages = Message.objects.count()
        kept = keep(response)
        assert (kept.level, kept.recommended, kept.reason, kept.authorised_by) == (3, 2, WHY, "总指挥")
        assert kept.recommendation["reasons"][0]["value"] == 60
        assert (LevelRecord.objects.count(), Notice.objects.count(), CapMessage.objects.count()) == before
        assert Message.objects.count() == messages
        entry = AuditEntry.objects.get(action="flood_response.keep")
        assert (entry.after["level"], entry.after["recommended"], entry.reason) == (3, 2, WHY)

    def test_without_a_response_nothing_is_declared(self) -> None:
        raining(4)
        kept = keep(None, 4)
        assert (kept.response, kept.level, kept.recommended) == (None, None, 4)
        assert not Response.objects.exists()
        assert board_of().log[0].text == "不启动，推荐为 IV"

    def test_the_log_and_the_page_of_the_response_tell_it(self) -> None:
        raining()
        response = declared(3).response
        keep(response)
        assert board_of().log[0].text == "维持 III，推荐为 II"
        text = browser_of("commander").get(f"/flood/responses/{response.pk}/").content.decode()
        assert "维持" in text and WHY in text and "北门站3小时雨量60" in text and "与推荐不同" in text

    @pytest.mark.parametrize("reason", ["", "  ", "雨快停了不用再升"[:9], "长" * 2001])
    def test_a_reason_is_needed_and_fits(self, reason: str) -> None:
        raining()
        response = declared(3).response
        with pytest.raises(InvalidInput, match="理由"):
            keep(response, reason=reason)
        assert not KeptLevel.objects.exists()

    @pytest.mark.parametrize("role", ["duty_officer", "viewer", "department_head"])
    def test_only_a_commander_keeps(self, role: str) -> None:
        raining()
        with pytest.raises(PermissionRefused):
            keep(declared(3).response, by=role)
        assert not KeptLevel.objects.exists()


class TestRefused:
    def test_a_second_press_is_told_of_the_first(self) -> None:
        raining()
        response = declared(3).response
        keep(response)
        with pytest.raises(StateConflict, match=r"已于 .* 决定维持III级（黄色），没有重复登记"):
            keep(response)
        assert KeptLevel.objects.count() == 1

    def test_another_recommendation_than_on_the_page(self) -> None:
        raining(1)
        with pytest.raises(StateConflict, match="推荐已由II级（橙色）变为I级（红色）"):
            keep(declared(3).response, 2)

    def test_nothing_to_decline(self) -> None:
        raining()
        with pytest.raises(StateConflict, match="推荐与现行一致"):
            keep(declared(2).response, 2)

    def test_nothing_can_be_judged(self) -> None:
        raining()
        response = declared(3).response
        Criterion.objects.all().delete()
        with pytest.raises(StateConflict, match="无法研判"):
            keep(response, None)

    def test_a_stale_page(self) -> None:
        raining()
        response = declared(4).response
        decision = Decision(level=3, reason=WHY)
        adjust_response(actor=person("commander"), at=timezone.now(), response=response, decision=decision)
        with pytest.raises(StateConflict, match="您的操作没有执行"):
            keep(response, seen=1)
        with pytest.raises(StateConflict, match="现为III级（黄色），没有登记"):
            keep(None)
        assert not KeptLevel.objects.exists()


class TestAsking:
    def test_the_screen_no_longer_asks_and_asks_again_when_it_changes(self) -> None:
        raining()
        response = declared(3, minutes=10).response
        keep_assessing(at=timezone.now() - timedelta(minutes=5))
        measured_at_first = board_of().verdict
        assert "维持 III…" in page()
        keep_assessing(at=timezone.now())
        assert board_of().verdict.undecided and not measured_at_first.kept
        keep(response)
        verdict = board_of().verdict
        assert verdict.kept and not verdict.undecided
        shown = page()
        assert "已决定维持 III" in shown and WHY in shown and "维持 III…" not in shown
        deepen(low_spot(), 55)
        keep_assessing(at=timezone.now())
        assert board_of().verdict.kept is None and "维持 III…" in page()

    def test_the_same_level_again_after_another_is_asked_again(self) -> None:
        raining()
        response = declared(3, minutes=10).response
        keep(response)
        point = low_spot()
        deepen(point, 55)
        keep_assessing(at=timezone.now())
        deepen(point, 1)
        keep_assessing(at=timezone.now())
        assert board_of().verdict.evidence.level == 2 and board_of().verdict.kept is None
        assert keep(response).pk != KeptLevel.objects.order_by("pk")[0].pk

    def test_reminders_to_decide_end_with_it(self) -> None:
        raining()
        person("commander")
        keep_assessing(at=timezone.now())
        waiting = Message.objects.filter(dedupe_key__startswith="flood-recommendation:2", state="pending")
        assert waiting.exists()
        keep(None)
        keep_assessing(at=timezone.now())
        assert not waiting.exists()

    def test_another_decision_ends_it(self) -> None:
        raining()
        response = declared(3).response
        keep(response)
        now, decision = timezone.now(), Decision(level=4, reason=WHY)
        adjust_response(actor=person("commander"), at=now, response=response, decision=decision)
        assert board_of().verdict.kept is None


class TestPages:
    def press(self, query: str = "", **values: Any) -> Any:
        sent = {"level": "keep", "reason": WHY, "authorised_by": "林某", "seen": "1", "recommended": "2"}
        return browser_of("commander").post(f"/flood/decide/{query}", {**sent, **values})

    def test_in_the_browser(self) -> None:
        raining()
        declared(3)
        form = browser_of("commander").get("/flood/decide/?choice=keep").content.decode()
        assert 'value="keep"' in form and "不采纳推荐，级别不变" in form
        answer = self.press()
        assert (answer.status_code, answer["Location"]) == (302, "/flood/")
        again = self.press()
        assert again.status_code == 422 and "没有重复登记" in again.content.decode()
        assert KeptLevel.objects.count() == 1

    def test_without_a_response_it_is_called_not_declaring(self) -> None:
        raining(4)
        assert "不启动…" in page()
        assert self.press(seen="0", recommended="4").status_code == 302
        assert KeptLevel.objects.get().level is None and "已决定不启动" in page()
        stale = self.press(seen="2", recommended="4")
        assert "已经终止" in stale.content.decode()

    def test_a_drill_keeps_its_own_level_beside_the_real_one(self) -> None:
        raining()
        real = declared(3).response
        drill = declared(4, exercise=True).response
        answer = self.press("?exercise=1", recommended="2")
        assert answer.status_code == 422, "what was measured is no recommendation in a drill"
        assert self.press().status_code == 302
        assert KeptLevel.objects.get().response == real != drill
        assert "演练" not in board_of().log[0].text

    def test_a_drill_that_has_not_begun_offers_nothing_to_decline(self) -> None:
        make_plan()
        text = browser_of("commander").get("/flood/decide/?exercise=1").content.decode()
        assert 'value="keep"' not in text


class TestApi:
    def test_keeping_and_declining(self) -> None:
        raining()
        commander = Phone("commander")
        body = {"recommended": "II", "reason": WHY}
        made = commander.post("responses/decline/", body)
        assert (made["level"], made["recommended"], made["response"]) == (None, "II", None)
        assert "没有重复登记" in str(commander.post("responses/decline/", body, 409))
        response = declared(3).response
        kept = commander.post(f"responses/{response.pk}/keep/", {**body, "seen": 1})
        assert (kept["level"], kept["response"]) == ("III", response.pk)
        assert commander.get(f"responses/{response.pk}/")["kept_levels"][0]["reason"] == WHY
        assert "没有重复登记" in str(commander.post(f"responses/{response.pk}/keep/", body, 409))

    def test_a_reason_and_the_recommendation_are_needed(self) -> None:
        raining()
        response = declared(3).response
        answer = Phone("commander").post(f"responses/{response.pk}/keep/", {"reason": WHY}, 400)
        assert "recommended" in answer
        body = {"recommended": "II", "reason": "短"}
        assert "reason" in Phone("commander").post(f"responses/{response.pk}/keep/", body, 400)

    @pytest.mark.parametrize(("role", "status"), [("anonymous", 401), ("viewer", 403), ("duty_officer", 403)])
    def test_others_do_not(self, role: str, status: int) -> None:
        raining()
        response = declared(3).response
        for path in (f"responses/{response.pk}/keep/", "responses/decline/"):
            Phone(role).post(path, {"recommended": "II", "reason": WHY}, status)
        assert not KeptLevel.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_are_one_decision() -> None:
    raining()
    response = declared(3, minutes=1).response
    people = [UserFactory(role="commander") for _ in range(2)]
    keeping = Keeping(declined=2, reason=WHY)
    answers = press_at_once(
        [
            partial(
                keep_level, actor=who, at=timezone.now(), keeping=keeping,
                response=Response.objects.get(pk=response.pk), seen=1,
            )
            for who in people
        ]
    )  # fmt: skip
    assert sorted(map(bool, answers)) == [False, True] and "没有重复登记" in max(answers)
    assert KeptLevel.objects.count() == 1
