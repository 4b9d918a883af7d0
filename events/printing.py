"""The chronicle of a month on paper, as gazette text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from events.marking import Mark, Run, split_runs
from events.models import Event
from events.monthgrid import span_label
from events.reading import Entry, Visitor, correction_words, misprint_words, read_entries
from printing import Layout
from printing.access import pdf_page
from printing.delivery import NothingToPrint, deliver
from printing.printouts import Printout
from printing.titles import title_lines

DRAFT = "草稿"


@dataclass(frozen=True, slots=True)
class PrintedEntry:
    """An entry in paragraphs; ``note`` says what it lacks, ``below`` what its numbered marks mean."""

    paragraphs: tuple[SafeString, ...]
    note: str
    below: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PrintedDay:
    """Entries of the same day or range; ``label`` as the gazette prints it."""

    label: str
    entries: tuple[PrintedEntry, ...]


@pdf_page
def bulletin(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """All entries of a month that the visitor may see."""
    first = first_of(year, month)
    entries = printed_entries(first, request.user)
    if not entries:
        raise NothingToPrint(f"{year}年{month}月没有可以打印的大事记。请换一个月份，或先导入这一期公报。")
    return deliver(request, bulletin_of(first, entries))


def first_of(year: int, month: int) -> date:
    """The month's first day; a sentence where the calendar has no such month."""
    try:
        return date(year, month, 1)
    except ValueError as error:
        raise NothingToPrint(f"日历上没有{year}年{month}月。") from error


def printed_entries(first: date, visitor: Visitor) -> list[Entry]:
    """Entries that begin in the month; withdrawn ones are not printed, not even for editors."""
    events = Event.objects.visible_to(visitor).starting_in(first.year, first.month)
    events = events.exclude(publication=Event.Publication.WITHDRAWN)
    return read_entries(events.order_by("start_date", "position", "pk"), visitor)


def bulletin_of(first: date, entries: Sequence[Entry]) -> Printout:
    """The month set as gazette text."""
    title = f"{settings.CITY_NAME}{first.year}年{first.month}月大事记"
    html = render_to_string("events/bulletin.html", _context(title, entries))
    return Printout(html, Layout.GAZETTE, title, title)


def _context(title: str, entries: Sequence[Entry]) -> dict[str, Any]:
    drafts = any(entry.publication != Event.Publication.PUBLISHED for entry in entries)
    return {
        "title": title,
        "title_lines": title_lines(title),
        "author": settings.SITE_OWNER,
        "site_name": settings.SITE_NAME,
        "running": f"{settings.SITE_NAME} · 公报文本",
        "source": "；".join(dict.fromkeys(entry.source for entry in entries if entry.source)),
        "watermark": DRAFT if drafts else "",
        "days": printed_days(entries),
        "without_text": not any(entry.text for entry in entries),
    }


def printed_days(entries: Iterable[Entry]) -> list[PrintedDay]:
    """Entries in printed order, neighbours of the same days together."""
    entries = list(entries)
    some_text = any(entry.text for entry in entries)
    runs = groupby(entries, key=lambda entry: (entry.start, entry.end))
    return [
        PrintedDay(day_label(start, end), tuple(_printed(entry, some_text) for entry in run))
        for (start, end), run in runs
    ]


def day_label(start: date, end: date) -> str:
    """1日, 25～29日 or 30日～10月2日."""
    label = span_label(start, end)
    return label if label.endswith("日") else f"{label}日"


def _printed(entry: Entry, some_text: bool) -> PrintedEntry:
    lines = [line.strip() for line in (entry.text or entry.title).splitlines()]
    notes = [] if entry.text or not some_text else ["公报原文未导入，此为摘编"]
    if entry.publication != Event.Publication.PUBLISHED:
        notes.append(str(Event.Publication(entry.publication).label))
    laid = [split_runs(line, remarks_on(entry)) for line in lines if line]
    below = tuple(run.mark.note for runs in laid for run in runs if run.mark)
    return PrintedEntry(tuple(_html(runs) for runs in laid), "；".join(notes), below)


def remarks_on(entry: Entry) -> list[Mark]:
    """Misprints and corrections: the printed words stay, the remark stands below the entry.

    Not at the foot of the page: WeasyPrint moves a footnote to the next page
    without its mark where the paragraph after it does not fit any more.
    """
    return [
        *(Mark(c.printed, note=correction_words(c)) for c in entry.corrections),
        *(Mark(o.printed, note=misprint_words(o)) for o in entry.officials if o.misprinted),
    ]


def _html(runs: Iterable[Run]) -> SafeString:
    return mark_safe("".join(_run(run) for run in runs))


def _run(run: Run) -> str:
    text = escape(run.text)
    return f'{text}<span class="remark-mark"></span>' if run.mark else text
