"""Special inspections: several departments inspect, find, sign; what was found is put right."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.models import AuditEntry
from notifications.models import Message
from organizations.models import Department, Role, User
from taskboard.models import Finding, Inspection
from taskboard.services.supervision.findings import confirm_rectification, report_rectification
from taskboard.services.supervision.inspections import (
    InspectionContent,
    add_finding,
    create_inspection,
    sign_inspection,
)
from taskboard.supervision.lights import finding_mark, inspection_mark
from tests.factories import DepartmentFactory, UserFactory
from tests.taskboard.campaign import NOW, Campaign, campaign, pdf

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


class Team:
    """The water office is inspected by two other departments."""

    def __init__(self) -> None:
        self.world: Campaign = campaign()
        self.plan: Department = DepartmentFactory(slug="fagai", name="发改局")
        self.build: Department = DepartmentFactory(slug="zhujian", name="住建局")
        officer = Role.DEPARTMENT_OFFICER
        self.planner: User = UserFactory(username="planner", role=officer, department=self.plan)
        self.builder: User = UserFactory(username="builder", role=officer, department=self.build)

    def content(self, **values: Any) -> InspectionContent:
        content = InspectionContent(
            title="停工项目专项督查",
            purpose="看进度，看账目",
            lead=self.plan,
            members=[self.build],
            starts_on=TODAY,
            ends_on=TODAY + timedelta(days=10),
        )
        return replace(content, **values)

    def inspection(self, **values: Any) -> Inspection:
        return create_inspection(actor=self.world.supervisor, at=NOW, content=self.content(**values))

    def finding(self, inspection: Inspection, actor: User | None = None, **values: Any) -> Finding:
        given: dict[str, Any] = {
            "department": self.world.water,
            "text": "台账不全",
            "rectify_by": TODAY + timedelta(days=5),
            **values,
        }
        return add_finding(actor=actor or self.builder, at=NOW, inspection=inspection, **given)


@pytest.fixture
def team() -> Team:
    return Team()


# -- setting up ---------------------------------------------------------------------------------


def test_an_inspection_has_one_lead_and_its_members_are_told(team: Team) -> None:
    inspection = team.inspection(members=[team.build, team.plan, team.build])
    members = list(inspection.members.all())
    assert [(m.department, m.leads) for m in members] == [(team.plan, True), (team.build, False)]
    told = Message.objects.filter(about=f"inspection:{inspection.pk}")
    assert {message.recipient for message in told} == {team.planner, team.builder}
    assert AuditEntry.objects.filter(action="inspection.create").exists()


def test_one_department_alone_is_no_joint_inspection(team: Team) -> None:
    with pytest.raises(InvalidInput, match="至少选择一个参加部门"):
        team.inspection(members=[team.plan])


@pytest.mark.parametrize(("days", "allowed"), [(-1, False), (0, True), (1, True)])
def test_it_ends_on_the_day_it_starts_or_later(team: Team, days: int, allowed: bool) -> None:
    if allowed:
        assert team.inspection(ends_on=TODAY + timedelta(days=days)).pk
    else:
        with pytest.raises(InvalidInput, match="结束日期不能早于开始日期"):
            team.inspection(ends_on=TODAY + timedelta(days=days))


def test_only_supervisors_set_one_up(team: Team) -> None:
    people = [person for name, person in team.world.people.items() if name != "supervisor"]
    for person in [*people, team.planner, team.builder]:
        with pytest.raises(PermissionRefused):
            create_inspection(actor=person, at=NOW, content=team.content())
    assert not Inspection.objects.exists()


# -- finding ------------------------------------------------------------------------------------


def test_each_inspecting_department_and_the_supervisor_note_findings(team: Team) -> None:
    inspection, task = team.inspection(), team.world.task("in_progress")
    for number, actor in enumerate((team.planner, team.builder, team.world.supervisor)):
        team.finding(inspection, actor, text=f"问题{number}", task=task)
    assert inspection.findings.count() == 3
    assert [f.events.get().department for f in inspection.findings.order_by("pk")] == [
        team.plan,
        team.build,
        None,
    ]
    assert Message.objects.filter(about__startswith="finding:", recipient=team.world.lead).count() == 3


def test_others_note_nothing(team: Team) -> None:
    inspection = team.inspection()
    for name in set(team.world.people) - {"supervisor"}:
        with pytest.raises(PermissionRefused):
            team.finding(inspection, team.world.people[name])
    assert not Finding.objects.exists()


def test_a_finding_on_a_task_goes_to_a_department_that_has_part_in_it(team: Team) -> None:
    inspection, task = team.inspection(), team.world.task("in_progress")
    with pytest.raises(InvalidInput, match="没有住建局的份"):
        team.finding(inspection, task=task, department=team.build)


@pytest.mark.parametrize(("days", "allowed"), [(-1, False), (0, True), (1, True)])
def test_the_deadline_is_today_or_later(team: Team, days: int, allowed: bool) -> None:
    inspection, day = team.inspection(), TODAY + timedelta(days=days)
    if allowed:
        assert team.finding(inspection, rectify_by=day).rectify_by == day
    else:
        with pytest.raises(InvalidInput, match="整改期限不能早于今天"):
            team.finding(inspection, rectify_by=day)


# -- signing ------------------------------------------------------------------------------------


def test_the_lead_signs_last_and_that_concludes_it(team: Team) -> None:
    inspection = team.inspection()
    with pytest.raises(StateConflict, match="还有住建局没有会签"):
        sign_inspection(actor=team.planner, at=NOW, inspection=inspection)
    sign_inspection(actor=team.builder, at=NOW, inspection=inspection, opinion="同意")
    assert inspection.state == "running"
    sign_inspection(actor=team.planner, at=NOW, inspection=inspection, opinion="签结")
    assert (inspection.state, inspection.concluded_at) == ("concluded", NOW)
    with pytest.raises(StateConflict, match="签结，不能再会签"):
        sign_inspection(actor=team.builder, at=NOW, inspection=inspection)


def test_a_department_signs_once(team: Team) -> None:
    inspection = team.inspection()
    sign_inspection(actor=team.builder, at=NOW, inspection=inspection)
    with pytest.raises(StateConflict, match="已于5月8日 09:00会签"):
        sign_inspection(actor=team.builder, at=NOW, inspection=inspection)


def test_after_the_first_signature_nothing_is_added(team: Team) -> None:
    inspection = team.inspection()
    sign_inspection(actor=team.builder, at=NOW, inspection=inspection)
    with pytest.raises(StateConflict, match="住建局已会签，不能再登记问题"):
        team.finding(inspection, team.planner)


def test_nobody_else_signs(team: Team) -> None:
    inspection = team.inspection()
    for person in team.world.people.values():
        with pytest.raises(PermissionRefused):
            sign_inspection(actor=person, at=NOW, inspection=inspection)
    assert not inspection.members.filter(signed_at__isnull=False).exists()


# -- putting right ------------------------------------------------------------------------------


def test_what_was_found_is_put_right_and_confirmed_by_the_leading_department(team: Team) -> None:
    finding = team.finding(team.inspection())
    report_rectification(actor=team.world.lead, at=NOW, finding=finding, text="已补全", upload=pdf())
    with pytest.raises(PermissionRefused):
        confirm_rectification(actor=team.builder, at=NOW, finding=finding)
    confirm_rectification(actor=team.planner, at=NOW, finding=finding)
    assert finding.state == "confirmed"
    assert finding.events.get(action="confirm").department == team.plan


def test_a_supervisor_confirms_as_well(team: Team) -> None:
    finding = team.finding(team.inspection())
    report_rectification(actor=team.world.lead, at=NOW, finding=finding, text="已补全", upload=pdf())
    confirm_rectification(actor=team.world.supervisor, at=NOW, finding=finding)
    assert finding.state == "confirmed"


@pytest.mark.parametrize(("after", "shape"), [(0, "green"), (1, "red")])
def test_a_late_rectification_stays_red(team: Team, after: int, shape: str) -> None:
    finding = team.finding(team.inspection(), rectify_by=TODAY)
    at = NOW + timedelta(days=after)
    report_rectification(actor=team.world.lead, at=at, finding=finding, text="已补全", upload=pdf())
    mark = finding_mark(finding, at.date())
    assert (mark.shape, mark.word) == (shape, "待确认")
    assert mark.left == ("逾期补报" if after else "")


def test_counts_of_findings(team: Team) -> None:
    inspection = team.inspection()
    done, _ = team.finding(inspection), team.finding(inspection, text="另一个")
    report_rectification(actor=team.world.lead, at=NOW, finding=done, text="已补全", upload=pdf())
    confirm_rectification(actor=team.planner, at=NOW, finding=done)
    row: Any = Inspection.objects.all().with_counts().get()
    assert (row.found, row.unsettled) == (2, 1)


@pytest.mark.parametrize(
    ("day", "shape", "word"),
    [
        (TODAY - timedelta(days=1), "grey", "未开始"),
        (TODAY, "green", "进行中"),
        (TODAY + timedelta(days=3), "yellow", "进行中"),
        (TODAY + timedelta(days=10), "yellow", "进行中"),
        (TODAY + timedelta(days=11), "red", "进行中"),
    ],
)
def test_the_light_follows_the_period(team: Team, day: date, shape: str, word: str) -> None:
    mark = inspection_mark(team.inspection(), day)
    assert (mark.shape, mark.word) == (shape, word)
