"""The recommendation as it stands, live, and the page on which a commander decides."""

from typing import Any

from django.contrib import messages as notes
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from floodresponse import matrix
from floodresponse.command.board import Board, assemble
from floodresponse.command.facts import gather
from floodresponse.command.views import is_exercise
from floodresponse.decisionforms import END, KEEP, DecisionForm
from floodresponse.members import member_units
from floodresponse.models import LevelRecord, Response, SirenOrder, Station, UnitAction
from floodresponse.services import adjust_response, declare_response, keep_level, terminate_response
from floodresponse.services.deciding import SHORTEST_REASON, recommendation_at
from floodresponse.wording import done_words, kept_words
from foundation.errors import InvalidInput, StateConflict
from organizations.access import StaffRequest, staff_page

PERMISSION = "floodresponse.view_command_post"
DECIDING = "floodresponse.declare_response"
ENDED = "页面打开之后，这次响应已经终止，没有执行。请刷新页面再定。"
CRITERIA = {"rain_3h": "3 小时雨量", "rain_6h": "6 小时雨量", "ponding": "积水深度", "sign": "旁证"}


@staff_page(PERMISSION, "查看防内涝指挥部")
def live(request: StaffRequest) -> HttpResponse:
    """The part of the command screen that the browser asks for every few seconds."""
    return render(request, "floodresponse/_live.html", {"live": live_facts(), "may_decide": _may(request)})


def _may(request: StaffRequest) -> bool:
    return request.user.has_perm(DECIDING)


def live_facts() -> dict[str, Any]:
    """Recommended level with reasons, silent gauges, and what the active real response still waits for."""
    now = timezone.now()
    level, found = recommendation_at(now)
    names = found.get("stations", {})
    active = Response.objects.real().active()
    return {
        "at": now,
        "badge": matrix.Badge(level) if level else None,
        "error": found.get("error", ""),
        "single": found.get("single_station", False),
        "reasons": [_reason(reason, names) for reason in found.get("reasons", [])],
        "silent": [names.get(code, code) for code in found.get("silent", [])],
        "stations": Station.objects.counted().count(),
        "actions": UnitAction.objects.filter(response__in=active, state=UnitAction.State.OPEN).count(),
        "sirens": SirenOrder.objects.filter(
            record__response__in=active, sounded_at=None, withdrawn_at=None
        ).count(),
    }


