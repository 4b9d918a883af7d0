"""Long documents in the background, in the queue of documents."""

from celery import shared_task

from printing import store
from printing.building import build_ordered

UNUSED_SECONDS = 7 * 24 * 3600.0


@shared_task
def build_printout(key: str) -> None:
    """Build a document that was ordered."""
    build_ordered(key=key)


@shared_task
def forget_unused_printouts() -> None:
    """Remove finished documents that nobody asked for in a week."""
    store.forget_unused(older_than_seconds=UNUSED_SECONDS)
