"""The records of the flood command post in the admin."""

from floodresponse.admin import plans, responses

__all__ = ["plans", "responses"]
