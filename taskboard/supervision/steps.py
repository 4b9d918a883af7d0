"""Steps that are taken on a record's own page: panels with a short form, refused with what was typed."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages as notes
from django.db import models
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from foundation.errors import DomainError
from organizations.access import StaffRequest
from organizations.models import User
from taskboard.ledgers.forms import show_refusal

Run = Callable[..., Any]


class RecordForm(forms.Form):
    """A form that may look at the record for its choices."""

    def __init__(self, *args: Any, record: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(record)

    def offer(self, record: Any) -> None:
        """Fill choices in; nothing where there are none."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step: its button, its form, the service as ``run(actor, at, record, values)``, what is said then."""

    word: str
    form: type[RecordForm]
    run: Callable[[User, datetime, Any, Mapping[str, Any]], Any]
    said: str


@dataclass(frozen=True, slots=True)
class Panel:
    """A step that stands on the page; ``open`` for the first and for one that was refused."""

    name: str
    word: str
    form: forms.Form
    open: bool
    primary: bool


Refused = tuple[str, forms.Form]
Show = Callable[[Refused | None, int], HttpResponse]


def panels_of(
    record: Any, steps: Mapping[str, Step], possible: Iterable[str], refused: Refused | None
) -> list[Panel]:
    """The steps that are possible, and the one that was refused even when it no longer is."""
    possible = list(possible)
    found = []
    for name, step in steps.items():
        is_refused = refused is not None and refused[0] == name
        if name not in possible and not is_refused:
            continue
        form = refused[1] if refused and is_refused else step.form(record=record, auto_id=f"{name}-%s")
        first = bool(possible) and name == possible[0]
        found.append(Panel(name, step.word, form, is_refused or (first and refused is None), first))
    return found


def take_step(
    request: StaffRequest, record: models.Model, steps: Mapping[str, Step], show: Show
) -> HttpResponse:
    """Take the posted step; the page again with the sentence where it is refused."""
    name = request.POST.get("step", "")
    if name not in steps:
        raise Http404
    form = steps[name].form(request.POST, request.FILES, record=record, auto_id=f"{name}-%s")
    if not form.is_valid():
        return show((name, form), 400)
    try:
        steps[name].run(request.user, timezone.now(), record, form.cleaned_data)
    except DomainError as refusal:
        show_refusal(form, refusal)
        return show((name, form), refusal.status)
    notes.success(request, steps[name].said)
    return redirect(record)  # type: ignore[call-overload,no-any-return]  # every record here has its page
