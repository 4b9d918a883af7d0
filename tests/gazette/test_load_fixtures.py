"""Loading the fixtures: on the record, once, never over what is there."""

from collections import Counter
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import call_command

from directives.models import Directive
from events.models import Event
from foundation.errors import PermissionRefused
from foundation.models import AuditEntry
from gazette.services.fixtures import load_fixtures
from taskboard.models import Task
from tests.factories import DepartmentFactory, EventFactory, PersonFactory, UserFactory

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def load(*options: str) -> str:
    out = StringIO()
    call_command("load_fixtures", *options, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_loading_twice_changes_nothing_and_keeps_what_a_person_changed() -> None:
    load_fixtures(actor=None, at=AT)
    actions = Counter(AuditEntry.objects.values_list("action", flat=True))
    assert (actions["event.create"], actions["directive.create"], actions["task.create"]) == (91, 7, 107)
    entry = Event.objects.get(start_date=date(2022, 7, 26), position=26)
    Event.objects.filter(pk=entry.pk).update(title="编辑改过的标题")
    assert load_fixtures(actor=None, at=AT) == {}
    entry.refresh_from_db()
    assert entry.title == "编辑改过的标题"
    assert AuditEntry.objects.count() == actions.total()
    assert (Event.objects.count(), Directive.objects.count(), Task.objects.count()) == (91, 7, 107)


@pytest.mark.django_db
def test_names_that_are_there_are_used() -> None:
    department = DepartmentFactory(name="住建局", slug="own-address")
    person = PersonFactory(name="王波")
    written = load_fixtures(actor=None, at=AT)
    assert written["departments"] == 82
    assert written["people"] == 120
    assert department.task_duties.filter(role="lead").count() == 63
    assert person.appearances.exists()


@pytest.mark.django_db
def test_loading_needs_the_right_to_import() -> None:
    with pytest.raises(PermissionRefused):
        load_fixtures(actor=UserFactory(role="viewer"), at=AT)


@pytest.mark.django_db
def test_the_command_fills_an_empty_portal() -> None:
    assert "大事记 91 条，政策文件 7 件，任务 107 项" in load("--if-empty")
    assert load("--if-empty") == ""
    assert "没有改动" in load()


@pytest.mark.django_db
def test_a_portal_with_records_is_left_alone() -> None:
    EventFactory()
    assert load("--if-empty") == ""
    assert Event.objects.count() == 1


@pytest.mark.django_db
def test_an_entry_made_here_gives_way_to_one_of_the_fixtures() -> None:
    own = EventFactory(start_date=date(2022, 7, 1), end_date=date(2022, 7, 2), position=1)
    load_fixtures(actor=None, at=AT)
    own.refresh_from_db()
    places = Event.objects.filter(start_date=date(2022, 7, 1)).values_list("position", flat=True)
    assert own.position == len(places) == len(set(places))
