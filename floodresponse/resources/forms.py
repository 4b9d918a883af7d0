"""Forms of the lists: conditions, a record, a sheet, the way out."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
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
    twice = f"同样的{register.title}已经登记，请在清单中找到原来那条修改。"
    made = modelform_factory(
        register.model,
        fields=register.fields,
        formfield_callback=_field,
        error_messages={NON_FIELD_ERRORS: {"unique_together": twice}},
    )
    owners = owners_for(user)
    for name in OWNERS:
        if name in made.base_fields:
            streets = Q(kind=Department.Kind.STREET) if name == "street" else Q()
            made.base_fields[name].queryset = owners.filter(streets)  # type: ignore[attr-defined]
    return made


def owner_without_choice(register: Register, user: User) -> dict[str, Department]:
    """What a new record starts with: the person's unit, where it is the only one."""
    unit = the_only(owners_for(user))
    if unit is None:
        return {}
    fits = [name for name in OWNERS if name != "street" or unit.kind == Department.Kind.STREET]
    return {name: unit for name in fits if name in register.fields}


def the_only(units: QuerySet[Department]) -> Department | None:
    """The unit, where there is no choice."""
    found = list(units[:2])
    return found[0] if len(found) == 1 else None


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
    if "phone" in field.name:
        made.widget.attrs["inputmode"] = "tel"
    if isinstance(field, models.TextField):
        made.widget.attrs["rows"] = 4
    if isinstance(made, forms.ModelChoiceField | forms.TypedChoiceField):
        _name_nothing(made, "未定" if field.blank else "请选择")
    return made


def _name_nothing(made: "forms.ModelChoiceField[Any] | forms.TypedChoiceField", word: str) -> None:
    """What stands in a choice before anything is chosen, in words."""
    if isinstance(made, forms.ModelChoiceField):
        made.empty_label = word
    else:
        choices: Any = made.choices
        made.choices = [(key, label if key not in ("", None) else word) for key, label in choices]
    if made.required:
        made.error_messages["required"] = "请选择。"


def owners_for(user: User) -> QuerySet[Department]:
    """For whom the person enters records: one's own units, or for the office every single body."""
    active = Department.objects.active()
    if keeps_office(user):
        return active.exclude(kind=Department.Kind.COLLECTIVE)
    return active.filter(pk__in=units_of(user))
