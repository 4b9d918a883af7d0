"""Writing and forgetting signs of life.

The processes that matter write their own: beat in its loop, each worker from a
timer of its own. A task that beat sends and a worker runs would prove both or
neither.
"""

import logging
import socket
from datetime import datetime, timedelta

from django.db import Error, connection

from zalantun.models import Heartbeat

logger = logging.getLogger(__name__)


def kind_of_worker(queue: str) -> str:
    """The kind under which a worker of this queue signs."""
    return f"worker:{queue}"


def record_heartbeats(*, kinds: list[str], at: datetime) -> None:
    """Sign for these kinds on this host.

    Never raises and never waits long: a database that is away for a moment
    must not stop the process that signs. The connection is closed again, so
    that no child process inherits it.
    """
    host = socket.gethostname()
    rows = [Heartbeat(name=f"{kind}/{host}", at=at) for kind in kinds]
    try:
        _write(rows)
    except Error as error:
        logger.warning("heartbeat not written: %s", error)
    finally:
        if not connection.in_atomic_block:
            connection.close()


def _write(rows: list[Heartbeat]) -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 2000")
    Heartbeat.objects.bulk_create(rows, update_conflicts=True, unique_fields=["name"], update_fields=["at"])


def forget_heartbeats_of_this_host() -> None:
    """What ran here before the start says nothing about now."""
    Heartbeat.objects.filter(name__endswith=f"/{socket.gethostname()}").delete()


def forget_heartbeats_before(*, at: datetime, age: timedelta = timedelta(days=1)) -> int:
    """Remove the signs of hosts that are gone; returns how many."""
    return Heartbeat.objects.filter(at__lt=at - age).delete()[0]
