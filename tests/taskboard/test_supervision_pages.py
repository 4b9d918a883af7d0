"""Look-backs, findings, listed supervision and special inspections in the browser."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from organizations.models import User
from taskboard.models import Finding, Inspection, Listing, LookBack, Task, TaskList
from taskboard.services.supervision.inspections import InspectionContent, create_inspection
from taskboard.services.supervision.listings import list_matter
from taskboard.services.supervision.lookbacks import find_in_look_back, open_look_backs
from taskboard.supervision.demands import sections_for_desk
from tests.accounts import browser_of, reads_of_the_page
from tests.taskboard.campaign import NOW, Campaign, campaign, pdf
from tests.taskboard.ledgerworld import land_ledger, signed_entry
from tests.taskboard.supervisionworld import DUE_AT, DUE_ON, due_look_back

pytestmark = pytest.mark.django_db
MOST_QUERIES = 15


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(DUE_AT, tick=False):
        yield


@pytest.fixture
def world() -> Campaign:
    return campaign()


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def listed(world: Campaign, task: Task | None = None) -> Listing:
    return list_matter(
        actor=world.supervisor,
        at=NOW,
        matter=task or world.task("in_progress"),
        notice="两个月没有进展",
        leader="林副市长",
        deadline=DUE_ON,
    )


def inspection(world: Campaign) -> Inspection:
    content = InspectionContent(
        title="供水专项检查",
        purpose="看管网",
        lead=world.power,
        members=[world.water],
        starts_on=DUE_ON,
        ends_on=DUE_ON,
    )
    return create_inspection(actor=world.supervisor, at=NOW, content=content)


def finding(world: Campaign) -> Finding:
    return find_in_look_back(
        actor=world.supervisor,
        at=DUE_AT,
        look_back=due_look_back(world),
        remarks="阀门漏水",
        rectify_by=DUE_ON + timedelta(days=2),
    )


# -- who may look -------------------------------------------------------------------------------

LISTS = ("lookbacks", "findings", "listed", "inspections")


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize(
    ("role", "status"),
    [("anonymous", 302), (None, 403), ("viewer", 200), ("department_officer", 200), ("supervisor", 200)],
)
def test_lists_and_workbooks_are_for_staff(name: str, role: str | None, status: int) -> None:
    client = browser_of(role)
    assert client.get(f"/tasks/{name}/").status_code == status
    assert client.get(f"/tasks/{name}/rows.xlsx").status_code == status


@pytest.mark.parametrize(
    ("role", "status"), [("anonymous", 302), (None, 403), ("viewer", 200), ("department_officer", 200)]
)
def test_single_pages_are_for_staff(world: Campaign, role: str | None, status: int) -> None:
    found = finding(world)
    records = (found, found.look_back, listed(world), inspection(world))
    client = browser_of(role)
    for record in records:
        assert record is not None
        assert client.get(record.get_absolute_url()).status_code == status


@pytest.mark.parametrize("address", ["listed/new/?task={task}", "inspections/new/", "lookbacks/days/"])
@pytest.mark.parametrize(
    ("name", "status"), [("lead", 403), ("head", 403), ("viewer", 403), ("editor", 403), ("supervisor", 200)]
)
def test_setting_up_is_for_supervisors(world: Campaign, address: str, name: str, status: int) -> None:
    task = world.task("issued")
    client = browser(world.people[name])
    assert client.get(f"/tasks/{address.format(task=task.pk)}").status_code == status
    assert client.post(f"/tasks/{address.format(task=task.pk)}").status_code == (
        403 if status == 403 else 404 if "days" in address else 400
    )


@pytest.mark.parametrize("name", LISTS)
def test_what_does_not_exist_is_not_found(name: str) -> None:
    assert browser_of("viewer").get(f"/tasks/{name}/999999/").status_code == 404


@pytest.mark.parametrize(
    "address",
    ["/tasks/listed/new/", "/tasks/listed/new/?task=abc", "/tasks/listed/new/?row=99999999999999999"],
)
def test_without_a_matter_nothing_can_be_listed(address: str) -> None:
    assert browser_of("supervisor").get(address).status_code == 404


# -- doing --------------------------------------------------------------------------------------


def test_a_look_back_goes_from_list_to_confirmed_rectification(world: Campaign) -> None:
    row = due_look_back(world)
    supervisor, lead = browser(world.supervisor), browser(world.lead)
    assert row.task.title in page(supervisor, "/tasks/lookbacks/?state=open")
    address = row.get_absolute_url()
    assert "限期整改" not in page(lead, address).split("可以办理")[0].split("<aside>")[1]
    refused = supervisor.post(address, {"step": "find", "remarks": "阀门漏水"})
    assert refused.status_code == 400
    assert "请填写整改期限" in refused.content.decode() and "阀门漏水" in refused.content.decode()
    done = supervisor.post(address, {"step": "find", "remarks": "阀门漏水", "rectify_by": "2023-06-20"})
    assert done.status_code == 302
    found = Finding.objects.get()
    own = found.get_absolute_url()
    assert "报送整改" in page(lead, own) and 'name="step" value="confirm"' not in page(lead, own)
    lead.post(own, {"step": "report", "text": "已更换", "file": pdf()})
    assert 'name="step" value="confirm"' in page(supervisor, own)
    supervisor.post(own, {"step": "confirm", "reason": "属实"})
    row.refresh_from_db()
    assert row.state == LookBack.State.RECTIFIED
    assert "整改完成" in page(lead, address)
    assert "回头看" in page(lead, row.task.get_absolute_url())


def test_a_stranger_is_refused_with_what_was_typed(world: Campaign) -> None:
    found = finding(world)
    response = browser(world.supporter).post(
        found.get_absolute_url(), {"step": "report", "text": "我来报", "file": pdf()}
    )
    assert response.status_code == 403
    assert "您不在这个单位任职" in response.content.decode() and "我来报" in response.content.decode()


def test_an_unknown_step_is_not_found(world: Campaign) -> None:
    assert browser(world.supervisor).post(listed(world).get_absolute_url(), {"step": "x"}).status_code == 404


def test_a_task_is_listed_from_its_page_and_shown_there(world: Campaign) -> None:
    task = world.task("in_progress")
    supervisor = browser(world.supervisor)
    way = f"/tasks/listed/new/?task={task.pk}"
    assert way in page(supervisor, task.get_absolute_url())
    assert way not in page(browser(world.lead), task.get_absolute_url())
    form = {"notice": "限期完成", "leader": "林副市长", "deadline": "2023-06-30"}
    refused = supervisor.post(way, {**form, "leader": ""})
    assert refused.status_code == 400
    assert "请填写责任领导" in refused.content.decode() and "限期完成" in refused.content.decode()
    assert supervisor.post(way, form).status_code == 302
    shown = page(browser(world.lead), task.get_absolute_url())
    assert "挂牌中" in shown and "林副市长" in shown
    assert "挂牌中" in page(browser(world.lead), "/tasks/listed/")
    assert way not in page(supervisor, task.get_absolute_url())


def test_an_entry_of_a_ledger_is_listed_from_its_page(world: Campaign) -> None:
    row = signed_entry(land_ledger("stalled_project"))
    supervisor = browser(world.supervisor)
    way = f"/tasks/listed/new/?row={row.pk}"
    assert way in page(supervisor, row.get_absolute_url())
    supervisor.post(way, {"notice": "限期盘活", "leader": "林副市长", "deadline": "2023-06-30"})
    assert Listing.objects.get().ledger_row == row
    assert "挂牌中" in page(supervisor, row.get_absolute_url())


def test_taking_off_without_evidence_is_refused_beside_the_field(world: Campaign) -> None:
    listing = listed(world)
    supervisor = browser(world.supervisor)
    response = supervisor.post(listing.get_absolute_url(), {"step": "unlist", "reason": "已完成"})
    assert response.status_code == 400
    assert "请附上摘牌佐证" in response.content.decode() and "已完成" in response.content.decode()
    supervisor.post(listing.get_absolute_url(), {"step": "unlist", "reason": "已完成", "file": pdf()})
    assert "已摘牌" in page(supervisor, listing.get_absolute_url())


def test_an_inspection_is_set_up_filled_and_signed(world: Campaign) -> None:
    supervisor = browser(world.supervisor)
    form = {
        "title": "供水专项检查",
        "purpose": "看管网",
        "lead": world.power.pk,
        "members": [world.water.pk],
        "starts_on": "2023-06-07",
        "ends_on": "2023-06-30",
    }
    assert supervisor.post("/tasks/inspections/new/", {**form, "members": []}).status_code == 400
    assert supervisor.post("/tasks/inspections/new/", form).status_code == 302
    found = Inspection.objects.get()
    address = found.get_absolute_url()
    member, lead = browser(world.lead), browser(world.supporter)
    step = {"step": "find", "department": world.water.pk, "text": "管网老化", "rectify_by": "2023-06-20"}
    assert lead.post(address, step).status_code == 302
    assert "管网老化" in page(member, address)
    assert lead.post(address, {"step": "sign"}).status_code == 409
    member.post(address, {"step": "sign", "opinion": "同意"})
    lead.post(address, {"step": "sign", "opinion": "签结"})
    found.refresh_from_db()
    assert found.state == Inspection.State.CONCLUDED
    assert "已签结" in page(browser(world.people["viewer"]), "/tasks/inspections/")


def test_the_days_of_a_list_are_saved(world: Campaign) -> None:
    supervisor = browser(world.supervisor)
    assert "待确认" in page(supervisor, "/tasks/lookbacks/days/")
    given = {"list": world.task_list.pk, "days": "45"}
    assert supervisor.post("/tasks/lookbacks/days/", given).status_code == 302
    assert TaskList.objects.get(pk=world.task_list.pk).look_back_days == 45
    assert supervisor.post("/tasks/lookbacks/days/", {**given, "days": "366"}).status_code == 400
    assert supervisor.post("/tasks/lookbacks/days/", {**given, "days": ""}).status_code == 302
    assert TaskList.objects.get(pk=world.task_list.pk).look_back_days is None


# -- on other pages -----------------------------------------------------------------------------


def test_my_page_says_what_supervision_wants_of_my_department(world: Campaign) -> None:
    finding(world)
    listed(world, world.task("in_progress", title="清沟"))
    own = browser(world.lead).get("/tasks/mine/")
    assert [(d.kind, d.title) for d in own.context["demands"]] == [
        ("挂牌督办", "清沟"),
        ("限期整改", "阀门漏水"),
    ]
    assert "督查要求" in own.content.decode()
    assert browser(world.supporter).get("/tasks/mine/").context["demands"] == []


def test_the_desk_has_a_section_for_each_kind(world: Campaign) -> None:
    finding(world)
    listed(world)
    due = world.task("closed", title="修路")
    open_look_backs(on_day=DUE_ON, at=DUE_AT)
    sections = sections_for_desk(world.supervisor, DUE_ON)
    assert [(section.title, section.number) for section in sections] == [
        ("挂牌督办", 1),
        ("待回头看", 1),
        ("限期整改", 1),
    ]
    assert [row.title for row in sections[1].rows] == [due.title]
    assert sections[2].rows[0].who == "水务局"


@pytest.mark.parametrize(
    ("role", "status"), [("anonymous", 302), (None, 403), ("viewer", 200), ("supervisor", 200)]
)
def test_supervision_at_a_glance_is_for_staff(role: str | None, status: int) -> None:
    assert browser_of(role).get("/tasks/supervision/").status_code == status


def test_the_desk_fetches_the_sections_alone(world: Campaign) -> None:
    listed(world, world.task("in_progress", title="清沟"))
    client = browser(world.supervisor)
    assert 'hx-get="/tasks/supervision/"' in page(client, "/tasks/desk/")
    whole = page(client, "/tasks/supervision/")
    part = client.get("/tasks/supervision/", headers={"HX-Request": "true"}).content.decode()
    assert "清沟" in whole and "<html" in whole
    assert "清沟" in part and "<html" not in part
    assert "没有到期的回头看" in part


# -- filters, order, pages, workbooks -----------------------------------------------------------


def rows(client: Client, address: str) -> list[str]:
    response = client.get(address)
    assert response.status_code == 200
    return [line[0].text for line in response.context["lines"]]


def test_lists_filter_and_sort(world: Campaign) -> None:
    first, second = world.task("issued", title="清沟"), world.task("issued", title="修路")
    listed(world, first)
    later = listed(world, second)
    Listing.objects.filter(pk=later.pk).update(deadline=DUE_ON + timedelta(days=9), leader="陈副市长")
    client = browser(world.people["viewer"])
    assert rows(client, "/tasks/listed/") == ["清沟", "修路"]
    assert rows(client, "/tasks/listed/?sort=-due") == ["修路", "清沟"]
    assert rows(client, "/tasks/listed/?q=陈副") == ["修路"]
    assert rows(client, "/tasks/listed/?state=unlisted") == []
    assert rows(client, "/tasks/listed/?matter=ledger_row") == []
    assert rows(client, f"/tasks/listed/?department={world.water.slug}&sort=nothing") == ["清沟", "修路"]
    assert "没有符合条件" in page(client, "/tasks/listed/?q=没有这个")
    assert "没有挂牌督办的事项" not in page(client, "/tasks/listed/")


def test_look_backs_and_findings_filter(world: Campaign) -> None:
    found = finding(world)
    client = browser(world.people["viewer"])
    title = found.task.title if found.task else ""
    own = f"&list={world.task_list.pk}&department={world.water.slug}"
    assert rows(client, f"/tasks/lookbacks/?state=rectifying{own}") == [title]
    assert rows(client, "/tasks/lookbacks/?state=open") == []
    assert rows(client, "/tasks/findings/?source=look_back&sort=due") == ["阀门漏水"]
    assert rows(client, "/tasks/findings/?source=inspection") == []
    assert rows(client, f"/tasks/findings/?department={world.water.slug}&q=漏水") == ["阀门漏水"]


@pytest.mark.parametrize("name", LISTS)
def test_an_empty_list_says_what_would_fill_it(name: str) -> None:
    text = page(browser_of("viewer"), f"/tasks/{name}/")
    assert 'class="empty"' in text and "<table" not in text


def test_workbooks_hold_what_the_filters_let_through(world: Campaign) -> None:
    listed(world, world.task("issued", title="=清沟"))
    listed(world, world.task("issued", title="修路"))
    response = browser_of("viewer").get("/tasks/listed/rows.xlsx?q=清沟")
    sheet = load_workbook(BytesIO(response.content)).worksheets[0]
    lines = [[cell.value for cell in line] for line in sheet.iter_rows()]
    assert lines[0] == ["事项", "责任单位", "责任领导", "挂牌日期", "办结期限", "状态"]
    assert [line[0] for line in lines[1:]] == ["=清沟"]
    assert lines[1][1] == "水务局" and lines[1][5] == "挂牌中，今天到期"
    for name in ("lookbacks", "findings", "inspections"):
        content = browser_of("viewer").get(f"/tasks/{name}/rows.xlsx").content
        assert load_workbook(BytesIO(content)).worksheets[0].max_row == 1


def test_pages_ask_a_constant_number_of_queries(world: Campaign) -> None:
    inspection(world)
    finding(world)
    listed(world)
    client = browser(world.supervisor)
    few = [cost(client, name) for name in LISTS]
    for _ in range(4):
        listed(world)
        inspection(world)
        task = world.task("closed")
        closing = task.transitions.get(action="close")
        row = LookBack.objects.create(
            task=task, closing=closing, closed_on=NOW.date(), days=30, due_on=DUE_ON, opened_at=NOW
        )
        Finding.objects.create(
            look_back=row, task=task, department=world.water, text="甲", rectify_by=DUE_ON, found_at=NOW
        )
    assert [cost(client, name) for name in LISTS] == few
    assert max(few) <= MOST_QUERIES


def cost(client: Client, name: str) -> int:
    client.get(f"/tasks/{name}/")
    with CaptureQueriesContext(connection) as captured:
        assert client.get(f"/tasks/{name}/").status_code == 200
    return reads_of_the_page(captured)


def test_the_page_of_a_task_stays_within_its_queries(world: Campaign) -> None:
    found = finding(world)
    listing_task = world.task("in_progress")
    listed(world, listing_task)
    client = browser(world.supervisor)
    for task in (found.task, listing_task):
        assert task is not None
        client.get(task.get_absolute_url())
        with CaptureQueriesContext(connection) as captured:
            client.get(task.get_absolute_url())
        assert reads_of_the_page(captured) <= 26
