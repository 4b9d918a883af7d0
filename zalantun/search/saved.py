"""Searches that a person keeps: as they are asked and listed, and what they tell by the clock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.http import QueryDict
from django.urls import reverse
from django.utils.timezone import localdate

from foundation.errors import DomainError, InvalidInput
from notifications.models import Topic
from notifications.services import Draft, queue_messages
from organizations.models import User
from search.finding import COUNTED, NEWEST, Found, Hit, find
from search.models import SavedSearch, SearchEntry
from search.services import catch_up, change_search, keep_search, require_current, tell_records
from zalantun.search.asking import FILTERS, Asked, asked_by_address
from zalantun.search.audiences import KINDS, OF_STAFF

NAMED = 20
Rhythm = SavedSearch.Rhythm
# What a condition is about where its name would have to be looked up.
ABOUT = {"department": "指定部门", "person": "指定人员", "topic": "指定主题"}


class SearchBroken(DomainError):
    """A kept search has a condition that means nothing any more."""


@dataclass(frozen=True, slots=True)
class Line:
    """A kept search in the list."""

    saved: SavedSearch
    words: str
    has_feed: bool


def lines(found: Iterable[SavedSearch]) -> list[Line]:
    """Kept searches with their conditions in words, without asking the database for names."""
    asked = [(saved, QueryDict(saved.query)) for saved in found]
    return [Line(saved, _words_of(query), query.get("kind") not in OF_STAFF) for saved, query in asked]


def _words_of(asked: QueryDict) -> str:
    kind, year = asked.get("kind", ""), asked.get("year", "")
    about = [ABOUT[name] for name in FILTERS if name in ABOUT and asked.get(name)]
    return "、".join(filter(None, [asked.get("q", ""), KINDS.get(kind, ""), year and f"{year}年", *about]))


def save_search(*, owner: User, address: str, name: str, rhythm: str, at: datetime) -> SavedSearch:
    """Keep the search of an address; what it finds now is known to its owner."""
    asked = _asked(address, owner)
    seen = _seen(asked, owner, at) if rhythm != Rhythm.NEVER else []
    return keep_search(
        owner=owner,
        name=name or asked.words_in_short[:60],
        query=asked.address,
        rhythm=rhythm,
        seen=seen,
        at=at,
    )


def change_saved(*, saved: SavedSearch, name: str, rhythm: str, at: datetime) -> None:
    """Another name or rhythm; from silence on, what it finds now is known."""
    begins = saved.rhythm == Rhythm.NEVER and rhythm != Rhythm.NEVER
    seen = _seen(_asked(saved.query, saved.owner), saved.owner, at) if begins else []
    change_search(saved=saved, name=name, rhythm=rhythm, seen=seen, at=at)


def _asked(address: str, owner: User) -> Asked:
    asked = asked_by_address(address, owner)
    if asked.errors:
        raise SearchBroken("".join(asked.errors))
    if not asked.anything:
        raise InvalidInput("没有可以保存的搜索条件，请先写上词语再搜索。")
    return asked


def _seen(asked: Asked, owner: User, at: datetime) -> list[tuple[str, int]]:
    require_current(at=at)
    found = _newest(asked, owner)
    if found.more:
        raise InvalidInput(f"命中超过 {COUNTED} 条，推送会漏掉一部分；请缩小范围，或选择“不推送”保存。")
    return [(hit.kind, hit.object_id) for hit in found.hits]


def _newest(asked: Asked, owner: User) -> Found:
    asked.order = NEWEST
    return find(asked.question(owner))


def send_digests(*, on_day: date, at: datetime) -> int:
    """Tell owners what their searches have come to find since; returns how many were told something.

    A record is named once in the life of a search, however often it changes.
    """
    catch_up(at=at)
    waiting = SavedSearch.objects.filter(owner__is_active=True).exclude(rhythm=Rhythm.NEVER).order_by("pk")
    return sum(_send_digest(pk, on_day, at) for pk in list(waiting.values_list("pk", flat=True)))


def is_due(saved: SavedSearch, on_day: date) -> bool:
    """Whether a digest is due: once a day, or once in a week from Monday on; a missed day is made up."""
    begin = on_day if saved.rhythm == Rhythm.DAILY else on_day - timedelta(days=on_day.weekday())
    return saved.rhythm != Rhythm.NEVER and (saved.told_at is None or localdate(saved.told_at) < begin)


@transaction.atomic
def _send_digest(pk: int, on_day: date, at: datetime) -> bool:
    """One search in one transaction: what is remembered as told and the message stand or fall together."""
    saved = SavedSearch.objects.select_for_update(of=("self",)).select_related("owner").filter(pk=pk).first()
    if saved is None or not is_due(saved, on_day):
        return False
    saved.told_at = at
    saved.save(update_fields=["told_at"])
    try:
        asked = _asked(saved.query, saved.owner)
    except SearchBroken as broken:
        return _tell(saved, "broken", f"保存的搜索“{saved.name}”已失效", broken.message, at)
    told = set(saved.told.values_list("kind", "object_id"))
    fresh = [hit for hit in _newest(asked, saved.owner).hits if (hit.kind, hit.object_id) not in told]
    if not fresh:
        return False
    tell_records(saved=saved, records=[(hit.kind, hit.object_id) for hit in fresh])
    subject = f"保存的搜索“{saved.name}”有 {len(fresh)} 条新结果"
    return _tell(saved, f"digest-{on_day}", subject, _body(fresh), at)


def _body(fresh: Sequence[Hit]) -> str:
    entries = SearchEntry.objects.filter(pk__in=[hit.pk for hit in fresh[:NAMED]]).newest_first()
    named = [f"{place}. {KINDS[entry.kind]}：{entry.title}" for place, entry in enumerate(entries, start=1)]
    more = len(fresh) - NAMED
    return "\n".join([*named, *([f"另有 {more} 条，请打开搜索查看。"] if more > 0 else [])])


def _tell(saved: SavedSearch, tier: str, subject: str, body: str, at: datetime) -> bool:
    draft = Draft(
        about=f"saved-search:{saved.pk}",
        tier=tier,
        recipient=saved.owner,
        topic=Topic.RECORD,
        subject=subject,
        body=body,
        url=reverse("search_saved_open", kwargs={"pk": saved.pk}),
        not_before=at,
    )
    return bool(queue_messages(drafts=[draft], at=at))
