"""Addresses of warnings."""

from django.urls import path

from floodresponse.warnings import entryviews, feedviews, views

urlpatterns = [
    path("", views.warnings, name="warnings"),
    path("warnings.xlsx", views.warnings_xlsx, name="warnings_xlsx"),
    path("new/", entryviews.new, name="warning_new"),
    path("new/file/", entryviews.capfile, name="warning_file"),
    path("feed/", feedviews.feed, name="warning_feed"),
    path("<int:pk>/", views.warning, name="warning"),
    path("<int:pk>/assess/", views.assess, name="warning_assess"),
    path("<int:pk>/issue/", views.issue, name="warning_issue"),
    path("<int:pk>/lift/", views.lift, name="warning_lift"),
]
