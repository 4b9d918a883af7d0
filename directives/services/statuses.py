"""The legal status of a document over time."""

from datetime import date, datetime

from django.db import transaction

from directives.models import Directive, StatusChange
from foundation.errors import InvalidInput
from foundation.services.audit import record_change
from organizations.models import User
from organizations.permissions import require


@transaction.atomic
def record_status(
    *,
    actor: User | None,
    at: datetime,
    directive: Directive,
    status: str,
    effective_on: date,
    by_directive: Directive | None = None,
    note: str = "",
) -> StatusChange:
    """From a date on the document is in another legal state; earlier states stay on the record."""
    require(actor, "directives.change_directive", "登记有效性变更")
    if directive.issued_on and effective_on < directive.issued_on:
        raise InvalidInput("变更日期早于该文件的成文日期，请核对。")
    if by_directive is not None and by_directive.pk == directive.pk:
        raise InvalidInput("依据文件不能是该文件自身。")
    change = StatusChange.objects.create(
        directive=directive, status=status, effective_on=effective_on, by_directive=by_directive, note=note
    )
    after = {"status": status, "effective_on": effective_on, "by": str(by_directive or ""), "note": note}
    record_change(actor=actor, action="directive.status", target=directive, at=at, after=after, reason=note)
    return change
