"""Who may read tasks through the interface."""

from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.views import APIView

from organizations.permissions import require

PERMISSION, READING = "taskboard.view_task", "查看任务清单"


class ReadsTasks(IsAuthenticated):
    """Signed in, and for a list with the right to read tasks; a single record is 404 without that right."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Refused with the sentence that pages show."""
        if not super().has_permission(request, view):
            return False
        if not getattr(view, "detail", False):
            require(request.user, PERMISSION, READING)  # type: ignore[arg-type]  # they are signed in
        return True
