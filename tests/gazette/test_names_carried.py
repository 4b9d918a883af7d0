"""A name corrected in one place is carried into the records that stand, after a look at what changes."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.urls import reverse

from directives.models import Roster, RosterMember
from events.models import EventOfficial
from foundation.models import AuditEntry, Version
from gazette.names.planning import entries_mentioning, officials_meant_otherwise
from organizations.models import DepartmentAlias, Person, PersonVariant
from organizations.services import PersonContent, VariantContent, save_person
from organizations.services.directory import NameDirectory
from tests.accounts import browser_of
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
    assert "<del>林轻</del>" in page and "<ins>林青</ins>" in page
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
