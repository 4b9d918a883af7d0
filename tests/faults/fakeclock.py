"""A clock that processes believe and a test can set: libfaketime."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone


class FakeClock:
    """The wall clock of processes that were started with ``environment``; monotonic time stays true."""

    def __init__(self, folder: Path) -> None:
        found = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
        if not found:
            pytest.skip("no libfaketime on this machine")
        self._file = folder / "clock"
        self._write(timedelta(0))
        self.environment = {
            "LD_PRELOAD": str(found[0]),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "PYTHONPATH": str(Path(__file__).with_name("sleeping")),
        }

    def _write(self, offset: timedelta) -> None:
        draft = self._file.with_suffix(".new")
        draft.write_text(f"{offset.total_seconds():+.0f}")
        os.replace(draft, self._file)

    @contextmanager
    def set_by(self, offset: timedelta) -> Iterator[None]:
        """Step the clock, of the processes and of the test itself; at the end it is stepped back."""
        with time_machine.travel(timezone.now() + offset, tick=True):
            self._write(offset)
            yield
            self._write(timedelta(0))
