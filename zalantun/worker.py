"""What a Celery worker of the portal does beside its tasks."""

from typing import Any

from celery import bootsteps
from django.conf import settings
from django.utils import timezone

from zalantun.heartbeats import kind_of_worker, record_heartbeats


class Heartbeats(bootsteps.StartStopStep):
    """The worker's main process signs for each queue it serves, from its own timer."""

    requires = ("celery.worker.components:Timer", "celery.worker.components:Pool")

    def __init__(self, worker: Any, **kwargs: Any) -> None:
        self._timer_entry: Any = None
        super().__init__(worker, **kwargs)

    def start(self, worker: Any) -> None:
        """Sign now and every few seconds."""
        kinds = [kind_of_worker(queue) for queue in worker.app.amqp.queues.consume_from]
        self._sign(kinds)
        self._timer_entry = worker.timer.call_repeatedly(settings.HEARTBEAT_SECONDS, self._sign, (kinds,))

    def stop(self, worker: Any) -> None:
        """No sign after this."""
        if self._timer_entry is not None:
            self._timer_entry.cancel()

    @staticmethod
    def _sign(kinds: list[str]) -> None:
        record_heartbeats(kinds=kinds, at=timezone.now())
