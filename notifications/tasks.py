"""The sweeps of the outbox, started by beat."""

from celery import shared_task
from django.utils import timezone

from notifications.services import deliver_to_inbox, send_outbound


@shared_task
def dispatch_due() -> None:
    """Deliver what is due in the inbox."""
    deliver_to_inbox(now=timezone.now())


@shared_task
def send_due() -> None:
    """Send what is due by mail, robots and hooks; it may hang, so it has a queue of its own."""
    send_outbound(now=timezone.now())
