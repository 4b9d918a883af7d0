"""A storm replayed for a drill: begun, written step by step, ended. Nothing of it is a real reading."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction

from floodresponse.models import DrillReading, Station, StormReplay
from floodresponse.readings import UnusableRow, read_row
from floodresponse.storms import Step
from foundation.errors import InvalidInput, StateConflict
from foundation.services.audit import record_change
from organizations.models import User
from organizations.permissions import require

PERMISSION = "floodresponse.declare_response"
SLOWEST, FASTEST = 1, 3600


@transaction.atomic
def start_replay(
    *, actor: User | None, at: datetime, title: str, speed: Decimal, steps: Sequence[Step]
) -> StormReplay:
    """Begin a storm whose clock runs ``speed`` times as fast and meets ours at its end.

    Raises StateConflict while another is on, InvalidInput for a step that no
    real reading could be either, with its line.
    """
    require(actor, PERMISSION, "播放演练降雨")
    if not SLOWEST <= speed <= FASTEST:
        raise InvalidInput(f"速度倍数应在 {SLOWEST} 至 {FASTEST} 之间。")
    running = StormReplay.objects.select_for_update().filter(is_on=True).first()
    if running is not None:
        raise StateConflict(f"演练降雨“{running}”还在进行，没有重复开始。请先用 replay_storm --end 结束。")
    lasts = timedelta(minutes=float(max((step.minute for step in steps), default=Decimal(0))))
    begins = at - lasts * (1 - 1 / float(speed))
    _check(steps, at)
    try:
        with transaction.atomic():
            replay = StormReplay.objects.create(
                title=title[:80],
                speed=speed,
                begins=begins,
                started_at=at,
                started_by=actor,
                steps=[[str(step.minute), step.station, step.value] for step in steps],
            )
    except IntegrityError:
        raise StateConflict("另一场演练降雨刚刚开始，没有重复。请先用 replay_storm --end 结束。") from None
    after = {"title": replay.title, "speed": speed, "begins": begins, "steps": len(steps)}
    record_change(actor=actor, action="storm_replay.start", target=replay, at=at, after=after)
    return replay


def _check(steps: Sequence[Step], at: datetime) -> None:
    """All or nothing: a drill does not stop in its middle at a mistyped line."""
    kinds = dict(Station.objects.filter(is_active=True).values_list("code", "kind"))
    if not steps:
        raise InvalidInput("这场降雨没有任何数据。请先登记城区雨量站和低洼积水点，或核对情景表和重放时段。")
    seen: set[tuple[str, Decimal]] = set()
    for step in steps:
        line = f"情景表第 {step.line} 行：" if step.line else ""
        kind = kinds.get(step.station)
        if kind is None:
            raise InvalidInput(f"{line}站点“{step.station[:40]}”未登记或已停用。")
        if (step.station, step.minute) in seen:
            raise InvalidInput(f"{line}站点“{step.station}”的同一分钟有两个数值。")
        seen.add((step.station, step.minute))
        row = {"station": step.station, "kind": kind, "observed_at": at.isoformat(), "value": step.value}
        try:
            read_row(row, now=at)
        except UnusableRow as error:
            raise InvalidInput(f"{line}{error.message}") from error


@transaction.atomic
def write_steps(*, replay: StormReplay, at: datetime, steps: Sequence[Step]) -> int:
    """Write what the drill's clock has reached and is not there yet; returns how many are new.

    Raises StateConflict when the storm was ended meanwhile.
    """
    if not StormReplay.objects.select_for_update().filter(pk=replay.pk, is_on=True).exists():
        raise StateConflict("这场演练降雨已经结束，没有再写入。")
    moment = replay.moment(at)
    stations = dict(Station.objects.values_list("code", "pk"))
    rows = [
        DrillReading(
            replay=replay,
            station_id=stations[step.station],
            observed_at=observed_at,
            value=Decimal(step.value),
            received_at=at,
        )
        for step in steps
        if (observed_at := replay.begins + timedelta(minutes=float(step.minute))) <= moment
    ]
    there = replay.readings.count()
    DrillReading.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    return replay.readings.count() - there


def interrupted_replay(*, actor: User | None) -> tuple[StormReplay, list[Step]]:
    """The storm that is on with all its steps, to go on writing where whoever played it stopped.

    Raises StateConflict when none is on, or none that kept its steps.
    """
    require(actor, PERMISSION, "继续播放演练降雨")
    replay = StormReplay.objects.running()
    if replay is None:
        raise StateConflict("没有进行中的演练降雨可以继续，请重新开始播放。")
    if not replay.steps:
        raise StateConflict(f"演练降雨“{replay}”没有保存降雨过程，不能继续。请用 --end 结束后重新播放。")
    return replay, [Step(Decimal(minute), station, value) for minute, station, value in replay.steps]


@transaction.atomic
def end_replay(*, actor: User | None, at: datetime) -> StormReplay | None:
    """End the storm that is on; its readings stay with it. None when there was none."""
    require(actor, PERMISSION, "结束演练降雨")
    replay = StormReplay.objects.select_for_update().filter(is_on=True).first()
    if replay is None:
        return None
    replay.is_on, replay.ended_at = False, at
    replay.save(update_fields=["is_on", "ended_at"])
    record_change(actor=actor, action="storm_replay.end", target=replay, at=at, after={"ended_at": at})
    return replay
