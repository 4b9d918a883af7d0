"""Addresses of this room."""

from django.urls import path

from floodresponse import incidentviews, obligationviews, views

app_name = "floodresponse"
urlpatterns = [
    path("", views.index, name="index"),
    path("responses/<int:pk>/", views.response, name="response"),
    path("incidents/", incidentviews.index, name="incidents"),
    path("incidents/new/", incidentviews.new, name="incident_new"),
    path("incidents/<int:pk>/", incidentviews.incident, name="incident"),
    path("incidents/<int:pk>/report/", incidentviews.report, name="incident_report"),
    path("incidents/<int:pk>/grade/", incidentviews.grade, name="incident_grade"),
    path("incidents/<int:pk>/resolve/", incidentviews.resolve, name="incident_resolve"),
    path("obligations/", obligationviews.index, name="obligations"),
    path("obligations/<int:pk>/", obligationviews.obligation, name="obligation"),
    path("watch/", obligationviews.watch, name="watch"),
]
