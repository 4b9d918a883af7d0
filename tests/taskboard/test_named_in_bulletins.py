"""Tasks that a published bulletin names (列入通报): on record, and shown where the task is worked on."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from organizations.models import User
from taskboard.bulletins.naming import bulletins_of
from taskboard.models import Bulletin, BulletinTask, Task
from taskboard.services import bulletins as services
from tests.accounts import person
from tests.taskboard.campaign import Campaign, campaign

pytestmark = pytest.mark.django_db
NOW = datetime(2023, 6, 5, 1, 0, tzinfo=UTC)
MAY: dict[str, Any] = {"start": date(2023, 5, 1), "end": date(2023, 5, 31)}


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def late(world: Campaign, title: str) -> Task:
    return world.task("in_progress", title=title, due_on=date(2023, 5, 20))


def drafted(world: Campaign) -> Bulletin:
    return services.compose_bulletin(actor=world.supervisor, at=NOW, **MAY)


def moved(bulletin: Bulletin, step: str, reason: str = "") -> Bulletin:
    values: dict[str, Any] = {"at": NOW, "bulletin": bulletin, "step": step, "version": bulletin.version}
    return services.move_bulletin(actor=person("publisher"), reason=reason, **values)


def test_publishing_puts_the_named_tasks_on_record() -> None:
    world = campaign()
    task, calm = late(world, "清掏东沟"), world.task("in_progress", title="修西沟")
    bulletin = drafted(world)
    assert not BulletinTask.objects.exists()
    moved(bulletin, "publish")
    row = BulletinTask.objects.get()
    assert (row.task, row.bulletin, row.at, row.actor.username) == (task, bulletin, NOW, "a-publisher")
    assert set(bulletins_of([task.pk, calm.pk])) == {task.pk}


def test_a_task_that_the_editor_struck_out_is_not_named() -> None:
    world = campaign()
    kept, struck = late(world, "清掏东沟"), late(world, "修补西沟")
    bulletin = drafted(world)
    sections = [
        {
            "heading": part["heading"],
            "text": "\n".join(line for line in part["text"].splitlines() if struck.title not in line),
        }
        for part in bulletin.sections
    ]
    changes = {name: getattr(bulletin, name) for name in services.EDITED} | {"sections": sections}
    edited = services.edit_bulletin(
        actor=world.supervisor, at=NOW, bulletin=bulletin, version=1, changes=changes
    )
    moved(edited, "publish")
    assert list(BulletinTask.objects.values_list("task", flat=True)) == [kept.pk]


@time_machine.travel(NOW, tick=False)
def test_the_mark_stands_on_the_task_the_desk_and_the_department_page_until_it_is_withdrawn() -> None:
    world = campaign()
    task = late(world, "清掏东沟")
    bulletin = moved(drafted(world), "publish")
    supervisor, lead, supporter = (browser_of(who) for who in (world.supervisor, world.lead, world.supporter))
    places = [
        (supervisor, task.get_absolute_url()),
        (lead, task.get_absolute_url()),
        (supervisor, "/tasks/desk/"),
        (supervisor, "/tasks/desk/?queue=overdue"),
        (lead, "/tasks/mine/"),
    ]
    tag, link = "task-tag-warn", f'href="{bulletin.get_absolute_url()}"'
    for browser, address in places:
        page = browser.get(address).content.decode()
        assert link in page and "列入通报</a>" in page, address
    assert tag in supporter.get(task.get_absolute_url()).content.decode()
    moved(bulletin, "withdraw", "数据有误")
    for browser, address in places:
        assert link not in browser.get(address).content.decode(), address
    # The history of the task still tells it.
    history = supervisor.get(task.get_absolute_url()).content.decode()
    assert "<b>列入通报</b>" in history and bulletin.full_number in history
