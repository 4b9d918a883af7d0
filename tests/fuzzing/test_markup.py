"""Markup: what comes in is read or refused with a sentence, what goes out parses whatever the records say."""

import re
import zipfile
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4
from xml.etree import ElementTree

import icalendar
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from directives.models import Directive
from events.models import Event
from floodresponse.cap import NAMESPACE, Alert, cap_xml
from floodresponse.models import FloodWarning
from floodresponse.warnings.capfile import read_cap
from foundation.errors import InvalidInput
from gazette.parser.errors import UnreadableGazette
from gazette.sources.web import text_of_page
from gazette.sources.word import text_of_word
from tests.accounts import browser_of, person
from tests.factories import DepartmentFactory, DirectiveFactory, EventFactory, TopicFactory
from tests.fuzzing.damage import CELLS, damaged
from tests.gazette.sources.samples import as_docx, as_html

CHINESE = re.compile("[\u4e00-\u9fff]")
MANY = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
# Without looking for the smallest example: each costs a page.
FEW = settings(MANY, max_examples=15, phases=[Phase.explicit, Phase.reuse, Phase.generate])
BODY = "word/document.xml"
# Anything a database takes: no NUL, no lone surrogates.
WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=60)
FEEDS = (
    "/events/feed/", "/directives/feed/", "/search/feed/?q=青", "/search/feed/?q=青%0B%EF%BF%BE",
    "/flood/cap/", "/flood/warnings/feed/", "/sitemap.xml",
)  # fmt: skip
CALENDARS = ("/events/calendar.ics", "/directives/calendar.ics")
ENTITIES = (
    '<!DOCTYPE d [<!ENTITY a "哈"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>',
    '<!DOCTYPE d [<!ENTITY c SYSTEM "file:///etc/hostname">]>',
    '<!DOCTYPE d SYSTEM "http://127.0.0.1:9/none.dtd" [<!ENTITY c "x">]>',
)


def repacked_word(body: bytes) -> bytes:
    """A Word file with another body in a sound package."""
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(as_docx())) as given, zipfile.ZipFile(made, "w") as written:
        for name in given.namelist():
            written.writestr(name, body if name == BODY else given.read(name))
    return made.getvalue()


def body_of_word() -> bytes:
    with zipfile.ZipFile(BytesIO(as_docx())) as given:
        return given.read(BODY)


def read(action: Any, content: Any) -> str:
    """The text, or nothing where it is refused in a sentence; anything else that is raised fails the test."""
    try:
        found: str = action(content)
    except UnreadableGazette as refusal:
        found, sentence = "", str(refusal)
    else:
        sentence = "读出"
    assert CHINESE.search(sentence)
    return found


@given(data=st.data())
@settings(MANY, max_examples=40)
def test_a_damaged_body_of_a_word_file_is_read_or_refused(data: st.DataObject) -> None:
    read(text_of_word, repacked_word(data.draw(damaged(body_of_word()))))


@given(data=st.data())
@MANY
def test_a_damaged_page_is_read_or_refused(data: st.DataObject) -> None:
    page = data.draw(damaged(as_html().encode())).decode("utf-8", "replace")
    read(text_of_page, page)


