"""One record of every kind that the admin shows."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models

from directives.models import (
    Annex,
    Citation,
    Directive,
    DirectiveCorrection,
    Roster,
    RosterMember,
    Stage,
    StatusChange,
)
from events.contents import read_event
from events.models import Correction, Event
from floodresponse.models import (
    CommandPostMember,
    Criterion,
    Duty,
    LevelRecord,
    Measure,
    Plan,
    Recommendation,
    ReportDeadline,
    Response,
    Sign,
    SirenRule,
    SpecialGroup,
)
from foundation.models import AuditEntry, AuditHead, RepeatedAccess, Revision, Version
from foundation.services.attachments import attach_file
from gazette.models import ImportedRecord, ImportRun, Issue, IssueDocument
from organizations.models import (
    ApiToken,
    BrowserSession,
    Department,
    DepartmentAlias,
    FormerPassword,
    Person,
    PersonVariant,
    User,
)
from taskboard.models import (
    Ledger,
    LedgerColumn,
    ListStage,
    Milestone,
    ReportingRule,
    StageResult,
    Task,
    TaskTarget,
)
from tests.factories import (
    DepartmentFactory,
    EventFactory,
    PersonFactory,
    SectionFactory,
    TaskFactory,
    TopicFactory,
    UserFactory,
)
from tests.zalantun.recordsbeforeresponses import before_responses
from tests.zalantun.recordsoffinding import finding, names
from tests.zalantun.recordsofreadiness import readiness
from tests.zalantun.recordsofsupervision import supervision
from tests.zalantun.recordsofthedesk import desk
from tests.zalantun.recordsofwork import (
    messages,
    observations,
    orders,
    reporting,
    work_by_the_calendar,
    work_on_ledgers,
    work_on_tasks,
)
from zalantun.models import Heartbeat

AT = datetime(2023, 5, 8, 1, 30, tzinfo=UTC)
DAY = date(2023, 5, 8)


def one_of_each() -> dict[str, models.Model]:
    """The records by their models' labels."""
    department, person, topic = DepartmentFactory(), PersonFactory(posts=["局长"]), TopicFactory()
    user = UserFactory(username="held", role="viewer", department=department)
    directive = SectionFactory().directive
    event = EventFactory(people=[person], departments=[department], citations=["某某方案"], topics=[topic])
    task = TaskFactory(leads=[department], task_list__directive=directive)
    made = [department, person, topic, user, directive, event, task, task.task_list]
    made += [*directive.sections.all(), *event.officials.all(), *event.mentions.all(), *event.citations.all()]
    made += [*task.duties.all(), *person.posts.all(), *user.assignments.all()]
    made += _names(department, person) + _parts(directive, person, event) + _board(directive, task)
    made += _flood(directive, department, person, user) + _system(event, user)
    made += finding(topic, event, directive, user) + names(department, user)
    made += _work({type(record): record for record in made}, department, user)
    made += _issue(directive)
    made += [event.history.get(), directive.history.get(), task.history.get()]
    return {record._meta.label: record for record in made}


def _issue(directive: Directive) -> list[models.Model]:
    days = {"first_month": DAY.replace(day=1), "last_month": DAY.replace(day=1)}
    issue = Issue.objects.create(
        title="青河市公报", year=2023, number=3, created_at=AT, updated_at=AT, **days
    )
    return [issue, IssueDocument.objects.create(issue=issue, directive=directive, order=1)]


def _names(department: Department, person: Person) -> list[models.Model]:
    return [
        DepartmentAlias.objects.create(name="别名局", department=department),
        PersonVariant.objects.create(printed_name="林菓", person=person),
    ]


def _parts(directive: Directive, person: Person, event: Event) -> list[models.Model]:
    roster = Roster.objects.create(directive=directive, order=1, name="领导小组")
    return [
        Annex.objects.create(directive=directive, order=1, label="附件1", title="名单"),
        roster,
        RosterMember.objects.create(roster=roster, order=1, role="组长", printed_name="林某", person=person),
        Stage.objects.create(directive=directive, order=1, name="启动"),
        Citation.objects.create(directive=directive, order=1, title="某办法"),
        StatusChange.objects.create(directive=directive, status="in_force", effective_on=DAY),
        DirectiveCorrection.objects.create(
            directive=directive, printed="青河", corrected="清河", made_on=DAY
        ),
        Correction.objects.create(event=event, printed="青河", corrected="清河", made_on=DAY),
    ]


