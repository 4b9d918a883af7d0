"""The desk as a workbook."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.utils import timezone

from foundation.workbooks import workbook_of
from taskboard.desk.queues import TITLES, UNSIGNED, Queue, Row

HEADER = (
    *("事项", "清单", "部分", "序号", "任务", "部门", "状态", "红绿灯", "时限", "剩余天数"),
    *("下发日期", "催办次数", "最近催办", "说明"),
)
Line = tuple[str | Decimal | date, ...]


def workbook(day: date, queues: Iterable[Queue]) -> bytes:
    """The rows of the queues, one below the other; days left are negative after the due day.

    Where a queue holds more rows than it shows, a line says how many are left out.
    """
    lines: list[Line] = []
    for queue in queues:
        lines += [_line(queue.key, row) for row in queue.rows]
        if queue.more:
            lines.append(_left_out(queue))
    return workbook_of(f"督查工作台 {day.isoformat()}", HEADER, lines)


def _left_out(queue: Queue) -> Line:
    words = f"其余 {queue.more} 项没有导出，请按清单或部门筛选后再导出"
    blank = ("",) * (len(HEADER) - 5)
    return (queue.title, "", "", "", words, *blank)


def _line(key: str, row: Row) -> Line:
    place = _owed(row) if row.obligation else _task(row)
    left: str | Decimal = "" if row.light.days_left is None else Decimal(row.light.days_left)
    issued: str | date = timezone.localdate(row.issued_at) if row.issued_at else ""
    urgings = (Decimal(row.urged), row.urged_on or "")
    return (TITLES[key], *place, left, issued, *urgings, _remark(key, row))


def _task(row: Row) -> Line:
    task = row.task
    assert task is not None
    leads = "、".join(duty.department.name for duty in task.leads)
    where = (task.task_list.title, task.part, task.number, task.title, leads)
    return (*where, task.get_state_display(), row.light.word, task.effective_due_on or "")


def _owed(row: Row) -> Line:
    owed = row.obligation
    assert owed is not None
    span = f"定期报送 {owed.period_start} 至 {owed.period_end}"
    return (owed.task_list.title, "", "", span, owed.department.name, "待报送", row.light.word, owed.due_on)


def _remark(key: str, row: Row) -> str:
    if asked := row.extension:
        return f"申请延至 {asked.until}：{asked.reason}"
    if key == UNSIGNED and row.unsigned:
        return f"未签收：{'、'.join(row.unsigned)}"
    return f"佐证 {row.evidence} 件" if row.evidence else ""
