"""Addresses of the duty roster."""

from django.urls import path

from floodresponse.roster import shiftviews, views

urlpatterns = [
    path("", views.index, name="roster"),
    path("roster.xlsx", views.roster_xlsx, name="roster_xlsx"),
    path("month/", views.month, name="roster_month"),
    path("import/", views.roster_import, name="roster_import"),
    path("units/<str:slug>/", views.unit, name="roster_unit"),
    path("shifts/<int:pk>/", shiftviews.shift, name="shift"),
    path("shifts/<int:pk>/sign-in/", shiftviews.shift_sign_in, name="shift_sign_in"),
    path("swaps/<int:pk>/", shiftviews.swap_answer, name="swap"),
]
