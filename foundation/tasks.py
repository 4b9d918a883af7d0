"""What the clock does for the audit log."""

import logging
from datetime import timedelta

from celery import shared_task
from django.db import ProgrammingError
from django.utils import timezone

from foundation.services.accesses import close_repeats
from foundation.services.auditchecks import check_chain
from foundation.services.auditfiles import keep_day
from foundation.services.auditretention import remove_old

logger = logging.getLogger("portal.audit")


@shared_task
def count_accesses() -> None:
    """Write down how often the last minute's refusals, exports and prints repeated."""
    close_repeats(at=timezone.now())


@shared_task
def keep_audit_log() -> None:
    """The file of yesterday, the check of the chain, and what has had its time."""
    now = timezone.now()
    keep_day(day=timezone.localdate(now) - timedelta(days=1), at=now)
    check_chain(actor=None, at=now)
    try:
        remove_old(at=now)
    except ProgrammingError:
        # The portal's own role may not: the owner of the tables runs remove_old_audit_rows.
        logger.warning("old audit rows stay: the database role may not remove them")
