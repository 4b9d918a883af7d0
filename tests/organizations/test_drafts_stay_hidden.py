"""What was learnt from a draft is not shown to visitors, wherever people and departments are shown."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from directives.models import Roster, RosterMember
from events.models import Event, EventOfficial
from organizations.models import Department, Person, Post
from organizations.services import (
    DepartmentContent,
    NameDirectory,
    PersonContent,
    save_department,
    save_person,
)
from tests.accounts import browser_of
from tests.factories import DepartmentFactory, DirectiveFactory, EventFactory, PersonFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
VISITORS = ["anonymous", None]
PUBLISHED_POST, DRAFT_POST = "水利局副局长", "水利局局长"


def learnt(person: Person, post: str, publication: str) -> Event:
    """An entry that names the person with the post, and the directory learning from it."""
    NameDirectory(actor=None, at=AT).person(person.name, post)
    event: Event = EventFactory(publication=publication, start_date=date(2023, 5, 8))
    EventOfficial.objects.create(event=event, person=person, order=1, printed_name=person.name, post=post)
    return event


@pytest.fixture
def lin() -> Person:
    person: Person = PersonFactory(name="林青")
    DepartmentFactory(name="水利局", slug="water")
    learnt(person, PUBLISHED_POST, "published")
    learnt(person, DRAFT_POST, "draft")
    return person


def everywhere(person: Person, role: str | None) -> dict[str, str]:
    browser = browser_of(role)
    addresses = (
        person.get_absolute_url(),
        "/people/",
        "/people/people.csv",
        "/departments/water/",
        f"/api/v1/people/{person.pk}/",
        "/api/v1/people/",
        "/search/?q=林青",
    )
    return {address: browser.get(address).getvalue().decode() for address in addresses}


@pytest.mark.parametrize("role", VISITORS)
def test_a_post_of_a_draft_is_shown_nowhere(lin: Person, role: str | None) -> None:
    pages = everywhere(lin, role)
    assert [address for address, page in pages.items() if DRAFT_POST in page] == []
    assert [address for address, page in pages.items() if PUBLISHED_POST not in page] == []


@pytest.mark.parametrize("role", VISITORS)
def test_nor_is_it_found_by_its_words(lin: Person, role: str | None) -> None:
    browser = browser_of(role)
    assert list(browser.get("/people/", {"q": DRAFT_POST}).context["page"]) == []
    assert browser.get("/api/v1/people/", {"q": DRAFT_POST}).json()["count"] == 0
    assert lin.get_absolute_url() not in browser.get("/search/", {"q": DRAFT_POST}).content.decode()


def test_staff_see_it(lin: Person) -> None:
    pages = everywhere(lin, "viewer")
    assert [address for address, page in pages.items() if DRAFT_POST not in page] == []


def test_publishing_shows_it_and_withdrawing_hides_it(lin: Person) -> None:
    entries = Event.objects.filter(officials__post=DRAFT_POST)
    for publication, shown in (("published", True), ("withdrawn", False)):
        entries.update(publication=publication)
        page = browser_of("anonymous").get(lin.get_absolute_url()).content.decode()
        assert (DRAFT_POST in page) is shown


@pytest.mark.parametrize(
    ("directive", "shown"),
    [({}, True), ({"is_public": False}, False), ({"publication": "draft"}, False)],
)
def test_a_post_of_a_roster_is_shown_as_the_document_is(
    lin: Person, directive: dict[str, Any], shown: bool
) -> None:
    NameDirectory(actor=None, at=AT).person("林青", "工会主席")
    roster = Roster.objects.create(directive=DirectiveFactory(**directive), order=1, name="领导小组")
    RosterMember.objects.create(
        roster=roster, order=1, role="组员", printed_name="林青", post="工会主席", person=lin
    )
    page = browser_of("anonymous").get(f"/api/v1/people/{lin.pk}/").json()
    assert ("工会主席" in page["posts"]) is shown


def test_what_is_kept_by_hand_is_shown(lin: Person) -> None:
    content = PersonContent("林青", posts=(DRAFT_POST,))
    save_person(actor=None, at=AT, content=content, directory=NameDirectory(actor=None, at=AT))
    assert DRAFT_POST in browser_of("anonymous").get(lin.get_absolute_url()).content.decode()
    assert Post.objects.count() == 2


# -- departments ----------------------------------------------------------------------------------


@pytest.fixture
def met() -> Department:
    unit = NameDirectory(actor=None, at=AT).department("河道管护中心")
    EventFactory(departments=[unit], publication="draft")
    return unit


def shown_everywhere(unit: Department, role: str | None) -> set[bool]:
    browser = browser_of(role)
    return {
        browser.get(unit.get_absolute_url()).status_code == 200,
        unit.name in browser.get("/departments/").content.decode(),
        unit.name in browser.get("/departments/departments.csv").getvalue().decode(),
        unit.name in browser.get("/people/").content.decode(),
        browser.get(f"/api/v1/departments/{unit.slug}/").status_code == 200,
        browser.get("/api/v1/departments/", {"q": unit.name}).json()["count"] == 1,
        f'href="{unit.get_absolute_url()}"' in browser.get("/search/", {"q": "河道管护"}).content.decode(),
    }


@pytest.mark.parametrize(("role", "shown"), [("anonymous", False), (None, False), ("viewer", True)])
def test_a_department_met_only_in_a_draft_is_for_staff(
    met: Department, role: str | None, shown: bool
) -> None:
    assert shown_everywhere(met, role) == {shown}


def test_a_published_entry_shows_it(met: Department) -> None:
    EventFactory(departments=[met])
    assert shown_everywhere(met, "anonymous") == {True}


@pytest.mark.parametrize("public", [True, False])
def test_a_document_that_it_issued_shows_it_as_far_as_the_document_is_shown(
    met: Department, public: bool
) -> None:
    DirectiveFactory(issuing_department=met, is_public=public)
    assert shown_everywhere(met, "anonymous") == {public}


def test_keeping_it_by_hand_shows_it(met: Department) -> None:
    content = DepartmentContent(slug=met.slug, name=met.name)
    save_department(actor=None, at=AT, content=content)
    assert shown_everywhere(met, "anonymous") == {True}


@pytest.mark.parametrize(("role", "shown"), [("anonymous", False), ("viewer", True)])
def test_a_filter_of_the_chronicle_does_not_name_what_is_hidden(
    met: Department, role: str, shown: bool
) -> None:
    hidden = PersonFactory(name="未见")
    query = {"official": hidden.pk, "department": met.slug}
    labels = {chosen.label for chosen in browser_of(role).get("/events/", query).context["chosen"]}
    assert ("未见" in labels) is shown
    assert labels == ({"未见", met.name} if shown else {str(hidden.pk), met.slug})


# -- documents ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("role", "status"), [("anonymous", 404), (None, 404), ("viewer", 200)])
def test_an_account_without_a_role_sees_what_visitors_see(role: str | None, status: int) -> None:
    internal = DirectiveFactory(is_public=False)
    assert browser_of(role).get(internal.get_absolute_url()).status_code == status
