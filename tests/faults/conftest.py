"""A broker of the test's own, and the clockwork on it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.clockwork import Clockwork
from tests.zalantun.portal import script


@pytest.fixture
def broker_url() -> Iterator[str]:
    """A Redis of the test's own where the run has one, else the broker in files."""
    if not os.environ["CELERY_BROKER_URL"].startswith("redis"):
        yield "filesystem://"
        return
    with script("servers").redis() as url:
        yield f"{url}/0"


@pytest.fixture
def clockwork(transactional_db: None, broker_url: str, tmp_path: Path) -> Iterator[Clockwork]:
    """Nothing runs yet; all that a test starts is ended before its records go."""
    running = Clockwork(tmp_path / "data", broker_url)
    yield running
    running.end()
