"""A backup holds everything, and an empty portal becomes the same portal."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from foundation.models import Attachment
from organizations.models import User
from tests.zalantun.onerecord import one_of_each
from tests.zalantun.portal import ROOT
from zalantun.safekeeping.backup import write_backup
from zalantun.safekeeping.tables import label, tables

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@dataclass(frozen=True)
class Machine:
    """A portal elsewhere: a folder and a database of its own."""

    data_dir: Path
    database: str

    def run(self, *arguments: object) -> "subprocess.CompletedProcess[str]":
        environment = {**os.environ, "DATA_DIR": str(self.data_dir), "DATABASE_URL": self.database}
        environment |= {"DJANGO_SETTINGS_MODULE": "zalantun.settings"}
        command = [sys.executable, "manage.py", *map(str, arguments)]
        return subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False
        )


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    """An empty one of the test's own."""
    with empty_machine(tmp_path) as made:
        yield made


@contextmanager
def empty_machine(folder: Path) -> Iterator[Machine]:
    """A machine with the kind of database that the suite runs on."""
    data_dir = folder / "elsewhere"
    data_dir.mkdir()
    if connection.vendor == "sqlite":
        yield Machine(data_dir, f"sqlite:///{data_dir}/portal.sqlite3")
        return
    name = f"restored_{uuid4().hex[:12]}"
    address = connection.settings_dict
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    try:
        host = f"{address['HOST']}:{address['PORT']}"
        yield Machine(data_dir, f"postgres://{address['USER']}@{host}/{name}")
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


@dataclass(frozen=True)
class Kept:
    """A backup, and a file that somebody had handed in."""

    archive: Path
    name: str
    content: bytes


@dataclass(frozen=True)
class Restored:
    """A machine after the restore, what the command said, and a backup of the machine as it was then."""

    machine: Machine
    said: str
    again: Path


