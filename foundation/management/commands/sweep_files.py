"""``manage.py sweep_files``: removes what abandoned uploads left on the disk."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from foundation.services.attachments import sweep_files

# Longer than any request or import runs.
AGE = timedelta(days=1)


class Command(BaseCommand):
    """Only files that no row points at, and only old ones."""

    help = "清理一天前上传而未登记的附件文件。"

    def handle(self, *args: Any, **options: Any) -> None:
        """Sweep, and say how many."""
        swept = sweep_files(before=timezone.now() - AGE)
        self.stdout.write(f"已清理 {len(swept)} 个未登记的文件。")
