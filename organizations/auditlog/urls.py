"""Addresses of the audit log."""

from django.urls import path

from organizations.auditlog import views

app_name = "audit"
urlpatterns = [
    path("", views.index, name="index"),
    path("audit.csv", views.table, {"form": "csv"}, name="csv"),
    path("audit.xlsx", views.table, {"form": "xlsx"}, name="xlsx"),
    path("verify/", views.verify, name="verify"),
    path("files/", views.files, name="files"),
    path("files/audit-<str:day>.jsonl.gz", views.day_file, name="file"),
    path("<int:sequence>/", views.entry, name="entry"),
]
