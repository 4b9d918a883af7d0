"""Addresses of what follows a response."""

from django.urls import path

from floodresponse.aftermath import entryviews, printing, views

urlpatterns = [
    path("responses/<int:pk>/report/", views.report, name="after_action"),
    path("responses/<int:pk>/report/write/", views.write, name="after_action_write"),
    path("responses/<int:pk>/report/report.pdf", printing.report_pdf, name="after_action_pdf"),
    path("responses/<int:pk>/report/sections/<slug:key>/", views.section, name="after_action_section"),
    path("responses/<int:pk>/report/<slug:step>/", views.step, name="after_action_step"),
    path("responses/<int:pk>/aftermath/", entryviews.entries, name="aftermath"),
    path("responses/<int:pk>/aftermath/aftermath.xlsx", entryviews.entries_xlsx, name="aftermath_xlsx"),
    path("aftermath/<int:pk>/strike/", entryviews.strike, name="aftermath_strike"),
]
