"""Addresses of this room."""

from django.urls import include, path

from floodresponse import (
    decisionviews,
    feeds,
    incidentviews,
    obligationviews,
    plancorrectionviews,
    printing,
    quickviews,
    trackerviews,
    views,
)

app_name = "floodresponse"
urlpatterns = [
    path("", views.index, name="index"),
    path("plans/<int:pk>/corrections/", plancorrectionviews.plan_corrections, name="plan_corrections"),
    path(
        "plans/<int:pk>/corrections/<int:correction>/<slug:step>/",
        plancorrectionviews.plan_correction_step,
        name="plan_correction_step",
    ),
    path("plans/<int:pk>/in-force/", views.plan_in_force, name="plan_in_force"),
    path("", include("floodresponse.command.urls")),
    path("live/", decisionviews.live, name="live"),
    path("decide/", decisionviews.decide, name="decide"),
    path("responses/<int:pk>/", views.response, name="response"),
    path("responses/<int:pk>/notice.pdf", printing.notice, name="notice"),
    path("cap/", feeds.feed, name="cap"),
    path("cap/<str:identifier>.xml", feeds.cap_message, name="cap_message"),
    path("incidents/", incidentviews.index, name="incidents"),
    path("incidents/incidents.xlsx", incidentviews.incidents_xlsx, name="incidents_xlsx"),
    path("incidents/new/", quickviews.new, name="incident_new"),
    path("incidents/<int:pk>/", incidentviews.incident, name="incident"),
    path("incidents/<int:pk>/report/", incidentviews.report, name="incident_report"),
    path("incidents/<int:pk>/grade/", incidentviews.grade, name="incident_grade"),
    path("incidents/<int:pk>/resolve/", incidentviews.resolve, name="incident_resolve"),
    path("incidents/<int:pk>/tracker/", trackerviews.tracker, name="incident_tracker"),
    path("obligations/", obligationviews.index, name="obligations"),
    path("obligations/obligations.xlsx", obligationviews.obligations_xlsx, name="obligations_xlsx"),
    path("obligations/<int:pk>/", obligationviews.obligation, name="obligation"),
    path("", include("floodresponse.gauges.urls")),
    path("warnings/", include("floodresponse.warnings.urls")),
    path("rain-orders/", include("floodresponse.rain.urls")),
    path("obligations/<int:pk>/acknowledge/", obligationviews.acknowledge, name="acknowledge"),
    path("watch/", obligationviews.watch, name="watch"),
    path("roster/", include("floodresponse.roster.urls")),
    path("readiness/", include("floodresponse.preparedness.urls")),
    path("", include("floodresponse.resources.urls")),
    path("", include("floodresponse.aftermath.urls")),
]
