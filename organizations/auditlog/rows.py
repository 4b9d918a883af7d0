"""Rows of the log in words, for the page and for tables."""

from collections.abc import Iterable, Iterator, Sequence

from django.apps import apps
from django.utils import timezone

from foundation.models import AuditEntry
from foundation.services.accesses import PAGE

HEADER = (
    "序号",
    "时间",
    "操作人",
    "动作",
    "动作代码",
    "对象类别",
    "对象",
    "对象编号",
    "来源地址",
    "次数",
    "理由",
    "请求编号",
    "校验",
    "账号",
)


def kind_of(entry: AuditEntry) -> str:
    """The kind of its object in words; one that is no more keeps its old name."""
    if entry.object_type == PAGE:
        return "页面"
    try:
        return str(apps.get_model(entry.object_type)._meta.verbose_name)
    except (LookupError, ValueError):
        return entry.object_type


def account_of(entry: AuditEntry) -> str:
    """The name that its person signs in with, as two may be called alike; empty where there is none."""
    return entry.actor.get_username() if entry.actor else ""


def times_of(entry: AuditEntry) -> int:
    """How often it happened: more than once for what was counted within a minute."""
    times = entry.after.get("times")
    return times if isinstance(times, int) and not isinstance(times, bool) else 1


def table_rows(entries: Iterable[AuditEntry]) -> Iterator[Sequence[str]]:
    """Below ``HEADER``."""
    for entry in entries:
        yield (
            str(entry.sequence),
            timezone.localtime(entry.at).strftime("%Y-%m-%d %H:%M:%S"),
            entry.actor_label,
            entry.action_label,
            entry.action,
            kind_of(entry),
            entry.object_label,
            entry.object_id,
            entry.address,
            str(times_of(entry)),
            entry.reason,
            entry.request_id,
            entry.hash,
            account_of(entry),
        )