def _reason(reason: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    unit = "cm" if reason["criterion"] == "ponding" else "mm"
    return {
        **reason,
        "what": CRITERIA.get(reason["criterion"], reason["criterion"]),
        "where": names.get(reason["where"], reason["where"]),
        "unit": "" if reason["criterion"] == "sign" else unit,
    }


@staff_page(DECIDING, "启动、调整和终止应急响应")
def decide(request: StaffRequest) -> HttpResponse:
    """Declare where nothing is active, else adjust or terminate; ``?exercise=1`` for drills."""
    exercise = is_exercise(request)
    active = Response.objects.active().filter(exercise=exercise).first()
    last = active.levels.order_by("-sequence").first() if active else None
    data = request.POST if request.method == "POST" else None
    board = _board(request)
    shown = {"seen": last.sequence if last else 0, "recommended": board.verdict.evidence.level or ""}
    asked = {"level": KEEP} if request.GET.get("choice") == KEEP else {}
    form = DecisionForm(data, active=active is not None, exercise=exercise, initial={**shown, **asked})
    if form.is_valid():
        try:
            return _carry_out(request, form, active, exercise)
        except (InvalidInput, StateConflict) as refusal:
            form.add_error(None, refusal.message)
    context = {
        **_parts(board, _number(form["seen"].value())),
        "form": form,
        "exercise": exercise,
        "active": active,
        "badge": matrix.Badge(last.level) if last and last.level else None,
        "choices": _choices(form, board, last),
        "sirens": _sirens(board),
        "units": member_units(board.facts.plan).count(),
        "shortest_reason": SHORTEST_REASON,
    }
    status = 200 if data is None else 422
    return render(request, "floodresponse/decide.html", context, status=status)


@staff_page(DECIDING, "启动、调整和终止应急响应")
def decide_live(request: StaffRequest) -> HttpResponse:
    """What the data says now, and whether the page is stale; ``?seen=`` is the record on the page."""
    seen = request.GET.get("seen", "")
    parts = _parts(_board(request), int(seen) if seen.isdecimal() else 0)
    return render(request, "floodresponse/command/_deciding.html", parts)


def _board(request: StaffRequest) -> Board:
    now = timezone.now()
    return assemble(gather(user=request.user, now=now, exercise=is_exercise(request), whole=False), now)


def _parts(board: Board, seen: int) -> dict[str, Any]:
    record = board.declared.record if board.declared else None
    evidence = board.verdict.evidence
    heard_of = evidence.assessment is not None and bool(board.facts.stations or not board.facts.exercise)
    return {
        "board": board,
        "exercise": board.facts.exercise,
        "seen": seen,
        "stale": (record.sequence if record else 0) != seen,
        "recommended": (evidence.level or "") if heard_of else "unsure",
        "query": "?exercise=1" if board.facts.exercise else "",
    }


def _number(shown: object) -> int:
    """What the page showed; 0 for what is no number."""
    text = str(shown or "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _choices(form: DecisionForm, board: Board, last: LevelRecord | None) -> list[dict[str, Any]]:
    """The levels with the conditions of the plan, the declared one marked; the end of the response last."""
    by_level: dict[int, list[str]] = {}
    for criterion in sorted(board.facts.criteria, key=lambda row: row.kind, reverse=True):
        words = f"{criterion.get_kind_display()} {matrix.threshold(criterion).text}"
        by_level.setdefault(criterion.level, []).append(words)
    rows = []
    for radio in form["level"]:
        value = radio.data["value"]
        level = int(value) if value not in {END, KEEP} else None
        rows.append(
            {
                "radio": radio,
                "value": value,
                "badge": matrix.Badge(level) if level else None,
                "level": level,
                "conditions": "，或".join(by_level.get(level or 0, [])),
                "current": last is not None and level is not None and last.level == level,
            }
        )
    return rows


def _sirens(board: Board) -> list[tuple[matrix.Badge, int, int]]:
    """How often and how long the sirens sound at a level."""
    rules = board.facts.plan.sirens.order_by("level") if board.facts.plan else ()
    return [(matrix.Badge(rule.level), rule.soundings, rule.minutes) for rule in rules]


def _carry_out(
    request: StaffRequest, form: DecisionForm, active: Response | None, exercise: bool
) -> HttpResponse:
    """Decide, and show what came of it."""
    if not form.keeps:
        decided = _decide(request, form, active, exercise)
        notes.success(request, done_words(decided.levels.order_by("-sequence")[0]))
        return redirect(decided)
    seen = form.cleaned_data["seen"]
    if active is None and seen:
        raise StateConflict(ENDED)
    kept = keep_level(
        actor=request.user, at=timezone.now(), keeping=form.keeping(), response=active, seen=seen or None
    )
    notes.success(request, f"已登记：{kept_words(kept.level)}，级别没有变动。推荐改变后会再次提示。")
    return redirect(f"{reverse('floodresponse:index')}{'?exercise=1' if exercise else ''}")


def _decide(request: StaffRequest, form: DecisionForm, active: Response | None, exercise: bool) -> Response:
    """One step from what stood on the page; raises StateConflict when the page was stale."""
    decision, now, seen = form.decision(), timezone.now(), form.cleaned_data["seen"]
    if active is None:
        if seen:
            raise StateConflict(ENDED)
        return declare_response(actor=request.user, at=now, decision=decision, exercise=exercise)
    step = terminate_response if form.cleaned_data["level"] == END else adjust_response
    record: LevelRecord = step(actor=request.user, at=now, response=active, decision=decision, seen=seen)
    return record.response
