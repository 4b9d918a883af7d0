"""Where a person goes after a step."""

from typing import Any

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def way_back(request: HttpRequest, otherwise: Any) -> Any:
    """The page in the portal that a form names as ``next``, else ``otherwise``."""
    way = request.POST.get("next", "")
    return way if url_has_allowed_host_and_scheme(way, allowed_hosts=None) else otherwise
