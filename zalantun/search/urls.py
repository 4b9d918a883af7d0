"""Addresses of the search."""

from django.urls import path

from zalantun.search import views

urlpatterns = [
    path("", views.search_page, name="search"),
    path("results.csv", views.search_table, {"form": "csv"}, name="search_csv"),
    path("results.xlsx", views.search_table, {"form": "xlsx"}, name="search_xlsx"),
    path("feed/", views.search_feed, name="search_feed"),
]
