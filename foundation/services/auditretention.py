"""Rows of the audit log leave the database after their time, once a whole file holds them."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Min

from foundation.append_only import SHORTEST_DAYS
from foundation.models import AuditEntry, AuditHead
from foundation.services.audit import REMOVAL, chain_start, record_change
from foundation.services.auditfiles import day_files, fault_of


def remove_old(*, at: datetime) -> int:
    """Remove what is older than ``AUDIT_KEEP_DAYS`` (0: nothing), from the oldest on; how many rows.

    Never a row that is younger, never one behind a younger one, and none that
    no unharmed daily file holds. The log says what was removed, and the chain
    goes on from there.
    """
    if not settings.AUDIT_KEEP_DAYS:
        return 0
    days = max(settings.AUDIT_KEEP_DAYS, SHORTEST_DAYS)
    limit = at - timedelta(days=days)
    with transaction.atomic():
        head, _ = AuditHead.objects.select_for_update().get_or_create(pk=1)
        first, _hash = chain_start()
        young = AuditEntry.objects.filter(at__gt=limit).aggregate(first=Min("sequence"))["first"]
        through = min(head.sequence if young is None else young - 1, _held_through(first))
        last = AuditEntry.objects.filter(sequence=through).first()
        if last is None or through < first:
            return 0
        old = AuditEntry.objects.filter(sequence__lte=through)
        # The query set refuses; the database's own trigger lets rows of this age go.
        removed: int = old._raw_delete(old.db)
        after = {"first": first, "through": through, "hash": last.hash, "rows": removed, "days": days}
        record_change(actor=None, action=REMOVAL, target=head, at=at, after=after)
    return removed


def _held_through(first: int) -> int:
    """The last row up to which files hold everything from ``first`` on."""
    through = first - 1
    for file in reversed(day_files()):
        if file.last <= through:
            continue
        if file.first > through + 1 or fault_of(file):
            break
        through = file.last
    return through
