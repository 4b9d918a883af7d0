"""Addresses of the ranking, below those of the room."""

from django.urls import path

from taskboard.ranking import views

urlpatterns = [
    path("", views.ranking, name="ranking"),
    path("ranking.xlsx", views.ranking_xlsx, name="ranking_xlsx"),
    path("assessment-<int:year>.xlsx", views.assessment_xlsx, name="assessment_xlsx"),
    path("weights/", views.weights, name="weights"),
]