@pytest.fixture(scope="module")
def kept(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Kept:
    """A portal that has a record of every kind and its secret, kept once; nobody changes the archive."""
    path = tmp_path_factory.mktemp("kept") / "portal.zip"
    with django_db_blocker.unblock():
        one_of_each()
        (Path(settings.DATA_DIR) / "secret-key").write_text("a-secret")
        (Path(settings.DATA_DIR) / "audit").mkdir(exist_ok=True)
        (Path(settings.DATA_DIR) / "audit" / "audit-2023-05-08.jsonl.gz").write_bytes(b"a day")
        write_backup(path, at=timezone.now())
        first = Attachment.objects.all()[:1].get()
        found = Kept(path, str(first.file.name), first.file.read())
        call_command("flush", interactive=False, verbosity=0)
    return found


@pytest.fixture
def archive(kept: Kept) -> Path:
    """The backup."""
    return kept.archive


@pytest.fixture(scope="module")
def restored(
    kept: Kept, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Iterator[Restored]:
    """One restore for all tests that only look at it; what it holds is kept before any of them adds to it."""
    folder = tmp_path_factory.mktemp("restored")
    with django_db_blocker.unblock(), empty_machine(folder) as machine:
        done = machine.run("restore", kept.archive)
        assert done.returncode == 0, done.stderr
        again = folder / "again.zip"
        assert machine.run("backup", again).returncode == 0
        yield Restored(machine, done.stdout, again)


def rows_of(path: Path) -> dict[str, list[str]]:
    with zipfile.ZipFile(path) as file:
        names = [name for name in file.namelist() if name.startswith("tables/")]
        return {name: file.read(name).decode().splitlines() for name in names}


def test_an_empty_machine_becomes_the_same_portal(archive: Path, restored: Restored) -> None:
    assert "审计记录完整" in restored.said
    before, after = rows_of(archive), rows_of(restored.again)
    assert before.keys() == after.keys()
    for name, lines in before.items():
        assert after[name] == lines, name
    assert sum(len(lines) > 1 for lines in before.values()) > 100, "most kinds of records have a row"


def test_files_and_the_secret_come_back(kept: Kept, restored: Restored) -> None:
    data_dir = restored.machine.data_dir
    assert (data_dir / "media" / kept.name).read_bytes() == kept.content != b""
    written = [path for path in data_dir.rglob("*") if path.is_file()]
    assert [path for path in written if path.stat().st_mode & 0o077] == []
    assert (data_dir / "secret-key").read_text() == "a-secret"
    assert (data_dir / "audit" / "audit-2023-05-08.jsonl.gz").read_bytes() == b"a day"


def test_the_next_record_gets_a_free_number(restored: Restored) -> None:
    source = "from directives.models import Topic; print(Topic.objects.create(slug='new', name='新主题').pk)"
    made = restored.machine.run("shell", "--no-imports", "-c", source)
    assert made.returncode == 0, made.stderr
    assert int(made.stdout) > 0


def test_a_database_of_another_kind_takes_it_over(archive: Path, tmp_path: Path) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("one kind of database here; the other pass moves from one to the other")
    other = tmp_path / "sqlite"
    other.mkdir()
    machine = Machine(other, f"sqlite:///{other}/portal.sqlite3")
    restored = machine.run("restore", archive)
    assert restored.returncode == 0, restored.stderr
    again = tmp_path / "again.zip"
    assert machine.run("backup", again).returncode == 0
    assert rows_of(again) == rows_of(archive)


def test_a_portal_in_use_is_not_overwritten(archive: Path, restored: Restored) -> None:
    second = restored.machine.run("restore", archive)
    assert second.returncode == 1
    assert "备份只能恢复到空的门户" in second.stderr


def damaged(archive: Path, tmp_path: Path, name: str, content: bytes) -> Path:
    """The same archive with one member replaced."""
    path = tmp_path / "damaged.zip"
    with zipfile.ZipFile(archive) as source, zipfile.ZipFile(path, "w") as target:
        for member in source.namelist():
            target.writestr(member, content if member == name else source.read(member))
    return path


def test_a_changed_archive_is_refused_before_anything_is_written(
    archive: Path, machine: Machine, tmp_path: Path
) -> None:
    name = f"tables/{label(User)}.jsonl"
    refused = machine.run("restore", damaged(archive, tmp_path, name, b"[]\n"))
    assert refused.returncode == 1
    assert f"{name} 的内容与校验值不符" in refused.stderr
    assert machine.run("restore", archive).returncode == 0


def test_half_an_archive_is_refused(archive: Path, machine: Machine, tmp_path: Path) -> None:
    half = tmp_path / "half.zip"
    half.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2])
    refused = machine.run("restore", half)
    assert refused.returncode == 1
    assert "无法读取或不完整" in refused.stderr


def test_an_archive_of_a_newer_portal_is_refused(archive: Path, machine: Machine, tmp_path: Path) -> None:
    with zipfile.ZipFile(archive) as file:
        manifest = json.loads(file.read("manifest.json"))
    manifest["migrations"].append(["events", "9999_from_the_future"])
    newer = damaged(archive, tmp_path, "manifest.json", json.dumps(manifest).encode())
    refused = machine.run("restore", newer)
    assert refused.returncode == 1
    assert "请先更新程序" in refused.stderr


def test_every_table_with_a_model_is_in_the_archive(archive: Path) -> None:
    assert {f"tables/{label(model)}.jsonl" for model in tables()} == rows_of(archive).keys()


def test_only_the_newest_dated_backups_are_kept(tmp_path: Path, settings_folder: Path) -> None:
    folder = settings_folder
    for day in ("20240101-000000", "20240102-000000"):
        (folder / f"portal-{day}.zip").write_bytes(b"old")
    (folder / "by-hand.zip").write_bytes(b"kept")
    call_command("backup", "--keep", "2")
    left = sorted(file.name for file in folder.iterdir())
    assert len(left) == 3
    assert left[0] == "by-hand.zip"
    assert left[1] == "portal-20240102-000000.zip"


@pytest.fixture
def settings_folder() -> Iterator[Path]:
    """Where backups go by default."""
    folder = Path(settings.DATA_DIR) / "backups"
    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.iterdir():
        file.unlink()
    yield folder
    for file in folder.iterdir():
        file.unlink()
