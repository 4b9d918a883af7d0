"""Addresses of this room."""

from django.urls import path

from taskboard import printing, views

app_name = "taskboard"
urlpatterns = [
    path("", views.index, name="index"),
    path("lists/<int:pk>/", views.task_list, name="task_list"),
    path("lists/<int:pk>/report.pdf", printing.report, name="report"),
    path("lists/<int:pk>/tasks.csv", views.task_list_csv, name="task_list_csv"),
    path("<int:pk>/", views.task, name="task"),
]
