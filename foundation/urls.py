"""Addresses of checked files."""

from django.urls import path

from foundation import views

app_name = "foundation"
urlpatterns = [
    # The name is for people and their download folders; the id alone decides.
    path("<uuid:pk>/<str:name>", views.attachment, name="attachment"),
]
