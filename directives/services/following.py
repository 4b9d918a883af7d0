"""Following a document: its followers are told once of each thing that happens to it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from directives.models import Citation, Directive, Follow, StatusChange
from directives.numbers import titled
from foundation.errors import StateConflict
from notifications.models import Topic
from notifications.services import Draft, queue_messages
from organizations.models import User

HAPPENED = {"amended": "已修改", "repealed": "已废止", "expired": "已失效", "in_force": "恢复现行有效"}


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that happened to a document; ``key`` is what ``Follow.known`` remembers of it."""

    key: str
    subject: str
    body: str
    url: str
    citing: Directive | None = None


@transaction.atomic
def follow_directive(*, actor: User, at: datetime, directive: Directive) -> Follow:
    """Begin to follow; what has happened already is known. StateConflict where one follows already."""
    known = [fact.key for fact in facts_of([directive.pk], localdate(at)).get(directive.pk, ())]
    made, created = Follow.objects.get_or_create(
        user=actor, directive=directive, defaults={"known": known, "created_at": at}
    )
    if not created:
        raise StateConflict("您已经关注了这份文件，不必再按。")
    return made


@transaction.atomic
def unfollow_directive(*, actor: User, directive: Directive) -> None:
    """Follow no more; StateConflict where one does not follow."""
    removed, _ = Follow.objects.filter(user=actor, directive=directive).delete()
    if not removed:
        raise StateConflict("您没有关注这份文件，或者已经取消了关注。")


def facts_of(directives: Iterable[int], on_day: date) -> dict[int, list[Fact]]:
    """What has happened to documents by a day, by their keys; two queries, however many they are."""
    wanted = list(directives)
    found: dict[int, list[Fact]] = defaultdict(list)
    changes = StatusChange.objects.confirmed().filter(directive__in=wanted, effective_on__lte=on_day)
    for change in changes.select_related("directive", "by_directive").order_by("effective_on", "pk"):
        found[change.directive_id].append(_status_fact(change))
    citations = Citation.objects.filter(target__in=wanted, directive__in=Directive.objects.published())
    for citation in citations.select_related("directive", "target").order_by("pk"):
        if citation.target is not None:
            found[citation.target.pk].append(_cited_fact(citation.directive, citation.target))
    return found


def _status_fact(change: StatusChange) -> Fact:
    day = change.effective_on
    by = change.by_directive
    known = by is not None and by.publication == "published" and by.is_public
    basis = f"依据{titled(by.title)}。" if by is not None and known else ""
    return Fact(
        key=f"status:{change.status}:{day.isoformat()}",
        subject=f"{titled(change.directive.title)}{HAPPENED[change.status]}",
        body=f"自{day.year}年{day.month}月{day.day}日起{HAPPENED[change.status]}。{basis}{change.note}",
        url=change.directive.get_absolute_url(),
    )


def _cited_fact(citing: Directive, target: Directive) -> Fact:
    return Fact(
        key=f"cited:{citing.pk}",
        subject=f"{titled(target.title)}被新文件引用",
        body=f"引用它的是{titled(citing.title)}{citing.number}。",
        url=citing.get_absolute_url(),
        citing=citing,
    )


def tell_followers(*, at: datetime) -> int:
    """Tell every follower what is new since the last sweep; returns how many messages were written."""
    follows = list(Follow.objects.filter(user__is_active=True).values_list("pk", "directive", "known"))
    facts = facts_of({directive for _, directive, _ in follows}, localdate(at))
    return sum(
        _tell(pk, facts[directive], at)
        for pk, directive, known in follows
        if directive in facts and any(fact.key not in known for fact in facts[directive])
    )


@transaction.atomic
def _tell(pk: int, facts: list[Fact], at: datetime) -> int:
    """One follower: the messages and what is known stand or fall together."""
    follow = Follow.objects.select_for_update(of=("self",)).select_related("user").filter(pk=pk).first()
    if (
        follow is None
        or not Directive.objects.visible_to(follow.user).filter(pk=follow.directive_id).exists()
    ):
        return 0
    fresh = list(_shown([fact for fact in facts if fact.key not in follow.known], follow.user))
    follow.known = [*follow.known, *(fact.key for fact in fresh)]
    follow.save(update_fields=["known"])
    return queue_messages(drafts=[_draft(follow, fact, at) for fact in fresh], at=at)


def _shown(facts: list[Fact], user: User) -> Iterator[Fact]:
    """Without citations in documents that the follower may not see; they may become visible later."""
    internal = user.has_perm("directives.view_internal")
    seen = set()
    for fact in facts:
        if fact.key not in seen and (fact.citing is None or fact.citing.is_public or internal):
            seen.add(fact.key)
            yield fact


def _draft(follow: Follow, fact: Fact, at: datetime) -> Draft:
    return Draft(
        about=f"directive:{follow.directive_id}:followed",
        tier=fact.key,
        recipient=follow.user,
        topic=Topic.RECORD,
        subject=fact.subject,
        body=fact.body,
        url=fact.url,
        not_before=at,
    )
