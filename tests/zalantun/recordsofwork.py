"""One record of every kind that work leaves behind: on tasks and ledgers, in a flood, in the outbox."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from django.contrib.contenttypes.models import ContentType
from django.db import models

from floodresponse.models import (
    Acknowledgement,
    CallOut,
    CapMessage,
    DailyReport,
    FloodWatch,
    Incident,
    IncidentReport,
    KeptLevel,
    LevelRecord,
    Measure,
    MediaPosition,
    Notice,
    Obligation,
    PassingUp,
    Reading,
    ReadingBatch,
    ReadingRevision,
    SignObservation,
    SirenOrder,
    Station,
    UnitAction,
)
from foundation.models import Attachment
from notifications.models import Attempt, Contact, Message, Preference
from organizations.models import Department, User
from taskboard.models import (
    CalendarDay,
    CalendarYear,
    Comment,
    Extension,
    Ledger,
    LightSnapshot,
    PastDue,
    PastDuty,
    PeriodicReport,
    ProgressReport,
    ReportedQuantity,
    ReportingRule,
    ReportObligation,
    Signature,
    Task,
    TaskTarget,
    TaskTransition,
)
from taskboard.models.ledgers import ApprovalCase, DisposalPlan, LedgerRow, LedgerRowEvent

AT = datetime(2023, 5, 8, 1, 30, tzinfo=UTC)
LATER = AT + timedelta(hours=1)
DAY = date(2023, 5, 8)
# What nobody reads in the admin.
SECRETS = ("token=geheim", "48.00888", "绝密正文", "13000000001", "遇难者姓名", "零报告内容")


def work_on_tasks(
    task: Task, target: TaskTarget, user: User, department: Department, n: int = 0
) -> list[models.Model]:
    """What people did about a task."""
    report = ProgressReport.objects.create(
        task=task, department=department, actor=user, at=AT, percent=40, text="已完成四成"
    )
    return [
        report,
        ReportedQuantity.objects.create(report=report, target=target, value=Decimal(3)),
        Comment.objects.create(task=task, author=user, department=department, at=AT, text="请加快。"),
        Extension.objects.create(
            task=task, department=department, old_due=DAY, until=DAY + timedelta(days=9), reason="雨季",
            asked_by=user, asked_at=AT, state="refused", decided_by=user, decided_at=LATER,
        ),
        Signature.objects.create(task=task, department=department, user=user, at=AT),
        LightSnapshot.objects.create(
            task=task, day=DAY + timedelta(days=n), colour="green", word="正常", state=task.state
        ),
        TaskTransition.objects.create(
            task=task, at=AT, actor=user, department=department, action="issue", from_state="draft",
            to_state="issued",
        ),
        PastDue.objects.create(task=task, due=DAY, until=AT),
        PastDuty.objects.create(task=task, department=department, role="lead", order=1, until=AT),
    ]  # fmt: skip


def work_by_the_calendar(
    rule: ReportingRule, task: Task, user: User, department: Department, n: int = 0
) -> list[models.Model]:
    """What departments owe by the month, and the calendar."""
    owed = ReportObligation.objects.create(
        rule=rule, task_list=task.task_list, department=department, period_start=DAY, period_end=DAY,
        due_on=DAY, state="met", met_at=AT,
    )  # fmt: skip
    return [
        owed,
        PeriodicReport.objects.create(obligation=owed, actor=user, at=AT, progress="按月推进"),
        CalendarDay.objects.create(day=DAY + timedelta(days=n), name="节日"),
        CalendarYear.objects.create(year=2023 + n, source="放假通知", confirmed_at=AT),
    ]


def work_on_ledgers(ledger: Ledger, user: User, department: Department) -> list[models.Model]:
    """A row and what became of it."""
    row = LedgerRow.objects.create(
        ledger=ledger, department=department, title="北街积水点", created_at=AT, updated_at=AT
    )
    return [
        row,
        LedgerRowEvent.objects.create(row=row, at=AT, actor=user, action="add", to_state="draft"),
        ApprovalCase.objects.create(row=row, approver=user, received_on=DAY),
        DisposalPlan.objects.create(row=row, kind="unused", way="resume", measures="复工", stage="报建"),
    ]


def observations(user: User, n: int = 0) -> list[models.Model]:
    """What was measured and seen."""
    station = Station.objects.create(code=f"Y{n}", name="北街站", kind="rain", is_urban=True)
    batch = ReadingBatch.objects.create(received_at=AT, received_by=user, accepted=1)
    reading = Reading.objects.create(
        station=station, observed_at=AT, value=Decimal(5), received_at=AT, batch=batch
    )
    return [
        station,
        batch,
        reading,
        ReadingRevision.objects.create(
            reading=reading, value=Decimal(4), received_at=AT, replaced_at=LATER, batch=batch
        ),
        SignObservation.objects.create(
            code="jam", place="北街", observed_at=AT, confirmed_by=user, confirmed_at=AT
        ),
    ]


def reporting(user: User, unit: Department) -> list[models.Model]:
    """An incident, its reports, what is owed and who was called."""
    incident = Incident.objects.create(
        unit=unit, occurred_at=AT, found_at=AT, entered_at=AT, entered_by=user, confirmed_at=AT,
        location="北街桥下", kind="danger", dead=1, summary="遇难者姓名",
    )  # fmt: skip
    report = IncidentReport.objects.create(
        incident=incident, channel="written", stage="first", reported_at=AT, filed_at=AT, filed_by=user,
        text="遇难者姓名", figures={"dead": 1},
    )  # fmt: skip
    owed = Obligation.objects.create(
        incident=incident, kind="written", unit=unit, due_at=LATER, basis="方案", created_at=AT
    )
    photo = Attachment.objects.create(
        owner_type=ContentType.objects.get_for_model(report), owner_id=report.pk, name="桥下.jpg",
        content_type="image/jpeg", size=9, sha256="0" * 64, uploaded_by=user, uploaded_at=AT,
    )  # fmt: skip
    zero = Obligation.objects.create(
        kind="zero", unit=unit, due_at=LATER, basis="方案", created_at=AT, state="met", met_at=AT
    )
    return [
        incident,
        report,
        PassingUp.objects.create(
            incident=incident, number=1, report=report, text="上报内容", passed_at=AT, passed_by=user
        ),
        MediaPosition.objects.create(attachment=photo, latitude="48.00888", longitude="122.73666"),
        owed,
        CallOut.objects.create(
            obligation=owed,
            called="值班室",
            number="13000000001",
            answered=True,
            called_at=AT,
            called_by=user,
        ),
        Acknowledgement.objects.create(obligation=owed, at=AT, by=user, until=LATER),
        DailyReport.objects.create(obligation=zero, text="零报告内容", reported_at=AT, reported_by=user),
    ]


def orders(
    record: LevelRecord, measure: Measure, unit: Department, user: User, n: int = 0
) -> list[models.Model]:
    """What a level ordered and sent."""
    return [
        SirenOrder.objects.create(record=record, number=1, minutes=1, sounded_at=AT, sounded_by=user),
        UnitAction.objects.create(
            response=record.response, record=record, unit=unit, measure=measure, text="封路", from_level=3
        ),
        KeptLevel.objects.create(level=3, recommended=2, reason="雨势减弱", decided_at=AT, decided_by=user),
        Notice.objects.create(record=record, year=2023, number=1 + n, exercise=True),
        CapMessage.objects.create(
            record=record, identifier=f"cap-{n}", sender="指挥部", sent="2023-05-08T09:30:00+08:00",
            message_type="Alert", headline="防内涝响应", xml="<alert/>",
        ),
        FloodWatch.objects.create(is_on=False, started_at=AT, started_by=user, ended_at=LATER, ended_by=user),
    ]  # fmt: skip


def messages(user: User, n: int = 0) -> list[models.Model]:
    """A message by a robot, a try, and how its reader wants to be reached."""
    address = "https://robot.example/send?token=geheim"
    message = Message.objects.create(
        dedupe_key=f"task:{n}:due", about="task:1", recipient=user, channel="webhook", address=address,
        topic="task", subject="任务到期", body="绝密正文", not_before=AT, attempt_at=AT, created_at=AT,
    )  # fmt: skip
    return [
        message,
        Attempt.objects.create(message=message, number=1, started_at=AT, error="回调地址没有应答"),
        Contact.objects.create(user=user, channel="webhook", address=address),
        Preference.objects.create(user=user),
    ]
