"""``manage.py generate_records``: invented, marked, repeatable by seed, removable."""

from datetime import date
from itertools import groupby

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from directives.models import Directive
from events.models import Event, EventDepartment, EventOfficial
from foundation.models import AuditEntry
from organizations.models import Department, Person
from taskboard.models import Task, TaskList
from tests.factories import DirectiveFactory, EventFactory, TaskFactory
from zalantun.synthetic import MARK, SOURCE
from zalantun.synthetic.chronicle import A_MONTH, LAST_YEAR, months_for

pytestmark = pytest.mark.django_db
Captured = pytest.CaptureFixture[str]


def generate(**options: int) -> None:
    call_command("generate_records", **options)


def contents() -> list[tuple[object, ...]]:
    """All that was written, without the database's own numbers."""
    events = Event.objects.values_list(
        "start_date", "end_date", "position", "title", "text", "officials__post"
    )
    directives = Directive.objects.values_list("title", "number", "issued_on", "sections__text")
    tasks = Task.objects.values_list(
        "task_list__title", "order", "title", "due_on", "state", "duties__printed_name"
    )
    return [tuple(sorted(map(str, rows))) for rows in (events, directives, tasks)]


def test_as_many_as_asked_for_each_with_its_parts() -> None:
    generate(events=90, directives=12, tasks=130)
    assert (Event.objects.count(), Directive.objects.count(), Task.objects.count()) == (90, 12, 130)
    assert TaskList.objects.count() == 2
    assert EventOfficial.objects.count() > 60 and EventDepartment.objects.count() >= 90
    assert all(directive.sections.count() == 9 for directive in Directive.objects.all())
    assert not Task.objects.exclude(duties__role="lead").exists()
    assert Event.objects.filter(end_date__gt=date(2021, 12, 31)).count() < 5
    assert set(Event.objects.values_list("publication", flat=True)) == {"published"}


def test_every_record_bears_the_mark() -> None:
    generate(events=50, directives=5, tasks=5)
    for event in Event.objects.all():
        assert event.title.startswith(MARK) and event.text.startswith(MARK) and event.source == SOURCE
    for directive in Directive.objects.all():
        assert directive.title.startswith(MARK) and directive.source == SOURCE
    for task in Task.objects.select_related("task_list"):
        assert task.title.startswith(MARK) and task.task_list.title.startswith(MARK)
    assert not Department.objects.exclude(name__startswith="模拟").exists()
    assert not Person.objects.exclude(name__contains="某").exists()


def test_pages_show_the_mark() -> None:
    generate(events=3)
    event = Event.objects.latest("pk")
    for address in (event.get_absolute_url(), f"/events/{event.start_date:%Y/%m}/"):
        assert SOURCE in Client().get(address).content.decode()
    assert MARK in Client().get("/events/").content.decode()


def test_the_same_seed_writes_the_same(capsys: Captured) -> None:
    generate(events=60, directives=5, tasks=20, seed=7)
    first = contents()
    call_command("generate_records", remove=True)
    generate(events=60, directives=5, tasks=20, seed=7)
    assert contents() == first
    call_command("generate_records", remove=True)
    generate(events=60, directives=5, tasks=20, seed=8)
    assert contents() != first


def test_positions_go_on_within_each_month_in_order_of_days() -> None:
    EventFactory(start_date=date(LAST_YEAR, 12, 5), position=17)
    for _ in range(2):
        generate(events=85)
    rows = Event.objects.filter(source=SOURCE).order_by("start_date__year", "start_date__month", "position")
    for month, found in groupby(rows, key=lambda event: (event.start_date.year, event.start_date.month)):
        positions = [event.position for event in found]
        first = 18 if month == (LAST_YEAR, 12) else 1
        assert positions == list(range(first, first + len(positions)))
    assert Event.objects.filter(source=SOURCE).count() == 170


def test_a_single_run_counts_by_day() -> None:
    generate(events=85)
    for _, found in groupby(
        Event.objects.order_by("start_date", "position"), key=lambda e: e.start_date.month
    ):
        positions = [event.position for event in found]
        assert positions == sorted(positions)


def test_documents_number_on() -> None:
    generate(directives=4)
    generate(directives=4)
    numbers = Directive.objects.values_list("number", flat=True)
    assert len(set(numbers)) == 8


@pytest.mark.parametrize("number", [0, 1, A_MONTH - 1, A_MONTH, A_MONTH + 1, 1_000, 100_000])
def test_months_share_what_is_asked_for(number: int) -> None:
    months = months_for(number)
    assert sum(share for _, share in months) == number
    assert all(share > 0 for _, share in months)
    assert not months or months[-1][0] == date(LAST_YEAR, 12, 1)


def test_removing_takes_the_invented_and_leaves_the_rest() -> None:
    event, directive, task = EventFactory(), DirectiveFactory(), TaskFactory()
    generate(events=30, directives=6, tasks=12)
    call_command("generate_records", remove=True)
    assert list(Event.objects.all()) == [event]
    assert list(Directive.objects.all()) == [directive]
    assert list(Task.objects.all()) == [task]
    assert not Department.objects.filter(name__startswith="模拟").exists()
    assert not Person.objects.filter(note=SOURCE).exists()


def test_what_others_mention_by_now_stays() -> None:
    generate(events=3)
    person = Person.objects.filter(note=SOURCE).earliest("pk")
    EventFactory(people=[person])
    call_command("generate_records", remove=True)
    assert list(Person.objects.filter(note=SOURCE)) == [person]


def test_both_ways_stand_in_the_audit_log() -> None:
    generate(events=3, tasks=2, seed=5)
    call_command("generate_records", remove=True)
    made = AuditEntry.objects.filter(action="synthetic.generate").order_by("sequence")
    assert [entry.after for entry in made] == [
        {"kind": "大事记", "number": 3, "seed": 5},
        {"kind": "任务", "number": 2, "seed": 5},
    ]
    assert AuditEntry.objects.filter(action="synthetic.remove").count() == 2


@pytest.mark.parametrize(
    "options",
    [{}, {"remove": True, "events": 1}, {"readings": 5}, {"events": 5, "readings": 1}],
)
def test_what_cannot_be_done_is_refused_before_anything_is_written(
    capsys: Captured, options: dict[str, int]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        generate(**options)
    assert stopped.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not Event.objects.exists() and not Department.objects.exists()


@pytest.mark.parametrize("number", ["-1", "many", "1.5", ""])
def test_a_number_that_is_none_is_refused(number: str) -> None:
    with pytest.raises(CommandError, match="不是 0 以上的整数"):
        call_command("generate_records", "--events", number)
