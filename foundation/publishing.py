"""The steps of publication as pages offer and take them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from foundation.errors import DomainError
from foundation.models import Revision
from foundation.publication import STEPS, Step, steps_from
from foundation.versions import REVISION_STEPS


@dataclass(frozen=True, slots=True)
class Rights:
    """The permissions of one kind of record: to change it, and to sign it for the public."""

    change: str
    sign: str


def steps_for(user: Any, state: str, rights: Rights) -> list[tuple[str, Step]]:
    """What the person may do with a record in this state of publication."""
    return steps_from(state, may_change=user.has_perm(rights.change), may_sign=user.has_perm(rights.sign))


def revision_steps(revision: Revision | None, user: Any, *, signs: bool) -> list[tuple[str, Step]]:
    """What the person may do with an open correction; signing is not offered to who wrote it."""
    if revision is None:
        return []
    return [
        (name, step)
        for name, step in REVISION_STEPS.items()
        if revision.state in step.sources
        and (signs or not step.signs)
        and not (step.another and revision.head.made_by_id == user.pk)
    ]


def step_on_page(
    request: HttpRequest,
    *,
    visible: QuerySet[Any],
    pk: int,
    step: str,
    move: Callable[[Any, str], None],
    elsewhere: str,
) -> HttpResponse:
    """Take one step by the room's service; what was refused is said and changes nothing.

    ``visible`` is what the person sees, ``move`` takes the
    record and the reason. Withdrawing may take the record out of the person's own sight:
    then he is led to the page named ``elsewhere``.
    """
    record = get_object_or_404(visible, pk=pk)
    if step not in STEPS:
        raise Http404("没有这一步。")
    try:
        move(record, request.POST.get("reason", "").strip())
        messages.success(request, f"已{STEPS[step].word}。")
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return redirect(record if visible.filter(pk=pk).exists() else elsewhere)
