"""Searches that a person keeps, and what each has already told."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from foundation.errors import InvalidInput, StateConflict
from foundation.services.audit import record_change
from search.models import SavedSearch, ToldRecord

MOST_SAVED = 50
Record = tuple[str, int]


@transaction.atomic
def keep_search(
    *, owner: Any, name: str, query: str, rhythm: str, seen: Iterable[Record], at: datetime
) -> SavedSearch:
    """Keep a search for its owner; ``seen`` are the records that no digest needs to name.

    Raises InvalidInput for a name or rhythm that cannot be, StateConflict when
    the name or the search is kept already, or too many are.
    """
    own = SavedSearch.objects.filter(owner=owner)
    if own.count() >= MOST_SAVED:
        raise StateConflict(f"最多保存 {MOST_SAVED} 个搜索，请先删除不再使用的。")
    if known := own.filter(query=query).first():
        raise StateConflict(f"这个搜索已经保存过，名称是“{known.name}”。")
    saved = SavedSearch(owner=owner, query=query, created_at=at)
    _set(saved, name, rhythm, at)
    tell_records(saved=saved, records=seen)
    record_change(actor=owner, action="search.keep", target=saved, at=at, after=_facts(saved))
    return saved


@transaction.atomic
def change_search(
    *, saved: SavedSearch, name: str, rhythm: str, seen: Iterable[Record], at: datetime
) -> None:
    """Give a kept search another name or rhythm; ``seen`` is told from here on where it was silent before."""
    before = _facts(saved)
    _set(saved, name, rhythm, at)
    tell_records(saved=saved, records=seen)
    record_change(
        actor=saved.owner, action="search.change", target=saved, at=at, before=before, after=_facts(saved)
    )


@transaction.atomic
def remove_search(*, saved: SavedSearch, at: datetime) -> None:
    """Forget a kept search and what it has told."""
    record_change(actor=saved.owner, action="search.remove", target=saved, at=at, before=_facts(saved))
    saved.delete()


def tell_records(*, saved: SavedSearch, records: Iterable[Record]) -> None:
    """Remember that the owner has been shown these records; what is remembered already stays."""
    rows = (ToldRecord(search=saved, kind=kind, object_id=object_id) for kind, object_id in records)
    ToldRecord.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)


def _set(saved: SavedSearch, name: str, rhythm: str, at: datetime) -> None:
    saved.name = " ".join(name.split())
    if not saved.name:
        raise InvalidInput("请写上名称，方便以后找到这个搜索。")
    if len(saved.name) > (longest := SavedSearch._meta.get_field("name").max_length or 0):
        raise InvalidInput(f"名称不能超过 {longest} 个字。")
    if len(saved.query) > (longest := SavedSearch._meta.get_field("query").max_length or 0):
        raise InvalidInput("搜索条件太长，不能保存，请减少词语。")
    if rhythm not in SavedSearch.Rhythm.values:
        raise InvalidInput("没有这种推送方式，可以选：不推送、每天、每周一。")
    if rhythm != saved.rhythm or saved.told_at is None:
        saved.told_at = at
    saved.rhythm = rhythm
    try:
        with transaction.atomic():
            saved.save()
    except IntegrityError:
        raise StateConflict(f"已经有名为“{saved.name}”的搜索，请换一个名称。") from None


def _facts(saved: SavedSearch) -> dict[str, str]:
    return {"name": saved.name, "query": saved.query, "rhythm": saved.rhythm}
