"""Whom and what an entry names: namesakes apart, documents linked when they arrive."""

from datetime import UTC, date, datetime

import pytest

from directives.models import Citation, Directive
from directives.services import CitationContent, DirectiveContent, create_directive, update_directive
from events.models import Event
from events.services import EventContent, OfficialContent, create_event, link_event_citations
from gazette.parser.records import ChronicleEntry, Gazette, PersonMention
from gazette.parser.records import Directive as ReadDirective
from gazette.services import import_texts, imports
from gazette.services.imports import GazetteFile
from gazette.services.payloads import unique_people
from organizations.models import Person
from organizations.services import NameDirectory
from tests.factories import DepartmentFactory, DirectiveFactory, PersonFactory

pytestmark = pytest.mark.django_db
AT = datetime(2031, 8, 9, 1, 0, tzinfo=UTC)
DAY = date(2031, 8, 3)


def directory() -> NameDirectory:
    return NameDirectory(actor=None, at=AT)


def entered(*officials: OfficialContent, citations: tuple[str, ...] = ()) -> Event:
    content = EventContent(DAY, DAY, text="召开会议。", officials=officials, citations=citations)
    return create_event(actor=None, at=AT, content=content, publication="published", directory=directory())


def people(*mentions: tuple[str, str]) -> list[tuple[str, str]]:
    found = unique_people(tuple(PersonMention(name, name, post) for name, post in mentions))
    return [(person.name, person.post) for person in found]


# -- namesakes ----------------------------------------------------------------------------------


def test_two_posts_under_one_name_are_two_people() -> None:
    assert people(("程远山", "水利局局长"), ("程远山", "教育局局长")) == [
        ("程远山", "水利局局长"),
        ("程远山", "教育局局长"),
    ]
    event = entered(OfficialContent("程远山", "水利局局长"), OfficialContent("程远山", "教育局局长"))
    assert event.officials.values("person").distinct().count() == 2
    assert list(event.officials.values_list("post", flat=True)) == ["水利局局长", "教育局局长"]


@pytest.mark.parametrize(
    ("mentions", "kept"),
    [
        ([("程远山", ""), ("程远山", "市长")], [("程远山", "市长")]),
        ([("程远山", "市长"), ("程远山", "")], [("程远山", "市长")]),
        ([("程远山", "市委副书记、市长"), ("程远山", "市长")], [("程远山", "市委副书记、市长")]),
    ],
)
def test_one_person_named_twice_is_one(mentions: list[tuple[str, str]], kept: list[tuple[str, str]]) -> None:
    assert people(*mentions) == kept


def test_one_name_with_and_without_a_post_makes_no_second_person() -> None:
    entered(OfficialContent("程远山", "市长"), OfficialContent("程远山"))
    assert Person.objects.filter(name="程远山").count() == 1


def test_a_name_that_fits_several_is_told_with_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    for post in ("水利局局长", "教育局局长"):
        PersonFactory(name="程远山", qualifier=post, posts=[post])
    entry = ChronicleEntry(DAY, DAY, 1, "程远山讲话。", 7, 7, (PersonMention("程远山", "程远山"),))
    monkeypatch.setattr(imports, "parse_gazette", lambda *args: Gazette("公报", events=(entry,)))
    (report,) = import_texts(files=[GazetteFile("a.txt", "公报".encode())], actor=None, at=AT)
    (doubt,) = report["unresolved"]
    assert doubt["line"] == 7 and "程远山" in doubt["message"]
    assert not Event.objects.get().officials.exists()


# -- citations ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cited", "title", "plan_title"),
    [
        ("青河市治水方案", "青河市治水方案", ""),
        ("治水 “三年” 方案", "关于印发《治水“三年”方案》的通知", ""),
        ("治水方案", "青河市关于做好治水工作的通知", "治水方案"),
    ],
)
def test_an_entry_is_linked_when_the_document_it_names_arrives(
    cited: str, title: str, plan_title: str
) -> None:
    event = entered(citations=(cited, "别市方案"))
    arrived = DirectiveFactory(title=title, plan_title=plan_title)
    assert link_event_citations() == 1
    assert dict(event.citations.values_list("title", "directive")) == {cited: arrived.pk, "别市方案": None}
    assert dict(entered(citations=(cited,)).citations.values_list("title", "directive")) == {
        cited: arrived.pk
    }


def test_a_document_about_another_is_not_the_other() -> None:
    DirectiveFactory(title="青河市关于贯彻《省水法条例》的意见")
    assert entered(citations=("省水法条例",)).citations.get().directive is None


def test_an_import_links_what_earlier_entries_name(monkeypatch: pytest.MonkeyPatch) -> None:
    event = entered(citations=("青河市治水方案",))
    read = ReadDirective("青河市治水方案", "", "青河市人民政府", DAY, (), True, "", 1, 9)
    monkeypatch.setattr(imports, "parse_gazette", lambda *args: Gazette("公报", directives=(read,)))
    import_texts(files=[GazetteFile("a.txt", "公报".encode())], actor=None, at=AT)
    assert event.citations.get().directive == Directive.objects.get()


def test_a_printed_number_decides_and_nothing_cites_itself() -> None:
    other = DirectiveFactory(title="旧办法", number="青政发〔2030〕2号")
    content = DirectiveContent(
        title="新办法",
        issuer="青河市人民政府",
        citations=(CitationContent("旧办法", "青政发〔2030〕9号"), CitationContent("新办法")),
    )
    create_directive(actor=None, at=AT, content=content, publication="published", directory=directory())
    assert other.pk and list(Citation.objects.values_list("target", flat=True)) == [None, None]


def test_a_corrected_issuer_brings_its_department() -> None:
    water, school = DepartmentFactory(name="水利局"), DepartmentFactory(name="教育局")
    document = DirectiveFactory(issuer="水利局", issuing_department=water)
    for issuer, department in (("教育局", school), ("河务处", None)):
        changes = {"issuer": issuer}
        update_directive(
            actor=None, at=AT, directive=document, changes=changes, directory=directory(), reason="更正"
        )
        document.refresh_from_db()
        assert document.issuing_department == department
