"""Addresses of the command screen, of a unit's own page and of the signs."""

from django.urls import path

from floodresponse import decisionviews
from floodresponse import views as publicviews
from floodresponse.command import callviews, logviews, mineviews, signviews, views

urlpatterns = [
    path("plan/", publicviews.plan_page, name="plan"),
    path("board/", views.board, name="board"),
    path("decide/live/", decisionviews.decide_live, name="decide_live"),
    path("map/", views.street_map, name="map"),
    path("log/", logviews.log, name="log"),
    path("log/log.xlsx", logviews.log_xlsx, name="log_xlsx"),
    path("mine/", mineviews.mine, name="mine"),
    path("mine/actions/<int:pk>/", mineviews.answer, name="action_answer"),
    path("mine/actions/<int:pk>/calls/", mineviews.call, name="action_call"),
    path("mine/sirens/<int:pk>/", mineviews.sounded, name="siren_sounded"),
    path("obligations/<int:pk>/call/", callviews.call, name="obligation_call"),
    path("signs/", signviews.signs, name="signs"),
    path("signs/<int:pk>/end/", signviews.end, name="sign_end"),
]
