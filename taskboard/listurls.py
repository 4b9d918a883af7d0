"""Addresses of lists: their views, how they are made, what is done to several tasks at once."""

from django.urls import path

from taskboard.bulk import views as bulk
from taskboard.correcting import views as correcting
from taskboard.duecalendar import feeds
from taskboard.duecalendar import views as duecalendar
from taskboard.listmaking import views as making
from taskboard.listviews import moving, views
from taskboard.stages import views as stages
from taskboard.tasksheets import views as sheets

urlpatterns = [
    path("lists/new/", making.new_list, name="new_list"),
    path("lists/new/store/", making.store_list, name="store_list"),
    path("lists/<int:pk>/board/", views.board_page, name="board"),
    path("lists/<int:pk>/timeline/", views.timeline_page, name="timeline"),
    path("lists/<int:pk>/matrix/", views.matrix_page, name="matrix"),
    path("lists/<int:pk>/matrix.xlsx", views.matrix_xlsx, name="matrix_xlsx"),
    path("lists/<int:pk>/stages/", stages.stages, name="stages"),
    path("lists/<int:pk>/stages.xlsx", stages.stages_xlsx, name="stages_xlsx"),
    path("lists/<int:pk>/tasks.xlsx", sheets.xlsx, name="task_list_xlsx"),
    path("lists/<int:pk>/sheet/", sheets.upload, name="sheet_upload"),
    path("lists/<int:pk>/sheet/confirm/", sheets.confirm, name="sheet_confirm"),
    path("lists/template.xlsx", sheets.template_xlsx, name="list_template"),
    path("bulk/sign/", bulk.sign, name="bulk_sign"),
    path("bulk/report/", bulk.report, name="bulk_report"),
    path("bulk/issue/", bulk.issue, name="bulk_issue"),
    path("calendar/", duecalendar.calendar, name="calendar"),
    path("calendar/month.xlsx", duecalendar.calendar_xlsx, name="calendar_xlsx"),
    path("calendar/address/", duecalendar.renew, name="renew_calendar"),
    path("calendar/<str:secret>/mine.ics", feeds.personal_feed, name="personal_feed"),
    path("calendar/<str:secret>/of/<str:slug>.ics", feeds.department_feed, name="department_feed"),
    path("lists/<int:pk>/tasks/new/", correcting.add, name="add_task"),
    path("<int:pk>/correct/", correcting.correct, name="correct"),
    path("<int:pk>/move/", moving.move, name="move"),
]
