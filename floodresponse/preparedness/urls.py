"""Addresses of the readiness panel."""

from django.urls import path

from floodresponse.preparedness import views

urlpatterns = [
    path("", views.index, name="readiness"),
    path("readiness.xlsx", views.readiness_xlsx, name="readiness_xlsx"),
    path("plans/<int:pk>/confirm/", views.confirm, name="plan_confirm"),
]
