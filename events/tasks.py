"""Filing by rule in the background, in the queue of documents."""

from celery import shared_task
from django.utils import timezone

from events.models import FilingRun
from events.services.filing import carry_out_filing, preview_filing, stale_runs

State = FilingRun.State


@shared_task
def preview_topics(pk: int) -> None:
    """Work out what the rules would change."""
    preview_filing(run=FilingRun.objects.get(pk=pk), at=timezone.now())


@shared_task
def file_topics(pk: int) -> None:
    """Carry out what a person has confirmed."""
    carry_out_filing(run=FilingRun.objects.get(pk=pk), at=timezone.now())


@shared_task
def go_on_filing() -> None:
    """Go on with runs whose worker is gone."""
    for run in stale_runs(timezone.now()):
        task = preview_topics if run.state in (State.WAITING, State.READING) else file_topics
        task.delay(run.pk)
