"""The dated chronicle."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """The dated chronicle."""

    name = "events"
    verbose_name = "大事记"
