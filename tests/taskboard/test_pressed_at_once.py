"""Two people press at the same moment: the task moves once, and the other is told who was first."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from foundation.models import AuditEntry
from taskboard import services
from taskboard.models import Extension, Signature, Task, TaskTransition
from tests.atonce import press_at_once
from tests.taskboard.campaign import NOW, Campaign, campaign, pdf

pytestmark = pytest.mark.django_db(transaction=True)

Press = Callable[[Campaign, Task], object]


def by(name: str, service: Callable[..., object], **values: Any) -> Press:
    return lambda world, task: service(
        actor=world.people[name], at=NOW, task=Task.objects.get(pk=task.pk), **values
    )


# In which state the task is, what the two do, and which states it may be in afterwards.
PAIRS: dict[str, tuple[str, Press, Press, set[str]]] = {
    "the same person signs twice": (
        "issued",
        by("lead", services.sign_task),
        by("lead", services.sign_task),
        {"signed"},
    ),
    "officer and head sign": (
        "issued",
        by("lead", services.sign_task),
        by("head", services.sign_task),
        {"signed"},
    ),
    "the result is handed in twice": (
        "submitted-before",
        by("lead", services.submit_task, text="已全部完成"),
        by("head", services.submit_task, text="已全部完成"),
        {"submitted"},
    ),
    "closed twice": (
        "submitted",
        by("supervisor", services.close_task),
        by("supervisor", services.close_task),
        {"closed"},
    ),
    "closed and returned": (
        "submitted",
        by("supervisor", services.close_task),
        by("supervisor", services.return_task, reason="缺一份回执"),
        {"closed", "returned"},
    ),
    "reopened twice": (
        "closed",
        by("supervisor", services.reopen_task, reason="回头看不合格"),
        by("supervisor", services.reopen_task, reason="回头看不合格"),
        {"in_progress"},
    ),
    "suspended twice": (
        "in_progress",
        by("supervisor", services.suspend_task, reason="等许可"),
        by("supervisor", services.suspend_task, reason="等许可"),
        {"suspended"},
    ),
    "resumed twice": (
        "suspended",
        by("supervisor", services.resume_task),
        by("supervisor", services.resume_task),
        {"in_progress"},
    ),
}


def ready(world: Campaign, state: str) -> Task:
    if state != "submitted-before":
        return world.task(state)
    task = world.task("in_progress")
    services.add_evidence(
        actor=world.lead, at=NOW - timedelta(minutes=1), task=task, upload=pdf(mark=str(task.pk))
    )
    return task


def records_of(task: Task) -> int:
    return AuditEntry.objects.filter(object_id=str(task.pk), action__startswith="task.").count()


@pytest.mark.parametrize("pair", PAIRS)
def test_the_task_moves_once(pair: str) -> None:
    state, first, second, afterwards = PAIRS[pair]
    world = campaign()
    task = ready(world, state)
    moves, records = TaskTransition.objects.filter(task=task).count(), records_of(task)
    answers = press_at_once([lambda: first(world, task), lambda: second(world, task)])
    (refused,) = [answer for answer in answers if answer]
    assert "已于" in refused
    assert Task.objects.get(pk=task.pk).state in afterwards
    assert TaskTransition.objects.filter(task=task).count() == moves + 1
    assert records_of(task) == records + 1


def test_a_list_is_signed_once() -> None:
    world = campaign()
    tasks = [world.task("issued") for _ in range(3)]
    press = [
        partial(services.sign_list, actor=world.people[who], at=NOW, task_list=world.task_list)
        for who in ("lead", "head")
    ]
    answers = press_at_once(press)
    assert sorted(map(bool, answers)) == [False, True]
    assert Signature.objects.filter(task__in=tasks, department=world.water).count() == 3
    assert TaskTransition.objects.filter(task__in=tasks, action="sign").count() == 3


def test_an_extension_is_asked_once_and_decided_once() -> None:
    world = campaign()
    task = world.task("in_progress")
    ask = by("lead", services.ask_extension, until=date(2023, 11, 30), reason="雨期")
    answers = press_at_once([lambda: ask(world, task)] * 2)
    assert sorted(map(bool, answers)) == [False, True]
    extension = Extension.objects.get(task=task)
    answers = press_at_once(
        [
            partial(
                services.decide_extension,
                actor=world.supervisor,
                at=NOW,
                extension=Extension.objects.get(pk=extension.pk),
                grant=grant,
                reason="雨期属实",
            )
            for grant in (True, False)
        ]
    )
    (refused,) = [answer for answer in answers if answer]
    extension.refresh_from_db()
    assert extension.get_state_display() in refused or "已" in refused
    assert extension.state in {Extension.State.GRANTED, Extension.State.REFUSED}
