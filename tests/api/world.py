"""A small city for tests of the interface, and callers with a token."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from rest_framework.test import APIClient

from directives.models import Annex, Citation, Directive, Roster, RosterMember
from events.models import Event
from floodresponse.models import Criterion, Plan, Sign
from gazette.models import Issue
from organizations.models import Department, Person
from taskboard.models import Task, TaskList
from taskboard.models.ledgers import Ledger, LedgerRow
from tests.accounts import token_for
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

ENTERED = datetime(2023, 5, 8, 1, 0, tzinfo=UTC)


@dataclass(frozen=True)
class World:
    event: Event
    draft_event: Event
    directive: Directive
    internal_directive: Directive
    draft_directive: Directive
    issue: Issue
    draft_issue: Issue
    task_list: TaskList
    task: Task
    department: Department
    supporter: Department
    person: Person
    plan: Plan
    ledger: Ledger
    ledger_row: LedgerRow


def make_issue(number: int, publication: str, directive: Directive) -> Issue:
    """An issue of one month with one document."""
    month = date(2023, 5, 1)
    issue = Issue.objects.create(
        title="青河市公报",
        year=2023,
        number=number,
        first_month=month,
        last_month=month,
        publication=publication,
        created_at=ENTERED,
        updated_at=ENTERED,
        published_at=ENTERED if publication == "published" else None,
        frozen_records={"events": [], "directives": [directive.pk]},
    )
    issue.documents.create(directive=directive, order=1)
    return issue


def build() -> World:
    """One of everything, and what some may not see."""
    department = DepartmentFactory(slug="shuiwu", name="水务局", short_name="水务")
    department.aliases.create(name="市水务局")
    supporter = DepartmentFactory(slug="dianli", name="电力局")
    person = PersonFactory(name="林青", posts=["副市长", "水务局局长"])
    directive = make_directive()
    task_list = TaskListFactory(directive=directive, title="清沟任务")
    ledger_row = make_ledger_row(directive, department)
    return World(
        event=EventFactory(
            start_date=date(2023, 5, 8),
            end_date=date(2023, 5, 9),
            position=1,
            title="查看沟渠",
            people=[person],
            departments=[department],
            topics=[TopicFactory(slug="water", name="水利")],
        ),
        draft_event=EventFactory(title="未发布的条目", publication=Event.Publication.DRAFT),
        directive=directive,
        issue=make_issue(1, "published", directive),
        draft_issue=make_issue(2, "draft", directive),
        internal_directive=DirectiveFactory(title="内部事项", is_public=False, number="青政发〔2023〕9号"),
        draft_directive=DirectiveFactory(title="未定稿", publication=Directive.Publication.DRAFT),
        task_list=task_list,
        task=TaskFactory(task_list=task_list, leads=[department], supporters=[supporter]),
        department=department,
        supporter=supporter,
        person=person,
        plan=make_plan(),
        ledger=ledger_row.ledger,
        ledger_row=ledger_row,
    )


def make_ledger_row(directive: Directive, department: Department) -> LedgerRow:
    """A signed entry in a ledger with two columns."""
    ledger = Ledger.objects.create(directive=directive, kind="land", title="闲置土地台账")
    ledger.columns.create(order=1, name="项目名称")
    ledger.columns.create(order=2, name="面积", type="number", unit="亩")
    return LedgerRow.objects.create(
        ledger=ledger,
        department=department,
        title="甲厂",
        values={"c1": "甲厂", "c2": "9.5"},
        state="signed",
        created_at=ENTERED,
        updated_at=ENTERED,
        signed_at=ENTERED,
    )


def make_directive() -> Directive:
    """A document with all its parts."""
    directive = DirectiveFactory(title="沟渠管护方案", kind=Directive.Kind.PLAN, release_note="此件公开发布")
    annex = Annex.objects.create(directive=directive, order=1, label="附件1", title="名单")
    Annex.objects.create(directive=directive, order=2, label="附件2", title="物资", printed=False)
    SectionFactory(directive=directive, order=1, number="一", heading="总体要求", text="", anchor="s-1")
    SectionFactory(
        directive=directive, order=2, number="（一）", heading="", text="疏通。", depth=2, anchor="s-2"
    )
    SectionFactory(directive=directive, order=3, annex=annex, heading="附则", anchor="s-3")
    roster = Roster.objects.create(directive=directive, order=1, name="领导小组", annex=annex)
    RosterMember.objects.create(roster=roster, order=1, role="组 长", printed_name="林  青", post="副市长")
    Citation.objects.create(directive=directive, order=1, title="防汛预案", number="青政发〔2020〕7号")
    return directive


def make_plan(year: int = 2023) -> Plan:
    """A plan with two thresholds and a sign."""
    plan = Plan.objects.create(title=f"青河市{year}年方案", year=year)
    Criterion.objects.create(plan=plan, level=4, kind="rain_6h", lower=Decimal(20), clause="四级")
    Criterion.objects.create(
        plan=plan, level=2, kind="ponding", lower=Decimal(30), upper=Decimal("50.5"), provisional=True
    )
    Sign.objects.create(plan=plan, code="road_cut", label="主干道中断", level=2)
    return plan


class Caller:
    """Somebody who calls the interface: ``anonymous``, or a person of a role with a token."""

    def __init__(self, role: str | None, department: Department | None = None) -> None:
        self.http = APIClient()
        self.headers: dict[str, str] = {}
        if role != "anonymous":
            user = UserFactory(role=role or "", department=department)
            self.headers = {"Authorization": f"Token {token_for(user)}"}
            self.http.credentials(HTTP_AUTHORIZATION=self.headers["Authorization"])

    def get(self, path: str, query: dict[str, Any] | None = None, status: int = 200) -> Any:
        """The data; the status is as expected."""
        response = self.http.get(f"/api/v1/{path}", query or {})
        assert response.status_code == status, (response.status_code, response.content.decode()[:400])
        return response.json()

    def rows(self, path: str, query: dict[str, Any] | None = None) -> list[Any]:
        """The rows of a page."""
        rows: list[Any] = self.get(path, query)["results"]
        return rows

    def status(self, path: str, method: str = "get") -> int:
        """Only the status."""
        code: int = getattr(self.http, method)(f"/api/v1/{path}", {}, format="json").status_code
        return code
