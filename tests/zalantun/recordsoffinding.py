"""One record of every kind by which entries and documents are found, for the admin's tests."""

from datetime import UTC, datetime

from django.db import models

from directives.models import Directive, Follow, Topic, TopicRule
from events.models import Event, FilingRun
from gazette.models import DepartmentMerge, NamesRun
from organizations.models import Department, User
from search.models import SavedSearch
from taskboard.models import RecordLink

AT = datetime(2023, 5, 8, 1, 30, tzinfo=UTC)


def names(department: Department, user: User) -> list[models.Model]:
    """A department that shall be taken into another, and names carried over."""
    other = Department.objects.create(slug="oldoffice", name="旧机构")
    return [
        DepartmentMerge.objects.create(
            source=other, target=department, source_name=other.name, reason="机构改革", standing="proposed",
            proposed_by=user, proposed_at=AT,
        ),
        NamesRun.objects.create(kind="officials", started_by=user, created_at=AT),
    ]  # fmt: skip


def finding(topic: Topic, event: Event, directive: Directive, user: User) -> list[models.Model]:
    """Rules of a topic, a run of them, a follower, a link and a kept search."""
    return [
        TopicRule.objects.create(topic=topic, any_of=["排水"]),
        FilingRun.objects.create(started_by=user, created_at=AT),
        Follow.objects.create(user=user, directive=directive, created_at=AT),
        RecordLink.objects.create(event=event, directive=directive, reasons=["同日"], proposed_at=AT),
        SavedSearch.objects.create(owner=user, name="供热", query="q=供热", created_at=AT),
    ]
