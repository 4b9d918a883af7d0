"""Addresses of this room."""

from django.urls import include, path

from taskboard import printing, views, workdayviews

app_name = "taskboard"
urlpatterns = [
    path("", views.index, name="index"),
    path("mine/", views.mine, name="mine"),
    path("mine/tasks.xlsx", views.mine_xlsx, name="mine_xlsx"),
    path("desk/", include("taskboard.desk.urls")),
    path("links/", include("taskboard.linking.urls")),
    path("ranking/", include("taskboard.ranking.urls")),
    path("bulletins/", include("taskboard.bulletins.urls")),
    path("lists/<int:pk>/", views.task_list, name="task_list"),
    path("lists/<int:pk>/issue/", views.issue, name="issue"),
    path("lists/<int:pk>/sign/", views.sign_whole_list, name="sign_list"),
    path("lists/<int:pk>/report.pdf", printing.report, name="report"),
    path("lists/<int:pk>/tasks.csv", views.task_list_csv, name="task_list_csv"),
    path("", include("taskboard.listurls")),
    path("extensions/<int:pk>/decide/", views.decide, name="decide"),
    path("periodic/", include("taskboard.periodic.urls")),
    path("workdays/", workdayviews.calendar, name="workdays"),
    path("ledgers/", include("taskboard.ledgers.urls")),
    path("", include("taskboard.supervision.urls")),
    path("<int:pk>/", views.task, name="task"),
    path("<int:pk>/comment/", views.comment, name="comment"),
    path("<int:pk>/<slug:name>/", views.take_step, name="step"),
]
