"""The records of the flood command post in the admin."""

from floodresponse.admin import observations, orders, plans, recommendations, reports, responses

__all__ = ["observations", "orders", "plans", "recommendations", "reports", "responses"]
