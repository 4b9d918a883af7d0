"""An import whose worker is gone is taken back; one that goes on is left alone."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from events.models import Event
from foundation.errors import StateConflict
from foundation.models import AuditEntry
from gazette import tasks
from gazette.models import ImportRun
from gazette.parser import parse_gazette
from gazette.querysets import LEASE
from gazette.services import (
    confirm_import,
    discard_import,
    imports,
    read_import,
    release_stale_imports,
    start_import,
)
from tests.accounts import browser_of

pytestmark = pytest.mark.django_db
AT = datetime(2031, 8, 9, 1, 0, tzinfo=UTC)
TEXT = "# 2031年8月大事记\n\n3日 青河市召开治水会议。\n".encode()


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    backend = "django.core.files.storage.FileSystemStorage"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": backend, "OPTIONS": {"location": tmp_path}},
    }


def begun(state: str, claimed_at: datetime | None = AT) -> ImportRun:
    run = start_import(actor=None, name="八月.txt", data=TEXT, at=AT)
    if state == "writing":
        read_import(run=run, at=AT)
    ImportRun.objects.filter(pk=run.pk).update(state=state, claimed_at=claimed_at)
    run.refresh_from_db()
    return run


@pytest.mark.parametrize(("state", "becomes"), [("reading", "waiting"), ("writing", "preview")])
@pytest.mark.parametrize(("late", "released"), [(-1, False), (0, True), (1, True)])
def test_a_run_is_taken_back_when_its_lease_is_over(
    state: str, becomes: str, late: int, released: bool
) -> None:
    run = begun(state)
    to_read = release_stale_imports(at=AT + LEASE + timedelta(seconds=late))
    run.refresh_from_db()
    assert run.state == (becomes if released else state)
    assert to_read == ([run] if released and becomes == "waiting" else [])
    assert AuditEntry.objects.about(run).filter(action="import.release").exists() is released


def test_a_run_from_before_there_were_leases_counts_from_its_upload() -> None:
    run = begun("reading", claimed_at=None)
    assert release_stale_imports(at=AT + LEASE) == [run]


def test_a_run_that_waits_for_a_lost_message_is_handed_on_once_a_lease() -> None:
    run = begun("waiting", claimed_at=None)
    assert release_stale_imports(at=AT + LEASE) == [run]
    assert release_stale_imports(at=AT + LEASE + timedelta(minutes=1)) == []
    assert release_stale_imports(at=AT + 2 * LEASE) == [run]


@pytest.mark.parametrize("state", ["preview", "done", "failed", "discarded"])
def test_what_is_in_nobodys_hands_stays(state: str) -> None:
    run = begun(state)
    assert release_stale_imports(at=AT + 9 * LEASE) == []
    run.refresh_from_db()
    assert run.state == state


def test_the_sweep_reads_again(monkeypatch: pytest.MonkeyPatch) -> None:
    run = begun("reading")
    monkeypatch.setattr(timezone, "now", lambda: AT + LEASE)
    monkeypatch.setattr(tasks.read_gazette, "delay", tasks.read_gazette)
    tasks.take_back_stale_imports()
    run.refresh_from_db()
    assert (run.state, run.preview["counts"]["new"]) == ("preview", 1)


def test_a_reader_whose_lease_is_over_finishes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    run = begun("waiting")
    read = parse_gazette

    def slowly(*args: Any) -> Any:
        ImportRun.objects.filter(pk=run.pk).update(claimed_at=AT + LEASE)
        return read(*args)

    monkeypatch.setattr(imports, "parse_gazette", slowly)
    assert read_import(run=run, at=AT).state == "reading"


def test_a_writer_whose_lease_is_over_writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    run = begun("waiting")
    read_import(run=run, at=AT)
    read = parse_gazette

    def slowly(*args: Any) -> Any:
        ImportRun.objects.filter(pk=run.pk).update(state="preview")
        return read(*args)

    monkeypatch.setattr(imports, "parse_gazette", slowly)
    with pytest.raises(StateConflict, match="退回核对"):
        confirm_import(actor=None, run=run, decisions={}, at=AT)
    run.refresh_from_db()
    assert run.state == "preview" and not Event.objects.exists()


def test_a_fault_while_reading_fails_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any) -> Any:
        raise RuntimeError("a fault of ours")

    run = begun("waiting")
    monkeypatch.setattr(imports, "parse_gazette", broken)
    assert read_import(run=run, at=AT).state == "failed"
    assert run.error.startswith("读取时出错，未写入任何内容。")


@pytest.mark.parametrize("state", ["reading", "writing"])
def test_a_stale_run_may_be_set_aside_and_a_lively_one_may_not(state: str) -> None:
    run = begun(state)
    with pytest.raises(StateConflict):
        discard_import(actor=None, run=run, at=AT + LEASE - timedelta(seconds=1))
    assert discard_import(actor=None, run=run, at=AT + LEASE).state == "discarded"


def test_the_page_of_a_stale_run_offers_to_set_it_aside() -> None:
    run = begun("reading")
    ImportRun.objects.filter(pk=run.pk).update(claimed_at=AT - timedelta(days=9999))
    assert "放弃这次导入" in browser_of("editor").get(run.get_absolute_url()).content.decode()
