"""The main navigation and which part of it a page belongs to."""

from dataclasses import dataclass

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Place:
    """A line of the navigation; ``tab`` is its short word in the phone's bottom bar, empty for none."""

    key: str
    url_name: str
    label: str
    icon: str
    tab: str = ""


NAVIGATION = (
    Place("home", "home", "首页", "home", "首页"),
    Place("events", "events:index", "大事记", "calendar-month", "大事记"),
    Place("directives", "directives:index", "政策文件", "file-text", "文件"),
    Place("gazette", "gazette:issues", "公报", "book-2"),
    Place("taskboard", "taskboard:index", "任务清单", "checklist", "任务"),
    Place("floodresponse", "floodresponse:index", "防内涝", "droplet", "防内涝"),
    Place("search", "search", "搜索", "search"),
)


def current_key(request: HttpRequest) -> str:
    """The key of the place that the page belongs to; empty for none."""
    match = getattr(request, "resolver_match", None)
    if match is None:
        return ""
    return match.namespaces[0] if match.namespaces else match.url_name or ""
