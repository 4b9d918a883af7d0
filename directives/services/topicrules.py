"""Writing the rules by which records are filed under subjects."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from directives.models import Topic, TopicRule
from directives.topicrules import Rule, state_of
from foundation.errors import InvalidInput, StateConflict
from foundation.services.audit import record_change
from organizations.models import User
from organizations.permissions import require

PERMISSION = "directives.change_topic_rules"
WHAT = "修改归类规则"
MOST_WORDS, LONGEST = 60, 40


@dataclass(frozen=True, slots=True)
class RuleContent:
    """A rule as given."""

    topic: Topic
    records: str
    place: str
    any_of: tuple[str, ...]
    all_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()


def current_rules() -> list[Rule]:
    """All rules as they stand; one query."""
    return [rule_of(row) for row in TopicRule.objects.order_by("pk")]


def rule_of(row: TopicRule) -> Rule:
    """A stored rule as the matching wants it."""
    words = (tuple(row.any_of), tuple(row.all_of), tuple(row.none_of))
    return Rule(row.topic_id, row.records, row.place, *words)


def seen_state(row: TopicRule) -> str:
    """The state of one rule, for a form to hand back."""
    return state_of([rule_of(row)])


@transaction.atomic
def save_rule(
    *, actor: User | None, at: datetime, content: RuleContent, rule: TopicRule | None = None, seen: str = ""
) -> TopicRule:
    """Create or change a rule; records are filed anew only by a run.

    Raises InvalidInput for a rule without words, StateConflict when it was changed since ``seen``.
    """
    require(actor, PERMISSION, WHAT)
    _check(content)
    row = TopicRule(topic=content.topic) if rule is None else _unchanged(rule, seen)
    before = {} if rule is None else _values(row)
    row.topic, row.records, row.place = content.topic, content.records, content.place
    row.any_of, row.all_of, row.none_of = map(list, (content.any_of, content.all_of, content.none_of))
    row.save()
    action = "topic.rule_add" if rule is None else "topic.rule_change"
    record_change(actor=actor, action=action, target=row.topic, at=at, before=before, after=_values(row))
    return row


@transaction.atomic
def remove_rule(*, actor: User | None, at: datetime, rule: TopicRule, seen: str) -> None:
    """Take a rule away; StateConflict when it was changed since ``seen``."""
    require(actor, PERMISSION, WHAT)
    row = _unchanged(rule, seen)
    before = _values(row)
    row.delete()
    record_change(actor=actor, action="topic.rule_remove", target=row.topic, at=at, before=before, after={})


def _unchanged(rule: TopicRule, seen: str) -> TopicRule:
    row = TopicRule.objects.select_for_update(of=("self",)).select_related("topic").filter(pk=rule.pk).first()
    if row is None:
        raise StateConflict("这条规则已被他人删除。请返回规则页查看。")
    if seen_state(row) != seen:
        raise StateConflict("这条规则已被他人改过，您的改动没有保存。请重新打开，核对后再改。")
    return row


def _check(content: RuleContent) -> None:
    if not content.any_of and not content.all_of:
        sentence = "请至少写一个要找的词语；只有排除词的规则找不出任何记录。"
        raise InvalidInput(sentence, fields={"any_of": [sentence]})
    for name in ("any_of", "all_of", "none_of"):
        words = getattr(content, name)
        if len(words) > MOST_WORDS or any(len(word) > LONGEST for word in words):
            sentence = f"词语最多 {MOST_WORDS} 个，每个不超过 {LONGEST} 字。"
            raise InvalidInput(sentence, fields={name: [sentence]})
    both = set(content.none_of) & {*content.any_of, *content.all_of}
    if both:
        sentence = f"“{'、'.join(sorted(both))}”既要找又要排除，请删去一处。"
        raise InvalidInput(sentence, fields={"none_of": [sentence]})


def _values(row: TopicRule) -> dict[str, Any]:
    words = {"any_of": row.any_of, "all_of": row.all_of, "none_of": row.none_of}
    return {"records": row.records, "place": row.place, **words}
