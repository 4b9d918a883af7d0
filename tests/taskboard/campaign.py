"""A small campaign for tests of the work on tasks: who takes part, and tasks brought into each state."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from organizations.models import Department, Role, RoleAssignment, User
from taskboard import services
from taskboard.models import Task, TaskList
from tests.factories import DepartmentFactory, TaskFactory, TaskListFactory, UserFactory

# 09:00 in the city.
NOW = datetime(2023, 5, 8, 1, 0, tzinfo=UTC)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
# Roles that have no part in the work of tasks.
OTHERS = (
    *(Role.VIEWER, Role.EDITOR, Role.PUBLISHER, Role.DUTY_OFFICER, Role.COMMANDER),
    *(Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN),
)


def pdf(name: str = "回执.pdf", mark: str = "") -> SimpleUploadedFile:
    """A file that passes the checks; ``mark`` makes its content another one."""
    return SimpleUploadedFile(name, PDF + f"% {mark}\n".encode(), content_type="application/pdf")


@dataclass(frozen=True)
class Campaign:
    water: Department
    power: Department
    task_list: TaskList
    people: dict[str, User]

    @property
    def lead(self) -> User:
        return self.people["lead"]

    @property
    def supporter(self) -> User:
        return self.people["supporter"]

    @property
    def supervisor(self) -> User:
        return self.people["supervisor"]

    def task(self, state: str = "draft", **values: object) -> Task:
        """A task led by the water office and supported by the power office, brought into the state."""
        task: Task = TaskFactory(
            task_list=self.task_list, state="draft", leads=[self.water], supporters=[self.power], **values
        )
        bring(self, task, state)
        return task


def campaign() -> Campaign:
    """A list that ends on 2023-10-31, two departments and everybody who may come along."""
    water = DepartmentFactory(slug="shuiwu", name="水务局")
    power = DepartmentFactory(slug="dianli", name="电力局")
    other = DepartmentFactory(slug="lincao", name="林草局")
    officer, head = Role.DEPARTMENT_OFFICER, Role.DEPARTMENT_HEAD
    people: dict[str, Any] = {
        "supervisor": UserFactory(username="supervisor", display_name="督查员甲", role=Role.SUPERVISOR),
        "lead": UserFactory(username="lead", display_name="经办人甲", role=officer, department=water),
        "head": UserFactory(username="head", role=head, department=water),
        "supporter": UserFactory(
            username="supporter", display_name="经办人乙", role=officer, department=power
        ),
        "outsider": UserFactory(username="outsider", role=officer, department=other),
        "unplaced": UserFactory(username="unplaced", role=officer),
        **{role.value: UserFactory(username=role.value.replace("_", "-"), role=role) for role in OTHERS},
        "nobody": UserFactory(username="nobody"),
    }
    # The right department with the wrong role is no part in the work.
    RoleAssignment.objects.create(user=people["viewer"], role=Role.VIEWER, department=water)
    task_list = TaskListFactory(title="清沟行动", state="draft")
    return Campaign(water, power, task_list, people)


STEPS = ("issue", "sign", "progress", "evidence", "submit", "close")
PATHS = {
    "draft": (),
    "issued": ("issue",),
    "signed": ("issue", "sign"),
    "in_progress": ("issue", "sign", "progress"),
    "submitted": ("issue", "sign", "progress", "evidence", "submit"),
    "returned": ("issue", "sign", "progress", "evidence", "submit", "return"),
    "closed": ("issue", "sign", "progress", "evidence", "submit", "close"),
    "suspended": ("issue", "sign", "progress", "evidence", "suspend"),
}


def bring(world: Campaign, task: Task, state: str) -> None:
    """Lead the task to a state by the services, a minute a step."""
    for minute, name in enumerate(PATHS[state]):
        step(world, task, name, NOW - timedelta(hours=1) + timedelta(minutes=minute))
    assert Task.objects.get(pk=task.pk).state == state


def step(world: Campaign, task: Task, name: str, at: datetime = NOW) -> None:
    """One step by the one who makes it."""
    by_lead: dict[str, Any] = {"actor": world.lead, "at": at, "task": task}
    by_supervisor: dict[str, Any] = {"actor": world.supervisor, "at": at, "task": task}
    if name == "issue":
        services.issue_list(actor=world.supervisor, at=at, task_list=world.task_list, tasks=[task.pk])
        task.refresh_from_db()
    elif name == "sign":
        services.sign_task(**by_lead)
    elif name == "progress":
        services.report_progress(**by_lead, percent=40, text="已完成四成")
    elif name == "evidence":
        services.add_evidence(**by_lead, upload=pdf(mark=str(task.pk)))
    elif name == "submit":
        services.submit_task(**by_lead, text="已全部完成")
    elif name == "return":
        services.return_task(**by_supervisor, reason="缺一份回执")
    elif name == "close":
        services.close_task(**by_supervisor)
    elif name == "suspend":
        services.suspend_task(**by_supervisor, reason="等待施工许可")
    else:
        raise ValueError(name)
