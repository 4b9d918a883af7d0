"""Addresses of issues, below those of the room."""

from django.urls import path

from gazette.issues import printing, views

urlpatterns = [
    path("", views.index, name="issues"),
    path("issues.xlsx", views.index_xlsx, name="issues_xlsx"),
    path("new/", views.create, name="issue_new"),
    path("<int:pk>/", views.issue, name="issue"),
    path("<int:pk>/issue.pdf", printing.issue_pdf, name="issue_pdf"),
    path("<int:pk>/edit/", views.edit, name="issue_edit"),
    path("<int:pk>/documents/", views.documents, name="issue_documents"),
    path("<int:pk>/documents/move/", views.move, name="issue_move"),
    path("<int:pk>/corrections/", views.corrections, name="issue_corrections"),
    path("<int:pk>/publication/<slug:step>/", views.step, name="issue_step"),
]
