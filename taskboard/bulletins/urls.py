"""Addresses of bulletins, below those of the room."""

from django.urls import path

from taskboard.bulletins import printing, views

urlpatterns = [
    path("", views.index, name="bulletins"),
    path("bulletins.xlsx", views.index_xlsx, name="bulletins_xlsx"),
    path("new/", views.compose, name="bulletin_new"),
    path("<int:pk>/", views.bulletin, name="bulletin"),
    path("<int:pk>/edit/", views.edit, name="bulletin_edit"),
    path("<int:pk>/recompose/", views.recompose, name="bulletin_recompose"),
    path("<int:pk>/bulletin.pdf", printing.bulletin_pdf, name="bulletin_pdf"),
    path("<int:pk>/<slug:step>/", views.step, name="bulletin_step"),
]
