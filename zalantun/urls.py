"""All addresses; each room keeps its own under its prefix."""

from django.contrib import admin
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path

from zalantun import health, views
from zalantun.metrics import metrics
from zalantun.sitemaps import SITEMAPS

urlpatterns = [
    path("", views.home, name="home"),
    path("search/", include("zalantun.search.urls")),
    path("larger-text/", views.larger_text, name="larger_text"),
    path("shade/", views.shade, name="shade"),
    path("healthz", health.healthz, name="healthz"),
    path("metrics", metrics, name="metrics"),
    path("events/", include("events.urls")),
    path("", include("organizations.urls")),
    path("directives/", include("directives.urls")),
    path("tasks/", include("taskboard.urls")),
    path("flood/", include("floodresponse.urls")),
    path("gazette/", include("gazette.urls")),
    path("audit/", include("organizations.auditlog.urls")),
    path("inbox/", include("notifications.urls")),
    path("files/", include("foundation.urls")),
    path("sitemap.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("api/v1/", include("zalantun.api_urls")),
    path("accounts/people/", include("zalantun.accounts.urls")),
    path("accounts/", include("organizations.account_urls")),
    path("admin/", admin.site.urls),
]

handler400 = "zalantun.errorpages.bad_request"
handler403 = "zalantun.errorpages.permission_denied"
handler404 = "zalantun.errorpages.page_not_found"
handler500 = "zalantun.errorpages.server_error"
