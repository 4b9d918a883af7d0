"""The flood command post."""

from django.apps import AppConfig


class FloodresponseConfig(AppConfig):
    """The flood command post."""

    name = "floodresponse"
    verbose_name = "防内涝"
