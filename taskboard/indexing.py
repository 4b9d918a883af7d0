"""Tasks and entries of ledgers as they are to be found."""

from collections.abc import Iterator, Sequence

from django.utils import timezone

from organizations.models import Department
from search.documents import Document, Part, Source, Watch
from taskboard.ledgers.columns import columns_of
from taskboard.models import Task, TaskDepartment, TaskList
from taskboard.models.ledgers import Ledger, LedgerColumn, LedgerRow

OF_LIST = "SELECT id FROM taskboard_task WHERE task_list_id = {row}.id"
BY_DUTY = "SELECT task_id AS id FROM taskboard_taskdepartment WHERE department_id = {row}.id"
OF_LEDGER = "SELECT id FROM taskboard_ledgerrow WHERE ledger_id = {row}.%s"
OF_UNIT = "SELECT id FROM taskboard_ledgerrow WHERE department_id = {row}.id"


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


def compose_ledger_rows(ids: Sequence[int]) -> Iterator[Document]:
    """Entries of ledgers with what stands in their columns: two queries."""
    rows = LedgerRow.objects.filter(pk__in=ids).select_related("ledger", "department")
    for row in rows.prefetch_related("ledger__columns").order_by("ledger", "pk"):
        cells = [row.values.get(column.key, "") for column in columns_of(row.ledger)]
        # The first column is the name of the entry, which stands in the title.
        others = [cell for cell in cells if cell != row.title]
        yield Document(
            object_id=row.pk,
            visibility="taskboard.view_task",
            title=row.title,
            url=row.get_absolute_url(),
            parts=[Part(text) for text in (*others, row.department.name)],
            note=f"{row.get_state_display()}，{row.ledger.title}",
            first_day=timezone.localdate(row.created_at),
            departments=[row.department_id],
        )


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
LEDGER_ROWS = Source(
    "ledgers",
    compose_ledger_rows,
    LedgerRow.objects.all,
    (
        Watch(LedgerRow, "SELECT {row}.id AS id"),
        Watch(Ledger, OF_LEDGER % "id"),
        Watch(LedgerColumn, OF_LEDGER % "ledger_id"),
        Watch(Department, OF_UNIT),
    ),
)
