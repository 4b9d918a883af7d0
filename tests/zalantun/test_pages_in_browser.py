"""The main pages in a real browser on a phone and at a desk: nothing sticks out, fingers find room."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from directives.models import Directive, Roster, RosterMember
from events.models import Event
from floodresponse.models import Plan
from organizations.models import Department, Person, User
from taskboard.models import Task
from tests.factories import (
    DepartmentFactory,
    DirectiveFactory,
    EventFactory,
    PersonFactory,
    SectionFactory,
    TaskFactory,
    TaskListFactory,
    TopicFactory,
    UserFactory,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

LONG = "青河市城市精细化管理百日攻坚活动暨秋季爱国卫生运动联合领导小组办公室"
PUBLIC = [
    *("/", "/events/", "/events/2023/", "/events/2023/05/", "/events/2023/05/08/", "{event}"),
    *("/directives/", "{directive}", "/flood/", "/people/", "{person}", "/departments/", "{department}"),
    *("/search/", "/search/?q=百日攻坚", "/search/?q=没有这个词", "/accounts/login/", "/nowhere/"),
]
STAFF = ["/", "/tasks/", "{list}", "{task}", "{department}", "/gazette/imports/", "/gazette/imports/new/"]
SMALL_TARGETS = """() => [...document.querySelectorAll("button, .btn, .tabs a, .header-end a, [type=search]")]
  .filter((part) => part.offsetParent && !part.matches("[hidden]"))
  .map((part) => [part.textContent.trim() || part.name, part.getBoundingClientRect()])
  .filter(([, box]) => box.height < 44)
  .map(([word, box]) => `${word} ${box.height}`)"""


@pytest.fixture
def addresses(transactional_db: None) -> dict[str, str]:
    """A portal with long names everywhere; the addresses of one record of each kind."""
    department: Department = DepartmentFactory(name=LONG, office_phone="0000-1234567")
    person: Person = PersonFactory(name="欧阳某某", posts=[f"{LONG}副主任"])
    people = [person, *PersonFactory.create_batch(12, posts=["局长"])]
    topic = TopicFactory(name="城市精细化管理")
    directive: Directive = DirectiveFactory(
        title=f"青河市人民政府办公室关于印发《{LONG}工作方案》的通知", number="青政办发〔2023〕15号"
    )
    directive.topics.add(topic)
    for number in "一二三":
        SectionFactory(directive=directive, number=number, heading="百日攻坚" * 6, text="落实到位。" * 80)
    roster = Roster.objects.create(directive=directive, order=1, name=LONG)
    for order, member in enumerate(people):
        RosterMember.objects.create(
            roster=roster, order=order, role="组员", printed_name=member.name, post=LONG, person=member
        )
    event: Event = EventFactory(
        start_date=date(2023, 5, 8), end_date=date(2023, 5, 11), people=people, departments=[department]
    )
    EventFactory.create_batch(5, text=f"召开{LONG}百日攻坚会议。", people=people[:3], topics=[topic])
    task_list = TaskListFactory(title=f"{LONG}任务清单", directive=directive)
    due = timezone.localdate() - timedelta(days=400)
    task: Task = TaskFactory(
        task_list=task_list, title="更换老化阀门" * 6, due_on=due, leads=[department], supporters=[department]
    )
    Plan.objects.create(title=f"{LONG}防内涝方案", year=2023, office_phone="0000-1234567")
    records: dict[str, Any] = {
        "event": event,
        "directive": directive,
        "person": person,
        "department": department,
        "list": task_list,
        "task": task,
    }
    return {name: record.get_absolute_url() for name, record in records.items()}


def sign_in(page: Page, live_server: Any, role: str) -> None:
    user: User = UserFactory(username="clerk", role=role)
    page.goto(f"{live_server.url}/accounts/login/")
    page.get_by_label("用户名").fill(user.username)
    page.get_by_label("密码", exact=True).fill("Str0ng-enough-9")
    page.locator("form.account-card button").click()
    expect(page.locator(".account")).to_be_visible()


def faults(page: Page, address: str, width: int) -> list[str]:
    """What is wrong with a page at a width: sticks out, small targets, no heading of its own."""
    page.goto(address)
    found = []
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > width:
        found.append(f"{address} is {wide} wide")
    if page.locator("h1").count() != 1:
        found.append(f"{address} has {page.locator('h1').count()} first headings")
    if width < 768:
        found += [f"{address}: {small}" for small in page.evaluate(SMALL_TARGETS)]
    return found


@pytest.mark.parametrize("width", [390, 1280])
def test_public_pages_fit_the_screen(
    page: Page, live_server: Any, addresses: dict[str, str], width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    found = [f for path in PUBLIC for f in faults(page, live_server.url + path.format(**addresses), width)]
    assert found == []


@pytest.mark.parametrize("width", [390, 1280])
def test_pages_for_staff_fit_the_screen(
    page: Page, live_server: Any, addresses: dict[str, str], width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    sign_in(page, live_server, "editor")
    found = [f for path in STAFF for f in faults(page, live_server.url + path.format(**addresses), width)]
    assert found == []


def test_the_search_box_answers_to_the_slash_key_and_keeps_the_chosen_kind(
    page: Page, live_server: Any, addresses: dict[str, str]
) -> None:
    page.goto(live_server.url)
    page.keyboard.press("/")
    expect(page.locator("[data-search-box]")).to_be_focused()
    page.keyboard.type("百日攻坚")
    page.get_by_text("政策文件", exact=True).last.scroll_into_view_if_needed()
    page.locator("input[name=kind][value=directives]").check(force=True)
    page.locator("[data-search-box]").press("Enter")
    expect(page.locator(".search-tabs [aria-current]")).to_contain_text("政策文件")
    expect(page.locator("mark").first).to_have_text("百日攻坚")


def test_a_wrong_password_is_said_beside_the_form(
    page: Page, live_server: Any, transactional_db: None
) -> None:
    page.goto(f"{live_server.url}/accounts/login/?next=/tasks/")
    page.get_by_label("用户名").fill("nobody")
    page.get_by_label("密码", exact=True).fill("wrong-password")
    page.locator("form.account-card button").click()
    expect(page.get_by_role("alert").filter(has_text="密码").first).to_be_visible()
    expect(page.locator("form.account-card input[name=next]").first).to_have_value("/tasks/")


def test_what_a_page_asks_for_by_itself_is_marked(
    page: Page, live_server: Any, transactional_db: None
) -> None:
    sign_in(page, live_server, "editor")
    with page.expect_request("**/inbox/count/") as bell:
        page.goto(f"{live_server.url}/events/")
    assert bell.value.headers["x-poll"] == "true"
