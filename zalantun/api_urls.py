"""Addresses of the API, ``/api/v1/``."""

from django.urls import include, path, re_path
from rest_framework.routers import SimpleRouter

from directives.api import DirectiveViewSet
from directives.finding.api import FollowViewSet, RosterViewSet, UnheldCitationViewSet
from events.api import EventViewSet
from events.finding.api import DepartmentTimeLine, MonthStatistics, PersonTimeLine
from gazette.issues.api import IssueViewSet
from notifications.api import MessageViewSet
from organizations.api import DepartmentViewSet, PersonViewSet
from taskboard.api import register_tasks
from taskboard.linking.api import LinkViewSet
from zalantun.api_views import Description, Docs, FrontPage, NoSuchPath
from zalantun.search.api import SavedSearchViewSet, SearchView

app_name = "api"
router = SimpleRouter()
router.register("events", EventViewSet)
router.register("directives", DirectiveViewSet)
router.register("rosters", RosterViewSet)
router.register("unresolved-citations", UnheldCitationViewSet)
router.register("follows", FollowViewSet)
router.register("issues", IssueViewSet)
register_tasks(router)
router.register("links", LinkViewSet)
router.register("departments", DepartmentViewSet)
router.register("people", PersonViewSet)
router.register("messages", MessageViewSet)
router.register("saved-searches", SavedSearchViewSet)

urlpatterns = [
    path("", FrontPage.as_view(), name="front"),
    path("search/", SearchView.as_view(), name="search"),
    path("events/statistics/", MonthStatistics.as_view(), name="event-statistics"),
    path("people/<int:pk>/timeline/", PersonTimeLine.as_view(), name="person-timeline"),
    path("departments/<str:slug>/timeline/", DepartmentTimeLine.as_view(), name="department-timeline"),
    path("", include(router.urls)),
    path("flood/", include("floodresponse.api.urls")),
    path("schema/", Description.as_view(), name="schema"),
    path("docs/", Docs.as_view(), name="docs"),
    # With the slash only: an address without it is first led to the one with it.
    re_path(r"^.+/$", NoSuchPath.as_view(), name="none"),
]
