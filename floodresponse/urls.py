"""Addresses of this room."""

from django.urls import path

from floodresponse import views

app_name = "floodresponse"
urlpatterns = [
    path("", views.index, name="index"),
    path("responses/<int:pk>/", views.response, name="response"),
]
