"""Addresses of the API, ``/api/v1/``."""

from django.urls import include, path, re_path
from rest_framework.routers import SimpleRouter

from directives.api import DirectiveViewSet
from events.api import EventViewSet
from gazette.issues.api import IssueViewSet
from notifications.api import MessageViewSet
from organizations.api import DepartmentViewSet, PersonViewSet
from taskboard.api import register_tasks
from zalantun.api_views import Description, Docs, FrontPage, NoSuchPath

app_name = "api"
router = SimpleRouter()
router.register("events", EventViewSet)
router.register("directives", DirectiveViewSet)
router.register("issues", IssueViewSet)
register_tasks(router)
router.register("departments", DepartmentViewSet)
router.register("people", PersonViewSet)
router.register("messages", MessageViewSet)

urlpatterns = [
    path("", FrontPage.as_view(), name="front"),
    path("", include(router.urls)),
    path("flood/", include("floodresponse.api.urls")),
    path("schema/", Description.as_view(), name="schema"),
    path("docs/", Docs.as_view(), name="docs"),
    # With the slash only: an address without it is first led to the one with it.
    re_path(r"^.+/$", NoSuchPath.as_view(), name="none"),
]
