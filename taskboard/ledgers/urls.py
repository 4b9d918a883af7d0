"""Addresses of ledgers, below those of the room."""

from django.urls import path

from taskboard.ledgers import importviews, overviews, reportviews, rowviews, views

urlpatterns = [
    path("", views.index, name="ledgers"),
    path("ledgers.xlsx", views.index_xlsx, name="ledgers_xlsx"),
    path("<int:pk>/", views.ledger, name="ledger"),
    path("<int:pk>/rows.csv", views.ledger_csv, name="ledger_csv"),
    path("<int:pk>/rows.xlsx", views.ledger_xlsx, name="ledger_xlsx"),
    path("<int:pk>/averages/", views.averages, name="ledger_averages"),
    path("<int:pk>/averages.xlsx", views.averages_xlsx, name="ledger_averages_xlsx"),
    path("<int:pk>/sign/", views.sign, name="ledger_sign"),
    path("<int:pk>/import/", importviews.upload, name="ledger_import"),
    path("<int:pk>/import/confirm/", importviews.confirm, name="ledger_import_confirm"),
    path("<int:pk>/rows/new/", rowviews.new, name="ledger_row_new"),
    path("<int:pk>/approvals/", overviews.approvals, name="approvals"),
    path("<int:pk>/approvals.xlsx", overviews.approvals_workbook, name="approvals_xlsx"),
    path("<int:pk>/disposals/", overviews.disposals, name="disposals"),
    path("<int:pk>/disposals.xlsx", overviews.disposals_workbook, name="disposals_xlsx"),
    path("<int:pk>/reports/", reportviews.index, name="ledger_reports"),
    path("<int:pk>/reports.xlsx", reportviews.workbook, name="ledger_reports_xlsx"),
    path("reports/<int:pk>/", reportviews.report, name="ledger_report"),
    path("rows/<int:pk>/", rowviews.row, name="ledger_row"),
    path("rows/<int:pk>/change/", rowviews.change, name="ledger_row_change"),
    path("rows/<int:pk>/correct/", rowviews.correct, name="ledger_row_correct"),
    path("rows/<int:pk>/case/", rowviews.case, name="ledger_row_case"),
    path("rows/<int:pk>/plan/", rowviews.plan, name="ledger_row_plan"),
    path("rows/<int:pk>/<str:step>/", rowviews.take_step, name="ledger_row_step"),
]
