"""Figures of many incidents added up, by street and for the city. Nothing is counted twice.

Of each incident the last figures that were told hold, not the sum of its
reports; an incident that is the same as another (``same_as``) does not count
where that one does.
What nobody has counted yet is not 0: of each total it is said how many
incidents it leaves out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from floodresponse.matrix import plain
from floodresponse.models import Incident, IncidentReport
from floodresponse.reportcontent import FIGURES
from organizations.models import Department

CITY, OWN = "全市", "合计"
NOWHERE = "未注明街道"
Figures = Mapping[str, Decimal]


@dataclass(slots=True)
class Total:
    """The sum of a street or of all (``whole``); ``uncounted``: of how many incidents a figure is unknown."""

    name: str
    street: Department | None = None
    whole: bool = False
    incidents: int = 0
    figures: dict[str, Decimal] = field(default_factory=dict)
    uncounted: dict[str, int] = field(default_factory=dict)

    def add(self, told: Figures) -> None:
        """Count an incident in."""
        self.incidents += 1
        for key in FIGURES:
            if key in told:
                self.figures[key] = self.figures.get(key, Decimal(0)) + told[key]
            else:
                self.uncounted[key] = self.uncounted.get(key, 0) + 1

    @property
    def cells(self) -> list[tuple[Decimal | None, int]]:
        """In the order of ``FIGURES``: the sum, None where nobody counted, and how many it leaves out."""
        return [(self.figures.get(key), self.uncounted.get(key, 0)) for key in FIGURES]

    @property
    def shown(self) -> list[tuple[str, int]]:
        """The cells in words; empty where nobody counted."""
        return [("" if value is None else plain(value), left_out) for value, left_out in self.cells]


def last_told(incidents: Sequence[Incident]) -> dict[int, dict[str, Decimal]]:
    """By incident the last known figures; one query. Casualties hold as the incident has them now."""
    told: dict[int, dict[str, Decimal]] = {incident.pk: {} for incident in incidents}
    reports = IncidentReport.objects.filter(incident__in=told).order_by("reported_at", "pk")
    for pk, figures in reports.values_list("incident_id", "figures"):
        told[pk].update({key: Decimal(str(value)) for key, value in figures.items() if value is not None})
    for incident in incidents:
        for key, value in (("dead", incident.dead), ("missing", incident.missing)):
            if value is not None:
                told[incident.pk][key] = Decimal(value)
    return told


def counted(incidents: Iterable[Incident]) -> list[Incident]:
    """Without those that are the same as another among them."""
    found = list(incidents)
    keys = {incident.pk for incident in found}
    return [incident for incident in found if incident.same_as_id not in keys]


def totals_by_street(incidents: Iterable[Incident], *, of_all: str = CITY) -> list[Total]:
    """A line for each street in its order, one for what names no street, and the sum ``of_all`` last."""
    counting = counted(incidents)
    told = last_told(counting)
    whole, by_street = Total(of_all, whole=True), dict[str, Total]()
    for incident in sorted(counting, key=_place):
        street = street_of(incident)
        name = street.name if street else NOWHERE
        by_street.setdefault(name, Total(name, street)).add(told[incident.pk])
        whole.add(told[incident.pk])
    return [*by_street.values(), whole] if by_street else []


def street_of(incident: Incident) -> Department | None:
    """Where it is: the street named, else the unit when it is a street."""
    if incident.street is not None:
        return incident.street
    return incident.unit if incident.unit.kind == Department.Kind.STREET else None


def _place(incident: Incident) -> tuple[bool, int, str]:
    street = street_of(incident)
    return (street is None, street.order if street else 0, street.name if street else "")
