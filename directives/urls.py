"""Addresses of this room."""

from django.urls import include, path

from directives import docx, printing, views
from directives.writing import files, notices, pages, preview, statuses, versions

app_name = "directives"
urlpatterns = [
    path("", views.index, name="index"),
    path("", include("directives.finding.urls")),
    path("new/", pages.new, name="new"),
    path("new/preview.pdf", preview.preview, name="new_preview"),
    path("previews/<slug:key>/preview.pdf", preview.ordered_preview, name="ordered_preview"),
    path("<int:pk>/", views.directive, name="directive"),
    path("<int:pk>/publication/<slug:step>/", views.directive_step, name="directive_step"),
    path("<int:pk>/edit/", pages.edit, name="edit"),
    path("<int:pk>/edit/preview.pdf", preview.preview, name="preview"),
    path("<int:pk>/versions/", versions.versions, name="versions"),
    path("<int:pk>/revision/<slug:step>/", pages.revision_step, name="revision_step"),
    path("<int:pk>/corrections/", notices.notices, name="notices"),
    path("<int:pk>/corrections/<int:notice>/<slug:step>/", notices.notice_step, name="notice_step"),
    path("<int:pk>/files/", files.files, name="files"),
    path("<int:pk>/statuses/", statuses.statuses, name="statuses"),
    path("<int:pk>/statuses/<int:change>/<slug:step>/", statuses.status_step, name="status_step"),
    path("<int:pk>/print.pdf", printing.print_directive, name="print"),
    path("<int:pk>/document.docx", docx.document_docx, name="docx"),
]
