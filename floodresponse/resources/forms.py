"""Forms of the lists: conditions, a record, a sheet, the way out."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db import models
from django.db.models import Q, QuerySet
from django.forms import modelform_factory

from floodresponse.resources.registers import Register
from floodresponse.services.resources import OWNERS
from floodresponse.standing import keeps_office, units_of
from organizations.models import Department, User

FIELD = {"class": "field"}
MAX_WORDS = 8


class RegisterFilter(forms.Form):
    """Words, the owner, and the choices of the list."""

    q = forms.CharField(label="查找", required=False, max_length=60)

    def __init__(self, *args: Any, register: Register, owners: Sequence[Department], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.register = register
        label = str(register.model._meta.get_field(register.owner).verbose_name)  # type: ignore[union-attr]
        named = [("", "全部"), *((unit.slug, unit.name) for unit in owners)]
        self.fields["owner"] = forms.ChoiceField(label=label, required=False, choices=named)
        for name in register.choices:
            field: Any = register.model._meta.get_field(name)
            choices = [("", "全部"), *field.choices]
            self.fields[name] = forms.ChoiceField(
                label=str(field.verbose_name), required=False, choices=choices
            )

    def apply(self, rows: QuerySet[Any], words: Sequence[str]) -> QuerySet[Any]:
        """Those that fit, by what stands in the fields ``words``; what cannot be read is left out."""
        self.is_valid()
        chosen = self.cleaned_data
        for word in chosen.get("q", "").split()[:MAX_WORDS]:
            found = Q()
            for name in words:
                found |= Q(**{f"{name}__icontains": word})
            rows = rows.filter(found)
        if chosen.get("owner"):
            rows = rows.filter(**{f"{self.register.owner}__slug": chosen["owner"]})
        for name in self.register.choices:
            if chosen.get(name):
                rows = rows.filter(**{name: chosen[name]})
        return rows


class ReasonForm(forms.Form):
    """Why a record is taken off the list."""

    reason = forms.CharField(label="删除理由", max_length=200, widget=forms.TextInput(FIELD))


class SheetForm(forms.Form):
    """A filled-in workbook."""

    file = forms.FileField(label="表格（xlsx）", widget=forms.ClearableFileInput({"accept": ".xlsx"}))


def record_form(register: Register, user: User) -> "type[forms.ModelForm[models.Model]]":
    """The form of a record; whose it may be depends on the person."""
    made = modelform_factory(register.model, fields=register.fields, formfield_callback=_field)
    owners = owners_for(user)
    for name in OWNERS:
        if name in made.base_fields:
            streets = Q(kind=Department.Kind.STREET) if name == "street" else Q()
            made.base_fields[name].queryset = owners.filter(streets)  # type: ignore[attr-defined]
    return made


def _field(field: Any, **kwargs: Any) -> forms.Field | None:
    """As the model says, in the portal's own look."""
    made: forms.Field | None = field.formfield(**kwargs)
    if made is None:
        return None
    if isinstance(field, models.DateField):
        made.widget = forms.DateInput({"type": "date", **FIELD}, "%Y-%m-%d")
    elif isinstance(made, forms.BooleanField):
        made.widget = forms.CheckboxInput()
    else:
        made.widget.attrs.update(FIELD)
    if isinstance(made, forms.ModelChoiceField | forms.TypedChoiceField) and not field.blank:
        made.error_messages["required"] = "请选择。"
    return made


def owners_for(user: User) -> QuerySet[Department]:
    """For whom the person enters records: one's own units, or for the office every single body."""
    active = Department.objects.active()
    if keeps_office(user):
        return active.exclude(kind=Department.Kind.COLLECTIVE)
    return active.filter(pk__in=units_of(user))
