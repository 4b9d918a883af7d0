"""Housekeeping by the clock."""

from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from zalantun.heartbeats import forget_heartbeats_before


@shared_task
def forget_old_sessions() -> None:
    """Remove sessions that ended."""
    call_command("clearsessions")


@shared_task
def forget_old_heartbeats() -> None:
    """Remove the signs of life of hosts that are gone."""
    forget_heartbeats_before(at=timezone.now())
