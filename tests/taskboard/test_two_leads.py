"""A task led by two departments waits for the signature of each; work goes on after the first."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from foundation.errors import StateConflict
from organizations.models import Department, Role, User
from taskboard import services
from taskboard.bulletins.gathering import gather
from taskboard.desk.sheets import _remark
from taskboard.models import Signature, Task, TaskDepartment, Urging
from tests.factories import DepartmentFactory, UserFactory
from tests.taskboard.campaign import NOW, Campaign, bring, campaign

pytestmark = pytest.mark.django_db

TODAY = NOW.date()
YESTERDAY = NOW - timedelta(days=1)


class Two:
    """A task that 水务局 and 林草局 lead."""

    def __init__(self) -> None:
        self.world: Campaign = campaign()
        self.forest = Department.objects.get(slug="lincao")
        self.task: Task = self.world.task("draft", title="治理河道")
        TaskDepartment.objects.create(task=self.task, department=self.forest, role="lead", order=2)

    def bring(self, state: str) -> "Two":
        bring(self.world, self.task, state)
        return self

    def other_signs(self, actor: User | None = None) -> None:
        services.sign_task(actor=actor or self.world.people["outsider"], at=NOW, task=self.task)

    def get(self, address: str, name: str = "supervisor") -> Any:
        client = Client()
        client.force_login(self.world.people[name])
        with time_machine.travel(NOW, tick=False):
            response = client.get(address)
        assert response.status_code == 200
        return response

    def queue(self, query: str = "") -> Any:
        queues = self.get(f"/tasks/desk/{query}").context["queues"]
        return next(queue for queue in queues if queue.key == "unsigned")

    def desk_matrix(self, query: str = "") -> dict[str, dict[str, int]]:
        matrix = self.get(f"/tasks/desk/{query}").context["matrix"]
        return {row.name: {c.state: c.number for c in row.cells if c.number} for row in matrix.rows}

    def list_matrix(self, query: str = "") -> dict[str, dict[str, int]]:
        matrix = self.get(f"/tasks/lists/{self.world.task_list.pk}/matrix/{query}").context["matrix"]
        return {row.name: {c.state: c.count for c in row.cells if c.count} for row in matrix.rows}

    def listed(self, lead: str, state: str) -> int:
        address = f"/tasks/lists/{self.world.task_list.pk}/?lead={lead}&state={state}"
        return "治理河道" in self.get(address).content.decode()


@pytest.fixture
def two() -> Two:
    return Two()


def test_nobody_has_signed_both_are_named(two: Two) -> None:
    (row,) = two.bring("issued").queue().rows
    assert row.unsigned == ("水务局", "林草局")


@pytest.mark.parametrize("state", ["signed", "in_progress", "returned"])
def test_after_the_first_signature_the_queue_names_the_other(two: Two, state: str) -> None:
    queue = two.bring(state).queue()
    assert (queue.total, [row.unsigned for row in queue.rows]) == (1, [("林草局",)])
    page = two.get("/tasks/desk/?queue=unsigned").content.decode()
    assert "其他牵头部门已签收" in page and 'name="signing"' in page
    two.other_signs()
    assert two.queue().total == 0


@pytest.mark.parametrize("state", ["submitted", "closed", "suspended"])
def test_what_no_lead_owes_now_waits_for_no_signature(two: Two, state: str) -> None:
    assert two.bring(state).queue().total == 0


def test_the_matrices_go_by_the_departments_own_signature(two: Two) -> None:
    two.bring("in_progress")
    halves = {"水务局": {"in_progress": 1}, "林草局": {"issued": 1}}
    assert two.desk_matrix() == halves and two.list_matrix() == halves
    two.other_signs()
    both = {"水务局": {"in_progress": 1}, "林草局": {"in_progress": 1}}
    assert two.desk_matrix() == both and two.list_matrix() == both


def test_a_number_of_the_matrix_leads_to_the_tasks_it_counts(two: Two) -> None:
    two.bring("in_progress")
    assert two.listed("lincao", "issued") and not two.listed("lincao", "in_progress")
    assert two.listed("shuiwu", "in_progress") and not two.listed("shuiwu", "issued")


def test_of_a_past_day_the_signatures_of_then_count(two: Two) -> None:
    with_dates = {"at": YESTERDAY}
    two.bring("signed")
    two.task.transitions.update(**with_dates)
    Signature.objects.update(**with_dates)
    two.other_signs()
    assert two.queue().total == 0
    query = f"?as_of={date.isoformat(TODAY - timedelta(days=1))}"
    assert [row.unsigned for row in two.queue(query).rows] == [("林草局",)]
    halves = {"水务局": {"signed": 1}, "林草局": {"issued": 1}}
    assert two.desk_matrix(query) == halves and two.list_matrix(query) == halves


def test_the_other_lead_finds_it_among_its_own_to_sign(two: Two) -> None:
    two.bring("in_progress")
    page = two.get("/tasks/mine/", "outsider").content.decode()
    assert "治理河道" in page and "签收这 1 项" in page
    assert "签收这" not in two.get("/tasks/mine/", "lead").content.decode()


def urge(two: Two, **chosen: Any) -> list[str]:
    services.urge(actor=two.world.supervisor, at=NOW, text="请签收", **chosen)
    return list(Urging.objects.order_by("pk").values_list("department__name", flat=True))


def test_urged_to_sign_is_only_who_has_not(two: Two) -> None:
    two.bring("in_progress")
    assert urge(two, signing=[two.task]) == ["林草局"]


def test_urged_for_the_work_are_all_leads(two: Two) -> None:
    two.bring("in_progress")
    assert urge(two, tasks=[two.task], signing=[two.task]) == ["水务局", "林草局"]


def test_once_all_have_signed_nobody_is_urged_to(two: Two) -> None:
    two.bring("in_progress").other_signs()
    with pytest.raises(StateConflict, match="都已签收"):
        urge(two, signing=[two.task])


def test_the_desk_urges_who_has_not_signed(two: Two) -> None:
    two.bring("in_progress")
    client = Client()
    client.force_login(two.world.supervisor)
    with time_machine.travel(NOW, tick=False):
        client.post("/tasks/desk/urge/", {"signing": two.task.pk, "text": "请签收"})
    assert list(Urging.objects.values_list("department__name", flat=True)) == ["林草局"]


def test_a_collective_has_signed_once_a_member_has(two: Two) -> None:
    streets = DepartmentFactory(name="街道办事处", kind=Department.Kind.COLLECTIVE)
    street = DepartmentFactory(name="兴华街道", parent=streets)
    clerk = UserFactory(role=Role.DEPARTMENT_OFFICER, department=street)
    TaskDepartment.objects.filter(department=two.forest).update(department=streets)
    assert [row.unsigned for row in two.bring("signed").queue().rows] == [("街道办事处",)]
    two.other_signs(clerk)
    assert two.queue().total == 0
    assert two.desk_matrix() == {"水务局": {"signed": 1}, "街道办事处": {"signed": 1}}


def test_what_moved_on_without_signatures_on_record_counts_as_signed(two: Two) -> None:
    two.bring("in_progress")
    Signature.objects.all().delete()
    assert two.queue().total == 0


def test_the_bulletin_counts_a_task_as_unsigned_while_one_lead_has_not(two: Two) -> None:
    two.bring("in_progress")
    facts = gather(start=date(TODAY.year, 1, 1), end=TODAY, today=TODAY, task_list=None)
    assert (facts.unsigned, facts.working) == (1, 0)
    two.other_signs()
    facts = gather(start=date(TODAY.year, 1, 1), end=TODAY, today=TODAY, task_list=None)
    assert (facts.unsigned, facts.working) == (0, 1)


def test_the_sheet_says_who_has_not_signed(two: Two) -> None:
    (row,) = two.bring("signed").queue().rows
    assert _remark("unsigned", row) == "未签收：林草局" and _remark("due", row) == ""
