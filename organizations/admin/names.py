"""Departments, people, accounts and roles in the admin."""

from typing import Any

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
)
from organizations.services import (
    DepartmentContent,
    NameDirectory,
    PersonContent,
    VariantContent,
    add_alias,
    correct_person,
    remove_alias,
    remove_variant,
    save_department,
    save_person,
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
