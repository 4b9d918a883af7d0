"""Subjects of documents and entries."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from directives.models import Topic, TopicRule
from foundation.services.audit import record_change
from organizations.models import User
from organizations.permissions import require


@dataclass(frozen=True, slots=True)
class TopicContent:
    """A subject as given; ``words`` are the first rule of a new one: any of them files a record here."""

    slug: str
    name: str
    words: tuple[str, ...] = ()
    order: int = 100


@transaction.atomic
def save_topic(*, actor: User | None, at: datetime, content: TopicContent) -> Topic:
    """Create the subject with this slug, or bring its name and place up to date."""
    require(actor, "directives.change_directive", "修改主题")
    values = {"name": content.name, "order": content.order}
    topic, created = Topic.objects.get_or_create(slug=content.slug, defaults=values)
    before = {name: getattr(topic, name) for name in values}
    if not created and before == values:
        return topic
    if created and content.words:
        TopicRule.objects.create(topic=topic, any_of=list(content.words))
    if not created:
        Topic.objects.filter(pk=topic.pk).update(**values)
        topic.refresh_from_db()
    action = "topic.create" if created else "topic.update"
    record_change(
        actor=actor,
        action=action,
        target=topic,
        at=at,
        before={} if created else before,
        after={**values, "words": list(content.words)} if created else values,
    )
    return topic
