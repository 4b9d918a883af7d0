"""Addresses of the readiness panel."""

from django.urls import path

from floodresponse.preparedness import reportingviews, views

urlpatterns = [
    path("", views.index, name="readiness"),
    path("readiness.xlsx", views.readiness_xlsx, name="readiness_xlsx"),
    path("reporting/", reportingviews.units, name="reporting_units"),
    path("reporting/units.xlsx", reportingviews.reporting_xlsx, name="reporting_units_xlsx"),
    path("plans/<int:pk>/confirm/", views.confirm, name="plan_confirm"),
]
