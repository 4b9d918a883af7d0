"""Filter sets whose forms know what is asked for and by whom."""

from typing import Any

from django.contrib.auth.models import AnonymousUser


class ForVisitor:
    """Stands before ``FilterSet``: its form finds the set as ``asked``, with the ``visitor`` who asks.

    Without a request and a visitor it is somebody who has not signed in.
    """

    request: Any

    def __init__(self, *args: Any, visitor: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.visitor = visitor or getattr(self.request, "user", None) or AnonymousUser()

    @property
    def form(self) -> Any:
        """The form, which knows its set."""
        form = super().form  # type: ignore[misc]  # of FilterSet
        form.asked = self
        return form
