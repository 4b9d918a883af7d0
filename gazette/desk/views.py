"""The page of the editors' desk, and its queues as a table."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from foundation.spreadsheets import csv_table
from gazette.desk.doubts import DoubtfulLine, doubtful_lines
from gazette.desk.queues import KINDS, MINE, ORDERS, OTHERS, QUEUES, Asked, rows_of
from organizations.access import StaffRequest, staff_page
from organizations.models import User
from organizations.succession import works_for

CHANGE, SIGN = "events.change_event", "events.publish_event"
PAGE_SIZE, SHOWN = 30, 8
DOUBTS = "doubts"
PAGES = {
    "event": "events:event",
    "event_revision": "events:event",
    "correction": "events:corrections",
    "directive_correction": "directives:notices",
    "status": "directives:statuses",
    "plan_correction": "floodresponse:plan_corrections",
    "issue": "gazette:issue",
    "merge": "gazette:merge",
}
WHOSE = {
    "drafts": {MINE: "我写的", OTHERS: "他人写的"},
    "reviews": {OTHERS: "等我签发", MINE: "我提交的，等他人签发"},
}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the desk."""

    kind: str
    url: str
    label: str
    moved_at: Any
    mover: str


@dataclass(frozen=True, slots=True)
class Tile:
    """A queue with how much waits in it, ``mine`` of it for this person."""

    key: str
    word: str
    number: int
    said: str
    mine: int = 0
    whose: str = ""


@staff_page(CHANGE, "使用编辑工作台")
def desk(request: StaffRequest) -> HttpResponse:
    """All three queues, or one of them with its filters."""
    chosen = request.GET.get("queue", "")
    if chosen not in (DOUBTS, *QUEUES):
        chosen = ""
    doubts = doubtful_lines(_words(request) if chosen in ("", DOUBTS) else "")
    asked = _asked(request, chosen)
    context: dict[str, Any] = {
        "chosen": chosen,
        "tiles": _tiles(request.user, asked.people, len(doubts)),
        "doubts": Paginator(doubts, PAGE_SIZE).get_page(request.GET.get("page"))
        if chosen == DOUBTS
        else doubts[:SHOWN],
        "doubts_total": len(doubts),
        "kinds": KINDS,
        "whose": WHOSE.get(chosen, {}),
        "orders": ORDERS,
        "asked": asked,
        "narrowed": any(request.GET.get(name) for name in ("q", "kind", "whose")),
        "queues": [
            _queue(request, replace(asked, queue=key), chosen) for key in QUEUES if chosen in ("", key)
        ],
    }
    context["page"] = context["doubts"] if chosen == DOUBTS else _page_of(context["queues"], chosen)
    return render(request, "gazette/desk/desk.html", context)


def _words(request: HttpRequest) -> str:
    return request.GET.get("q", "").strip()[:100].replace("\x00", "")


def _asked(request: StaffRequest, queue: str) -> Asked:
    kind, whose = request.GET.get("kind", ""), request.GET.get("whose", "")
    return Asked(
        queue,
        works_for(request.user.pk),
        _words(request),
        kind if kind in KINDS else "",
        whose if whose in (MINE, OTHERS) else "",
        request.GET.get("sort", "-moved_at"),
    )


def _queue(request: StaffRequest, asked: Asked, chosen: str) -> dict[str, Any]:
    found, key = rows_of(asked), asked.queue
    page: Page[Any] = Paginator(found, PAGE_SIZE if chosen else SHOWN).get_page(
        request.GET.get("page") if chosen else 1
    )
    total = page.paginator.count
    return {
        "key": key,
        "word": QUEUES[key],
        "page": page,
        "rows": as_rows(list(page.object_list)),
        "total": total,
        "more": total - len(page.object_list),
    }


def _page_of(queues: list[dict[str, Any]], chosen: str) -> Any:
    return queues[0]["page"] if chosen else None


def _tiles(user: User, people: Collection[int], doubts: int) -> list[Tile]:
    signs = user.has_perm(SIGN)
    counts = {
        key: (
            rows_of(Asked(key)).count(),
            rows_of(Asked(key, people, whose=MINE)).count(),
        )
        for key in QUEUES
    }
    drafts, own_drafts = counts["drafts"]
    reviews, own_reviews = counts["reviews"]
    waiting = reviews - own_reviews
    return [
        Tile(DOUBTS, "导入存疑", doubts, "先核对，再写入"),
        Tile("drafts", "草稿", drafts, f"其中我写的 {own_drafts}", own_drafts, MINE),
        Tile(
            "reviews",
            "待签发",
            reviews,
            f"等我签发 {waiting}" if signs else f"我提交的 {own_reviews}",
            waiting if signs else own_reviews,
            OTHERS if signs else MINE,
        ),
    ]


def page_of(kind: str, target: int) -> str:
    """Where a row of a queue is worked on."""
    return reverse(PAGES.get(kind, "directives:directive"), args=[target])


def as_rows(rows: list[tuple[Any, ...]]) -> list[Row]:
    """Rows with the names of who moved them: one query."""
    people = User.objects.in_bulk({mover for *_, mover in rows if mover})
    return [
        Row(
            KINDS[kind],
            page_of(kind, target),
            label or "（无标题）",
            moved_at,
            str(people[mover]) if mover in people else "系统",
        )
        for kind, target, label, moved_at, mover in rows
    ]


@staff_page(CHANGE, "使用编辑工作台")
def desk_csv(request: StaffRequest) -> HttpResponse:
    """The queue with its filters as a table; without one named, the drafts and what waits for a signature."""
    chosen = request.GET.get("queue", "")
    table = _doubts_table(request) if chosen == DOUBTS else _queues_table(request, chosen)
    response = HttpResponse("".join(table), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="desk.csv"'
    return response


def _doubts_table(request: StaffRequest) -> Iterator[str]:
    header = ("文件", "行", "存疑", "说明")
    return csv_table(header, (_doubt_cells(line) for line in doubtful_lines(_words(request))))


def _queues_table(request: StaffRequest, chosen: str) -> Iterator[str]:
    asked = _asked(request, chosen)
    wanted = [replace(asked, queue=key) for key in ([chosen] if chosen in QUEUES else QUEUES)]
    found = [(QUEUES[one.queue], row) for one in wanted for row in as_rows(list(rows_of(one)))]
    header = ("队列", "种类", "标题", "最后修改人", "更新时间")
    return csv_table(header, (_cells(word, row) for word, row in found))


def _cells(word: str, row: Row) -> tuple[str, ...]:
    moment = timezone.localtime(row.moved_at).strftime("%Y-%m-%d %H:%M") if row.moved_at else ""
    return word, row.kind, row.label, row.mover, moment


def _doubt_cells(line: DoubtfulLine) -> tuple[str, ...]:
    return line.run.file_name, str(line.line or ""), line.what, line.message
