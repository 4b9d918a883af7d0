"""A corrected edition: what it brings is taken, what a person changed is kept, nothing is doubled."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directives.models import Directive
from events.models import Event
from gazette.parser.records import ChronicleEntry, Gazette, PersonMention
from gazette.parser.records import Directive as ReadDirective
from gazette.parser.records import Task as ReadTask
from gazette.services import import_texts, imports, plan_import, remember
from gazette.services.imports import GazetteFile
from gazette.services.payloads import event_in_portal
from taskboard.models import Task, TaskList
from tests.factories import EventFactory, PersonFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PLAN = "青河市治水方案"
Import = Callable[..., dict[str, Any]]


def entry(position: int, text: str, day: int = 3) -> ChronicleEntry:
    return ChronicleEntry(date(2031, 8, day), date(2031, 8, day), position, text, position, position)


def task(number: int, text: str) -> ReadTask:
    return ReadTask(PLAN, "一、管网", "（一）旧管", str(number), text, ("住建局",), (), None, "", number)


DOCUMENT = ReadDirective(PLAN, "", "青河市人民政府", date(2031, 8, 1), (), True, "", 1, 9)
ENTRIES = (entry(1, "召开治水工作会议。"), entry(2, "检查城区排水管网。"), entry(3, "慰问环卫工人。"))
TASKS = (task(1, "疏通旧管。"), task(2, "更换井盖。"), task(3, "清理河道淤泥。"))
FIRST = Gazette("青河公报", events=ENTRIES, directives=(DOCUMENT,), tasks=TASKS)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Import:
    """Imports what the reader is said to have read."""

    def run(gazette: Gazette) -> dict[str, Any]:
        monkeypatch.setattr(imports, "parse_gazette", lambda text, vocabulary: gazette)
        (report,) = import_texts(files=[GazetteFile("a.txt", "公报".encode())], actor=None, at=AT)
        return report

    return run


def counts(report: dict[str, Any]) -> tuple[int, int, int, int]:
    return report["created"], report["updated"], report["unchanged"], report["kept"]


def listed() -> list[tuple[int, str, str]]:
    return list(Task.objects.order_by("order").values_list("order", "number", "text"))


def test_the_same_edition_again_changes_nothing(read: Import) -> None:
    assert counts(read(FIRST)) == (7, 0, 0, 0)
    assert counts(read(FIRST)) == (0, 0, 7, 0)


def test_a_task_put_in_between_moves_the_others(read: Import) -> None:
    read(FIRST)
    inserted = (TASKS[0], task(2, "加装防坠网。"), task(3, "更换井盖。"), task(4, "清理河道淤泥。"))
    assert counts(read(replace(FIRST, tasks=inserted))) == (1, 2, 5, 0)
    assert listed() == [
        (1, "1", "疏通旧管。"),
        (2, "2", "加装防坠网。"),
        (3, "3", "更换井盖。"),
        (4, "4", "清理河道淤泥。"),
    ]


def test_tasks_that_change_places_are_the_same_tasks(read: Import) -> None:
    read(FIRST)
    before = dict(Task.objects.values_list("text", "pk"))
    swapped = (task(1, "更换井盖。"), task(2, "疏通旧管。"), TASKS[2])
    assert counts(read(replace(FIRST, tasks=swapped))) == (0, 2, 5, 0)
    assert [text for _, _, text in listed()] == ["更换井盖。", "疏通旧管。", "清理河道淤泥。"]
    assert dict(Task.objects.values_list("text", "pk")) == before


def test_a_task_added_by_hand_keeps_its_place_when_the_edition_needs_it(read: Import) -> None:
    read(FIRST)
    task_list = Directive.objects.get().task_lists.get()
    own = Task.objects.create(task_list=task_list, order=4, title="自加任务", text="自己加的事项。")
    longer = (*TASKS, task(4, "修补护坡。"))
    assert counts(read(replace(FIRST, tasks=longer)))[0] == 1
    own.refresh_from_db()
    assert own.order == 4
    assert Task.objects.get(text="修补护坡。").order == 5
    assert counts(read(replace(FIRST, tasks=longer))) == (0, 0, 8, 0)


def test_an_entry_that_is_reworded_and_moved_is_the_same_entry(read: Import) -> None:
    read(FIRST)
    pk = Event.objects.get(position=2).pk
    moved = (ENTRIES[0], entry(2, "慰问环卫工人。"), entry(3, "检查城区排水管网和泵站。"))
    assert counts(read(replace(FIRST, events=moved))) == (0, 2, 5, 0)
    kept = Event.objects.get(pk=pk)
    assert (kept.position, kept.text) == (3, "检查城区排水管网和泵站。")


def test_what_a_person_changed_is_kept_while_the_gazette_says_the_same(read: Import) -> None:
    read(FIRST)
    Event.objects.filter(position=1).update(text="召开治水工作推进会议。")
    assert counts(read(FIRST)) == (0, 0, 7, 0)
    assert Event.objects.get(position=1).text == "召开治水工作推进会议。"


def test_what_both_changed_is_a_conflict_and_stays(read: Import) -> None:
    read(FIRST)
    Event.objects.filter(position=1).update(text="召开治水工作推进会议。")
    corrected = replace(FIRST, events=(entry(1, "召开治水工作动员会议。"), *ENTRIES[1:]))
    report = read(corrected)
    assert counts(report) == (0, 0, 6, 1)
    assert report["conflicts"] == ["2031-08-03 召开治水工作动员会议"]
    assert Event.objects.get(position=1).text == "召开治水工作推进会议。"


def test_an_entry_that_the_edition_no_longer_has_is_named_and_stays(read: Import) -> None:
    read(FIRST)
    assert plan_import(replace(FIRST, events=ENTRIES[:2])).absent == ("2031-08-03 慰问环卫工人",)
    read(replace(FIRST, events=ENTRIES[:2]))
    assert Event.objects.count() == 3


# -- corrected by hand in between ---------------------------------------------------------------


def test_a_document_renamed_by_hand_is_the_same_document_with_the_same_tasks(read: Import) -> None:
    read(FIRST)
    Directive.objects.update(title="青河市治水方案（修订）")
    assert counts(read(FIRST)) == (0, 0, 7, 0)
    assert [d.title for d in Directive.objects.all()] == ["青河市治水方案（修订）"]
    assert (Task.objects.count(), TaskList.objects.count()) == (3, 1)


def test_a_task_new_in_an_edition_joins_the_list_of_the_renamed_document(read: Import) -> None:
    read(FIRST)
    Directive.objects.update(title="青河市治水方案（修订）")
    assert counts(read(replace(FIRST, tasks=(*TASKS, task(4, "修补护坡。")))))[0] == 1
    assert TaskList.objects.get().tasks.count() == 4


def test_a_document_retitled_by_the_edition_is_known_by_its_number(read: Import) -> None:
    numbered = replace(DOCUMENT, number="青政发〔2031〕6号")
    read(replace(FIRST, directives=(numbered,), tasks=()))
    retitled = replace(numbered, title="青河市治水工作方案")
    assert counts(read(replace(FIRST, directives=(retitled,), tasks=()))) == (0, 1, 3, 0)
    assert Directive.objects.get().title == "青河市治水工作方案"


@pytest.mark.parametrize("moved_to", [date(2031, 8, 9), date(2031, 9, 1), date(2030, 8, 3)])
def test_an_entry_moved_to_another_day_by_hand_is_not_entered_again(read: Import, moved_to: date) -> None:
    read(FIRST)
    Event.objects.filter(position=2).update(start_date=moved_to, end_date=moved_to)
    assert counts(read(FIRST)) == (0, 0, 7, 0)
    assert Event.objects.get(position=2).start_date == moved_to
    assert Event.objects.count() == 3


def test_a_document_of_the_same_title_and_another_date_is_another_document(read: Import) -> None:
    read(FIRST)
    later = replace(DOCUMENT, issued_on=date(2032, 8, 1))
    assert counts(read(replace(FIRST, directives=(later,), events=())))[0] == 4
    assert sorted(d.task_lists.get().tasks.count() for d in Directive.objects.all()) == [3, 3]


# -- entered by hand, by no gazette ---------------------------------------------------------------


def test_an_unrelated_entry_of_the_same_day_and_position_is_left_alone(read: Import) -> None:
    own = EventFactory(
        start_date=date(2031, 8, 3), position=1, text="市图书馆延长开放时间。", people=[PersonFactory()]
    )
    before = list(own.officials.values_list("person__name", "post"))
    assert counts(read(FIRST))[0] == 7
    own.refresh_from_db()
    assert (own.text, list(own.officials.values_list("person__name", "post"))) == (
        "市图书馆延长开放时间。",
        before,
    )


def test_an_entry_typed_in_beforehand_is_the_same_and_takes_no_names_unasked(read: Import) -> None:
    own = EventFactory(start_date=date(2031, 8, 3), position=7, text="召开治水工作会议。")
    named = replace(ENTRIES[0], people=(PersonMention("程远山", "程远山", "市长"),), departments=("水利局",))
    edition = replace(FIRST, events=(named,))
    (record,) = plan_import(edition).of_kind("event")
    assert (record.object_id, record.take) == (own.pk, ())
    assert set(record.conflicts) == {"position", "officials", "departments"}
    assert counts(read(edition)) == (4, 0, 0, 1)
    assert not own.officials.exists() and not own.mentions.exists()


def test_an_entry_of_the_fixtures_without_words_takes_those_of_its_day_and_position(read: Import) -> None:
    own = EventFactory(start_date=date(2031, 8, 3), position=2, text="")
    remember([(own, event_in_portal(own))])
    assert counts(read(FIRST)) == (6, 1, 0, 0)
    own.refresh_from_db()
    assert own.text == "检查城区排水管网。"


# -- the cost ---------------------------------------------------------------------------------


def test_an_unchanged_record_costs_no_query(read: Import) -> None:
    def queries(count: int) -> int:
        edition = Gazette(
            "青河公报", events=tuple(entry(n, f"第{n}项工作完成。") for n in range(1, count + 1))
        )
        read(edition)
        with CaptureQueriesContext(connection) as asked:
            assert counts(read(edition)) == (0, 0, count, 0)
        return len(asked)

    assert queries(40) == queries(20)


def test_an_entry_made_here_gives_way_to_the_printed_one_of_its_place(read: Import) -> None:
    own = EventFactory(start_date=date(2031, 8, 3), position=1, text="市图书馆延长开放时间。")
    read(replace(FIRST, events=ENTRIES[:2]))
    places = Event.objects.filter(start_date=date(2031, 8, 3)).order_by("position")
    assert [(e.position, e.pk == own.pk) for e in places] == [(1, False), (2, False), (3, True)]


def test_printed_entries_change_places_without_being_in_each_others_way(read: Import) -> None:
    first, second = "召开治水工作会议。", "检查城区排水管网。"
    read(replace(FIRST, events=(entry(1, first), entry(2, second))))
    read(replace(FIRST, events=(entry(1, second), entry(2, first))))
    assert list(Event.objects.order_by("position").values_list("text", flat=True)) == [second, first]