def _board(directive: Directive, task: Task) -> list[models.Model]:
    ledger = Ledger.objects.create(directive=directive, kind="hazard", title="隐患台账")
    stage = ListStage.objects.create(task_list=task.task_list, order=1, name="全面整治")
    return [
        stage,
        StageResult.objects.create(
            stage=stage, kind="inspection", held_on=DAY, outcome="passed", findings="资料齐全", recorded_at=AT
        ),
        Milestone.objects.create(task=task, kind="start", on=DAY),
        TaskTarget.objects.create(task=task, name="完好率", value=Decimal(95), unit="%"),
        ReportingRule.objects.create(directive=directive, rhythm="monthly"),
        ledger,
        LedgerColumn.objects.create(ledger=ledger, order=1, name="位置"),
    ]


def _flood(directive: Directive, department: Department, person: Person, user: User) -> list[models.Model]:
    plan = Plan.objects.create(title="青河市防内涝方案", year=2023, directive=directive)
    response = Response.objects.create(plan=plan, declared_at=AT)
    return [
        plan,
        response,
        LevelRecord.objects.create(response=response, level=3, since=AT, decided_by=user),
        Recommendation.objects.create(begins_at=AT, seen_at=AT, level=3),
        Criterion.objects.create(plan=plan, level=3, kind="rain_6h", lower=Decimal(50)),
        Sign.objects.create(plan=plan, code="jam", label="拥堵", level=4),
        SirenRule.objects.create(plan=plan, level=3, minutes=1),
        ReportDeadline.objects.create(plan=plan, kind="phone", minutes=20, who="成员单位"),
        CommandPostMember.objects.create(
            plan=plan, order=1, role="成员", printed_name="林某", person=person, unit=department
        ),
        Duty.objects.create(plan=plan, order=1, printed_unit="甲局", summary="排水"),
        SpecialGroup.objects.create(plan=plan, order=1, name="抢险组", leader=person),
        Measure.objects.create(plan=plan, situation="response", order=1, summary="封路"),
    ]


def _work(known: dict[type, Any], department: Department, user: User) -> list[models.Model]:
    task = known[Task]
    return [
        *work_on_tasks(task, known[TaskTarget], user, department),
        *work_by_the_calendar(known[ReportingRule], task, user, department),
        *work_on_ledgers(known[Ledger], user, department),
        *supervision(task, known[Ledger], known[ReportingRule], department, user),
        *desk(task, department, user),
        *observations(user),
        *reporting(user, department),
        *orders(known[LevelRecord], known[Measure], department, user),
        *before_responses(known[Measure], department, user),
        *readiness(known[Plan], known[Task], department, user),
        *messages(user),
    ]


def _system(event: Event, user: User) -> list[models.Model]:
    upload = SimpleUploadedFile("说明.txt", "整改完成。".encode())
    attachment = attach_file(actor=None, at=AT, owner=event, upload=upload, permission="events.change_event")
    run = ImportRun.objects.create(file_name="公报.txt", sha256="0" * 64, size=9, created_at=AT)
    imported = ImportedRecord.objects.create(
        content_type=ContentType.objects.get_for_model(event),
        object_id=event.pk,
        payload={"标题": "x"},
        run=run,
    )
    beat = Heartbeat.objects.create(name="beat/web1", at=AT)
    signing_in = [
        BrowserSession.objects.create(user=user, session_key="k" * 32, signed_in_at=AT, address="10.9.8.7"),
        FormerPassword.objects.create(user=user, password="x", set_at=AT),
        ApiToken.objects.create(
            user=user, name="雨量站", scope="report", start="0a1b2c3d", digest="d" * 64, issued_at=AT,
            expires_at=AT,
        ),
    ]  # fmt: skip
    version = Version.objects.create(
        owner_type=imported.content_type, owner_id=event.pk, number=1, content=read_event(event), made_at=AT
    )
    revision = Revision.objects.create(
        owner_type=imported.content_type, owner_id=event.pk, base=version, head=version, started_at=AT,
        changed_at=AT,
    )  # fmt: skip
    return [
        *signing_in,
        version,
        revision,
        attachment,
        run,
        imported,
        beat,
        AuditEntry.objects.latest("sequence"),
        RepeatedAccess.objects.create(
            key="k", actor_label="某人", action="page.export", first_at=AT, last_at=AT
        ),
        AuditHead.objects.get(),
    ]
