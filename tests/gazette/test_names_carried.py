"""A name corrected in one place is carried into the records that stand, after a look at what changes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from directives.models import Roster, RosterMember
from events.models import EventOfficial
from foundation.errors import InvalidInput, StateConflict
from foundation.models import AuditEntry, Version
from gazette.models import NamesRun
from gazette.names.carrying import carry_people
from gazette.names.planning import entries_mentioning, officials_meant_otherwise
from gazette.services.namesruns import (
    STALE_AFTER,
    carry_out_names,
    stale_names_runs,
    start_names_run,
)
from organizations.models import DepartmentAlias, Person, PersonVariant
from organizations.services import PersonContent, VariantContent, save_person
from organizations.services.directory import NameDirectory
from tests.accounts import browser_of, person
from tests.factories import DepartmentFactory, DirectiveFactory, EventFactory, PersonFactory

pytestmark = pytest.mark.django_db
AT = datetime(2031, 9, 1, 1, 0, tzinfo=UTC)
NAMES = reverse("gazette:names")


def page_of(role: str = "editor", **query: Any) -> str:
    return browser_of(role).get(NAMES, query).content.decode()


def press(*keys: str, **query: Any) -> str:
    address = NAMES + "".join(f"{'&' if n else '?'}{k}={v}" for n, (k, v) in enumerate(query.items()))
    return browser_of("editor").post(address, {"key": keys}, follow=True).content.decode()


@pytest.fixture
def misread() -> Person:
    """Read as a person of his own from a misprint."""
    return PersonFactory(name="林轻")


@pytest.fixture
def right(misread: Person) -> Person:
    """The one who was meant; the misprint has since been registered with him."""
    content = PersonContent(name="林青", variants=(VariantContent("林轻"),))
    return save_person(actor=None, at=AT, content=content, directory=NameDirectory(actor=None, at=AT))


def test_old_lines_are_shown_first_and_then_point_at_the_right_person(misread: Person, right: Person) -> None:
    event = EventFactory(people=[misread])
    line = EventOfficial.objects.get()
    page = page_of()
    assert '<td data-label="现在认作"><del>林轻</del></td>' in page
    assert '<td data-label="改认作"><ins>林青</ins></td>' in page
    assert EventOfficial.objects.get().person == misread
    assert "已回填 1 条" in press(f"official:{line.pk}")
    line.refresh_from_db()
    assert (line.person, line.printed_name) == (right, "林轻")
    assert [v.content["officials"][0][0] for v in Version.objects.of(event)] == ["林青", "林轻"]
    assert AuditEntry.objects.about(event).get().action == "event.names"
    assert "没有要回填的" in page_of()


def test_only_what_was_chosen_is_changed_and_an_empty_choice_is_said(misread: Person, right: Person) -> None:
    EventFactory(people=[misread]), EventFactory(people=[misread])
    first, second = EventOfficial.objects.order_by("pk")
    assert "没有选中任何一条" in press()
    press(f"official:{first.pk}")
    second.refresh_from_db()
    assert second.person == misread and officials_meant_otherwise().count() == 1
    assert "已由他人改过" in press(f"official:{first.pk}")


def test_somebody_who_stands_there_already_is_not_doubled(misread: Person, right: Person) -> None:
    event = EventFactory(people=[misread, right])
    line = EventOfficial.objects.get(person=misread)
    press(f"official:{line.pk}")
    assert event.officials.get().person == right


def test_lines_of_rosters_follow_too(misread: Person, right: Person) -> None:
    roster = Roster.objects.create(directive=DirectiveFactory(), order=1, name="领导小组")
    member = RosterMember.objects.create(
        roster=roster, order=1, role="组长", printed_name="林轻", person=misread
    )
    assert "领导小组" in page_of(kind="members")
    assert "已回填 1 条" in press(f"member:{member.pk}", kind="members")
    member.refresh_from_db()
    assert (member.person, member.printed_name) == (right, "林轻")


def test_a_new_alias_files_the_entries_that_print_it() -> None:
    works, other = DepartmentFactory(name="住建局"), DepartmentFactory(name="建委会办公室")
    alias = DepartmentAlias.objects.create(name="建委", department=works)
    meant, longer = EventFactory(text="建委召开会议。"), EventFactory(text="建委会办公室召开会议。")
    filed = EventFactory(text="住建局召开会议。", departments=[works])
    assert [change.key for change in entries_mentioning(works, 10)] == [f"mention:{meant.pk}"]
    page = page_of(kind="department", department=works.slug)
    assert str(meant) in page and str(longer) not in page and str(filed) not in page and alias.name in page
    assert "已回填 1 条" in press(f"mention:{meant.pk}", kind="department", department=works.slug)
    assert meant.mentions.get().department == works and not longer.mentions.filter(department=other).exists()
    assert "没有要回填的" in page_of(kind="department", department=works.slug)


def test_more_than_a_press_carries_is_refused(misread: Person, right: Person) -> None:
    line = EventOfficial.objects.create(event=EventFactory(), person=misread, order=1, printed_name="林轻")
    keys = [f"official:{line.pk + n}" for n in range(201)]
    assert "一次最多回填 200 条" in press(*keys)
    assert "已回填 1 条" in press(*keys[:200])


def test_a_name_that_means_one_person_changes_nothing() -> None:
    person = PersonFactory(name="林青")
    PersonVariant.objects.create(person=person, printed_name="林轻")
    event = EventFactory()
    EventOfficial.objects.create(event=event, person=person, order=1, printed_name="林轻")
    assert not officials_meant_otherwise().exists()


@pytest.mark.parametrize(
    ("role", "status"), [("anonymous", 302), ("viewer", 403), ("supervisor", 403), ("publisher", 200)]
)
def test_who_may(role: str, status: int) -> None:
    assert browser_of(role).get(NAMES).status_code == status
    assert browser_of(role).post(NAMES, {"key": "official:1"}).status_code == (
        302 if status == 200 else status
    )


# -- all of them, in the background --------------------------------------------------------------


def test_all_lines_are_carried_in_the_background_and_the_page_tells_how_far(
    misread: Person, right: Person
) -> None:
    for _ in range(3):
        EventFactory(people=[misread])
    run = start_names_run(actor=person("editor"), at=AT, kind="officials")
    address = reverse("gazette:names_run", args=[run.pk])
    assert "0/3 条" in browser_of("editor").get(address).content.decode()
    carry_out_names(run=run, at=AT)
    assert (run.state, run.done, run.progress) == ("done", 3, 100)
    assert not EventOfficial.objects.filter(person=misread).exists()
    assert "已回填 <b>3</b> 条" in browser_of("editor").get(address).content.decode()


def test_one_run_of_a_kind_at_a_time_and_none_for_nothing(misread: Person, right: Person) -> None:
    editor = person("editor")
    with pytest.raises(InvalidInput, match="没有要回填"):
        start_names_run(actor=editor, at=AT, kind="members")
    EventFactory(people=[misread])
    start_names_run(actor=editor, at=AT, kind="officials")
    with pytest.raises(StateConflict, match="正在进行"):
        start_names_run(actor=editor, at=AT, kind="officials")


def test_a_run_whose_worker_is_gone_goes_on_with_what_is_left(misread: Person, right: Person) -> None:
    lines = [EventFactory(people=[misread]).officials.get() for _ in range(2)]
    run = start_names_run(actor=person("editor"), at=AT, kind="officials")
    carry_people(actor=run.started_by, at=AT, keys=[f"official:{lines[0].pk}"])
    NamesRun.objects.filter(pk=run.pk).update(state="writing", claimed_at=AT, done=1)
    carry_out_names(run=run, at=AT + STALE_AFTER)
    assert run.done == 1 and stale_names_runs(AT + STALE_AFTER) == []
    later = AT + STALE_AFTER + timedelta(seconds=1)
    assert stale_names_runs(later) == [run]
    carry_out_names(run=run, at=later)
    assert (run.state, run.done) == ("done", 2)


def test_a_department_is_filed_at_all_entries_that_name_it() -> None:
    department = DepartmentFactory(name="水务中心")
    for _ in range(2):
        EventFactory(text="水务中心清淤。")
    page = NAMES + f"?kind=department&department={department.slug}"
    answer = browser_of("editor").post(page, {"all": "1"}, follow=True).content.decode()
    assert "条目中的部门：水务中心" in answer
    carry_out_names(run=NamesRun.objects.get(), at=AT)
    assert department.event_mentions.count() == 2
