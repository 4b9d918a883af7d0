"""``manage.py remove_old_audit_rows``: retention, where the portal's own database role may not remove."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from foundation.services.auditretention import remove_old


class Command(BaseCommand):
    """Run with the DATABASE_URL of the tables' owner."""

    help = "清除超过 AUDIT_KEEP_DAYS 且已存入每日文件的审计记录；至少保存六个月。"

    def handle(self, *args: Any, **options: Any) -> None:
        """Remove, and say how many."""
        self.stdout.write(f"已清除 {remove_old(at=timezone.now())} 条。")
