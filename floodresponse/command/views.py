"""The command screen and the part of it that the browser asks for every few seconds."""

import hashlib
from datetime import datetime
from typing import Any

from django.db.models import Subquery
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response

from floodresponse.command.board import assemble
from floodresponse.command.facts import gather
from floodresponse.models import Recommendation, Response
from floodresponse.standing import keeps_office
from foundation.idleness import is_to_be_noted, stay_present
from foundation.models import AuditHead
from organizations.access import StaffRequest, staff_page

PERMISSION, WATCHING = "floodresponse.view_command_screen", "查看指挥屏"
DECIDING = "floodresponse.declare_response"
# What changes with time alone (sums, silence, limits) is worked out anew after so many seconds.
FRESH_SECONDS = 10


def screen(request: StaffRequest) -> HttpResponse:
    """The whole page."""
    return render(request, "floodresponse/command/screen.html", _context(request))


@staff_page(PERMISSION, WATCHING)
def board(request: StaffRequest) -> HttpResponse:
    """The parts of the screen; 304 while nothing has changed."""
    now = timezone.now()
    moment = now.timestamp()
    if is_to_be_noted(request, now=moment) and not is_exercise(request) and _is_manned():
        stay_present(request, now=moment)
    etag = _state(request, now)
    unchanged = get_conditional_response(request, etag=etag)
    response = unchanged or render(request, "floodresponse/command/_board.html", _context(request))
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    return response


@staff_page(PERMISSION, WATCHING)
def street_map(request: StaffRequest) -> HttpResponse:
    """The map alone, for the phone."""
    return render(request, "floodresponse/command/map.html", _context(request))


def is_exercise(request: StaffRequest) -> bool:
    """Whether the drill's screen is asked for."""
    return request.GET.get("exercise") == "1"


def _is_manned() -> bool:
    """Whether a response runs, with somebody before the screen: it must not sign out in the storm."""
    return Response.objects.real().active().exists()


def _context(request: StaffRequest) -> dict[str, Any]:
    now = timezone.now()
    facts = gather(user=request.user, now=now, exercise=is_exercise(request))
    return {
        "board": assemble(facts, now),
        "exercise": facts.exercise,
        "may_decide": request.user.has_perm(DECIDING),
        "office": keeps_office(request.user),
        "query": "?exercise=1" if facts.exercise else "",
    }


def _state(request: StaffRequest, now: datetime) -> str:
    """What the parts are made of: every recorded change, the latest look of the assessment, the time."""
    looked = Recommendation.objects.order_by("-pk").values("pk")[:1]
    changes = AuditHead.objects.values_list("sequence", Subquery(looked)).first()
    made_of = (
        changes,
        int(now.timestamp()) // FRESH_SECONDS,
        request.user.pk,
        is_exercise(request),
    )
    return f'"{hashlib.sha256(repr(made_of).encode()).hexdigest()[:32]}"'
