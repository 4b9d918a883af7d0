"""Addresses of this room."""

from django.urls import include, path

from gazette import views
from gazette.desk import views as desk
from gazette.names.mergingpages import merge, merge_step, merges
from gazette.names.views import names, names_run

app_name = "gazette"
urlpatterns = [
    path("issues/", include("gazette.issues.urls")),
    path("desk/", desk.desk, name="desk"),
    path("desk/desk.csv", desk.desk_csv, name="desk_csv"),
    path("names/", names, name="names"),
    path("names/runs/<int:pk>/", names_run, name="names_run"),
    path("names/merges/", merges, name="merges"),
    path("names/merges/<int:pk>/", merge, name="merge"),
    path("names/merges/<int:pk>/<str:step>/", merge_step, name="merge_step"),
    path("imports/", views.import_list, name="import_list"),
    path("imports/new/", views.import_upload, name="import_upload"),
    path("imports/<int:pk>/", views.import_run, name="import_run"),
    path("imports/<int:pk>/progress/", views.import_progress, name="import_progress"),
    path("imports/<int:pk>/confirm/", views.import_confirm, name="import_confirm"),
    path("imports/<int:pk>/again/", views.import_again, name="import_again"),
    path("imports/<int:pk>/publish/", views.import_publish, name="import_publish"),
    path("imports/<int:pk>/discard/", views.import_discard, name="import_discard"),
]
