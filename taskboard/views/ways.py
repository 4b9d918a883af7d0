"""Where a person goes after a step."""

from typing import Any

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def way_back(request: HttpRequest, otherwise: Any) -> Any:
    """The page in the portal that a form names as ``next``, else ``otherwise``."""
    way = request.POST.get("next", "")
    return way if is_a_page(way) else otherwise


def is_a_page(way: str) -> bool:
    """Whether it is an address in the portal; what begins otherwise would be looked up as a view's name."""
    return way.startswith("/") and url_has_allowed_host_and_scheme(way, allowed_hosts=None)
