"""Addresses of supervision and of the heating season, below those of the room."""

from django.urls import path

from taskboard.heating.views import heating
from taskboard.supervision import findingviews, inspectionviews, listedviews, lookbackviews, notices
from taskboard.supervision.overviewviews import overview

urlpatterns = [
    path("<int:pk>/notice.pdf", notices.notice_pdf, name="notice_pdf"),
    path("supervision/", overview, name="supervision"),
    path("heating/", heating, name="heating"),
    path("lookbacks/", lookbackviews.index, name="look_backs"),
    path("lookbacks/rows.xlsx", lookbackviews.workbook, name="look_backs_xlsx"),
    path("lookbacks/days/", lookbackviews.days, name="look_back_days"),
    path("lookbacks/<int:pk>/", lookbackviews.look_back, name="look_back"),
    path("findings/", findingviews.index, name="findings"),
    path("findings/rows.xlsx", findingviews.workbook, name="findings_xlsx"),
    path("findings/<int:pk>/", findingviews.finding, name="finding"),
    path("listed/", listedviews.index, name="listings"),
    path("listed/rows.xlsx", listedviews.workbook, name="listings_xlsx"),
    path("listed/new/", listedviews.new, name="listing_new"),
    path("listed/<int:pk>/", listedviews.listing, name="listing"),
    path("inspections/", inspectionviews.index, name="inspections"),
    path("inspections/rows.xlsx", inspectionviews.workbook, name="inspections_xlsx"),
    path("inspections/new/", inspectionviews.new, name="inspection_new"),
    path("inspections/<int:pk>/", inspectionviews.inspection, name="inspection"),
    path("inspections/<int:pk>/change/", inspectionviews.change, name="inspection_change"),
]
