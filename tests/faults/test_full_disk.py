"""A disk that is full or may only be read: an honest sentence, nothing half kept, and on again by itself."""

import errno
import json
import os
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import DatabaseError, OperationalError, connection
from django.test import Client
from django.utils import timezone
from psycopg.errors import DiskFull as PostgresDiskFull
from psycopg.errors import ReadOnlySqlTransaction

from events.models import Event
from floodresponse.models import Incident
from foundation.fulldisk import disk_refusal
from foundation.models import Attachment, AuditEntry
from foundation.services.audit import find_break
from tests.accounts import browser_of, token_for
from tests.factories import EventFactory
from tests.floodresponse.reporting import City, build_city
from tests.foundation.samples import PDF
from tests.taskboard.campaign import campaign
from tests.zalantun.portal import ROOT, Portal, environment, wait_for

FULL, READ_ONLY = OSError(errno.ENOSPC, "No space left"), OSError(errno.EROFS, "Read-only file system")
BOTH = pytest.mark.parametrize(
    ("error", "status", "words"), [(FULL, 507, "空间已满"), (READ_ONLY, 503, "不能写入")]
)


def wrapped(cause: Exception) -> OperationalError:
    error = OperationalError(str(cause))
    error.__cause__ = cause
    return error


@pytest.fixture
def city(db: None) -> City:
    return build_city()


def reported(client: Client, city: City) -> Any:
    """An incident by the interface."""
    body = {
        "unit": city.street.slug, "occurred_at": (timezone.now() - timedelta(minutes=5)).isoformat(),
        "location": "柳巷", "kind": "waterlogging", "severity": "ordinary", "summary": "积水",
        "dead": 0, "missing": 0,
    }  # fmt: skip
    headers = {"Authorization": f"Token {token_for(city.office)}"}
    return client.post("/api/v1/flood/incidents/", body, "application/json", headers=headers)


class TestFiles:
    @BOTH
    @pytest.mark.django_db
    def test_an_upload_leaves_neither_row_nor_half_a_file(
        self, error: OSError, status: int, words: str, tmp_path: Path, settings: Any
    ) -> None:
        settings.STORAGES = {
            **settings.STORAGES,
            "default": {
                "BACKEND": "django.core.files.storage.FileSystemStorage",
                "OPTIONS": {"location": tmp_path, "base_url": None},
            },
        }
        world = campaign()
        task = world.task("in_progress")
        headers = {"Authorization": f"Token {token_for(world.lead)}"}
        path = f"/api/v1/tasks/{task.pk}/evidence/"
        with patch("foundation.storage.os.fsync", side_effect=error):
            answer = Client().post(path, {"file": SimpleUploadedFile("a.pdf", PDF)}, headers=headers)
        assert answer.status_code == status
        assert words in answer.json()["detail"]
        assert not Attachment.objects.exists()
        assert not [path for path in tmp_path.rglob("*") if path.is_file()]
        answer = Client().post(path, {"file": SimpleUploadedFile("a.pdf", PDF)}, headers=headers)
        assert answer.status_code in (200, 201), answer.content
        assert Attachment.objects.count() == 1

    @BOTH
    @pytest.mark.django_db
    def test_a_large_upload_that_cannot_be_buffered(self, error: OSError, status: int, words: str) -> None:
        client = browser_of("editor")
        client.raise_request_exception = False
        large = SimpleUploadedFile("公报.md", b"x" * 3_000_000)
        with patch("django.core.files.uploadedfile.tempfile.NamedTemporaryFile", side_effect=error):
            answer = client.post("/gazette/imports/new/", {"file": large})
        assert answer.status_code == status
        assert words in answer.content.decode()
        assert "Traceback" not in answer.content.decode()

    @pytest.mark.django_db
    def test_a_print_that_cannot_be_kept_is_handed_out_all_the_same(
        self, tmp_path: Path, settings: Any
    ) -> None:
        settings.DATA_DIR = tmp_path
        EventFactory()
        day = Event.objects.get().start_date
        with patch("printing.store.os.replace", side_effect=FULL):
            answer = browser_of("viewer").get(f"/events/{day:%Y/%m}/bulletin.pdf")
        assert answer.status_code == 200
        assert answer.content.startswith(b"%PDF")
        assert not list(tmp_path.rglob("*.part"))

    @BOTH
    @pytest.mark.django_db(transaction=True)
    def test_a_backup_is_whole_or_not_there(
        self, error: OSError, status: int, words: str, tmp_path: Path
    ) -> None:
        path = tmp_path / "backups" / "portal.zip"
        full = patch("zalantun.safekeeping.archive.os.fsync", side_effect=error)
        with full, pytest.raises(CommandError, match="备份未写成"):
            call_command("backup", str(path))
        assert not list(path.parent.iterdir())

    @pytest.mark.django_db
    def test_health_tells_and_is_well_again_by_itself(self, client: Client) -> None:
        with patch("zalantun.health._disk._question", side_effect=FULL):
            answer = client.get("/healthz")
        assert answer.status_code == 503
        assert answer.json()["disk"] == {"ok": False, "age": None}
        assert client.get("/healthz").json()["disk"]["ok"]


