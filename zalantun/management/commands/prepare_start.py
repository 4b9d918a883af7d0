"""``manage.py prepare_start``: everything between installed programs and a running portal.

``make run`` calls it before it starts the servers. Each step may be repeated;
one that was interrupted is done again.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from zalantun.filebroker import make_folders
from zalantun.heartbeats import forget_heartbeats_of_this_host

OTHERS = 0o077  # permissions of everybody but the owner
PREPARATION_LOCK = 0x7A6C74  # any number that nothing else on this server uses
# Of what the installed applications bring, these belong to pages that the portal does not have.
NOT_SERVED = ["redoc", "rest_framework"]


class Command(BaseCommand):
    """Folders, migrations, assets, fixtures, demo accounts."""

    help = "启动前的准备：数据库迁移、静态文件、初始数据、演示账号；可重复执行。"
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what is missing."""
        os.umask(OTHERS)
        keep_private(settings.DATA_DIR)
        require_assets()
        make_folders(settings.BROKER_DIR)
        self._collect_assets()
        with _alone_on_the_database():
            self._bring_up_to_date()

    def _bring_up_to_date(self) -> None:
        if _has_open_migrations():
            self.stdout.write("数据库迁移……")
            call_command("migrate", interactive=False, verbosity=0)
        forget_heartbeats_of_this_host()
        if "load_fixtures" in get_commands():
            call_command("load_fixtures", "--if-empty")
        if settings.DEMO_ACCOUNTS:
            call_command("create_demo_accounts")

    def _collect_assets(self) -> None:
        stamp = settings.STATIC_ROOT / ".collected"
        wanted = fingerprint(_asset_sources())
        if stamp.is_file() and stamp.read_text() == wanted:
            return
        self.stdout.write("整理静态文件……")
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=NOT_SERVED)
        stamp.write_text(wanted)


def keep_private(folder: Path) -> None:
    """The folder and the databases in it, made by whatever umask, are their owner's alone.

    Files beside a database of SQLite take over its permissions.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for path in (folder, *folder.glob("*.sqlite3*")):
        allowed = path.stat().st_mode
        if allowed & OTHERS and path.stat().st_uid == os.getuid():
            path.chmod(allowed & ~OTHERS)


def require_assets() -> None:
    """Without a package of the browser each page would answer with an error."""
    missing = sorted(name for name in settings.VENDOR_FILES if not finders.find(name))
    if missing:
        raise CommandError(
            f"缺少浏览器组件 {missing[0]}（共缺 {len(missing)} 个文件），请先运行 make setup。"
        )


@contextmanager
def _alone_on_the_database() -> Iterator[None]:
    """Several hosts may start at once, and the server may still be at work for one that was killed.

    SQLite needs nothing: its one host has one portal for each folder. The lock
    ends with the connection at the latest.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [PREPARATION_LOCK])
        yield
        cursor.execute("SELECT pg_advisory_unlock(%s)", [PREPARATION_LOCK])


def _has_open_migrations() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _asset_sources() -> Iterator[Path]:
    """All that decides what is collected: our own files and the pinned packages."""
    yield from (settings.BASE_DIR / name for name in ("requirements.txt", "package-lock.json"))
    yield settings.BASE_DIR / "zalantun" / "settings.py"
    yield from (path for path in (settings.BASE_DIR / "static").rglob("*") if path.is_file())


def fingerprint(paths: Iterator[Path]) -> str:
    """One hash over names and contents."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(f"{path}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
