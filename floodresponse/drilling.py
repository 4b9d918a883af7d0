"""Whether a drill is on, and its recommended level: from the replayed storm, from nothing else."""

from datetime import datetime, timedelta

from django.utils import timezone

from floodresponse.assessing import matrix_for
from floodresponse.levels import (
    PONDING_VALID,
    SILENCE_IN_RAIN,
    SILENCE_OTHERWISE,
    Assessment,
    Observations,
    Reading,
    assess,
)
from floodresponse.models import RainOrder, Response, Station, StormReplay
from foundation.errors import StateConflict


def is_drilled(at: datetime) -> bool:
    """Whether a drill is on: a response or a rain order of one, or a storm that is replayed."""
    responses, orders = Response.objects.active_at(at), RainOrder.objects.standing()
    return (
        responses.filter(exercise=True).exists()
        or StormReplay.objects.running() is not None
        or orders.filter(exercise=True).exists()
    )


def assess_drill(at: datetime) -> Assessment:
    """The assessment of the drill at a moment of ours, by the drill's own clock.

    Expected are the gauges that take part. Raises StateConflict while no storm
    is replayed.
    """
    replay = StormReplay.objects.running()
    if replay is None:
        raise StateConflict("没有进行中的演练降雨，演练没有建议级别。可用 replay_storm 命令播放一场降雨。")
    moment = timezone.localtime(replay.moment(at))
    matrix = matrix_for(moment)
    begins = moment - timedelta(hours=max(matrix.windows, default=0))
    return assess(_seen(replay, begins, moment, at), matrix)


def _seen(replay: StormReplay, begins: datetime, moment: datetime, at: datetime) -> Observations:
    counted = {station.pk: station for station in Station.objects.counted()}
    rain: list[Reading] = []
    last_before: dict[str, Reading] = {}
    depths: dict[str, Reading] = {}
    gauges: dict[str, None] = {}
    rows = replay.readings.filter(observed_at__lte=moment, station__in=counted).order_by("observed_at", "pk")
    for pk, observed_at, value in rows.values_list("station", "observed_at", "value"):
        station = counted[pk]
        reading = Reading(station.code, timezone.localtime(observed_at), value)
        if station.kind == Station.Kind.PONDING:
            depths[station.code] = reading
            continue
        gauges[station.code] = None
        if observed_at > begins:
            rain.append(reading)
        else:
            last_before[station.code] = reading
    heard = {reading.station for reading in rain}
    wet = any(reading.value > 0 for reading in rain)
    short = wet or Response.objects.filter(exercise=True).active_at(at).exists()
    return Observations(
        at=moment,
        rain=[*rain, *(reading for code, reading in last_before.items() if code not in heard)],
        ponding=[reading for reading in depths.values() if moment - reading.at <= PONDING_VALID],
        expected_gauges=list(gauges),
        max_silence=SILENCE_IN_RAIN if short else SILENCE_OTHERWISE,
    )
