"""Housekeeping and kept searches by the clock."""

from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from zalantun.heartbeats import forget_heartbeats_before
from zalantun.search.saved import send_digests


@shared_task
def tell_saved_searches() -> None:
    """Tell people what the searches they keep have come to find."""
    send_digests(on_day=timezone.localdate(), at=timezone.now())


@shared_task
def forget_old_sessions() -> None:
    """Remove sessions that ended."""
    call_command("clearsessions")


@shared_task
def forget_old_heartbeats() -> None:
    """Remove the signs of life of hosts that are gone."""
    forget_heartbeats_before(at=timezone.now())
