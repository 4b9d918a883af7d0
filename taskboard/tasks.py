"""What the clock does for tasks: lights kept, reports opened, due dates reminded of."""

from celery import shared_task
from django.utils import timezone

from taskboard.services.ledgers.periodic import open_ledger_reports
from taskboard.services.ledgers.redlights import tell_red_lights
from taskboard.services.linking import propose_links
from taskboard.services.periodic import open_report_obligations
from taskboard.services.reminders import queue_task_reminders
from taskboard.services.snapshots import snapshot_lights
from taskboard.services.supervision.deadlines import remind_of_deadlines
from taskboard.services.supervision.lookbacks import open_look_backs


@shared_task
def keep_lights() -> None:
    """Keep the day's lights."""
    snapshot_lights(on_day=timezone.localdate())


@shared_task
def open_reports() -> None:
    """Open the periodic reports of periods that have begun."""
    open_report_obligations(on_day=timezone.localdate(), at=timezone.now())
    open_ledger_reports(on_day=timezone.localdate(), at=timezone.now())


@shared_task
def remind_of_due_dates() -> None:
    """Write the morning's reminders."""
    queue_task_reminders(on_day=timezone.localdate(), at=timezone.now())


@shared_task
def look_back() -> None:
    """Put the closed tasks on the list whose look-back is due."""
    open_look_backs(on_day=timezone.localdate(), at=timezone.now())


@shared_task
def remind_of_supervision() -> None:
    """Write the morning's reminders of rectifications and listed supervision."""
    remind_of_deadlines(on_day=timezone.localdate(), at=timezone.now())


@shared_task
def propose_record_links() -> None:
    """Look for entries, documents and tasks that belong together."""
    propose_links(at=timezone.now())


@shared_task
def tell_approvers() -> None:
    """Tell the approvers of limits that are over."""
    tell_red_lights(on_day=timezone.localdate(), at=timezone.now())
