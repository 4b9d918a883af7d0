"""``manage.py generate_records``: invented, marked, repeatable by seed, removable."""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import groupby

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from directives.models import Directive
from events.models import Event, EventDepartment, EventOfficial
from floodresponse.models import Reading, ReadingBatch, ReadingRevision, Station
from foundation.models import AuditEntry
from organizations.models import Department, Person
from taskboard.models import Task, TaskList
from tests.factories import DirectiveFactory, EventFactory, TaskFactory
from zalantun.synthetic import MARK, SOURCE
from zalantun.synthetic.chronicle import A_MONTH, LAST_YEAR, months_for
from zalantun.synthetic.readings import A_DAY, GAUGES, POINTS, days_for, storm_values
from zalantun.synthetic.wording import dice_for

pytestmark = pytest.mark.django_db
AT = datetime(2023, 5, 8, 1, 30, tzinfo=UTC)
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


class TestReadings:
    def test_as_many_as_asked_for_each_marked_and_in_the_past(self) -> None:
        generate(readings=700)
        assert Reading.objects.count() == 700
        assert Station.objects.count() == GAUGES + POINTS
        assert not Station.objects.exclude(name__startswith=MARK, network=SOURCE, is_active=False).exists()
        assert Reading.objects.latest("observed_at").observed_at.year == LAST_YEAR
        assert ReadingBatch.objects.get().accepted == 700

    def test_no_level_rests_on_them(self) -> None:
        generate(readings=700)
        assert not Station.objects.counted().exists()

    def test_readings_go_on_before_those_that_are_there(self) -> None:
        generate(readings=A_DAY + 1)
        generate(readings=10)
        assert Reading.objects.count() == A_DAY + 11
        days = {moment.date() for moment in ReadingBatch.objects.values_list("received_at", flat=True)}
        assert days == {date(2021, 9, 30), date(2021, 9, 29), date(2021, 9, 28)}

    def test_some_days_have_a_storm_that_gauges_and_points_show(self) -> None:
        values = [storm_values(date(2021, 7, day), dice_for(1, "readings", day)) for day in range(1, 32)]
        storms = [value for value in values if value]
        assert 1 <= len(storms) < len(values)
        for storm in storms:
            assert {code[:5] for code, _ in storm} == {"SIM-R", "SIM-P"}
            assert all(0 <= minute <= 1440 and Decimal(mm) >= 0 for (_, minute), mm in storm.items())

    def test_the_same_seed_gives_the_same_values(self) -> None:
        generate(readings=A_DAY, seed=4)
        first = list(Reading.objects.order_by("observed_at", "station__code").values_list("value", flat=True))
        call_command("generate_records", remove=True)
        generate(readings=A_DAY, seed=4)
        again = Reading.objects.order_by("observed_at", "station__code").values_list("value", flat=True)
        assert list(again) == first

    @pytest.mark.parametrize(
        ("number", "days", "last"),
        [
            (0, 0, None),
            (1, 1, (date(2021, 9, 30), 1)),
            (A_DAY, 1, (date(2021, 9, 30), A_DAY)),
            (A_DAY + 1, 2, (date(2021, 9, 29), 1)),
            (A_DAY * 122, 122, (date(2021, 6, 1), A_DAY)),
            (A_DAY * 122 + 1, 123, (date(2020, 9, 30), 1)),
        ],
    )
    def test_days_of_flood_seasons_share_what_is_asked_for(
        self, number: int, days: int, last: tuple[date, int] | None
    ) -> None:
        shared = list(days_for(number))
        assert sum(size for _, size in shared) == number
        assert len(shared) == days and (shared[-1] if shared else None) == last

    def test_removing_takes_them_with_their_corrections_and_leaves_the_rest(self) -> None:
        own = Station.objects.create(code="R1", name="北街站", kind="rain", network="市气象局")
        batch = ReadingBatch.objects.create(received_at=AT, accepted=1)
        kept = Reading.objects.create(station=own, observed_at=AT, value=1, received_at=AT, batch=batch)
        generate(readings=300)
        wrong = Reading.objects.exclude(pk=kept.pk).earliest("pk")
        ReadingRevision.objects.create(
            reading=wrong, value=9, received_at=AT, replaced_at=AT, batch=wrong.batch
        )
        call_command("generate_records", remove=True)
        assert (Reading.objects.get(), Station.objects.get()) == (kept, own)
        assert ReadingBatch.objects.get() == batch
        actions = AuditEntry.objects.filter(action__startswith="synthetic").order_by("sequence")
        assert [(entry.action, (entry.after or entry.before)["number"]) for entry in actions] == [
            ("synthetic.generate", 300),
            ("synthetic.remove", 300),
        ]


@pytest.mark.parametrize(
    "options",
    [{}, {"remove": True, "events": 1}, {"remove": True, "readings": 1}],
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
