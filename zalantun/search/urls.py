"""Addresses of the search."""

from django.urls import path

from zalantun.search import savedviews, views

urlpatterns = [
    path("", views.search_page, name="search"),
    path("results.csv", views.search_table, {"form": "csv"}, name="search_csv"),
    path("results.xlsx", views.search_table, {"form": "xlsx"}, name="search_xlsx"),
    path("feed/", views.search_feed, name="search_feed"),
    path("saved/", savedviews.saved_searches, name="search_saved"),
    path("saved/add/", savedviews.add_saved, name="search_saved_add"),
    path("saved/<int:pk>/", savedviews.saved_search, name="search_saved_open"),
    path("saved/<int:pk>/change/", savedviews.change_saved_search, name="search_saved_change"),
    path("saved/<int:pk>/remove/", savedviews.remove_saved_search, name="search_saved_remove"),
]
