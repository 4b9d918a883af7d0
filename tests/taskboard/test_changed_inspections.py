"""A special inspection is changed or called off, a rectification gets another deadline; the old is kept."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.models import AuditEntry
from foundation.seen import StalePage
from notifications.models import Message
from organizations.models import Department, Role, User
from taskboard.models import Finding, Inspection
from taskboard.services.supervision.deadlines import remind_of_deadlines
from taskboard.services.supervision.findings import prolong_rectification, report_rectification
from taskboard.services.supervision.inspectionchanges import (
    cancel_inspection,
    change_inspection,
    content_of,
    seen_mark,
)
from taskboard.services.supervision.inspections import (
    InspectionContent,
    add_finding,
    create_inspection,
    sign_inspection,
)
from tests.factories import DepartmentFactory, UserFactory
from tests.taskboard.campaign import NOW, Campaign, campaign, pdf

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture
def world() -> Campaign:
    return campaign()


def unit(name: str) -> tuple[Department, User]:
    department = DepartmentFactory(slug=name, name=name)
    return department, UserFactory(role=Role.DEPARTMENT_OFFICER, department=department)


@pytest.fixture
def running(world: Campaign) -> Inspection:
    plan, build = unit("发改委")[0], unit("住建局")[0]
    content = InspectionContent(
        title="供水专项检查",
        purpose="看管网",
        lead=plan,
        members=[build],
        starts_on=TODAY,
        ends_on=TODAY + timedelta(days=10),
    )
    return create_inspection(actor=world.supervisor, at=NOW, content=content)


def changed(world: Campaign, inspection: Inspection, reason: str = "人手不足", **values: Any) -> Inspection:
    content = replace(content_of(inspection), **values)
    return change_inspection(
        actor=world.supervisor, at=NOW, inspection=inspection, content=content, reason=reason
    )


def found_in(world: Campaign, inspection: Inspection) -> Finding:
    return add_finding(
        actor=world.supervisor,
        at=NOW,
        inspection=inspection,
        department=world.water,
        text="阀门漏水",
        rectify_by=TODAY + timedelta(days=10),
    )


# -- changing -----------------------------------------------------------------------------------


def test_what_was_before_stays_in_the_history(world: Campaign, running: Inspection) -> None:
    ends = TODAY + timedelta(days=20)
    changed(world, running, title="供水供热专项检查", ends_on=ends)
    assert (running.title, running.ends_on) == ("供水供热专项检查", ends)
    said = running.events.get(action="change").text
    assert "名称由“供水专项检查”改为“供水供热专项检查”" in said
    assert f"结束由“{TODAY + timedelta(days=10)}”改为“{ends}”" in said
    assert said.endswith("人手不足")
    entry = AuditEntry.objects.get(action="inspection.change")
    assert (entry.before["title"], entry.after["title"]) == ("供水专项检查", "供水供热专项检查")


def test_departments_join_leave_and_take_the_lead(world: Campaign, running: Inspection) -> None:
    fire, officer = unit("消防救援大队")
    build = Department.objects.get(name="住建局")
    leaver = User.objects.get(assignments__department__name="发改委")
    changed(world, running, lead=build, members=[fire])
    members = {member.department.name: member.leads for member in running.members.all()}
    assert members == {"住建局": True, "消防救援大队": False}
    subjects = {
        person: Message.objects.filter(recipient=person).latest("pk").subject for person in (officer, leaver)
    }
    assert subjects[officer].startswith("参加专项检查")
    assert subjects[leaver].startswith("不再参加专项检查")


@pytest.mark.parametrize(
    ("values", "sentence"),
    [({"members": []}, "至少选择一个参加部门"), ({"ends_on": TODAY - timedelta(days=1)}, "不能早于开始日期")],
)
def test_what_makes_no_sense_is_refused(
    world: Campaign, running: Inspection, values: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        changed(world, running, **values)


def test_without_a_reason_or_a_change_nothing_is_written(world: Campaign, running: Inspection) -> None:
    with pytest.raises(InvalidInput, match="请写明调整的理由"):
        changed(world, running, reason=" ", title="另一个")
    with pytest.raises(InvalidInput, match="没有改动"):
        changed(world, running)
    assert running.events.count() == 1


def test_after_the_first_signature_nothing_is_changed(world: Campaign, running: Inspection) -> None:
    builder = User.objects.get(assignments__department__name="住建局")
    sign_inspection(actor=builder, at=NOW, inspection=running)
    with pytest.raises(StateConflict, match="住建局已会签，不能再调整"):
        changed(world, running, title="另一个")
    with pytest.raises(StateConflict, match="住建局已会签，不能再取消"):
        cancel_inspection(actor=world.supervisor, at=NOW, inspection=running, reason="不查了")


def test_an_old_page_does_not_undo_what_others_changed(world: Campaign, running: Inspection) -> None:
    content = content_of(running)
    seen = seen_mark(content)
    changed(world, running, title="改过的")
    with pytest.raises(StalePage, match="被别人改过"):
        change_inspection(
            actor=world.supervisor,
            at=NOW,
            inspection=running,
            content=replace(content, purpose="看泵站"),
            reason="补充",
            seen=seen,
        )
    assert Inspection.objects.get(pk=running.pk).title == "改过的"


def test_the_form_carries_what_was_seen_and_keeps_what_was_typed(
    world: Campaign, running: Inspection
) -> None:
    client = Client()
    client.force_login(world.supervisor)
    path = f"/tasks/inspections/{running.pk}/change/"
    form = client.get(path).context["form"]
    typed = {
        "title": "供水专项检查",
        "purpose": "看泵站",
        "lead": form.initial["lead"].pk,
        "members": [row.pk for row in form.initial["members"]],
        "starts_on": running.starts_on,
        "ends_on": running.ends_on,
        "reason": "补充",
        "seen": form.initial["seen"],
    }
    changed(world, running, title="改过的")
    stale = client.post(path, typed)
    assert stale.status_code == 409
    page = stale.content.decode()
    assert "看泵站" in page
    assert "被别人改过" in page
    again = {**typed, "title": "改过的", "seen": stale.context["form"].data["seen"]}
    assert client.post(path, again).status_code == 302
    running.refresh_from_db()
    assert (running.title, running.purpose) == ("改过的", "看泵站")


# -- calling off --------------------------------------------------------------------------------


def test_an_inspection_is_called_off_with_a_reason(world: Campaign, running: Inspection) -> None:
    with pytest.raises(InvalidInput, match="请写明取消的理由"):
        cancel_inspection(actor=world.supervisor, at=NOW, inspection=running, reason="")
    cancel_inspection(actor=world.supervisor, at=NOW, inspection=running, reason="并入年度检查")
    assert (running.state, running.concluded_at) == ("cancelled", NOW)
    assert Message.objects.filter(subject__startswith="专项检查已取消").count() == 2
    with pytest.raises(StateConflict, match="取消，不能再登记问题"):
        found_in(world, running)
    with pytest.raises(StateConflict, match="取消，不能再调整"):
        changed(world, running, title="另一个")


def test_what_was_found_has_to_be_concluded(world: Campaign, running: Inspection) -> None:
    found_in(world, running)
    with pytest.raises(StateConflict, match="已登记 1 个问题，不能取消"):
        cancel_inspection(actor=world.supervisor, at=NOW, inspection=running, reason="不查了")


# -- deadlines of findings ----------------------------------------------------------------------


def test_another_deadline_needs_a_reason_and_keeps_the_old_one(world: Campaign, running: Inspection) -> None:
    finding, day = found_in(world, running), TODAY + timedelta(days=30)
    with pytest.raises(InvalidInput, match="请写明调整期限的理由"):
        prolong_rectification(actor=world.supervisor, at=NOW, finding=finding, rectify_by=day, reason="")
    prolong_rectification(actor=world.supervisor, at=NOW, finding=finding, rectify_by=day, reason="等配件")
    assert finding.rectify_by == day
    assert finding.events.get(action="prolong").text == "由2023年5月18日调整为2023年6月7日。等配件"
    assert remind_of_deadlines(on_day=TODAY + timedelta(days=10), at=NOW) == 0
    assert remind_of_deadlines(on_day=day, at=NOW) > 0


@pytest.mark.parametrize(("days", "allowed"), [(-1, False), (0, True), (1, True), (10, False)])
def test_the_new_deadline_is_another_one_and_not_behind_us(
    world: Campaign, running: Inspection, days: int, allowed: bool
) -> None:
    finding, day = found_in(world, running), TODAY + timedelta(days=days)
    values: dict[str, Any] = {"actor": world.supervisor, "at": NOW, "finding": finding, "rectify_by": day}
    if allowed:
        assert prolong_rectification(**values, reason="会议决定").rectify_by == day
    else:
        with pytest.raises(InvalidInput, match="整改期限"):
            prolong_rectification(**values, reason="会议决定")


def test_what_was_reported_waits_for_its_confirmation(world: Campaign, running: Inspection) -> None:
    finding = found_in(world, running)
    report_rectification(actor=world.lead, at=NOW, finding=finding, text="已换", upload=pdf())
    with pytest.raises(StateConflict, match="待确认"):
        prolong_rectification(
            actor=world.supervisor,
            at=NOW,
            finding=finding,
            rectify_by=TODAY + timedelta(days=30),
            reason="等配件",
        )


def test_the_rectifying_unit_does_not_prolong_its_own_deadline(world: Campaign, running: Inspection) -> None:
    finding = found_in(world, running)
    for name in ("lead", "head", "supporter", "outsider", "viewer", "editor"):
        with pytest.raises(PermissionRefused):
            prolong_rectification(
                actor=world.people[name],
                at=NOW,
                finding=finding,
                rectify_by=TODAY + timedelta(days=30),
                reason="等",
            )
