"""The portal's addresses and the bare views."""

from django.urls import include, path

from benchmarks.bare import bare_month, bare_page

urlpatterns = [
    path("bare/<int:year>/<int:month>/", bare_month),
    path("bare/pages/<slug:name>/", bare_page),
    path("", include("zalantun.urls")),
]

handler404 = "zalantun.errorpages.not_found"
handler500 = "zalantun.errorpages.failed"
