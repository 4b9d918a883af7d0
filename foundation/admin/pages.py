"""The pages of a record in the admin.

The admin writes nothing itself: a page that can save hands what was typed to a
service of its room, which checks the permission and keeps the record of the
change. A page without such a service only shows, and says where to go instead.
"""

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.db import IntegrityError, models, transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone

from foundation.admin.steps import REASON_LENGTH, Step, step_of
from foundation.errors import DomainError, InvalidInput, StateConflict
from foundation.forms import ReasonedForm, RecordForm
from foundation.models import AuditEntry

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[models.Model]
else:
    ModelAdmin = admin.ModelAdmin

HISTORY_ROWS = 200


class RecordAdmin(ModelAdmin):
    """Pages of one kind of record.

    ``may_…`` are permissions of the one table of rules; an empty one means that
    nobody does this here. Who may add, change or delete also needs the
    counterpart below, which calls the service.
    """

    may_view: ClassVar[str]
    may_add: ClassVar[str] = ""
    may_change: ClassVar[str] = ""
    may_delete: ClassVar[str] = ""
    where_to_change: ClassVar[str] = ""

    form = RecordForm
    change_form_class: ClassVar[type[RecordForm]] = ReasonedForm
    add_fields: ClassVar[tuple[str, ...]] = ()
    change_fields: ClassVar[tuple[str, ...]] = ()

    list_per_page = 50
    show_full_result_count = False
    save_on_top = False
    change_form_template = "admin/record_form.html"
    change_list_template = "admin/record_list.html"
    delete_confirmation_template = "admin/record_delete.html"
    delete_selected_confirmation_template = "admin/records_delete.html"
    object_history_template = "admin/record_history.html"

    # -- the services, filled in by the rooms -------------------------------------------

    def add_record(self, step: Step) -> models.Model:
        """Create the record."""
        raise NotImplementedError

    def change_record(self, record: Any, step: Step) -> models.Model:
        """Change the record."""
        raise NotImplementedError

    def delete_record(self, record: Any, step: Step) -> None:
        """Delete the record."""
        raise NotImplementedError

    # -- who may ------------------------------------------------------------------------

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whoever may see one of its kinds sees the room."""
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As the table says."""
        return _may(request, self.may_view)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """As the table says."""
        return _may(request, self.may_add)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As the table says."""
        return _may(request, self.may_change)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As the table says."""
        return _may(request, self.may_delete)

    def lookup_allowed(self, lookup: str, value: str, request: Any = None) -> bool:
        """By what the list can be narrowed by, and by nothing else.

        Django takes any column from the address: keys of sessions, passwords and what a page
        keeps to itself would be guessed letter by letter from which rows are left.
        """
        asked = [part[0] if isinstance(part, tuple | list) else part for part in self.list_filter]
        known = {str(name) for name in (*asked, self.date_hierarchy) if name}
        narrows = any(lookup == name or lookup.startswith(f"{name}__") for name in known)
        return narrows and bool(super().lookup_allowed(lookup, value, request))

    # -- pages --------------------------------------------------------------------------

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What can be typed first, then what can only be read; the reason last."""
        if obj is None and self.add_fields:
            return self.add_fields
        if obj is None or not self.has_change_permission(request, obj):
            return super().get_fields(request, obj)
        return (*self.change_fields, *self.get_readonly_fields(request, obj), "reason")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """A form that repeats a refusal and, for a change, asks for the reason."""
        base = self.change_form_class if change and self.has_change_permission(request, obj) else self.form
        refusal = getattr(request, "refusal", "")
        form = type(base.__name__, (base,), {"refusal": refusal}) if refusal else base
        return super().get_form(request, obj, change, **{"form": form, **kwargs})

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the page; when a service refuses, once more with its sentence and all that was typed."""
        context = {**(extra_context or {}), "where_to_change": self.where_to_change}
        try:
            return super().changeform_view(request, object_id, form_url, context)
        except (DomainError, IntegrityError) as error:
            refused = error if isinstance(error, DomainError) else _clash()
        request.refusal = refused.message  # type: ignore[attr-defined]  # read by get_form
        response = super().changeform_view(request, object_id, form_url, context)
        response.status_code = refused.status
        return response

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The list, with the sentence that says where to change what it shows."""
        return super().changelist_view(
            request, {**(extra_context or {}), "where_to_change": self.where_to_change}
        )

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """Ask whether and why; when a service refuses, once more with its sentence and the reason typed."""
        context = {**(extra_context or {}), "reason": request.POST.get("reason", "")}
        try:
            return super().delete_view(request, object_id, context)
        except DomainError as error:
            refused = error
        request.POST = QueryDict()  # so that the page asks instead of deleting
        response = super().delete_view(request, object_id, {**context, "refusal": refused.message})
        response.status_code = refused.status
        return response

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What the audit log says of the record."""
        record = self.get_object(request, object_id)
        entries = AuditEntry.objects.about(record)[:HISTORY_ROWS] if record is not None else ()
        return super().history_view(request, object_id, {**(extra_context or {}), "entries": entries})

    # -- writing ------------------------------------------------------------------------

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Through the service; the page goes on with what it wrote."""
        step = step_of(request, form)
        saved = self.change_record(obj, step) if change else self.add_record(step)
        obj.__dict__.update(saved.__dict__)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Nothing: the service wrote all that belongs to the record."""

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> list[dict[str, Any]]:
        """Of the record alone: its parts were not saved here."""
        return super().construct_change_message(request, form, [], add)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Through the service."""
        reason = request.POST.get("reason", "").strip()
        if not reason:
            raise InvalidInput("请填写删除理由。")
        self.delete_record(obj, Step(request.user, timezone.now(), {}, reason=reason[:REASON_LENGTH]))

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        """One after the other, through the service; none when it refuses one of them."""
        for record in queryset:
            self.delete_model(request, record)


def _may(request: HttpRequest, permission: str) -> bool:
    return bool(permission) and request.user.has_perm(permission)


def _clash() -> StateConflict:
    return StateConflict("与已有记录重复，或与相关记录不符，未保存。请核对后再提交。")
