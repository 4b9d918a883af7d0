"""The home page; the size of text and the shade of all pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from foundation.largertext import ON, choose_text
from foundation.shade import Shade, choose_shade
from zalantun.home import home_page


def home(request: HttpRequest) -> HttpResponse:
    """The home page."""
    return render(request, "zalantun/home.html", home_page(request.user, timezone.localdate()))


@csrf_exempt  # pages kept for visitors carry no token; another site could change no more than a text size
@require_POST
def larger_text(request: HttpRequest) -> HttpResponse:
    """Switch 长者模式 on (``on=1``) or off and go back to the page that one came from (``next``)."""
    response = _back(request)
    choose_text(response, larger=request.POST.get("on") == ON)
    return response


@csrf_exempt  # as above
@require_POST
def shade(request: HttpRequest) -> HttpResponse:
    """Show pages by day, by night or as the device asks (``shade``) and go back to ``next``."""
    response = _back(request)
    chosen = request.POST.get("shade")
    choose_shade(response, Shade(chosen) if chosen in Shade.values else Shade.SYSTEM)
    return response


def _back(request: HttpRequest) -> HttpResponse:
    """To the page that one came from, if it is one of ours."""
    way = request.POST.get("next", "")
    known = url_has_allowed_host_and_scheme(way, allowed_hosts=None) and way.startswith("/")
    return redirect(way if known else "home")
