"""Addresses of what is found over all documents."""

from django.urls import path

from directives.finding import citations, following, outlets, rosters

urlpatterns = [
    path("directives.csv", outlets.directives_table, {"form": "csv"}, name="table_csv"),
    path("directives.xlsx", outlets.directives_table, {"form": "xlsx"}, name="table_xlsx"),
    path("feed/", outlets.directives_feed, name="feed"),
    path("calendar.ics", outlets.directives_calendar, name="calendar"),
    path("followed/", following.followed, name="followed"),
    path("followed/followed.csv", following.followed_table, {"form": "csv"}, name="followed_csv"),
    path("followed/followed.xlsx", following.followed_table, {"form": "xlsx"}, name="followed_xlsx"),
    path("<int:pk>/follow/", following.follow, name="follow"),
    path("<int:pk>/unfollow/", following.unfollow, name="unfollow"),
    path("rosters/", rosters.rosters, name="rosters"),
    path("rosters/rosters.csv", rosters.rosters_table, {"form": "csv"}, name="rosters_csv"),
    path("rosters/rosters.xlsx", rosters.rosters_table, {"form": "xlsx"}, name="rosters_xlsx"),
    path("unresolved/", citations.unresolved, name="unresolved"),
    path("unresolved/citations.csv", citations.unresolved_table, {"form": "csv"}, name="unresolved_csv"),
    path("unresolved/citations.xlsx", citations.unresolved_table, {"form": "xlsx"}, name="unresolved_xlsx"),
]
