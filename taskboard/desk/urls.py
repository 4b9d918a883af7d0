"""Addresses of the desk, below those of the room."""

from django.urls import path

from taskboard.desk import todayviews, views

urlpatterns = [
    path("", views.desk, name="desk"),
    path("desk.xlsx", views.desk_xlsx, name="desk_xlsx"),
    path("today/", todayviews.today, name="today"),
    path("urge/", views.urge, name="urge"),
]
