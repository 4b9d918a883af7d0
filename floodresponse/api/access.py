"""Who calls the command post's interface."""

from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.views import APIView

from organizations.permissions import require

PERMISSION, READING = "floodresponse.view_command_post", "查看防内涝指挥部"


class SeesCommandPost(IsAuthenticated):
    """Signed in, and for a list with the right to see the command post; a single record is 404 without it."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Refused with the sentence that pages show."""
        if not super().has_permission(request, view):
            return False
        if not getattr(view, "detail", False):
            require(request.user, PERMISSION, READING)  # type: ignore[arg-type]  # they are signed in
        return True
