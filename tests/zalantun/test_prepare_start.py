"""``manage.py prepare_start``: what it refuses to start with, and who may read what is written."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as portal
from django.core.management import CommandError, call_command

from zalantun.management.commands.prepare_start import keep_private, require_assets


@pytest.fixture(autouse=True)
def permissive() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_new_folder_is_its_owners_alone(tmp_path: Path) -> None:
    keep_private(tmp_path / "new" / "data")
    assert mode(tmp_path / "new" / "data") == 0o700


def test_a_folder_and_a_database_that_others_could_read_are_closed(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    for name in ("portal.sqlite3", "portal.sqlite3-wal"):
        (tmp_path / name).touch(0o644)
    keep_private(tmp_path)
    assert [mode(path) for path in (tmp_path, *sorted(tmp_path.iterdir()))] == [0o700, 0o600, 0o600]


def test_a_missing_package_of_the_browser_stops_it_with_one_sentence(settings: Any) -> None:
    settings.VENDOR_FILES = frozenset({*portal.VENDOR_FILES, "vendor/tabler/none.js"})
    with pytest.raises(CommandError) as stopped:
        call_command("prepare_start")
    assert (
        str(stopped.value) == "缺少浏览器组件 vendor/tabler/none.js（共缺 1 个文件），请先运行 make setup。"
    )


def test_by_then_what_is_written_is_private(settings: Any) -> None:
    settings.VENDOR_FILES = frozenset({"vendor/tabler/none.js"})
    with pytest.raises(CommandError):
        call_command("prepare_start")
    current = os.umask(0o022)
    assert current == 0o077
    assert mode(settings.DATA_DIR) == 0o700


def test_with_all_packages_there_is_nothing_to_say() -> None:
    require_assets()


def test_uploads_wait_below_the_portals_own_folder() -> None:
    folder = Path(portal.FILE_UPLOAD_TEMP_DIR)
    assert folder == portal.DATA_DIR / "tmp"
    assert folder.is_dir()
