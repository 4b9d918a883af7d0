"""One record of every kind by which entries and documents are found, for the admin's tests."""

from datetime import UTC, datetime

from django.db import models

from directives.models import Directive, Follow, Topic, TopicRule
from events.models import Event, FilingRun
from organizations.models import User
from search.models import SavedSearch
from taskboard.models import RecordLink

AT = datetime(2023, 5, 8, 1, 30, tzinfo=UTC)


def finding(topic: Topic, event: Event, directive: Directive, user: User) -> list[models.Model]:
    """Rules of a topic, a run of them, a follower, a link and a kept search."""
    return [
        TopicRule.objects.create(topic=topic, any_of=["排水"]),
        FilingRun.objects.create(started_by=user, created_at=AT),
        Follow.objects.create(user=user, directive=directive, created_at=AT),
        RecordLink.objects.create(event=event, directive=directive, reasons=["同日"], proposed_at=AT),
        SavedSearch.objects.create(owner=user, name="供热", query="q=供热", created_at=AT),
    ]
