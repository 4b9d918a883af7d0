"""Pages of task lists and tasks, for signed-in staff."""

from taskboard.views.mine import mine, mine_xlsx
from taskboard.views.onelist import issue, sign_whole_list
from taskboard.views.onetask import comment, decide, take_step, task
from taskboard.views.reading import PERMISSION, index, task_list, task_list_csv

__all__ = [
    "PERMISSION",
    "comment",
    "decide",
    "index",
    "issue",
    "mine",
    "mine_xlsx",
    "sign_whole_list",
    "take_step",
    "task",
    "task_list",
    "task_list_csv",
]
