"""Subjects of documents and entries."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from directives.models import Topic, TopicRule
from foundation.errors import InvalidInput, StateConflict
from foundation.services.audit import record_change
from organizations.models import User
from organizations.permissions import require


@dataclass(frozen=True, slots=True)
class TopicContent:
    """A subject as given; ``words`` are its simple rule: any of them in a text suggests the subject."""

    slug: str
    name: str
    words: tuple[str, ...] = ()
    order: int = 100


@transaction.atomic
def save_topic(*, actor: User | None, at: datetime, content: TopicContent) -> Topic:
    """Create the subject with this slug, or bring it up to date; its other rules stay."""
    require(actor, "directives.change_directive", "修改主题")
    values = {"name": content.name, "order": content.order}
    topic, created = Topic.objects.get_or_create(slug=content.slug, defaults=values)
    before = {**{name: getattr(topic, name) for name in values}, "words": topic.words}
    if not created and before == {**values, "words": list(content.words)}:
        return topic
    _write_words(topic, content.words)
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
        after={**values, "words": list(content.words)},
    )
    return topic


@transaction.atomic
def change_topic(
    *, actor: User | None, at: datetime, topic: Topic, content: TopicContent, seen: str
) -> Topic:
    """Rename a subject or change its words; records keep it, and are filed anew only by a run.

    Raises InvalidInput for an empty name or one that another subject bears, StateConflict when the
    subject was changed since ``seen``.
    """
    locked = Topic.objects.select_for_update().get(pk=topic.pk)
    if topic_state(locked) != seen:
        raise StateConflict("这个主题已被他人改过，您的改动没有保存。请重新打开，核对后再改。")
    if not content.name.strip():
        raise InvalidInput("请填写主题名称。", fields={"name": ["请填写主题名称。"]})
    if Topic.objects.filter(name=content.name).exclude(pk=topic.pk).exists():
        sentence = f"已有主题“{content.name}”，请换一个名称。"
        raise InvalidInput(sentence, fields={"name": [sentence]})
    return save_topic(actor=actor, at=at, content=content)


def topic_state(topic: Topic) -> str:
    """The state of a subject, for a form to hand back."""
    return "|".join([topic.name, str(topic.order), *topic.words])


def _write_words(topic: Topic, words: tuple[str, ...]) -> None:
    """The words become the subject's simple rule; without words there is none."""
    rule = topic.simple_rule()
    if not words:
        if rule is not None:
            rule.delete()
        return
    rule = rule or TopicRule(topic=topic)
    rule.any_of = list(words)
    rule.save()
