"""Users and the roles they hold in departments."""

from typing import Any

from django.contrib.auth import get_backends
from django.contrib.auth.models import AbstractUser
from django.db import models

from organizations.models.departments import Department


class Role(models.TextChoices):
    """What a person does here; what each may do is written in ``organizations/rules.py``."""

    VIEWER = "viewer", "查阅人员"
    EDITOR = "editor", "公报编辑"
    PUBLISHER = "publisher", "签发人"
    DEPARTMENT_OFFICER = "department_officer", "部门经办人"
    DEPARTMENT_HEAD = "department_head", "部门负责人"
    SUPERVISOR = "supervisor", "督查人员"
    DUTY_OFFICER = "duty_officer", "值班员"
    COMMANDER = "commander", "指挥长"
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    SECURITY_ADMIN = "security_admin", "安全管理员"
    AUDIT_ADMIN = "audit_admin", "审计管理员"


class User(AbstractUser):
    """A person who signs in; one account, one person."""

    display_name = models.CharField("显示名称", max_length=60, blank=True)
    # Empty where nobody noted it: such a password counts from when the account was made.
    password_set_at = models.DateTimeField("密码启用时间", null=True, blank=True)
    password_must_change = models.BooleanField("须改密码", default=False, db_default=False)
    # Somebody else gave the password and no second factor stands behind: the security administrator
    # asks the person before the account is used again.
    to_verify_since = models.DateTimeField("待核实自", null=True, blank=True, editable=False)
    # Who took over the work of a person who left; counts while the account is disabled.
    successor = models.ForeignKey(
        "self",
        verbose_name="接替人",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="predecessors",
    )

    class Meta:
        verbose_name = "用户"
        verbose_name_plural = "用户"
        ordering = ["username"]

    def __str__(self) -> str:
        return self.display_name or self.username

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """As the table of rules says; Django's mark of a superuser opens nothing."""
        return self.is_active and any(backend.has_perm(self, perm, obj) for backend in get_backends())

    def has_module_perms(self, app_label: str) -> bool:
        """As the table of rules says."""
        return self.is_active and any(
            backend.has_module_perms(self, app_label)  # type: ignore[attr-defined]  # each of ours has it
            for backend in get_backends()
        )


class RoleAssignment(models.Model):
    """A user holds a role, in one department or in the whole portal."""

    user = models.ForeignKey(User, verbose_name="用户", on_delete=models.CASCADE, related_name="assignments")
    role = models.CharField("角色", max_length=30, choices=Role)
    department = models.ForeignKey(
        Department,
        verbose_name="部门",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="assignments",
    )

    class Meta:
        verbose_name = "角色授予"
        verbose_name_plural = "角色授予"
        ordering = ["user", "role"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "department"],
                name="role_once_per_department",
                condition=models.Q(department__isnull=False),
            ),
            # Apart, because SQLite takes two missing departments for different ones.
            models.UniqueConstraint(
                fields=["user", "role"],
                name="role_once_in_whole_portal",
                condition=models.Q(department__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        where = f"（{self.department}）" if self.department else ""
        return f"{self.user} {self.get_role_display()}{where}"
