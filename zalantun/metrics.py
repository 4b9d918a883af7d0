"""``/metrics``: what Prometheus asks for, told to whoever holds the token.

Each web process measures its own requests; ``PROMETHEUS_MULTIPROC_DIR``, which
the start of the portal sets, adds them up. What stands in the database is
counted when it is asked for.
"""

import hmac
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Histogram,
    generate_latest,
    mmap_dict,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from floodresponse.models import Obligation
from notifications.models import Message
from search.models import Pending
from taskboard.lights import RED
from taskboard.models import Task
from zalantun.health import read_health
from zalantun.models import Heartbeat

# Every view with every method and status; a file that has to grow would find no room.
ROOM_BYTES = 8 * 1024 * 1024
REQUEST_SECONDS = Histogram(
    "portal_request_seconds",
    "Time to answer a request, by view, method and class of status.",
    ["view", "method", "status"],
    buckets=(0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


def reserve_room() -> None:
    """Take the disk's room for this process's measurements now.

    They are written through mapped memory: a page for which a full disk has no
    room ends the process in the middle of a request, without a word.
    """
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if folder is None:
        return
    mmap_dict._INITIAL_MMAP_SIZE = ROOM_BYTES
    REQUEST_SECONDS.labels("none", "GET", "2xx")
    for path in Path(folder).glob(f"*_{os.getpid()}.db"):
        with suppress(OSError), path.open("r+b") as file:
            os.posix_fallocate(file.fileno(), 0, path.stat().st_size)


def metrics(request: HttpRequest) -> HttpResponse:
    """The text format of Prometheus; 404 for everybody without ``METRICS_TOKEN``."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRICS_TOKEN or not hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        raise Http404
    portal = CollectorRegistry(auto_describe=False)
    portal.register(PortalState(now=timezone.now()))
    body = generate_latest(_of_requests()) + generate_latest(portal)
    response = HttpResponse(body, content_type=CONTENT_TYPE_LATEST)
    response["Cache-Control"] = "no-store"
    return response


def _of_requests() -> CollectorRegistry:
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry


class PortalState:
    """What the alert list in ``deploy/alerts.yml`` watches; a constant number of queries."""

    def __init__(self, *, now: datetime) -> None:
        self._now = now

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """When the database is away, ``portal_up`` says so and the rest is missing."""
        health = read_health(now=self._now)
        parts = {
            "database": health.database,
            "broker": health.broker,
            "worker": health.worker,
            "beat": health.beat,
            "disk": health.disk,
        }
        up = GaugeMetricFamily(
            "portal_up", "1 while the part is well, as /healthz tells it.", labels=["part"]
        )
        for part, state in parts.items():
            up.add_metric([part], int(state.ok))
        yield up
        yield from self._of_disk()
        if health.database.ok:
            yield from self._of_rows()

    def _of_disk(self) -> Iterator[GaugeMetricFamily]:
        free = shutil.disk_usage(settings.DATA_DIR).free
        yield GaugeMetricFamily("portal_disk_free_bytes", "Room left where DATA_DIR lies.", value=free)
        age = backup_age(Path(settings.DATA_DIR) / "backups", now=self._now)
        if age is not None:
            yield GaugeMetricFamily(
                "portal_backup_age_seconds", "Since the newest backup was written.", value=age
            )

    def _of_rows(self) -> Iterator[GaugeMetricFamily]:
        beats = GaugeMetricFamily(
            "portal_heartbeat_age_seconds", "Since a process signed.", labels=["process"]
        )
        for name, at in Heartbeat.objects.values_list("name", "at"):
            beats.add_metric([name], max((self._now - at).total_seconds(), 0))
        yield beats
        waiting = Message.objects.filter(state=Message.State.PENDING, attempt_at__lte=self._now)
        oldest = waiting.order_by("attempt_at").values_list("attempt_at", flat=True).first()
        late = (self._now - oldest).total_seconds() if oldest else 0
        lights = Task.objects.count_all_by_light(timezone.localdate(self._now))
        counted = (
            ("portal_messages_due", "Messages whose time has come and that wait.", waiting.count()),
            ("portal_messages_oldest_seconds", "How long the oldest of them has waited.", late),
            (
                "portal_messages_failed",
                "Messages given up.",
                Message.objects.filter(state=Message.State.FAILED).count(),
            ),
            ("portal_search_pending", "Records that the index has not taken in.", Pending.objects.count()),
            (
                "portal_flood_reports_overdue",
                "Reports of the flood command post past their limit.",
                Obligation.objects.overdue(self._now).count(),
            ),
            (
                "portal_tasks_overdue",
                "Tasks with a red light.",
                sum(number for light, _state, number in lights if light == RED),
            ),
        )
        for name, text, value in counted:
            yield GaugeMetricFamily(name, text, value=value)


def backup_age(folder: Path, *, now: datetime) -> float | None:
    """Seconds since the newest archive was written; None when there is none."""
    written = [path.stat().st_mtime for path in folder.glob("*.zip")] if folder.is_dir() else []
    return max(now.timestamp() - max(written), 0.0) if written else None
