"""Addresses of readings and stations."""

from django.urls import path

from floodresponse.gauges import entryviews, listviews, stationviews

urlpatterns = [
    path("readings/", listviews.readings, name="readings"),
    path("readings.csv", listviews.readings_csv, name="readings_csv"),
    path("readings.xlsx", listviews.readings_xlsx, name="readings_xlsx"),
    path("readings/new/", entryviews.new, name="reading_new"),
    path("readings/import/", entryviews.upload, name="readings_import"),
    path("readings/import/template.xlsx", entryviews.template, name="readings_template"),
    path("readings/import/confirm/", entryviews.confirm, name="readings_import_confirm"),
    path("readings/drill/", listviews.drill_readings, name="drill_readings"),
    path("readings/<int:pk>/", listviews.reading, name="reading"),
    path("stations/", stationviews.stations, name="stations"),
    path("stations/register/", stationviews.register, name="station_register"),
    path("stations/<str:code>/change/", stationviews.change, name="station_change"),
    path("stations/<str:code>/", stationviews.station, name="station"),
]
