"""Long readings and writings in the background, in the queue of documents."""

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

from foundation.context import Origin, call_from
from foundation.errors import DomainError
from gazette.models import ImportRun, NamesRun
from gazette.services import confirm_import, publish_drafts, read_import, release_stale_imports
from gazette.services.namesruns import carry_out_names, stale_names_runs
from organizations.models import User

WAIT_SECONDS = 3600


def waiting_key(pk: int) -> str:
    """Set from the moment a confirmation is handed in until it is written."""
    return f"import-waiting:{pk}"


def refusal_key(pk: int) -> str:
    """Holds the sentence with which a confirmation was refused."""
    return f"import-refused:{pk}"


def published_key(pk: int) -> str:
    """Holds what became of publishing in the background, as a sentence."""
    return f"import-published:{pk}"


@shared_task
def read_gazette(pk: int) -> None:
    """Read a file and work out its preview."""
    read_import(run=ImportRun.objects.get(pk=pk), at=timezone.now())


@shared_task
def write_gazette(pk: int, actor_pk: int, decisions: dict[str, str], request_id: str) -> None:
    """Write what a person has confirmed."""
    actor, run = User.objects.get(pk=actor_pk), ImportRun.objects.get(pk=pk)
    try:
        with call_from(Origin(request_id, "worker")):
            confirm_import(actor=actor, run=run, decisions=decisions, at=timezone.now())
    except DomainError as refusal:
        cache.set(refusal_key(pk), refusal.message, WAIT_SECONDS)
    finally:
        cache.delete(waiting_key(pk))


@shared_task
def publish_gazette(pk: int, actor_pk: int, request_id: str) -> None:
    """Publish what a long import wrote."""
    actor, run = User.objects.get(pk=actor_pk), ImportRun.objects.get(pk=pk)
    try:
        with call_from(Origin(request_id, "worker")):
            outcome = publish_drafts(actor=actor, run=run, at=timezone.now()).sentence
    except DomainError as refusal:
        outcome = refusal.message
    cache.set(published_key(pk), outcome, WAIT_SECONDS)


@shared_task
def take_back_stale_imports() -> None:
    """Go on with imports whose worker is gone."""
    for run in release_stale_imports(at=timezone.now()):
        read_gazette.delay(run.pk)


@shared_task
def carry_names(pk: int) -> None:
    """Carry corrected names into all records of a kind."""
    carry_out_names(run=NamesRun.objects.get(pk=pk), at=timezone.now())


@shared_task
def go_on_carrying_names() -> None:
    """Go on with runs whose worker is gone."""
    for run in stale_names_runs(timezone.now()):
        carry_names.delay(run.pk)
