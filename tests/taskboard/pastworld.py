"""A task with a life of a fortnight, for tests of pages seen as of a past day."""

from datetime import date, datetime, timedelta
from typing import Any

from django.test import Client

from organizations.services import NameDirectory
from taskboard import services
from taskboard.models import Extension
from taskboard.services.content import DepartmentDuty
from taskboard.services.correcting import correct_task
from tests.taskboard.campaign import NOW, Campaign, pdf

# Issued on the 8th, signed on the 9th, 40 % on the 10th, put off on the 11th, another lead from the 13th,
# handed in on the 20th, sent back on the 21st, handed in again on the 22nd, closed on the 23rd.
FIRST_DUE, LATER_DUE = date(2023, 5, 12), date(2023, 5, 18)


def on(day: int) -> datetime:
    return NOW + timedelta(days=day - 8)


def lived(world: Campaign) -> Campaign:
    task = world.task("draft", title="清掏", due_on=FIRST_DUE)
    lead: dict[str, Any] = {"actor": world.lead, "task": task}
    desk: dict[str, Any] = {"actor": world.supervisor, "task": task}
    services.issue_list(
        actor=world.supervisor,
        at=on(8),
        task_list=world.task_list,
        tasks=[task.pk],
        ends_on=date(2023, 5, 30),
    )
    services.sign_task(**lead, at=on(9))
    services.report_progress(**lead, at=on(10), percent=40, text="四成")
    services.ask_extension(**lead, at=on(10), until=LATER_DUE, reason="雨期")
    extension = Extension.objects.get()
    services.decide_extension(actor=world.supervisor, at=on(11), extension=extension, grant=True)
    correct_task(
        **desk,
        at=on(13),
        changes={"lead": (DepartmentDuty("电力局"),), "support": (DepartmentDuty("水务局"),)},
        directory=NameDirectory(actor=None, at=on(13)),
        reason="分工调整",
    )
    task.refresh_from_db()
    lead["actor"] = world.supporter
    services.sign_task(**lead, at=on(14))
    services.report_progress(**lead, at=on(15), percent=70, text="七成")
    services.add_evidence(**lead, at=on(20), upload=pdf())
    services.submit_task(**lead, at=on(20), text="完成")
    services.return_task(**desk, at=on(21), reason="缺回执")
    services.submit_task(**lead, at=on(22), text="补齐")
    services.close_task(**desk, at=on(23))
    return world


def get(world: Campaign, address: str, day: int, name: str = "supervisor", **query: str) -> Any:
    client = Client()
    client.force_login(world.people[name])
    response = client.get(address, {"as_of": f"2023-05-{day:02}", **query})
    assert response.status_code == 200
    return response
