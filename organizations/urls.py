"""Addresses of this room."""

from django.urls import path

from organizations import views

app_name = "organizations"
urlpatterns = [
    path("people/", views.people, name="people"),
    path("people/people.csv", views.people_table, {"form": "csv"}, name="people_csv"),
    path("people/people.xlsx", views.people_table, {"form": "xlsx"}, name="people_xlsx"),
    path("people/<int:pk>/", views.person, name="person"),
    path("departments/", views.departments, name="departments"),
    path("departments/departments.csv", views.departments_table, {"form": "csv"}, name="departments_csv"),
    path("departments/departments.xlsx", views.departments_table, {"form": "xlsx"}, name="departments_xlsx"),
    path("departments/<str:slug>/", views.department, name="department"),
]
