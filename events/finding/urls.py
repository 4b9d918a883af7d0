"""Addresses of what is found across the years."""

from django.urls import path

from events.finding import days, statistics, timelines

urlpatterns = [
    path("on-this-day/", days.on_this_day, name="on_this_day"),
    path("statistics/", statistics.statistics, name="statistics"),
    path("statistics/months.csv", statistics.statistics_table, {"form": "csv"}, name="statistics_csv"),
    path("statistics/months.xlsx", statistics.statistics_table, {"form": "xlsx"}, name="statistics_xlsx"),
]
TIMELINES = (
    ("person", "timeline/people/<int:pk>/", timelines.person_timeline, timelines.person_table),
    (
        "department",
        "timeline/departments/<str:slug>/",
        timelines.department_timeline,
        timelines.department_table,
    ),
)
for about, address, page, table in TIMELINES:
    urlpatterns += [
        path(address, page, name=f"{about}_timeline"),
        path(f"{address}timeline.csv", table, {"form": "csv"}, name=f"{about}_timeline_csv"),
        path(f"{address}timeline.xlsx", table, {"form": "xlsx"}, name=f"{about}_timeline_xlsx"),
    ]
