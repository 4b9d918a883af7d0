"""``manage.py create_demo_accounts``: people to try a fresh portal with."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from zalantun.demo_accounts import create_demo_accounts


class Command(BaseCommand):
    """Does nothing once there is any user."""

    help = "在没有任何账号的门户中创建演示账号，用户名和随机密码写入 DATA_DIR/demo-accounts.txt。"
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Create them and say which departments were missing."""
        missing = create_demo_accounts(at=timezone.now(), path=settings.DEMO_ACCOUNTS_FILE)
        if missing:
            self.stderr.write(f"没有这些部门，未创建它们的演示账号：{'、'.join(missing)}。")
