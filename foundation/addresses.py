"""Where a request comes from, when proxies of ours stand in front."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address of whoever asks.

    Each of the ``TRUSTED_PROXIES`` adds the address it was called from to the
    end of X-Forwarded-For; what stands before those was written by the caller
    and counts for nothing.
    """
    peer: str = request.META.get("REMOTE_ADDR", "")
    passed = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if not settings.TRUSTED_PROXIES or not passed:
        return peer
    named = passed[-min(settings.TRUSTED_PROXIES, len(passed))]
    return named if _is_address(named) else peer


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
