"""Addresses of the desk, below those of the room."""

from django.urls import path

from taskboard.desk import views

urlpatterns = [
    path("", views.desk, name="desk"),
    path("desk.xlsx", views.desk_xlsx, name="desk_xlsx"),
    path("urge/", views.urge, name="urge"),
]
