"""What all tests share: a clean cache, Debian's browser, the files beside the repository."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.db.models.signals import pre_save
from hypothesis import settings
from pytest_django import DjangoDbBlocker

from foundation.actionwords import is_told, label_of
from foundation.append_only import EMPTYING, remove_trigger
from foundation.models import AuditEntry

REPOSITORY = Path(__file__).resolve().parent.parent
SHARED = REPOSITORY.parent / "shared"

# Generated cases are the same on every run, so that a fault is one of the change at hand;
# HYPOTHESIS_PROFILE=explore draws new ones.
settings.register_profile("same", derandomize=True)
settings.register_profile("explore", derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

# Playwright's own event loop runs in the test's thread; the ORM there is ours and synchronous.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever asks for a page is a browser test, marked or not."""
    for item in items:
        if {"page", "context", "browser"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Tests with transactions of their own empty all tables afterwards: the audit log lets them."""
    with django_db_blocker.unblock():
        remove_trigger(connection, EMPTYING[connection.vendor])


@pytest.fixture(autouse=True, scope="session")
def every_action_has_words() -> Iterator[None]:
    """What any test puts on record can be read by the audit administrator: rooms tell their words."""

    def check(instance: AuditEntry, **others: Any) -> None:
        own = instance.action.startswith("test.")
        assert own or is_told(instance.action), f"{instance.action} is called {label_of(instance.action)}"

    pre_save.connect(check, sender=AuditEntry, weak=False, dispatch_uid="every_action_has_words")
    yield
    pre_save.disconnect(sender=AuditEntry, dispatch_uid="every_action_has_words")


@pytest.fixture(autouse=True)
def clean_cache() -> Iterator[None]:
    """Rate limits and progress of one test do not reach the next."""
    yield
    for name in ("default", "pages"):
        caches[name].clear()


@pytest.fixture(scope="session")
def shared_folder() -> Path:
    """The folder beside the repository that holds the real gazette; skips where there is none."""
    if not SHARED.is_dir():
        pytest.skip("../shared is absent: the real gazette cannot be read here")
    return SHARED


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium, as any user."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        pytest.skip("no chromium on this machine")
    return {**browser_type_launch_args, "executable_path": found, "args": ["--no-sandbox"]}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A desk's screen in the portal's language and time."""
    return {
        **browser_context_args,
        "viewport": {"width": 1280, "height": 900},
        "locale": "zh-CN",
        "timezone_id": "Asia/Shanghai",
    }
