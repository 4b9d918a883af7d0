"""What a person and the gazette both changed stays in conflict until a person decides."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from events.models import Event
from foundation.models import AuditEntry
from gazette.models import ImportRun
from gazette.parser.records import ChronicleEntry, Gazette
from gazette.services import (
    confirm_import,
    import_texts,
    imports,
    plan_import,
    publish_drafts,
    read_import,
    start_import,
)
from gazette.services.imports import GazetteFile
from tests.accounts import browser_of, person

pytestmark = pytest.mark.django_db
AT = datetime(2031, 9, 2, 1, 0, tzinfo=UTC)
OWN, FIRST, SECOND, THIRD = "召开专题会议。", "召开会议。", "召开大会。", "召开誓师大会。"
Says = Callable[[str], Gazette]


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    backend = "django.core.files.storage.FileSystemStorage"
    own = {"BACKEND": backend, "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": own}


@pytest.fixture
def says(monkeypatch: pytest.MonkeyPatch) -> Says:
    """Sets the words of the entry that the reader finds in any file from now on."""

    def set_text(text: str) -> Gazette:
        day = date(2031, 8, 3)
        gazette = Gazette("青河市公报", events=(ChronicleEntry(day, day, 1, text, 2, 2),))
        monkeypatch.setattr(imports, "read_text", lambda data, limit_bytes: data.decode())
        monkeypatch.setattr(imports, "parse_gazette", lambda text, vocabulary: gazette)
        return gazette

    return set_text


def by_command() -> dict[str, Any]:
    (report,) = import_texts(files=[GazetteFile("八月.txt", "公报".encode())], actor=None, at=AT)
    return report


@pytest.fixture
def event(says: Says) -> Event:
    """Imported, corrected by a person, and corrected otherwise by the next edition."""
    says(FIRST)
    by_command()
    Event.objects.update(text=OWN)
    says(SECOND)
    return Event.objects.get()


def decided(choice: str) -> ImportRun:
    """The same file in the browser, with a choice for the entry."""
    run = read_import(run=start_import(actor=None, name="八月.txt", data=b"x", at=AT), at=AT)
    key = f"event:{Event.objects.get().pk}"
    return confirm_import(actor=None, run=run, decisions={key: choice} if choice else {}, at=AT)


def test_every_import_of_the_same_file_reports_the_conflict(event: Event) -> None:
    for report in (by_command(), by_command(), by_command()):
        assert (report["kept"], report["unchanged"], report["conflicts"]) == (1, 0, ["2031-08-03 召开大会"])
    assert Event.objects.get().text == OWN


@pytest.mark.parametrize("choice", ["", "later"])
def test_what_nobody_decided_or_put_off_is_a_conflict_again(choice: str, event: Event, says: Says) -> None:
    assert decided(choice).report["conflicts"] == ["2031-08-03 召开大会"]
    assert plan_import(says(SECOND)).count("conflict") == 1


@pytest.mark.parametrize(("choice", "text"), [("mine", OWN), ("file", SECOND)])
def test_what_a_person_decided_is_settled_and_recorded(
    choice: str, text: str, event: Event, says: Says
) -> None:
    by_command()
    run = decided(choice)
    assert Event.objects.get().text == OWN
    if choice == "file":
        assert publish_drafts(actor=person("publisher"), run=run, at=AT).corrections == 1
    assert Event.objects.get().text == text
    assert run.report["conflicts"] == []
    assert run.report["decided"] == [["2031-08-03 召开大会", choice]]
    written = AuditEntry.objects.about(run).get(action="import.write")
    assert written.after["decided"] == [["2031-08-03 召开大会", choice]]
    assert by_command()["kept"] == 0
    assert plan_import(says(THIRD)).count("conflict" if choice == "mine" else "changed") == 1


def test_an_open_conflict_stays_one_in_the_next_edition(event: Event, says: Says) -> None:
    by_command()
    says(THIRD)
    assert by_command()["conflicts"] == ["2031-08-03 召开誓师大会"]
    says(FIRST)
    assert by_command()["conflicts"] == []


def test_a_field_beside_the_one_in_conflict_moves_on(event: Event, says: Says) -> None:
    by_command()
    Event.objects.update(end_date=date(2031, 8, 4))
    assert plan_import(says(SECOND)).records[0].conflicts == ("text",)


# -- the way to decide ----------------------------------------------------------------------------


@pytest.fixture
def editor() -> Client:
    return browser_of("editor")


def test_the_report_of_a_command_leads_to_the_decision(event: Event, editor: Client) -> None:
    by_command()
    run = ImportRun.objects.latest("pk")
    page = editor.get(run.get_absolute_url()).content.decode()
    assert "待选定" in page and "重新核对并选定" in page
    preview = editor.post(f"{run.get_absolute_url()}again/", follow=True)
    ((record, _),) = preview.context["conflicts"]
    again = ImportRun.objects.latest("pk")
    assert again.pk != run.pk
    editor.post(f"{again.get_absolute_url()}confirm/", {f"decision:{record.key}": "file"})
    again.refresh_from_db()
    publish_drafts(actor=person("publisher"), run=again, at=AT)
    assert Event.objects.get().text == SECOND
    page = editor.get(again.get_absolute_url()).content.decode()
    assert "已选定" in page and "改用公报所载" in page and "重新核对并选定" not in page


def test_a_decision_can_be_put_off_without_holding_up_the_rest(event: Event, editor: Client) -> None:
    run = read_import(run=start_import(actor=None, name="八月.txt", data=b"x", at=AT), at=AT)
    editor.post(f"{run.get_absolute_url()}confirm/", {f"decision:event:{event.pk}": "later"})
    run.refresh_from_db()
    assert run.state == "done"
    assert "待选定" in editor.get(run.get_absolute_url()).content.decode()


def test_without_the_file_it_is_asked_for(event: Event, editor: Client) -> None:
    by_command()
    run = ImportRun.objects.latest("pk")
    ImportRun.objects.update(stored_path="imports/gone.txt")
    page = editor.post(f"{run.get_absolute_url()}again/", follow=True).content.decode()
    assert "请重新上传同一文件" in page
    assert ImportRun.objects.latest("pk") == run


@pytest.mark.parametrize(("role", "status"), [("anonymous", 302), ("viewer", 403)])
def test_only_editors_review_again(role: str, status: int, event: Event) -> None:
    by_command()
    run = ImportRun.objects.latest("pk")
    assert browser_of(role).post(f"{run.get_absolute_url()}again/").status_code == status
    assert ImportRun.objects.latest("pk") == run
