"""The portal's addresses and a bare view."""

from django.urls import include, path

from benchmarks.bare import bare_month

urlpatterns = [
    path("bare/<int:year>/<int:month>/", bare_month),
    path("", include("zalantun.urls")),
]

handler404 = "zalantun.errorpages.not_found"
handler500 = "zalantun.errorpages.failed"
