"""The portal. Importing it makes the Celery application known to every task."""

from zalantun.celery import app as celery_app

__all__ = ["celery_app"]
