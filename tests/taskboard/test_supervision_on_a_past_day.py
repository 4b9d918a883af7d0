"""Look-backs, findings, listed supervision and inspections as of a past day: what stood at its end."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from taskboard.models import Finding, Inspection, Listing, LookBack
from taskboard.services.reviewing import reopen_task
from taskboard.services.supervision.findings import (
    confirm_rectification,
    prolong_rectification,
    report_rectification,
    return_rectification,
)
from taskboard.services.supervision.inspections import (
    InspectionContent,
    add_finding,
    create_inspection,
    sign_inspection,
)
from taskboard.services.supervision.listings import list_matter, prolong_listing, unlist_matter
from taskboard.services.supervision.lookbacks import fail_look_back, find_in_look_back, pass_look_back
from tests.factories import DepartmentFactory
from tests.taskboard.campaign import Campaign, campaign, pdf
from tests.taskboard.sheets import sheet_of
from tests.taskboard.supervisionworld import DUE_AT, DUE_ON, due_look_back

pytestmark = pytest.mark.django_db


def on(day: int) -> datetime:
    """So many days after the look-back has come up."""
    return DUE_AT + timedelta(days=day)


def date_of(day: int) -> date:
    return DUE_ON + timedelta(days=day)


@pytest.fixture
def world() -> Campaign:
    return campaign()


def page(world: Campaign, name: str, day: int, **query: str) -> Any:
    client = Client()
    with time_machine.travel(on(30), tick=False):
        client.force_login(world.supervisor)
        response = client.get(f"/tasks/{name}/", {"as_of": date_of(day).isoformat(), **query})
    assert response.status_code == 200
    return response


def marks(world: Campaign, name: str, *days: int, **query: str) -> list[str]:
    """On each day the word of the only record, or nothing where there is none."""
    found = []
    for day in days:
        lines = page(world, name, day, **query).context["lines"]
        assert len(lines) <= 1
        found.append(next((cell.mark.word for cell in lines[0] if cell.mark), "") if lines else "")
    return found


def put_right(world: Campaign) -> Finding:
    """Found on day 1, put off on day 2, reported on 3, sent back on 4, reported on 5, confirmed on 6."""
    row = due_look_back(world)
    desk: Any = {"actor": world.supervisor}
    finding = find_in_look_back(**desk, at=on(1), look_back=row, remarks="缺回执", rectify_by=date_of(3))
    prolong_rectification(**desk, at=on(2), finding=finding, rectify_by=date_of(8), reason="雨期")
    report_rectification(actor=world.lead, at=on(3), finding=finding, text="已补", upload=pdf())
    return_rectification(**desk, at=on(4), finding=finding, reason="不清楚")
    report_rectification(actor=world.lead, at=on(5), finding=finding, text="再补", upload=pdf())
    confirm_rectification(**desk, at=on(6), finding=finding)
    return finding


def test_a_finding_stands_as_it_stood(world: Campaign) -> None:
    put_right(world)
    words = marks(world, "findings", *range(8))
    assert words == ["", "整改中", "整改中", "待确认", "整改中", "待确认", "整改完成", "整改完成"]
    assert marks(world, "findings", 1, 3, 6, state="reported") == ["", "待确认", ""]


def test_a_finding_has_the_deadline_of_the_day(world: Campaign) -> None:
    put_right(world)
    due = [page(world, "findings", day).context["lines"][0][3].day for day in (1, 2)]
    assert due == [date_of(3), date_of(8)]


def test_a_look_back_stands_as_it_stood(world: Campaign) -> None:
    put_right(world)
    words = marks(world, "lookbacks", -1, 0, 1, 5, 6)
    assert words == ["", "待回头看", "限期整改", "限期整改", "整改完成"]
    assert marks(world, "lookbacks", 0, 1, state="open") == ["待回头看", ""]


def test_a_look_back_that_passed_was_open_before(world: Campaign) -> None:
    pass_look_back(actor=world.supervisor, at=on(2), look_back=due_look_back(world))
    assert marks(world, "lookbacks", 1, 2) == ["待回头看", "回头看通过"]


@pytest.mark.parametrize("found", [False, True])
def test_a_look_back_that_failed_stood_otherwise_before(world: Campaign, found: bool) -> None:
    row = due_look_back(world)
    if found:
        find_in_look_back(
            actor=world.supervisor, at=on(1), look_back=row, remarks="缺", rectify_by=date_of(9)
        )
    fail_look_back(actor=world.supervisor, at=on(3), look_back=row, remarks="没有做")
    assert marks(world, "lookbacks", 0, 2, 3) == [
        "待回头看",
        "限期整改" if found else "待回头看",
        "退回重办",
    ]


def test_a_look_back_is_void_from_the_day_on_which_its_task_is_taken_up(world: Campaign) -> None:
    row = due_look_back(world)
    reopen_task(actor=world.supervisor, at=on(4), task=row.task, reason="重新办理")
    assert LookBack.objects.get().state == "void"
    assert marks(world, "lookbacks", 3, 4) == ["待回头看", "任务已重新办理"]


def test_listed_supervision_stands_as_it_stood(world: Campaign) -> None:
    desk: Any = {"actor": world.supervisor}
    listing = list_matter(
        **desk,
        at=on(1),
        matter=world.task("in_progress"),
        notice="没有进展",
        leader="林副市长",
        deadline=date_of(10),
    )
    prolong_listing(**desk, at=on(3), listing=listing, deadline=date_of(20), reason="雨期")
    unlist_matter(**desk, at=on(5), listing=listing, reason="已办结", upload=pdf())
    assert Listing.objects.get().state == "unlisted"
    assert marks(world, "listed", 0, 1, 4, 5) == ["", "挂牌中", "挂牌中", "已摘牌"]
    due = [page(world, "listed", day).context["lines"][0][4].day for day in (2, 3)]
    assert due == [date_of(10), date_of(20)]


def test_an_inspection_counts_what_it_had_found(world: Campaign) -> None:
    desk: Any = {"actor": world.supervisor}
    lead = DepartmentFactory(name="发改局")
    content = InspectionContent(
        title="督查",
        purpose="看进度",
        lead=lead,
        members=[world.water],
        starts_on=date_of(0),
        ends_on=date_of(20),
    )
    inspection = create_inspection(**desk, at=on(1), content=content)
    finding = add_finding(
        **desk,
        at=on(2),
        inspection=inspection,
        department=world.water,
        text="台账不全",
        rectify_by=date_of(9),
    )
    report_rectification(actor=world.lead, at=on(3), finding=finding, text="已补", upload=pdf())
    confirm_rectification(**desk, at=on(4), finding=finding)
    Inspection.objects.update(state="concluded", concluded_at=on(6))
    assert marks(world, "inspections", 0, 1, 5, 6) == ["", "进行中", "进行中", "已签结"]
    counts = [
        [cell.number for cell in page(world, "inspections", d).context["lines"][0][5:7]] for d in (1, 2, 4)
    ]
    assert counts == [[0, 0], [1, 1], [1, 0]]


def test_a_past_page_is_read_only_and_its_links_keep_the_day(world: Campaign) -> None:
    put_right(world)
    for name in ("lookbacks", "inspections", "findings", "listed"):
        shown = page(world, name, 2).content.decode()
        assert "当天终了时的情况，只能查看" in shown
        assert f'href="/tasks/listed/?as_of={date_of(2)}"' in shown
        assert "组织专项检查</a>" not in shown and "各清单天数" not in shown
    now = page(world, "lookbacks", 30).content.decode()
    assert "各清单天数" in now and "只能查看" not in now


@pytest.mark.parametrize("name", ["lookbacks", "findings"])
def test_the_workbook_is_of_the_day(world: Campaign, name: str) -> None:
    put_right(world)
    client = Client()
    with time_machine.travel(on(30), tick=False):
        client.force_login(world.supervisor)
        answer = client.get(f"/tasks/{name}/rows.xlsx", {"as_of": date_of(2).isoformat()})
    assert answer.status_code == 200
    (_, line) = list(sheet_of(answer.content))
    assert any(str(cell.value or "").startswith(("整改中", "限期整改")) for cell in line)


def of(world: Campaign, address: str, day: int) -> Any:
    client = Client()
    with time_machine.travel(on(30), tick=False):
        client.force_login(world.supervisor)
        return client.get(address, {"as_of": date_of(day).isoformat()})


def test_the_page_of_a_finding_tells_of_the_day(world: Campaign) -> None:
    finding = put_right(world)
    address = finding.get_absolute_url()
    assert of(world, address, 0).status_code == 404
    then = of(world, address, 3)
    assert then.context["mark"].word == "待确认" and not then.context["panels"]
    assert [event.action for event in then.context["events"]] == ["find", "prolong", "report"]
    assert of(world, address, 1).context["finding"].rectify_by == date_of(3)
    assert f'href="{address}?as_of={date_of(3)}"' in page(world, "findings", 3).content.decode()


def test_the_page_of_a_look_back_tells_of_the_day(world: Campaign) -> None:
    finding = put_right(world)
    assert finding.look_back is not None
    address = finding.look_back.get_absolute_url()
    before, then = of(world, address, 0), of(world, address, 2)
    assert before.context["mark"].word == "待回头看" and not before.context["findings"]
    assert "还没有检查" in before.content.decode() and not before.context["panels"]
    assert then.context["mark"].word == "限期整改" and len(then.context["findings"]) == 1
    assert "还没有检查" not in then.content.decode()


def test_the_page_of_a_listed_matter_tells_of_the_day(world: Campaign) -> None:
    desk: Any = {"actor": world.supervisor}
    listing = list_matter(
        **desk,
        at=on(1),
        matter=world.task("in_progress"),
        notice="没有进展",
        leader="林副市长",
        deadline=date_of(10),
    )
    unlist_matter(**desk, at=on(5), listing=listing, reason="已办结", upload=pdf())
    then, after = of(world, listing.get_absolute_url(), 4), of(world, listing.get_absolute_url(), 5)
    assert then.context["mark"].word == "挂牌中" and not then.context["panels"]
    assert then.context["listing"].unlisted_at is None and len(then.context["events"]) == 1
    assert after.context["mark"].word == "已摘牌" and len(after.context["events"]) == 2


def test_the_page_of_an_inspection_shows_no_later_signature(world: Campaign) -> None:
    desk: Any = {"actor": world.supervisor}
    lead = DepartmentFactory(name="发改局")
    content = InspectionContent(
        title="督查",
        purpose="看进度",
        lead=lead,
        members=[world.water],
        starts_on=date_of(0),
        ends_on=date_of(20),
    )
    inspection = create_inspection(**desk, at=on(1), content=content)
    sign_inspection(actor=world.lead, at=on(3), inspection=inspection, opinion="同意")
    address = inspection.get_absolute_url()
    signed = [
        [member.opinion for member in of(world, address, day).context["members"] if member.signed_at]
        for day in (2, 3)
    ]
    assert signed == [[], ["同意"]]
    assert not of(world, address, 2).context["panels"] and of(world, address, 0).status_code == 404


def test_the_page_of_all_kinds_counts_what_waited_then(world: Campaign) -> None:
    put_right(world)

    def waiting(day: int) -> list[int]:
        return [section.number for section in page(world, "supervision", day).context["supervision"]]

    # Under listed supervision, to be looked at again, to be put right.
    assert [waiting(day) for day in (0, 1, 5, 6)] == [[0, 1, 0], [0, 0, 1], [0, 0, 1], [0, 0, 0]]
    query = f"?as_of={date_of(1).isoformat()}"
    text = page(world, "supervision", 1).content.decode()
    assert "当天终了时的情况" in text and f"{query}&amp;state=listed" in text
    assert f'hx-get="/tasks/supervision/{query}"' in page(world, "desk", 1).content.decode()
