"""Background work of the index."""

from celery import shared_task
from django.utils import timezone

from search.services import catch_up


@shared_task(ignore_result=True)
def keep_index() -> None:
    """Index what has changed."""
    catch_up(at=timezone.now())
