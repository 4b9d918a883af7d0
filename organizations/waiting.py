"""The page of an account that waits until the security administrator has asked its person."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from organizations.access import StaffRequest
from organizations.models import Role, User

WAITING_PAGE = "account_waiting"


@require_safe
@login_required
@never_cache
def waiting(request: StaffRequest) -> HttpResponse:
    """Whom to call; to the home page once the account may be used."""
    if request.user.to_verify_since is None:
        return redirect("home")
    guards = User.objects.filter(is_active=True, assignments__role=Role.SECURITY_ADMIN).distinct()
    return render(request, "account/waiting.html", {"guards": guards})
