"""The records of the flood command post in the admin."""

from floodresponse.admin import (
    aftermath,
    networks,
    observations,
    orders,
    plans,
    recommendations,
    reports,
    resources,
    responses,
    rosters,
    warnings,
)

__all__ = [
    "aftermath",
    "networks",
    "observations",
    "orders",
    "plans",
    "recommendations",
    "reports",
    "resources",
    "responses",
    "rosters",
    "warnings",
]
