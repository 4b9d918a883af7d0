"""After a response as data: matters to settle, the report written, edited and published."""

from typing import Any

import pytest

from events.models import Event
from floodresponse.models import AfterActionReport, AftermathEntry, Response
from tests.api.test_stores_as_data import call, declared
from tests.factories import TaskFactory, UserFactory
from tests.floodresponse.reporting import City, build_city

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> City:
    return build_city()


def ended(*, exercise: bool = False) -> Response:
    response = declared(exercise=exercise)
    Response.objects.filter(pk=response.pk).update(terminated_at=response.declared_at)
    response.refresh_from_db()
    return response


class TestMatters:
    def test_entered_found_and_struck_out(self, city: City) -> None:
        response = ended()
        body = {"response": response.pk, "kind": "cost", "text": "租用水泵", "amount": "3000.50"}
        made = call(city.office, "post", "aftermath/", body, status=201)
        assert (made["amount"], made["struck_at"]) == ("3000.50", None)
        lesson = {"response": response.pk, "kind": "lesson", "text": "物资前置"}
        call(city.office, "post", "aftermath/", lesson, status=201)

        def count(**query: Any) -> int:
            found: int = call(city.commander, "get", "aftermath/", query)["count"]
            return found

        assert (count(), count(kind="cost"), count(q="水泵"), count(response=response.pk + 1)) == (2, 1, 1, 0)
        path = f"aftermath/{made['id']}/strike/"
        assert "reason" in call(city.office, "post", path, {}, status=400)
        assert call(city.office, "post", path, {"reason": "重复"})["struck_reason"] == "重复"
        call(city.office, "post", path, {"reason": "重复"}, status=409)
        assert (count(struck="true"), count(struck="false")) == (1, 1)

    def test_blame_rests_on_the_record(self, city: City) -> None:
        body = {"response": ended().pk, "kind": "accountability", "text": "迟报"}
        assert "basis" in call(city.office, "post", "aftermath/", body, status=400)

    def test_nothing_is_settled_while_it_runs(self, city: City) -> None:
        body = {"response": declared().pk, "kind": "loss", "text": "路面"}
        assert "还没有终止" in call(city.office, "post", "aftermath/", body, status=409)["detail"]

    def test_a_task_that_one_cannot_see_is_not_there(self, city: City) -> None:
        task = TaskFactory(state="issued")
        body = {"response": ended().pk, "kind": "rebuilding", "text": "修路", "task": task.pk}
        assert call(city.office, "post", "aftermath/", body, status=201)["task"] == task.pk
        assert "task" in call(city.office, "post", "aftermath/", {**body, "task": 999999}, status=400)

    def test_units_read_and_enter_nothing(self, city: City) -> None:
        response = ended()
        AftermathEntry.objects.create(
            response=response, kind="lesson", text="甲", entered_at=response.declared_at,
            entered_by=city.office,
        )  # fmt: skip
        assert call(city.street_officer, "get", "aftermath/")["count"] == 0
        body = {"response": response.pk, "kind": "lesson", "text": "乙"}
        call(city.street_officer, "post", "aftermath/", body, status=403)


class TestReport:
    def test_written_edited_published_and_filed(self, city: City) -> None:
        response = ended()
        path = f"after-action/{response.pk}/"
        made = call(city.office, "post", f"{path}write/")
        assert made["publication"] == "draft"
        assert made["sections"][0]["text"] == made["sections"][0]["written"]
        first = made["sections"][0]
        body = {"key": first["key"], "text": "概述如下。", "was": first["text"]}
        edited = call(city.office, "post", f"{path}section/", body)["sections"][0]
        assert (edited["text"], edited["edited"]) == ("概述如下。", True)
        assert "刚刚被别人修改" in call(city.office, "post", f"{path}section/", body, status=409)["detail"]
        again = call(city.office, "post", f"{path}write/")["sections"][0]
        assert again["text"] == "概述如下。"
        call(city.office, "post", f"{path}step/", {"step": "submit"})
        call(city.office, "post", f"{path}step/", {"step": "publish"}, status=403)
        told = call(city.commander, "post", f"{path}step/", {"step": "publish"})
        assert told["publication"] == "published"
        assert Event.objects.get(pk=told["event"]).publication == Event.Publication.DRAFT

    def test_back_to_what_the_rows_tell(self, city: City) -> None:
        path = f"after-action/{ended().pk}/"
        first = call(city.office, "post", f"{path}write/")["sections"][0]
        body = {"key": first["key"], "text": "改", "was": first["text"]}
        call(city.office, "post", f"{path}section/", body)
        back = call(city.office, "post", f"{path}section/", {"key": first["key"], "was": "改"})["sections"][0]
        assert (back["text"], back["edited"]) == (first["written"], False)

    def test_others_read_it_once_it_is_published(self, city: City) -> None:
        response = ended()
        path = f"after-action/{response.pk}/"
        call(city.office, "post", f"{path}write/")
        call(city.street_officer, "get", path, status=404)
        call(city.street_officer, "post", f"{path}write/", status=403)
        AfterActionReport.objects.update(publication="published")
        assert call(UserFactory(role="viewer"), "get", path)["response"] == response.pk

    def test_a_drill_is_marked_and_never_filed(self, city: City) -> None:
        path = f"after-action/{ended(exercise=True).pk}/"
        assert "演练" in call(city.office, "post", f"{path}write/")["title"]
        call(city.office, "post", f"{path}step/", {"step": "submit"})
        told = call(city.commander, "post", f"{path}step/", {"step": "publish"})
        assert (told["exercise"], told["event"]) == (True, None)
        assert call(city.office, "get", "after-action/", {"exercise": "false"})["count"] == 0
        assert not Event.objects.exists()

    def test_it_is_not_written_while_it_runs(self, city: City) -> None:
        call(city.office, "post", f"after-action/{declared().pk}/write/", status=409)
        call(city.office, "post", "after-action/999999/write/", status=404)
