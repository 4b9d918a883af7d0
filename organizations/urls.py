"""Addresses of this room."""

from django.urls import path

from organizations import views

app_name = "organizations"
urlpatterns = [
    path("people/", views.people, name="people"),
    path("people/people.csv", views.people_csv, name="people_csv"),
    path("people/<int:pk>/", views.person, name="person"),
    path("departments/", views.departments, name="departments"),
    path("departments/departments.csv", views.departments_csv, name="departments_csv"),
    path("departments/<str:slug>/", views.department, name="department"),
]
