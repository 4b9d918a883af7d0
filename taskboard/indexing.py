"""Tasks as they are to be found."""

from collections.abc import Iterator, Sequence

from organizations.models import Department
from search.documents import Document, Part, Source, Watch
from taskboard.models import Task, TaskDepartment, TaskList

OF_LIST = "SELECT id FROM taskboard_task WHERE task_list_id = {row}.id"
BY_DUTY = "SELECT task_id AS id FROM taskboard_taskdepartment WHERE department_id = {row}.id"


def compose(ids: Sequence[int]) -> Iterator[Document]:
    """Tasks with their departments, by name and as printed: three queries."""
    for task in Task.objects.filter(pk__in=ids).with_departments().order_by("task_list", "order"):
        duties = list(task.duties.all())
        names = "、".join(duty.department.name for duty in duties)
        printed = "、".join(duty.printed_name for duty in duties if _is_printed_otherwise(duty))
        yield Document(
            object_id=task.pk,
            visibility="taskboard.view_task",
            title=task.title,
            url=task.get_absolute_url(),
            parts=[Part(task.text), Part(f"{task.part} {task.subsection}"), Part(names)],
            asides=[Part(printed and f"印作{printed}")],
            note=f"{task.get_state_display()}，{task.task_list.title}",
            first_day=task.effective_due_on,
            departments=(duty.department_id for duty in duties),
        )


def _is_printed_otherwise(duty: TaskDepartment) -> bool:
    return bool(duty.printed_name) and duty.printed_name != duty.department.name


TASKS = Source(
    "tasks",
    compose,
    Task.objects.all,
    (
        Watch(Task, "SELECT {row}.id AS id"),
        Watch(TaskDepartment, "SELECT {row}.task_id AS id"),
        Watch(TaskList, OF_LIST),
        Watch(Department, BY_DUTY),
    ),
)
