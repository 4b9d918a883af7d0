"""An import in the browser changes no published text: it hands in corrections that another person signs."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from directives.models import Directive
from events.models import Event
from foundation.errors import PermissionRefused
from foundation.models import Revision
from gazette.models import ImportRun
from gazette.parser import records
from gazette.parser.records import ChronicleEntry, Gazette
from gazette.services import confirm_import, import_texts, imports, publish_drafts, read_import, start_import
from gazette.services.imports import GazetteFile
from organizations.models import User
from tests.accounts import browser_of, person

pytestmark = pytest.mark.django_db
AT = datetime(2031, 9, 2, 1, 0, tzinfo=UTC)
DAY = date(2031, 8, 3)
DOCUMENT = records.Directive(
    title="青河市防汛工作方案",
    number="青政发〔2031〕8号",
    issuer="青河市人民政府",
    issued_on=DAY,
    addressees=(),
    is_public=True,
    release_note="",
    line=9,
    last_line=12,
    sections=(records.Section(1, "一、", "总体要求", "各负其责。", 10),),
)
FIRST = Gazette(
    "青河市公报", events=(ChronicleEntry(DAY, DAY, 1, "召开会议。", 2, 2),), directives=(DOCUMENT,)
)
Says = Callable[[Gazette], None]


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    backend = "django.core.files.storage.FileSystemStorage"
    own = {"BACKEND": backend, "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": own}


@pytest.fixture
def says(monkeypatch: pytest.MonkeyPatch) -> Says:
    """Sets what the reader finds in any file from now on; the first edition has been imported by command."""

    def set_gazette(gazette: Gazette) -> None:
        monkeypatch.setattr(imports, "read_text", lambda data, limit_bytes: data.decode())
        monkeypatch.setattr(imports, "parse_gazette", lambda text, vocabulary: gazette)

    set_gazette(FIRST)
    import_texts(files=[GazetteFile("八月.txt", "公报".encode())], actor=None, at=AT)
    return set_gazette


def in_browser(actor: User) -> ImportRun:
    run = read_import(run=start_import(actor=actor, name="八月.txt", data=b"x", at=AT), at=AT)
    return confirm_import(actor=actor, run=run, decisions={}, at=AT)


def corrected(text: str = "召开大会。", section: str = "层层压实。") -> Gazette:
    said = replace(DOCUMENT, sections=(records.Section(1, "一、", "总体要求", section, 10),))
    return replace(FIRST, events=(ChronicleEntry(DAY, DAY, 1, text, 2, 2),), directives=(said,))


def texts() -> tuple[str, str]:
    return Event.objects.get().text, Directive.objects.get().sections.get().text


def test_published_texts_stay_until_another_person_signs(says: Says) -> None:
    says(corrected())
    run = in_browser(person("publisher"))
    assert texts() == ("召开会议。", "各负其责。")
    assert (run.report["proposed"], run.report["updated"]) == (2, 0)
    assert {r.state for r in Revision.objects.filter(batch=f"import:{run.pk}")} == {"review"}
    with pytest.raises(PermissionRefused, match="另一位签发人"):
        publish_drafts(actor=person("publisher"), run=run, at=AT)
    assert texts() == ("召开会议。", "各负其责。")
    done = publish_drafts(actor=person("publisher", "second"), run=run, at=AT)
    assert (done.corrections, texts()) == (2, ("召开大会。", "层层压实。"))
    assert "2 件更正稿" in done.sentence


def test_by_command_a_corrected_edition_is_published_at_once(says: Says) -> None:
    says(corrected())
    import_texts(files=[GazetteFile("八月.txt", "公报".encode())], actor=None, at=AT)
    assert texts() == ("召开大会。", "层层压实。")
    assert not Revision.objects.exists()


def test_a_draft_takes_the_corrected_text_at_once(says: Says) -> None:
    Event.objects.update(publication="draft")
    says(corrected(section="各负其责。"))
    assert in_browser(person("editor")).report["updated"] == 1
    assert texts()[0] == "召开大会。"


def test_a_correction_under_way_is_not_overwritten_and_the_gazettes_comes_again(says: Says) -> None:
    says(corrected(section="各负其责。"))
    in_browser(person("editor"))
    says(corrected("召开誓师大会。", section="各负其责。"))
    run = in_browser(person("editor"))
    assert run.report["blocked"] == ["2031-08-03 召开誓师大会"]
    assert Revision.objects.get().head.content["text"] == "召开大会。"
    Revision.objects.update(state="discarded")
    assert len(in_browser(person("editor")).report["corrections"]) == 1


def test_the_report_says_what_waits_and_is_signed_from_there(says: Says) -> None:
    says(corrected())
    run = in_browser(person("editor"))
    page = browser_of("editor").get(run.get_absolute_url()).content.decode()
    assert "更正稿 2 件" in page and "全部签发发布" not in page
    address = f"{run.get_absolute_url()}publish/"
    signed = browser_of("publisher").post(address, follow=True).content.decode()
    assert "已签发 2 件更正稿" in signed
    assert "召开大会" in Client().get(Event.objects.get().get_absolute_url()).content.decode()
