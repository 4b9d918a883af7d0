"""Accounts to try a fresh portal with: one person for each role, random passwords.

Weather reports and what is passed up need somebody who hands them in and receives them.
"""

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.db.models import Q

from organizations.models import Department, Role, User
from organizations.services import create_account, grant_role

R = Role


@dataclass(frozen=True, slots=True)
class Demo:
    """``department``: any known name; empty means the whole portal."""

    username: str
    display_name: str
    role: Role
    department: str = ""


DEMOS = (
    Demo("viewer", "查阅（演示）", R.VIEWER),
    Demo("editor", "公报编辑（演示）", R.EDITOR),
    Demo("publisher", "签发人（演示）", R.PUBLISHER),
    Demo("zhujian", "住建局经办人（演示）", R.DEPARTMENT_OFFICER, "住建局"),
    Demo("chengguan", "城管执法局经办人（演示）", R.DEPARTMENT_OFFICER, "城管执法局"),
    Demo("gongan", "公安局经办人（演示）", R.DEPARTMENT_OFFICER, "公安局"),
    Demo("qixiang", "气象局值班人员（演示）", R.DEPARTMENT_OFFICER, "气象局"),
    Demo("shiweiban", "市委办公室收报人员（演示）", R.DEPARTMENT_OFFICER, "市委办公室"),
    Demo("zhengfuban", "政府办公室收报人员（演示）", R.DEPARTMENT_OFFICER, "政府办公室"),
    Demo("zhujian-head", "住建局负责人（演示）", R.DEPARTMENT_HEAD, "住建局"),
    Demo("supervisor", "督查人员（演示）", R.SUPERVISOR),
    Demo("fanglao", "防涝办值班员（演示）", R.DUTY_OFFICER, "防涝办"),
    Demo("xiangyang", "向阳街道值班员（演示）", R.DUTY_OFFICER, "向阳街道"),
    Demo("xiangyang-officer", "向阳街道经办人（演示）", R.DEPARTMENT_OFFICER, "向阳街道"),
    Demo("xiangyang-head", "向阳街道负责人（演示）", R.DEPARTMENT_HEAD, "向阳街道"),
    Demo("xinghua", "兴华街道值班员（演示）", R.DUTY_OFFICER, "兴华街道"),
    Demo("commander", "指挥长（演示）", R.COMMANDER),
    Demo("system-admin", "系统管理员（演示）", R.SYSTEM_ADMIN),
    Demo("security-admin", "安全管理员（演示）", R.SECURITY_ADMIN),
    Demo("audit-admin", "审计管理员（演示）", R.AUDIT_ADMIN),
)


def create_demo_accounts(*, at: datetime, path: Path) -> Sequence[str]:
    """Create the accounts and write them to ``path``, when the portal has no user yet.

    Returns the names of departments that are not known here, whose accounts
    were left out. File and accounts appear together or not at all: without the
    file nobody could use the accounts.
    """
    with transaction.atomic():
        if User.objects.exists():
            return ()
        departments = {name: _find(name) for name in {demo.department for demo in DEMOS} - {""}}
        made = [demo for demo in DEMOS if departments.get(demo.department) or not demo.department]
        _write(path, [_create(demo, departments.get(demo.department), at=at) for demo in made])
    return sorted(name for name, department in departments.items() if department is None)


def _find(name: str) -> Department | None:
    known_as = Q(name=name) | Q(aliases__name=name) | Q(short_name=name)
    return Department.objects.filter(known_as).order_by("pk").first()


def random_password() -> str:
    """Letters, small and capital, and a digit whatever chance brings, as the rules for passwords ask."""
    return f"{secrets.token_urlsafe(12)}-Aa{secrets.randbelow(10)}"


def _create(demo: Demo, department: Department | None, *, at: datetime) -> str:
    """The line of the file: name, password, role, department."""
    password = random_password()
    user = create_account(
        actor=None, at=at, username=demo.username, password=password, display_name=demo.display_name
    )
    grant_role(actor=None, at=at, user=user, role=demo.role, department=department)
    return "\t".join((demo.username, password, demo.role.value, department.name if department else ""))


def _write(path: Path, lines: Sequence[str]) -> None:
    draft = path.with_name(f".{path.name}")
    draft.unlink(missing_ok=True)
    with os.fdopen(
        os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as file:
        file.writelines(f"{line}\n" for line in lines)
    draft.replace(path)
