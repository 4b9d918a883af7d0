"""Addresses of this room."""

from django.urls import URLPattern

app_name = "taskboard"
urlpatterns: list[URLPattern] = []
