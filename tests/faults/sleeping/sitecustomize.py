"""For processes below libfaketime, whose 0.9.10 refuses to sleep until a moment of the monotonic clock.

Python sleeps that way since 3.11; here it waits for nothing with a limit instead.
"""

import select
import time
from typing import SupportsIndex


def sleep(seconds: float | SupportsIndex, /) -> None:
    """As ``time.sleep``."""
    select.select([], [], [], float(seconds))


time.sleep = sleep
