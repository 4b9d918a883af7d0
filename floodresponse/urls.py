"""Addresses of this room."""

from django.urls import URLPattern

app_name = "floodresponse"
urlpatterns: list[URLPattern] = []
