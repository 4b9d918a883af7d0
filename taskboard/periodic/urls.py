"""Addresses of periodic reports, below those of the room."""

from django.urls import path

from taskboard.periodic import views

urlpatterns = [
    path("lists/<int:pk>/", views.of_list, name="periodic_reports"),
    path("lists/<int:pk>/rhythm/", views.rhythm, name="rhythm"),
    path("<int:pk>/", views.report, name="periodic_report"),
]
