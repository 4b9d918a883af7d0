"""The records of the flood command post in the admin."""

from floodresponse.admin import (
    networks,
    observations,
    orders,
    plans,
    recommendations,
    reports,
    responses,
    warnings,
)

__all__ = [
    "networks",
    "observations",
    "orders",
    "plans",
    "recommendations",
    "reports",
    "responses",
    "warnings",
]
