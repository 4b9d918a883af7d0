"""The response that runs and its level, as the lists at hand need it."""

from dataclasses import dataclass

from floodresponse.models import Level, LevelRecord, Response

# What has to be ready while nothing is declared: enough for the first level.
BEFORE_THE_RAIN = Level.IV


@dataclass(frozen=True, slots=True)
class Running:
    """A response that runs; ``level`` 1 to 4."""

    response: Response
    level: int


def running_responses() -> list[Running]:
    """The real one first, then the exercise; one query."""
    latest: dict[int, LevelRecord] = {}
    records = LevelRecord.objects.filter(response__in=Response.objects.active(), level__isnull=False)
    for record in records.select_related("response").order_by("since", "pk"):
        latest[record.response_id] = record
    found = [Running(record.response, record.level or Level.IV) for record in latest.values()]
    return sorted(found, key=lambda running: running.response.exercise)


def level_to_prepare_for(running: list[Running]) -> int:
    """The declared level; before the rain the first one."""
    real = [one.level for one in running if not one.response.exercise]
    return real[0] if real else int(BEFORE_THE_RAIN)
