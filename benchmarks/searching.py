"""The search beside its own raw queries, and beside a filter that looks for words in every row.

What is compared: a whole request (middleware, permission, page or JSON) with
the very statements it sent, executed one after the other in the driver and
read to the end. A request costs some milliseconds before and after it asks
anything, and for a rare term that is nearly all there is to measure. The bound
is kept by the median over a list of words of one to four characters and of
several words, as people type them; the page and the API are both told. Of the
same list the hits of the index must be those of a plain look for the letters in every
text. And the API's
``q`` with the same view whose words are answered by the REST framework's
``SearchFilter`` over title and text.

``python -m benchmarks.searching --events 1000000`` measures at any scale, on
both databases.
"""

import argparse
import sys

if __name__ == "__main__":
    import benchmarks.environment  # noqa: F401

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from benchmarks.boards import get, recorded
from benchmarks.measuring import (
    Row,
    Times,
    database_name,
    in_turn,
    prepare,
    seconds_of,
    speed_ratio,
    table,
    time_ratio,
)
from events.models import Event
from search.models import SearchEntry
from search.services import catch_up
from search.words import plain_words
from zalantun.synthetic import MARK, SOURCE

EVENTS, MILLION, ROUNDS = 100_000, 1_000_000, 15
ROUNDS_OF_LIST = 5
AT_MOST, AT_LEAST = 3, 20
# Words of the synthetic records, and one that stands in ten of them.
COMMON, MIDDLE, RARE, HITS = "检查", "赵某安", "滨河栈桥", 10
TYPED = (
    *("热", "会", "市", "泵"),
    *("供热", COMMON, "安全", "赵某"),
    *(MIDDLE, "调度会", "二号泵", "老站前"),
    *(RARE, "河道清淤", "供热准备", "农贸市场"),
    *("安全 检查", "二号泵站 赵某", "调度会 供热 老站前", "热 无此字词"),
)


def search_rows(events: int = EVENTS) -> list[Row]:
    """Rows of one database; the records are taken away again."""
    call_command("generate_records", events=events, seed=4, stdout=sys.stderr)
    _write_rare()
    client = Client()
    rows = [
        _hits_beside_scan(events),
        _list_beside_queries(client, "/search/", events, at_most=None),
        _list_beside_queries(client, "/api/v1/search/", events, at_most=AT_MOST),
        *(_beside_queries(client, f"/search/?q={word}", events) for word in (COMMON, MIDDLE, RARE)),
        _beside_filter(client, RARE, events, at_least=AT_LEAST if events >= MILLION else None),
        _beside_filter(client, COMMON, events, at_least=None),
    ]
    call_command("generate_records", remove=True, stdout=sys.stderr)
    return rows


def _write_rare() -> None:
    first = Event.objects.order_by("start_date")[0].start_date
    Event.objects.bulk_create(
        Event(
            start_date=first,
            end_date=first,
            position=10_000 + number,
            title=f"{MARK}{RARE}第{number}次检修",
            source=SOURCE,
            publication=Event.Publication.PUBLISHED,
        )
        for number in range(HITS)
    )
    catch_up(at=timezone.now())


def _hits_beside_scan(events: int) -> Row:
    """The index and a look at every text must find the same."""
    texts = SearchEntry.objects.values_list("pk", "title", "text").iterator(chunk_size=2_000)
    scanned: dict[str, set[int]] = {query: set() for query in TYPED}
    for pk, title, text in texts:
        whole = f"{title}\n{text}".lower()
        for query in TYPED:
            if all(word in whole for word in query.split()):
                scanned[query].add(pk)
    indexed = {
        query: set(SearchEntry.objects.by_index(plain_words(query)).values_list("pk", flat=True))
        for query in TYPED
    }
    apart = [query for query in TYPED if indexed[query] != scanned[query]]
    what = f"Hits of {len(TYPED)} queries, {events:,} entries, {database_name()}, beside a plain scan"
    ours, beside = (f"{sum(map(len, found.values())):,} hits" for found in (indexed, scanned))
    missed = f"不一致：{'、'.join(apart)}" if apart else ""
    return Row(what, ours, beside, "–", "the same", missed)


def _list_beside_queries(client: Client, page: str, events: int, *, at_most: float | None) -> Row:
    """The median of the whole list: of each query its own median."""
    pairs = [_both(client, f"{page}?q={query}", ROUNDS_OF_LIST)[:2] for query in TYPED]
    ours, beside = (Times(tuple(times.middle for times in side)) for side in zip(*pairs, strict=True))
    what = f"`{page}`, median of {len(TYPED)} queries, {events:,} entries, {database_name()}"
    return time_ratio(
        f"{what}, beside their SQL in the driver", ours, beside, at_most=at_most, of_middle=True
    )


def _beside_queries(client: Client, page: str, events: int) -> Row:
    ours, beside, queries = _both(client, page, ROUNDS)
    what = f"`{page}`, {events:,} entries, {database_name()}, beside its {queries} queries in the driver"
    return time_ratio(what, ours, beside, at_most=None, of_middle=True)


def _both(client: Client, page: str, rounds: int) -> tuple[Times, Times, int]:
    """A request, the statements that it sent, and how many they are."""
    replay = recorded(client, page)

    def ask() -> None:
        with connection.cursor() as cursor:
            for sql, params in replay.statements:
                cursor.execute(sql, params)
                cursor.fetchall()

    ours, beside = in_turn(lambda: seconds_of(lambda: get(client, page)), lambda: seconds_of(ask), rounds)
    return ours, beside, len(replay.statements)


def _beside_filter(client: Client, word: str, events: int, *, at_least: float | None) -> Row:
    ours, beside = in_turn(
        lambda: seconds_of(lambda: get(client, f"/api/v1/events/?q={word}")),
        lambda: seconds_of(lambda: get(client, f"/bare/events/?search={word}")),
        ROUNDS if events < MILLION else 5,
    )
    where = f"{events:,} entries, {database_name()}"
    what = f"`/api/v1/events/?q={word}`, {where}, beside SearchFilter over title and text"
    return speed_ratio(what, ours, beside, at_least=at_least)


def main() -> None:
    """Measure here, then on PostgreSQL in a process of its own."""
    from benchmarks.on_postgresql import rows_on_postgresql  # noqa: PLC0415 - it starts this program again

    parser = argparse.ArgumentParser(prog="python -m benchmarks.searching", description=__doc__)
    parser.add_argument(
        "--events", type=int, default=EVENTS, metavar="N", help="how many entries are searched"
    )
    events = parser.parse_args().events
    prepare()
    rows = search_rows(events)
    # At once: the second half takes as long, and whoever stops it has the first.
    print("\n".join(table(rows)), flush=True)
    elsewhere = rows_on_postgresql("search", events)
    print("\n".join(list(table(elsewhere))[2:]))
    rows += elsewhere
    sys.exit(1 if any(row.missed for row in rows) else 0)


if __name__ == "__main__":
    main()
