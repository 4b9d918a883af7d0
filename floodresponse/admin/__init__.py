"""The records of the flood command post in the admin."""

from floodresponse.admin import plans, recommendations, responses

__all__ = ["plans", "recommendations", "responses"]