class TestTheDatabase:
    pytestmark = pytest.mark.django_db(transaction=True)

    @pytest.fixture
    def full(self) -> Iterator[None]:
        """SQLite itself finds no room for another page."""
        if connection.vendor != "sqlite":
            pytest.skip("PostgreSQL's own refusals are tried below")
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA page_count")
            pages = cursor.fetchone()[0]
            cursor.execute(f"PRAGMA max_page_count = {pages}")
        yield
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 1073741823")

    def test_a_report_is_kept_whole_or_not_at_all(self, city: City, client: Client, request: Any) -> None:
        token_for(city.office)
        request.getfixturevalue("full")
        statuses = set()
        for _ in range(40):
            before = Incident.objects.count(), AuditEntry.objects.count()
            answer = reported(client, city)
            statuses.add(answer.status_code)
            if answer.status_code == 507:
                assert "空间已满" in answer.json()["detail"]
                assert (Incident.objects.count(), AuditEntry.objects.count()) == before
                break
        assert 507 in statuses
        assert find_break() is None
        assert Incident.objects.count() == Incident.objects.exclude(obligations=None).count()
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 1073741823")
        assert reported(client, city).status_code == 201

    def test_a_database_that_may_only_be_read(self, city: City, client: Client) -> None:
        if connection.vendor != "sqlite":
            pytest.skip("PostgreSQL's own refusals are tried below")
        token_for(city.office)
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only = ON")
        try:
            answer = reported(client, city)
            assert client.get("/events/").status_code == 200
        finally:
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA query_only = OFF")
        assert answer.status_code == 503
        assert "不能写入" in answer.json()["detail"]
        assert not Incident.objects.exists()

    @pytest.mark.parametrize(
        ("cause", "status"), [(PostgresDiskFull("full"), 507), (ReadOnlySqlTransaction("read only"), 503)]
    )
    def test_what_postgresql_says(self, cause: Exception, status: int, city: City, client: Client) -> None:
        with patch(
            "foundation.services.audit.AuditHead.objects.select_for_update", side_effect=wrapped(cause)
        ):
            answer = reported(client, city)
        assert answer.status_code == status
        assert not Incident.objects.exists()

    def test_a_page_shows_the_sentence(self, city: City) -> None:
        client = browser_of("editor")
        client.raise_request_exception = False
        with (
            patch("foundation.middleware.as_refusal", return_value=None),
            patch("events.views.days_with_counts", side_effect=wrapped(PostgresDiskFull("full"))),
        ):
            answer = client.get("/events/")
        assert answer.status_code == 507
        assert "系统管理员清理磁盘" in answer.content.decode()

    def test_other_errors_are_not_the_disks(self) -> None:
        assert disk_refusal(OSError(errno.ECONNREFUSED, "x")) is None
        assert disk_refusal(DatabaseError("x")) is None
        assert disk_refusal(ValueError("No space left")) is None


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, on which the portal has just room enough."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=600m,mode=700", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no disk can be mounted here")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


@pytest.mark.slow
@pytest.mark.skipif(
    os.environ["DATABASE_URL"].startswith("postgres"), reason="PostgreSQL has a disk of its own"
)
def test_a_portal_whose_disk_fills_up(small_disk: Path) -> None:
    portal = Portal(small_disk / "data")
    portal.output = small_disk.parent / "output"
    portal.start()
    try:
        portal.wait_until_ready(seconds=300)
        token = _manage(portal, "create_token", _account(portal, "duty_officer"))
        unit = _ask(portal, token, "/api/v1/departments/?q=向阳")[1]["results"][0]["slug"]
        assert _report(portal, token, unit)[0] == 201
        _fill(small_disk / "ballast")
        wait_for(
            "word of the full disk",
            lambda: portal.health()[1].get("disk", {}).get("ok") is False or None,
            seconds=60,
        )
        status, answer = _refused(portal, token, unit)
        assert status == 507, answer
        assert "空间已满" in answer["detail"]
        # SQLite needs room for its log even to read, unless another process holds it open.
        assert _ask(portal, token, "/api/v1/flood/incidents/")[0] in (200, 507)
        (small_disk / "ballast").unlink()
        wait_for("health", lambda: portal.health()[0] == 200 or None, seconds=120)
        assert _report(portal, token, unit)[0] == 201
        assert "审计记录完整" in _manage(portal, "verify_audit_log")
    finally:
        portal.stop()


def _fill(path: Path) -> None:
    """To the last block."""
    with path.open("ab", buffering=0) as ballast:
        for size in (2**20, 4096):
            try:
                while True:
                    ballast.write(b"\0" * size)
            except OSError:
                continue


def _refused(portal: Portal, token: str, unit: str) -> tuple[int, Any]:
    """SQLite may have a little room left in its files."""
    for _ in range(200):
        status, answer = _report(portal, token, unit)
        if status != 201:
            break
        _fill(portal.data_dir.parent / "ballast")
    return status, answer


def _account(portal: Portal, role: str) -> str:
    lines = (portal.data_dir / "demo-accounts.txt").read_text().splitlines()
    return next(line.split("\t")[0] for line in lines if line.split("\t")[2] == role)


def _manage(portal: Portal, *arguments: str) -> str:
    env = environment(portal.data_dir, portal.port) | {
        "SECRET_KEY": (portal.data_dir / "secret-key").read_text().strip()
    }
    done = subprocess.run(
        [str(ROOT / ".venv/bin/python"), "manage.py", *arguments],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def _ask(portal: Portal, token: str, path: str, body: Any = None) -> tuple[int, Any]:
    request = urllib.request.Request(
        f"http://127.0.0.1:{portal.port}{urllib.parse.quote(path, safe='/?=&')}",
        json.dumps(body).encode() if body is not None else None,
        {"Authorization": f"Token {token}", "Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def _report(portal: Portal, token: str, unit: str) -> tuple[int, Any]:
    body = {
        "unit": unit, "occurred_at": (timezone.now() - timedelta(minutes=5)).isoformat(), "location": "柳巷",
        "kind": "waterlogging", "severity": "ordinary", "summary": "积水" * 400, "dead": 0, "missing": 0,
    }  # fmt: skip
    return _ask(portal, token, "/api/v1/flood/incidents/", body)
