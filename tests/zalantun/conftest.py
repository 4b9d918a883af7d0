"""One record of every kind, for tests that walk all addresses."""

from pathlib import Path
from typing import Any

import pytest

from tests.zalantun.everypage import Made
from tests.zalantun.onerecord import one_of_each


@pytest.fixture
def made(tmp_path: Path, settings: Any) -> Made:
    """All of them, their files in a folder of the test's own."""
    options = {**settings.STORAGES["default"]["OPTIONS"], "location": tmp_path}
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": options}}
    return one_of_each()
