"""Checks of the chain, themselves on record."""

import logging
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import connection

from foundation.append_only import missing_triggers
from foundation.models import AuditEntry, AuditHead
from foundation.services.audit import chain_end, find_break, record_change

logger = logging.getLogger("portal.audit")
CHECK = "audit.verify"


def check_chain(*, actor: AbstractBaseUser | None, at: datetime) -> str:
    """Walk the chain and write down what was found; the sentence about the fault, or nothing."""
    through, _ = chain_end()
    broken = find_break()
    missing = missing_triggers(connection)
    fault = broken.message if broken else ""
    if not fault and missing:
        fault = f"数据库缺少防改动的触发器：{'、'.join(missing)}。"
    if fault:
        logger.error("audit log: %s", fault)
    head, _ = AuditHead.objects.get_or_create(pk=1)
    record_change(actor=actor, action=CHECK, target=head, at=at, after={"through": through, "fault": fault})
    return fault


def last_check() -> AuditEntry | None:
    """The newest check on record."""
    return AuditEntry.objects.filter(action=CHECK).order_by("-sequence").first()
