"""What the clock does for documents: followers are told."""

from celery import shared_task
from django.utils import timezone

from directives.services.following import tell_followers as tell


@shared_task
def tell_followers() -> None:
    """Tell followers what has happened to their documents."""
    tell(at=timezone.now())
