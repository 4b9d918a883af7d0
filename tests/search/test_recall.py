"""Thousands of generated records: what the index finds is what a plain look for the letters finds."""

import random
from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.db.models import Q
from django.utils import timezone

from directives.models import Directive
from events.models import Event
from organizations.models import Person
from search.finding import COUNTED, NEWEST, Question, find
from search.lists import holding_words
from search.models import Pending, SearchEntry
from search.services import find_drift
from search.words import plain_words
from taskboard.models.ledgers import LedgerRow
from tests.factories import PersonFactory
from tests.taskboard.ledgerworld import AT, land_ledger, unit
from zalantun.search.audiences import KINDS

pytestmark = pytest.mark.django_db

# As people type: one, two, three and four characters, several words, numbers, and what nowhere stands.
TYPED = (
    *("热", "会", "市", "，", "8", "供热", "会议", "检查", "安全", "模拟", "调研组", "办公室", "安全生产"),
    *("供热管网", "安全 检查", "会议 调研 市", "2021", "12", "(", "〔2021〕", "第1", "无此字词", "热 无此"),
)
SAMPLED = 12
BRACKETS = str.maketrans("〔[（【［〕]）】］", "((((()))))")
IN_LISTS = ("热", "会", "供热", "检查", "调研组", "安全生产", "模拟", "安全 检查", "2021", "无此字词")
AUDIENCES = ("", "events.view_unpublished", "taskboard.view_task", "organizations.view_all_names")


@pytest.fixture
def generated() -> list[tuple[int, str]]:
    """Every entry of the index with its text as a plain scan looks at it."""
    call_command("generate_records", events=2_500, directives=120, tasks=300, seed=7)
    return [
        (entry.pk, plain(f"{entry.title}\n{entry.text}"))
        for entry in SearchEntry.objects.only("title", "text")
    ]


def sampled(texts: list[str]) -> list[str]:
    """Pieces of one to four characters and pairs of them, taken from the texts by chance that repeats."""
    dice = random.Random(20220726)
    pieces: list[str] = []
    for length in (1, 2, 3, 4):
        while len(pieces) < SAMPLED * length:
            text = dice.choice(texts)
            start = dice.randrange(max(len(text) - length, 1))
            piece = text[start : start + length]
            if piece.split() == [piece]:
                pieces.append(piece)
    return [*pieces, *(" ".join(dice.sample(pieces, 2)) for _ in range(SAMPLED))]


def scanned(query: str, texts: list[tuple[int, str]]) -> set[int]:
    """What a plain scan finds."""
    words = plain(query).split()
    return {pk for pk, text in texts if all(word in text for word in words)}


def plain(text: str) -> str:
    """Small letters, and one form of brackets."""
    return text.lower().translate(BRACKETS)


def test_the_index_finds_what_a_plain_scan_finds(generated: list[tuple[int, str]]) -> None:
    assert not Pending.objects.exists() and not any(find_drift())
    for query in (*TYPED, *sampled([text for _, text in generated])):
        words = plain_words(query)
        expected = scanned(query, generated)
        assert set(SearchEntry.objects.by_index(words).values_list("pk", flat=True)) == expected, query
        assert set(SearchEntry.objects.holding(words).values_list("pk", flat=True)) == expected, query
        found = find(Question(words=words, audiences=AUDIENCES, kinds=tuple(KINDS), order=NEWEST))
        hits = {hit.pk for hit in found.hits}
        assert found.more == (len(expected) > COUNTED), query
        assert hits <= expected and len(hits) == min(len(expected), COUNTED), query


def test_lists_find_what_a_plain_scan_of_the_records_finds(generated: list[tuple[int, str]]) -> None:
    def of_event(word: str) -> Q:
        named = ("officials__printed_name", "officials__person__name", "officials__post")
        return _any(("title", "text", *named), word)

    def of_directive(word: str) -> Q:
        own = ("title", "number", "plan_title", "preamble", "plan_preamble")
        parts = ("sections__heading", "sections__text", "citations__title", "citations__number")
        return _any((*own, *parts), word)

    lists: list[tuple[str, type[Event] | type[Directive], Callable[[str], Q]]] = [
        ("events", Event, of_event),
        ("directives", Directive, of_directive),
    ]
    for kind, model, holding in lists:
        for query in (
            "热",
            "会",
            "供热",
            "检查",
            "调研组",
            "安全生产",
            "模拟",
            "安全 检查",
            "2021",
            "无此字词",
        ):
            expected = model._default_manager.all()
            for word in query.split():
                holders = model._default_manager.filter(holding(word)).values_list("pk", flat=True)
                expected = expected.filter(pk__in=list(holders))
            found = holding_words(model._default_manager.all(), kind, query, at=timezone.now())
            assert set(found.values_list("pk", flat=True)) == set(expected.values_list("pk", flat=True)), (
                query
            )


def test_names_and_ledgers_find_what_a_plain_scan_of_the_records_finds() -> None:
    dice = random.Random(8)

    def piece(length: int) -> str:
        return "".join(dice.choices("水务供热林赵某甲乙丙局长所副主任东西南北站库厂房123", k=length))

    ledger = land_ledger()
    for _ in range(150):
        PersonFactory(name=piece(3), posts=[piece(6), piece(4)]).variants.create(printed_name=piece(4))
        title, keeper = piece(5), unit(dice.choice(["水务局", "供热所", "房产局"]))
        values = {"c1": title, "c2": str(dice.random()), "c4": piece(8)}
        ledger.rows.create(department=keeper, title=title, values=values, created_at=AT, updated_at=AT)
    rows = {row.pk: [row.title, row.department.name, *row.values.values()] for row in LedgerRow.objects.all()}
    people = {
        person.pk: [
            person.name,
            *person.posts.values_list("title", flat=True),
            *person.variants.values_list("printed_name", flat=True),
        ]
        for person in Person.objects.all()
    }
    words = [piece(length) for length in (1, 1, 2, 2, 2, 2, 3, 3, 4) for _ in range(8)]
    for query in [*words, *(" ".join(dice.sample(words[:40], 2)) for _ in range(20)), "水务局", "副主任"]:
        for kind, texts, model in (("people", people, Person), ("ledgers", rows, LedgerRow)):
            expected = {
                pk
                for pk, parts in texts.items()
                if all(any(word in part for part in parts) for word in query.split())
            }
            found = holding_words(model._default_manager.all(), kind, query, at=timezone.now())
            assert set(found.values_list("pk", flat=True)) == expected, (kind, query)


def _any(fields: tuple[str, ...], word: str) -> Q:
    wanted = Q()
    for field in fields:
        wanted |= Q(**{f"{field}__contains": word})
    return wanted