@pytest.mark.parametrize("entities", ENTITIES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("gap", [0, 5000])
def test_no_entity_is_expanded_and_nothing_is_fetched(entities: str, encoding: str, gap: int) -> None:
    """Also behind a long remark and in an encoding in which the bytes do not spell the word."""
    markup = body_of_word().decode().split("?>", 1)[1].replace("1日", "1日&c;", 1)
    whole = f'<?xml version="1.0" encoding="{encoding}"?><!--{" " * gap}-->{entities}{markup}'
    text = read(text_of_word, repacked_word(whole.encode(encoding)))
    assert "哈哈" not in text and "localhost" not in text
    page = f"<!--{' ' * gap}-->{entities}<html><body><p>1日 会议&c;</p></body></html>"
    assert "哈哈" not in read(text_of_page, page)


@pytest.mark.django_db
@given(data=st.data())
@FEW
def test_a_message_that_comes_in_as_a_file_is_no_gazette(data: st.DataObject) -> None:
    """Alerts and feeds, whole and damaged, at the door of imports: a sentence, nothing written."""
    before = (Event.objects.count(), Directive.objects.count())
    whole = cap_xml(alert("内涝", "注意安全")).encode()
    content = data.draw(st.one_of(st.just(whole), damaged(whole)))
    name = data.draw(st.sampled_from(["预警.xml", "预警.html", "预警.md", "预警.docx"]))
    file = SimpleUploadedFile(name, content)
    answer = browser_of("editor").post("/gazette/imports/new/", {"file": file}, follow=True)
    assert answer.status_code < 500 and CHINESE.search(answer.content.decode())
    assert (Event.objects.count(), Directive.objects.count()) == before


@given(data=st.data(), text=st.one_of(CELLS, st.text(max_size=60)))
@MANY
def test_a_warning_that_comes_as_a_file_is_read_or_refused(data: st.DataObject, text: str) -> None:
    """Any words in it, whole and damaged: a message as the form takes it, or a sentence."""
    whole = cap_xml(alert(text, text)).encode()
    content = data.draw(st.one_of(st.just(whole), damaged(whole), st.binary(max_size=200)))
    try:
        found = read_cap(content)
    except InvalidInput as refusal:
        said = refusal.message
    else:
        said = "读出" if found.identifier and found.sender and "\0" not in found.text else ""
    assert CHINESE.search(said)


@pytest.mark.parametrize("entities", ENTITIES)
def test_a_warning_with_entities_is_refused(entities: str) -> None:
    whole = cap_xml(alert("内涝", "注意")).replace("内涝", "&c;", 1)
    head, rest = whole.split("?>", 1)
    for gap in (0, 5000):
        with pytest.raises(InvalidInput):
            read_cap(f"{head}?><!--{' ' * gap}-->{entities}{rest}".encode())


def alert(headline: str, text: str) -> Alert:
    return Alert(
        identifier="qinghe.1", sender="a@example.cn", sent=datetime(2031, 7, 1, tzinfo=UTC),
        message_type="Alert", level=2, measured=True, exercise=True, sender_name=text, headline=headline,
        description=text, instruction=text, area=headline, web="https://example.cn/?a=1&b=2", reference=text,
    )  # fmt: skip


@given(headline=st.one_of(CELLS, st.text(max_size=80)), text=st.one_of(CELLS, st.text(max_size=80)))
@settings(MANY, max_examples=400)
def test_an_alert_parses_and_says_what_was_written(headline: str, text: str) -> None:
    root = ElementTree.fromstring(cap_xml(alert(headline, text)))
    found = root.find(f"{{{NAMESPACE}}}info/{{{NAMESPACE}}}headline")
    said = (found.text or "") if found is not None else ""
    kept = "".join(sign for sign in headline if sign.isprintable())
    assert kept == "".join(sign for sign in said if sign.isprintable())


@pytest.mark.django_db
@given(title=WORDS, text=WORDS, topic=WORDS)
@example(title="会\x0b议", text="内容\ufffe\x1f", topic="水\x08利")
@FEW
def test_feeds_and_calendars_parse_whatever_records_say(title: str, text: str, topic: str) -> None:
    with transaction.atomic():
        subject = TopicFactory(name=f"青{topic}"[:30])
        EventFactory(title=f"青{title}", text=text, topics=[subject])
        DirectiveFactory(title=f"青{title}"[:200], release_note=text[:30])
        warning_of(f"青{text}")
        for address in FEEDS:
            answer = browser_of("editor").get(address)
            assert answer.status_code == 200, address
            ElementTree.fromstring(answer.content)
        for address in CALENDARS:
            icalendar.Calendar.from_ical(Client().get(address).content)
        transaction.set_rollback(True)


def warning_of(text: str) -> FloodWarning:
    """An issued warning that says this."""
    moment = datetime(2031, 7, 1, tzinfo=UTC)
    return FloodWarning.objects.create(
        issuer=DepartmentFactory(), kind="rainstorm", colour=4, text=text, state="issued", key=uuid4(),
        valid_from=moment, valid_to=moment + timedelta(hours=6), received_at=moment,
        received_by=person("editor"), issued_at=moment,
    )  # fmt: skip


def test_a_sound_file_is_read() -> None:
    """The samples themselves are no refusals, or the tests above would prove nothing."""
    assert "防汛工作调度会" in read(text_of_word, as_docx())
    assert "防汛工作调度会" in read(text_of_page, as_html())
