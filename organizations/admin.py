"""Departments, people, accounts and roles in the admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from foundation.admin import PartsInline, RecordAdmin, Step
from foundation.forms import ReasonedForm, RecordForm
from organizations.models import (
    Department,
    DepartmentAlias,
    Person,
    PersonVariant,
    Post,
    Role,
    RoleAssignment,
    User,
)
from organizations.services import (
    DepartmentContent,
    NameDirectory,
    PersonContent,
    VariantContent,
    add_alias,
    correct_person,
    create_account,
    grant_role,
    remove_alias,
    remove_variant,
    reset_password,
    revoke_role,
    save_department,
    save_person,
    update_account,
)

NAMES = "organizations.change_names"


class NamesAdmin(RecordAdmin):
    """What the records call departments and people."""

    may_view = "organizations.view_names"
    may_add = NAMES


class AliasInline(PartsInline):
    """Other names."""

    model = DepartmentAlias


@admin.register(Department)
class DepartmentAdmin(NamesAdmin):
    """Departments."""

    may_change = NAMES
    add_fields = ("slug", "name", "short_name", "kind", "parent", "office_phone", "order", "is_active")
    change_fields = add_fields[1:]
    list_display = ("name", "short_name", "kind", "parent", "office_phone", "order", "is_active")
    list_filter = ("kind", "is_active")
    search_fields = ("name", "short_name", "slug", "aliases__name")
    autocomplete_fields = ("parent",)
    list_select_related = ("parent",)
    inlines = (AliasInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The slug stands in addresses and stays."""
        return () if obj is None else ("slug",)

    def add_record(self, step: Step) -> Department:
        """A new department."""
        return self._save(step.values["slug"], step)

    def change_record(self, record: Department, step: Step) -> Department:
        """Its names and place."""
        return self._save(record.slug, step)

    def _save(self, slug: str, step: Step) -> Department:
        values = {name: step.values[name] for name in self.change_fields if name != "parent"}
        parent = step.values["parent"]
        content = DepartmentContent(slug=slug, parent=parent.name if parent else "", **values)
        return save_department(actor=step.actor, at=step.at, content=content, reason=step.reason)


@admin.register(DepartmentAlias)
class DepartmentAliasAdmin(NamesAdmin):
    """Other printed forms of departments' names."""

    may_delete = NAMES
    where_to_change = "别名只能新增和删除：改名请先删除，再新增。"
    form = ReasonedForm
    add_fields = ("name", "department", "reason")
    list_display = ("name", "department")
    list_filter = ("department__kind",)
    search_fields = ("name", "department__name")
    autocomplete_fields = ("department",)
    list_select_related = ("department",)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """A reason is asked for when one is added; what is only read needs no field for it."""
        if obj is not None:
            kwargs["form"] = RecordForm
        return super().get_form(request, obj, change, **kwargs)

    def add_record(self, step: Step) -> DepartmentAlias:
        """Another form."""
        return add_alias(actor=step.actor, at=step.at, reason=step.reason, **step.values)

    def delete_record(self, record: DepartmentAlias, step: Step) -> None:
        """The form means the department no longer."""
        remove_alias(actor=step.actor, at=step.at, alias=record, reason=step.reason)


class PostInline(PartsInline):
    """Posts."""

    model = Post
    fields = ("title", "department")

    def get_queryset(self, request: HttpRequest) -> Any:
        """With departments in one query."""
        return super().get_queryset(request).select_related("department", "person")


class VariantInline(PartsInline):
    """Misprinted names."""

    model = PersonVariant


@admin.register(Person)
class PersonAdmin(NamesAdmin):
    """People."""

    may_change = NAMES
    add_fields = ("name", "qualifier")
    change_fields = ("name", "qualifier", "note")
    list_display = ("name", "qualifier", "note")
    search_fields = ("name", "qualifier", "posts__title", "variants__printed_name")
    inlines = (PostInline, VariantInline)

    def add_record(self, step: Step) -> Person:
        """A new person."""
        return _save_person(step, PersonContent(step.values["name"], step.values["qualifier"]))

    def change_record(self, record: Person, step: Step) -> Person:
        """How the person is called."""
        return correct_person(actor=step.actor, at=step.at, person=record, reason=step.reason, **step.values)


@admin.register(Post)
class PostAdmin(NamesAdmin):
    """Posts."""

    where_to_change = "职务只能新增；所属单位按职务名称自动认定。"
    add_fields = ("person", "title")
    list_display = ("title", "person", "department")
    list_filter = ("department__kind",)
    search_fields = ("title", "person__name")
    autocomplete_fields = ("person",)
    list_select_related = ("person", "department")

    def add_record(self, step: Step) -> Post:
        """Another post of a person."""
        person, title = step.values["person"], step.values["title"]
        _save_person(step, PersonContent(person.name, person.qualifier, posts=(title,)))
        return Post.objects.get(person=person, title=title)


@admin.register(PersonVariant)
class PersonVariantAdmin(NamesAdmin):
    """Misprinted forms of names."""

    may_delete = NAMES
    where_to_change = "异体只能新增和删除：改认他人请先删除，再新增。"
    add_fields = ("printed_name", "person", "note")
    list_display = ("printed_name", "person", "note")
    search_fields = ("printed_name", "person__name", "note")
    autocomplete_fields = ("person",)
    list_select_related = ("person",)

    def add_record(self, step: Step) -> PersonVariant:
        """Another form."""
        person, printed = step.values["person"], step.values["printed_name"]
        variant = VariantContent(printed, step.values["note"])
        _save_person(step, PersonContent(person.name, person.qualifier, variants=(variant,)))
        return PersonVariant.objects.get(printed_name=printed)

    def delete_record(self, record: PersonVariant, step: Step) -> None:
        """The form means the person no longer."""
        remove_variant(actor=step.actor, at=step.at, variant=record, reason=step.reason)


def _save_person(step: Step, content: PersonContent) -> Person:
    directory = NameDirectory(actor=step.actor, at=step.at)
    return save_person(actor=step.actor, at=step.at, content=content, directory=directory)


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
        help_text="留空则不改。重置后请当面告知本人并提醒其修改。",
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
    where_to_change = "账号由系统管理员维护，角色由安全管理员在“角色授予”中授予和收回。"
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
