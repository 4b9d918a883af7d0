"""One record of every kind that the supervisor's desk leaves behind."""

from datetime import UTC, date, datetime
from decimal import Decimal

from django.db import models

from organizations.models import Department, User
from taskboard.models import AssessmentWeight, Bulletin, BulletinTask, Task, Urging

AT = datetime(2023, 5, 8, 1, 30, tzinfo=UTC)
DAY = date(2023, 5, 8)


def desk(task: Task, department: Department, user: User) -> list[models.Model]:
    """An urging, a weight, a bulletin with its first version."""
    bulletin = Bulletin.objects.create(
        issuer="青河市人民政府办公室",
        mark="青政办督",
        title="关于督查任务办理情况的通报",
        addressees="各部门",
        opening="现将有关情况通报如下。",
        sections=[{"heading": "总体进展", "text": "已办结一项。"}],
        period_start=DAY,
        period_end=DAY,
        composed_at=AT,
        created_by=user,
        updated_at=AT,
    )
    return [
        Urging.objects.create(task=task, department=department, day=DAY, at=AT, actor=user, text="请抓紧"),
        AssessmentWeight.objects.create(key="sign", value=Decimal(15), updated_by=user, updated_at=AT),
        bulletin,
        bulletin.history.get(),
        BulletinTask.objects.create(bulletin=bulletin, task=task, at=AT, actor=user),
    ]
