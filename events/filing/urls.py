"""Addresses of the rules and runs of filing."""

from django.urls import path

from events.filing import views

urlpatterns = [
    path("", views.rules, name="topic_rules"),
    path("rules.csv", views.rules_table, {"form": "csv"}, name="topic_rules_csv"),
    path("rules.xlsx", views.rules_table, {"form": "xlsx"}, name="topic_rules_xlsx"),
    path("subjects/<int:pk>/", views.topic, name="filing_topic"),
    path("rules/new/", views.rule, name="topic_rule_new"),
    path("rules/<int:pk>/", views.rule, name="topic_rule"),
    path("rules/<int:pk>/remove/", views.rule_removed, name="topic_rule_remove"),
    path("runs/new/", views.run_started, name="filing_start"),
    path("runs/<int:pk>/", views.run, name="filing_run"),
    path("runs/<int:pk>/progress/", views.run_progress, name="filing_progress"),
    path("runs/<int:pk>/confirm/", views.run_step, {"step": "confirm"}, name="filing_confirm"),
    path("runs/<int:pk>/discard/", views.run_step, {"step": "discard"}, name="filing_discard"),
]
