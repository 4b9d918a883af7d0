"""What is typed into the form of a document, as it would stand on paper; nothing is stored."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from directives.models import Annex, Directive, Roster, RosterMember, Section, Stage
from directives.printing import gazette_printout, official_printout, text_context, unprinted_facts
from directives.reading import Parts
from directives.services.files import CHANGE
from directives.writing.forms import PLAIN, DirectiveTextForm
from directives.writing.reading import errors_in, parts_from
from directives.writing.rows import read_rows
from foundation.errors import InvalidInput
from foundation.versions import Content
from organizations.access import StaffRequest, staff_page
from printing.delivery import NothingToPrint, deliver_or_order, deliver_ordered
from printing.printouts import Ordered, Printout

PREVIEWS, KEPT = "previews", 5
# Some twenty-five pages: two seconds on a free core.
AT_ONCE_CHARACTERS = 30_000
DAYS = ("issued_on", "printed_on")


@require_POST
@staff_page(CHANGE, "预览公文")
def preview(request: StaffRequest, pk: int | None = None) -> HttpResponse:
    """The form as a page of paper marked 草稿, before it is saved; ``pk`` of the document it changes."""
    origin: str = Directive.Origin.PORTAL
    if pk is not None:
        origin = get_object_or_404(Directive.objects.visible_to(request.user), pk=pk).origin
    # Whoever only looks owes no reason for a change.
    form, rows = DirectiveTextForm(request.POST, is_new=True), read_rows(request.POST)
    parts = parts_from(rows)
    if not form.is_valid() or errors_in(rows):
        raise InvalidInput(f"还不能预览：{_first_error(form, rows)}请回到填写页面更正，填写的内容都还在。")
    printout = paced(printout_of(form.content(parts), origin))
    answer = deliver_or_order(printout)
    if answer is None:
        _remember(request, printout)
        return redirect("directives:ordered_preview", printout.key)
    return answer


@require_safe
@staff_page(CHANGE, "预览公文")
def ordered_preview(request: StaffRequest, key: str) -> HttpResponse:
    """A long preview that the background was given: how far it is, then itself; for who asked for it."""
    title = request.session.get(PREVIEWS, {}).get(key)
    if title is None:
        raise NothingToPrint("没有这份预览，或者是别人生成的。请从填写页面再预览。")
    return deliver_ordered(request, Ordered(key, title, title))


def _remember(request: StaffRequest, printout: Printout) -> None:
    """Note whose preview it is; of several the latest ones."""
    known = {**request.session.get(PREVIEWS, {}), printout.key: printout.title}
    request.session[PREVIEWS] = dict(list(known.items())[-KEPT:])


def paced(printout: Printout) -> Printout:
    """Given to the background where a person who only wants to look would wait for more than a moment."""
    return replace(printout, in_background=len(printout.html) > AT_ONCE_CHARACTERS)


def _first_error(form: DirectiveTextForm, rows: Any) -> str:
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        return f"{label}：{errors[0]}" if label else str(errors[0])
    return str(errors_in(rows)[0].error)


def printout_of(content: Content, origin: str) -> Printout:
    """A content in the layout that it would have, as a draft."""
    values = {name: content[name] for name in (*PLAIN, "addressees", "copies_to")}
    values |= {name: date.fromisoformat(content[name]) for name in DAYS if content[name]}
    directive = Directive(
        **values,
        origin=origin,
        publication=Directive.Publication.DRAFT,
    )
    parts = rows_in_memory(content)
    if directive.is_issued_here:
        return official_printout(directive, parts, directive.printed_on)
    context = {**text_context(directive, parts), "unprinted": unprinted_facts(directive)}
    return gazette_printout(directive, context)


def rows_in_memory(content: Content) -> Parts:
    """The rows that the content would become, numbered by their places and never stored."""
    annexes = [
        Annex(pk=place, order=place, label=label, title=title, printed=printed, text=text)
        for place, (label, title, printed, text) in enumerate(content["annexes"], start=1)
    ]
    sections = [
        Section(
            pk=place,
            order=place,
            depth=depth,
            number=number,
            heading=heading,
            text=text,
            annex_id=annex or None,
        )
        for place, (depth, number, heading, text, annex) in enumerate(content["sections"], start=1)
    ]
    members: list[RosterMember] = []
    for place, (name, annex, section, people) in enumerate(content["rosters"], start=1):
        roster = Roster(pk=place, order=place, name=name, annex_id=annex or None, section_id=section or None)
        members += [
            RosterMember(
                roster=roster, order=order, role=role, printed_name=who, post=post, concurrent=concurrent
            )
            for order, (role, who, post, concurrent) in enumerate(people)
        ]
    stages = [
        Stage(order=place, name=name, section_id=section or None)
        for place, (name, _, _, section) in enumerate(content["stages"], start=1)
    ]
    return Parts(sections=sections, annexes=annexes, members=members, stages=stages, citations=[])
