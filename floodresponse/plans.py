"""Which plan holds. Pure."""

from collections.abc import Iterable

from floodresponse.models import Plan


def nearest(year: int, plans: Iterable[Plan]) -> Plan | None:
    """The plan of the year, else the latest before it, else the earliest; as ``PlanQuerySet.holding_in``."""
    return min(plans, key=lambda plan: (plan.year > year, abs(plan.year - year)), default=None)
