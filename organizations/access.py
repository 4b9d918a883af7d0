"""Pages for staff: who is not signed in is sent to sign in, who lacks the right is told so."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request

from organizations.models import User
from organizations.permissions import require

P = ParamSpec("P")
Answer = TypeVar("Answer", bound=HttpResponseBase)


class StaffRequest(HttpRequest):
    """A request of a person who has signed in."""

    user: User


StaffPage = Callable[Concatenate[StaffRequest, P], Answer]
Page = Callable[Concatenate[HttpRequest, P], Answer]


def caller_of(request: Request) -> User:
    """The user of an API call that asked for a signed-in one."""
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user


def staff_page(permission: str, what: str) -> Callable[[StaffPage[P, Answer]], Page[P, Answer]]:
    """Guard a view with a permission; ``what`` completes the sentence “您没有权限…”."""

    def guard(view: StaffPage[P, Answer]) -> Page[P, Answer]:
        @login_required
        @wraps(view)
        def guarded(request: StaffRequest, *args: P.args, **kwargs: P.kwargs) -> Answer:
            require(request.user, permission, what)
            return view(request, *args, **kwargs)

        return guarded  # type: ignore[return-value]  # login_required lets only staff requests through

    return guard
