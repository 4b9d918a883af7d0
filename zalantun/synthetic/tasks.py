"""Synthetic task lists of a hundred tasks each."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random

from django.db import transaction

from taskboard.models import Task, TaskDepartment, TaskList
from zalantun.synthetic.cast import Cast
from zalantun.synthetic.wording import MARK, SOURCE, dice_for, duty

A_LIST = 100
ROWS = 500
FIRST_YEAR, YEARS = 2016, 10
OWN_DATE_SHARE = 0.4
STATES = (
    *(Task.State.ISSUED, Task.State.SIGNED, Task.State.SUBMITTED, Task.State.RETURNED),
    *(Task.State.IN_PROGRESS, Task.State.IN_PROGRESS, Task.State.CLOSED, Task.State.CLOSED),
)
PARTS = ("一、市容环境", "二、基础设施", "三、公共服务", "四、安全保障")


def write_tasks(number: int, seed: int, cast: Cast) -> Iterator[int]:
    """Write lists after those that are there; yields how many tasks each list took."""
    begin = TaskList.objects.filter(note=SOURCE).count() + 1
    for place, start in enumerate(range(0, number, A_LIST), start=begin):
        size = min(A_LIST, number - start)
        _write(place, size, dice_for(seed, "tasks", place), cast)
        yield size


@transaction.atomic
def _write(place: int, size: int, dice: Random, cast: Cast) -> None:
    year = FIRST_YEAR + place % YEARS
    found = TaskList.objects.create(
        title=f"{MARK}{year}年第{place}号任务清单",
        state=TaskList.State.ISSUED,
        ends_on=date(year, 10, 31),
        note=SOURCE,
    )
    tasks = [_task(found, order, size, year, dice) for order in range(1, size + 1)]
    Task.objects.bulk_create(tasks, batch_size=ROWS)
    duties = (duty for task in tasks for duty in _duties(task, dice, cast))
    TaskDepartment.objects.bulk_create(duties, batch_size=ROWS)


def _task(found: TaskList, order: int, size: int, year: int, dice: Random) -> Task:
    title, text = duty(dice)
    state = dice.choice(STATES)
    due_on = (
        date(year, 3, 1) + timedelta(days=dice.randrange(240)) if dice.random() < OWN_DATE_SHARE else None
    )
    return Task(
        task_list=found,
        order=order,
        part=PARTS[(order - 1) * len(PARTS) // size],
        number=str(order),
        title=title,
        text=text,
        due_on=due_on,
        due_text=f"{due_on.month}月{due_on.day}日前" if due_on else "",
        state=state,
        percent=100 if state == Task.State.CLOSED else dice.randrange(0, 100, 5),
    )


def _duties(task: Task, dice: Random, cast: Cast) -> Sequence[TaskDepartment]:
    lead, *support = dice.sample(cast.bodies, dice.randint(1, 4))
    roles = [(TaskDepartment.Role.LEAD, 1, lead)]
    roles += [(TaskDepartment.Role.SUPPORT, order, name) for order, name in enumerate(support, start=1)]
    return [
        TaskDepartment(
            task=task, role=role, order=order, department_id=cast.departments[name], printed_name=name
        )
        for role, order, name in roles
    ]
