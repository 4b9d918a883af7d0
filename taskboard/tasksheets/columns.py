"""The columns of a list as a sheet, and the mark that ties a line to a task as it was."""

import hashlib
import hmac
import json
from collections.abc import Mapping

from django.utils.crypto import salted_hmac

from taskboard.models import Task

NUMBER_HEAD, MARK_HEAD = "编号", "校验码"
# What may be changed in the sheet, by field.
FIELDS: Mapping[str, str] = {
    "part": "部分",
    "subsection": "小节",
    "number": "序号",
    "title": "任务",
    "text": "正文",
    "lead": "牵头部门",
    "support": "配合部门",
    "due_on": "完成时限",
    "due_text": "时限原文",
}
# Without these a sheet says too little to be read.
NEEDED = ("title", "lead", "due_on")
LONGEST: Mapping[str, int] = {
    "part": 120,
    "subsection": 120,
    "number": 12,
    "title": 120,
    "text": 20000,
    "due_text": 80,
}
# What follows from the rest and is not read back.
BEHIND = ("执行时限", "状态", "进度（%）", "红绿灯", "开始", "节点")
MOST_ROWS, MOST_COLUMNS = 2000, 40
DIVIDER = "、"
SALT = "taskboard.tasksheets"
HALF = 16


def values_of(task: Task) -> dict[str, str]:
    """What a task says, as the sheet has it; uses the prefetched departments."""
    said = {
        "part": task.part,
        "subsection": task.subsection,
        "number": task.number,
        "title": task.title,
        "text": task.text,
        "lead": DIVIDER.join(duty.department.name for duty in task.leads),
        "support": DIVIDER.join(duty.department.name for duty in task.supporters),
        "due_on": task.due_on.isoformat() if task.due_on else "",
        "due_text": task.due_text,
    }
    # As a cell gives it back: without blanks around it.
    return {key: text.replace("\r\n", "\n").strip() for key, text in said.items()}


def mark_of(list_id: int, task_id: int, values: Mapping[str, str]) -> str:
    """A short hash of what the task says, and a signature over list, task and hash."""
    digest = _digest(values)
    return digest + _signature(list_id, task_id, digest)


def check_mark(list_id: int, task_id: int, values: Mapping[str, str], mark: str) -> str:
    """What is wrong with the mark of a line; empty where the task still says what the sheet was made from."""
    digest, signature = mark[:HALF], mark[HALF:]
    if not hmac.compare_digest(signature.encode(), _signature(list_id, task_id, digest).encode()):
        return "校验码不符：这一行不是从本清单导出的，或编号、校验码被改过。请重新导出再填。"
    if digest != _digest(values):
        return "导出之后这项任务被改过，没有采用这一行。请重新导出再填。"
    return ""


def _digest(values: Mapping[str, str]) -> str:
    said = json.dumps([values[key] for key in FIELDS], ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()[:HALF]


def _signature(list_id: int, task_id: int, digest: str) -> str:
    signed = salted_hmac(SALT, f"{list_id}:{task_id}:{digest}", algorithm="sha256")
    return signed.hexdigest()[:HALF]
