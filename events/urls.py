"""Addresses of this room."""

from django.urls import include, path, register_converter

from events import calendars, feeds, printing, views
from events.converters import TwoDigits, Year
from events.writing import corrections, pages, versions

register_converter(Year, "year")
register_converter(TwoDigits, "two")

app_name = "events"
urlpatterns = [
    path("", views.index, name="index"),
    path("", include("events.finding.urls")),
    path("topics/", include("events.filing.urls")),
    path("feed/", feeds.feed, name="feed"),
    path("calendar.ics", calendars.calendar, name="calendar"),
    path("entries/<int:pk>/", views.event, name="event"),
    path("entries/new/", pages.new, name="new"),
    path("entries/<int:pk>/edit/", pages.edit, name="edit"),
    path("entries/<int:pk>/versions/", versions.versions, name="versions"),
    path("entries/<int:pk>/corrections/", corrections.corrections, name="corrections"),
    path(
        "entries/<int:pk>/corrections/<int:correction_pk>/<slug:step>/",
        corrections.correction_step,
        name="correction_step",
    ),
    path("entries/<int:pk>/revision/<slug:step>/", pages.revision_step, name="revision_step"),
    path("entries/<int:pk>/<slug:step>/", views.event_step, name="event_step"),
    path("entries.csv", views.entries_table, {"form": "csv"}, name="entries_csv"),
    path("entries.xlsx", views.entries_table, {"form": "xlsx"}, name="entries_xlsx"),
    path("<year:year>/", views.year, name="year"),
    path("<year:year>/<two:month>/", views.month, name="month"),
    path("<year:year>/<two:month>/entries.csv", views.entries_table, {"form": "csv"}, name="month_csv"),
    path("<year:year>/<two:month>/entries.xlsx", views.entries_table, {"form": "xlsx"}, name="month_xlsx"),
    path("<year:year>/<two:month>/bulletin.pdf", printing.bulletin, name="bulletin"),
    path("<year:year>/<two:month>/<two:day>/", views.day, name="day"),
]
