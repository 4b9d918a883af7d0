"""The delivery ledger as a workbook."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from foundation.workbooks import workbook_of
from notifications.models import Message

HEADER = ("应发", "标题", "收件人", "渠道", "状态", "送达", "晚（秒）", "应答", "经过", "消息键")
MINUTE = "%Y-%m-%d %H:%M:%S"


def workbook(messages: Iterable[Message]) -> bytes:
    """A line a message; recipient and attempts are prefetched."""
    return workbook_of("送达台账", HEADER, (_line(message) for message in messages))


def _line(message: Message) -> tuple[str | Decimal, ...]:
    late = message.lateness_s
    return (
        _moment(message.not_before),
        message.subject,
        str(message.recipient or ""),
        message.get_channel_display(),
        message.get_state_display(),
        _moment(message.sent_at),
        "" if late is None else Decimal(str(late)),
        _moment(message.acknowledged_at),
        "；".join(f"{_moment(row.started_at)} {row}" for row in message.attempt_rows.all()),
        message.dedupe_key,
    )


def _moment(at: datetime | None) -> str:
    return timezone.localtime(at).strftime(MINUTE) if at else ""
