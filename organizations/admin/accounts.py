"""Accounts and roles in the admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from foundation.admin import PartsInline, RecordAdmin, Step
from foundation.forms import ReasonedForm, RecordForm
from organizations.models import Role, RoleAssignment, User
from organizations.services import (
    create_account,
    grant_role,
    reset_password,
    revoke_role,
    update_account,
)


class NewAccountForm(RecordForm):
    """An account with its first password."""

    password = forms.CharField(
        label="初始密码", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )


class AccountForm(ReasonedForm):
    """An account; another password only where one is typed."""

    new_password = forms.CharField(
        label="重置密码",
        required=False,
        strip=False,
        help_text="留空则不改。重置后请当面告知本人：登录改密后，没有两步验证的账号须由安全管理员核实本人才能使用。",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class AssignmentInline(PartsInline):
    """Roles."""

    model = RoleAssignment

    def get_queryset(self, request: HttpRequest) -> Any:
        """With departments in one query."""
        return super().get_queryset(request).select_related("department", "user")


@admin.register(User)
class UserAdmin(RecordAdmin):
    """Accounts."""

    may_view = "organizations.view_accounts"
    may_add = may_change = "organizations.manage_accounts"
    where_to_change = (
        "账号由系统管理员维护，角色由安全管理员在“角色授予”中授予和收回。"
        "人员离岗请由安全管理员在“账号安全”中办理，未办事项才能移交。"
    )
    form = NewAccountForm
    change_form_class = AccountForm
    add_fields = ("username", "display_name", "password")
    change_fields = ("display_name", "email", "is_active", "new_password")
    readonly_fields = ("username", "is_staff", "last_login", "date_joined")
    list_display = ("username", "display_name", "email", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "assignments__role")
    search_fields = ("username", "display_name", "email")
    date_hierarchy = "date_joined"
    inlines = (AssignmentInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The name one signs in with stays."""
        return () if obj is None else super().get_readonly_fields(request, obj)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Never the stored password."""
        if obj is not None and not self.has_change_permission(request, obj):
            return (*self.readonly_fields, "display_name", "email", "is_active")
        return super().get_fields(request, obj)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Who only reads needs no field for a password."""
        if change and not self.has_change_permission(request, obj):
            kwargs["form"] = RecordForm
        return super().get_form(request, obj, change, **kwargs)

    def add_record(self, step: Step) -> User:
        """A new account, without any role."""
        return create_account(actor=step.actor, at=step.at, **step.values)

    def change_record(self, record: User, step: Step) -> User:
        """How the person is called and reached, whether the account may be used, its password."""
        values = {name: step.values[name] for name in ("display_name", "email", "is_active")}
        user = update_account(actor=step.actor, at=step.at, user=record, reason=step.reason, **values)
        if password := step.values["new_password"]:
            reset_password(actor=step.actor, at=step.at, user=user, password=password, reason=step.reason)
        return user


@admin.register(RoleAssignment)
class RoleAssignmentAdmin(RecordAdmin):
    """Who holds which role where."""

    may_view = "organizations.view_accounts"
    may_add = may_delete = "organizations.grant_roles"
    where_to_change = "角色由安全管理员授予和收回；更换部门请先收回，再授予。"
    add_fields = ("user", "role", "department")
    list_display = ("user", "role", "department")
    list_filter = ("role",)
    search_fields = ("user__username", "user__display_name", "department__name")
    autocomplete_fields = ("user", "department")
    list_select_related = ("user", "department")

    def add_record(self, step: Step) -> RoleAssignment:
        """Give the role."""
        return grant_role(
            actor=step.actor,
            at=step.at,
            user=step.values["user"],
            role=Role(step.values["role"]),
            department=step.values["department"],
        )

    def delete_record(self, record: RoleAssignment, step: Step) -> None:
        """Take the role back."""
        revoke_role(actor=step.actor, at=step.at, assignment=record, reason=step.reason)
