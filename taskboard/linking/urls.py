"""Addresses of links between records."""

from django.urls import path

from taskboard.linking import views

urlpatterns = [
    path("", views.links, name="links"),
    path("links.csv", views.links_table, {"form": "csv"}, name="links_csv"),
    path("links.xlsx", views.links_table, {"form": "xlsx"}, name="links_xlsx"),
    path("decide/", views.decide, name="links_decide"),
    path("add/", views.add, name="links_add"),
    path("propose/", views.propose, name="links_propose"),
]
