"""One department goes into another: proposed, looked at, signed by a second person, and all that follows."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from events.models import EventDepartment
from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.models import AuditEntry
from gazette.models import DepartmentMerge
from gazette.names.merging import confirm_merge, propose_merge, void_merge, what_would_move
from organizations.models import Department, DepartmentAlias
from organizations.services.departments import DepartmentContent, save_department
from taskboard.models import TaskDepartment, TaskTransition
from tests.accounts import browser_of, person
from tests.factories import DepartmentFactory, EventFactory, TaskFactory, UserFactory

pytestmark = pytest.mark.django_db
AT = datetime(2031, 9, 1, 1, 0, tzinfo=UTC)


@pytest.fixture
def old() -> Department:
    made: Department = DepartmentFactory(slug="old", name="执法局")
    made.aliases.create(name="城管队")
    return made


@pytest.fixture
def new() -> Department:
    made: Department = DepartmentFactory(slug="new", name="城管执法局")
    return made


@pytest.fixture
def proposed(old: Department, new: Department) -> DepartmentMerge:
    return propose_merge(actor=person("editor"), at=AT, source=old, target=new, reason="机构改革方案")


def merged(proposed: DepartmentMerge) -> DepartmentMerge:
    confirm_merge(actor=person("publisher"), at=AT, merge=proposed)
    return proposed


def test_proposed_alone_changes_nothing(proposed: DepartmentMerge, old: Department) -> None:
    event = EventFactory(departments=[old])
    old.refresh_from_db()
    assert (old.name, old.is_active, old.merged_into) == ("执法局", True, None)
    assert event.mentions.get().department == old
    assert [(line["kind"], line["number"]) for line in what_would_move(old)] == [
        ("部门别名", 1), ("条目中的部门", 1),
    ]  # fmt: skip


def test_records_and_aliases_go_over_and_the_old_name_becomes_an_alias(
    proposed: DepartmentMerge, old: Department, new: Department
) -> None:
    only_old, both = EventFactory(departments=[old]), EventFactory(departments=[old, new])
    merge = merged(proposed)
    assert [event.mentions.get().department for event in (only_old, both)] == [new, new]
    assert set(DepartmentAlias.objects.values_list("name", "department")) == {
        ("执法局", new.pk), ("城管队", new.pk),
    }  # fmt: skip
    old.refresh_from_db()
    assert (old.name, old.is_active, old.merged_into) == ("执法局（已并入城管执法局）", False, new)
    (entries,) = [line for line in merge.moved if line["kind"] == "条目中的部门"]
    assert (entries["number"], entries["twice"]) == (2, 1)
    assert not EventDepartment.objects.filter(department=old).exists()


def test_of_one_task_the_lead_stays_and_the_support_of_the_same_goes(
    proposed: DepartmentMerge, old: Department, new: Department
) -> None:
    task = TaskFactory(leads=[old], supporters=[new])
    merged(proposed)
    assert list(TaskDepartment.objects.filter(task=task).values_list("department", "role")) == [
        (new.pk, "lead")
    ]


def test_what_happened_keeps_the_department_that_did_it(proposed: DepartmentMerge, old: Department) -> None:
    task = TaskFactory(leads=[old])
    step = TaskTransition.objects.create(
        task=task, action="sign", from_state="issued", to_state="signed", department=old, at=AT
    )
    merge = merged(proposed)
    step.refresh_from_db()
    assert step.department == old
    (kept,) = [line for line in merge.moved if line["history"]]
    assert (kept["kind"], kept["number"]) == ("任务经过", 1)


def test_a_department_below_the_old_one_stands_below_the_new_one(
    proposed: DepartmentMerge, old: Department, new: Department
) -> None:
    below = DepartmentFactory(parent=old)
    Department.objects.filter(pk=new.pk).update(parent=old)
    merged(proposed)
    below.refresh_from_db()
    new.refresh_from_db()
    assert (below.parent, new.parent) == (new, None)


def test_it_takes_a_publisher_who_is_another_person(old: Department, new: Department) -> None:
    signer = person("publisher")
    proposed = propose_merge(actor=signer, at=AT, source=old, target=new, reason="方案")
    with pytest.raises(PermissionRefused, match="另一位"):
        confirm_merge(actor=signer, at=AT, merge=proposed)
    with pytest.raises(PermissionRefused):
        confirm_merge(actor=person("editor"), at=AT, merge=proposed)
    old.refresh_from_db()
    assert old.merged_into is None


def test_accounts_have_to_be_moved_first(proposed: DepartmentMerge, old: Department) -> None:
    officer = UserFactory(role="department_officer", department=old)
    with pytest.raises(StateConflict, match="还有 1 个在用账号"):
        merged(proposed)
    proposed.refresh_from_db()
    assert proposed.standing == "proposed"
    officer.is_active = False
    officer.save()
    assert merged(proposed).standing == "confirmed"


def test_a_merge_is_carried_out_once_and_not_taken_back(proposed: DepartmentMerge) -> None:
    merged(proposed)
    with pytest.raises((InvalidInput, StateConflict)):
        merged(proposed)
    with pytest.raises(StateConflict, match="不能撤回"):
        void_merge(actor=person("editor"), at=AT, merge=proposed, reason="弄错了")
    assert AuditEntry.objects.filter(action="department.merged").count() == 1


def test_what_cannot_be_proposed_is_said(proposed: DepartmentMerge, old: Department, new: Department) -> None:
    actor = person("editor")
    with pytest.raises(StateConflict, match="已经提出"):
        propose_merge(actor=actor, at=AT, source=old, target=new, reason="方案")
    with pytest.raises(InvalidInput, match="依据"):
        propose_merge(actor=actor, at=AT, source=new, target=old, reason=" ")
    with pytest.raises(InvalidInput, match="并入它自己"):
        propose_merge(actor=actor, at=AT, source=new, target=new, reason="方案")
    void_merge(actor=actor, at=AT, merge=proposed, reason="方案有变")
    again = propose_merge(actor=actor, at=AT, source=old, target=new, reason="新方案")
    merged(again)
    with pytest.raises(InvalidInput, match="已经并入"):
        propose_merge(actor=actor, at=AT, source=old, target=new, reason="方案")


def test_the_old_address_and_the_old_file_of_departments_lead_to_the_new_one(
    proposed: DepartmentMerge, old: Department, new: Department
) -> None:
    merged(proposed)
    answer = browser_of("anonymous").get(f"/departments/{old.slug}/")
    assert (answer.status_code, answer["Location"]) == (301, new.get_absolute_url())
    content = DepartmentContent(slug=old.slug, name="执法局")
    assert save_department(actor=None, at=AT, content=content) == new
    old.refresh_from_db()
    assert old.name == "执法局（已并入城管执法局）"


def test_on_the_pages_it_is_proposed_looked_at_and_signed(old: Department, new: Department) -> None:
    EventFactory(departments=[old])
    editor = browser_of("editor")
    fields = {"source": old.pk, "target": new.pk, "reason": "机构改革方案"}
    page = editor.post(reverse("gazette:merges"), fields, follow=True).content.decode()
    assert "条目中的部门" in page and "改登到 城管执法局" in page and "签发合并" not in page
    merge = DepartmentMerge.objects.get()
    step = reverse("gazette:merge_step", args=[merge.pk, "confirm"])
    assert "没有权限" in editor.post(step, follow=True).content.decode()
    signer = browser_of("publisher")
    assert "签发合并" in signer.get(reverse("gazette:merge", args=[merge.pk])).content.decode()
    assert "现为“城管执法局”的别名" in signer.post(step, follow=True).content.decode()
    listed = editor.get(reverse("gazette:merges"), {"standing": "confirmed"}).content.decode()
    assert "执法局 并入 城管执法局" in listed


def test_a_form_that_says_nothing_is_answered_by_its_fields(old: Department) -> None:
    answer = browser_of("editor").post(reverse("gazette:merges"), {"source": old.pk, "target": old.pk})
    assert answer.status_code == 400
    assert "依据" in answer.content.decode() and not DepartmentMerge.objects.exists()
