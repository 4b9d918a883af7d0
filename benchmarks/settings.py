"""The portal's own settings; only one address more, that of the bare view."""

from zalantun.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.urls"
LOGGING = {"version": 1, "disable_existing_loggers": False}
