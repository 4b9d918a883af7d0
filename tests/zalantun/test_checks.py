"""System checks warn of what an installation lacks."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as portal_settings
from django.core.checks import run_checks

from zalantun import checks


def ids() -> set[str]:
    return {message.id for message in run_checks() if message.id and message.id.startswith("zalantun.")}


@pytest.fixture(autouse=True)
def complete_installation(settings: Any, tmp_path: Path) -> None:
    settings.SECRET_KEY = "a-key-of-its-own-" * 4
    settings.DATA_DIR = tmp_path


def test_a_complete_installation_is_silent() -> None:
    assert ids() == set()


def test_no_chinese_font(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "has_chinese_font", lambda: False)
    assert ids() == {"zalantun.W001"}


def test_no_font_program_means_no_font(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert not checks.has_chinese_font()


def test_no_harfbuzz_subset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "has_library", lambda name: name != "libharfbuzz-subset.so.0")
    assert ids() == {"zalantun.W002"}


def test_a_library_is_found_or_not() -> None:
    assert checks.has_library("libc.so.6")
    assert not checks.has_library("libabsent.so.0")


def test_the_default_secret_outside_debug(settings: Any) -> None:
    settings.SECRET_KEY = portal_settings.INSECURE_SECRET_KEY
    assert ids() == {"zalantun.W003"}
    settings.DEBUG = True
    assert ids() == set()


def test_a_data_dir_that_cannot_be_written(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    settings.DATA_DIR = tmp_path / "file"
    assert ids() == {"zalantun.W004"}


def test_a_data_dir_that_is_made_at_the_first_start(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "not" / "yet"
    assert ids() == set()
