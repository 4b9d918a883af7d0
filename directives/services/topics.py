"""Subjects of documents and entries."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from directives.models import Topic
from foundation.services.audit import record_change
from organizations.models import User
from organizations.permissions import require


@dataclass(frozen=True, slots=True)
class TopicContent:
    """A subject as given; any of ``words`` in a text suggests it."""

    slug: str
    name: str
    words: tuple[str, ...] = ()
    order: int = 100


@transaction.atomic
def save_topic(*, actor: User | None, at: datetime, content: TopicContent) -> Topic:
    """Create the subject with this slug, or bring it up to date."""
    require(actor, "directives.change_directive", "修改主题")
    values = {"name": content.name, "words": list(content.words), "order": content.order}
    topic, created = Topic.objects.get_or_create(slug=content.slug, defaults=values)
    before = {name: getattr(topic, name) for name in values}
    if not created and before == values:
        return topic
    if not created:
        Topic.objects.filter(pk=topic.pk).update(**values)
        topic.refresh_from_db()
    action = "topic.create" if created else "topic.update"
    record_change(
        actor=actor, action=action, target=topic, at=at, before={} if created else before, after=values
    )
    return topic
