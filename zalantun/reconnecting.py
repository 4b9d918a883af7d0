"""A broker that was away is found again within a second or two, however long it was away.

Celery waits ever longer between two attempts, up to half a minute: too long
for reminders that may be five seconds late.
"""

from typing import Any

from celery.app.amqp import AMQP
from kombu import Connection

PAUSE_SECONDS = 1


class SteadyConnection(Connection):
    """Tries again at the same pace."""

    def ensure_connection(self, *args: Any, **kwargs: Any) -> Any:
        """As kombu's; the pauses do not grow."""
        pauses = {"interval_start": PAUSE_SECONDS, "interval_step": 0, "interval_max": PAUSE_SECONDS}
        return super().ensure_connection(*args, **{**pauses, **kwargs})


class SteadyMessaging(AMQP):
    """Celery's messaging on such connections."""

    Connection = SteadyConnection
