"""The portal's addresses and the bare views."""

from django.urls import include, path

from benchmarks.bare import PlainEvents, bare_month, bare_page
from zalantun.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [
    path("bare/<int:year>/<int:month>/", bare_month),
    path("bare/events/", PlainEvents.as_view({"get": "list"})),
    path("bare/pages/<slug:name>/", bare_page),
    path("", include("zalantun.urls")),
]
