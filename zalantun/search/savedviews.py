"""Pages of the searches that a person keeps: only the owner sees and changes them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from foundation.errors import DomainError
from organizations.access import StaffRequest
from search.models import SavedSearch
from search.services import remove_search
from zalantun.search.saved import change_saved, lines, save_search


@login_required
@require_safe
def saved_searches(request: StaffRequest) -> HttpResponse:
    """The person's own kept searches, by name."""
    own = SavedSearch.objects.filter(owner=request.user)
    context = {"lines": lines(own), "rhythms": SavedSearch.Rhythm.choices}
    return render(request, "zalantun/saved_searches.html", context)


@login_required
@require_safe
def saved_search(request: StaffRequest, pk: int) -> HttpResponse:
    """What a kept search finds now: the search page itself."""
    saved = get_object_or_404(SavedSearch, pk=pk, owner=request.user)
    return redirect(f"{reverse('search')}?{saved.query}")


@login_required
@require_POST
def add_saved(request: StaffRequest) -> HttpResponse:
    """Keep the search of the page that one comes from."""
    address = request.POST.get("query", "")
    try:
        saved = save_search(
            owner=request.user,
            address=address,
            name=request.POST.get("name", ""),
            rhythm=request.POST.get("rhythm", ""),
            at=timezone.now(),
        )
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect(f"{reverse('search')}?{address}")
    messages.success(request, f"已保存搜索“{saved.name}”。")
    return redirect("search_saved")


@login_required
@require_POST
def change_saved_search(request: StaffRequest, pk: int) -> HttpResponse:
    """Give a kept search another name or rhythm."""
    saved = get_object_or_404(SavedSearch, pk=pk, owner=request.user)
    name, rhythm = request.POST.get("name", ""), request.POST.get("rhythm", "")
    try:
        change_saved(saved=saved, name=name, rhythm=rhythm, at=timezone.now())
        messages.success(request, f"已更改搜索“{saved.name}”。")
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return redirect("search_saved")


@login_required
@require_POST
def remove_saved_search(request: StaffRequest, pk: int) -> HttpResponse:
    """Forget a kept search."""
    saved = get_object_or_404(SavedSearch, pk=pk, owner=request.user)
    remove_search(saved=saved, at=timezone.now())
    messages.success(request, f"已删除搜索“{saved.name}”。")
    return redirect("search_saved")
