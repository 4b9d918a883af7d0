"""Records for the admin: what comes before a response, and what belongs to a drill."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from django.db import models

from floodresponse.models import (
    DrillReading,
    FloodWarning,
    Measure,
    NetworkAccount,
    RainAction,
    RainOrder,
    Station,
    StormReplay,
)
from organizations.models import Department, User

AT = datetime(2023, 5, 8, 1, 30, tzinfo=UTC)
LATER = AT + timedelta(hours=6)


def before_responses(measure: Measure, department: Department, user: User, n: int = 0) -> list[models.Model]:
    """A warning, an order for heavy rain, a drill's storm, an account of a gauge network."""
    over = LATER if n else None
    station = Station.objects.create(code=f"Z{n}", name="桥头站", kind="rain", network="水文站网")
    order = RainOrder.objects.create(
        plan=measure.plan, situation="heavy_rain", reason="某", ordered_at=AT, ordered_by=user, ended_at=over
    )
    replay = StormReplay.objects.create(
        title="某", speed=Decimal(60), begins=AT, started_at=AT, is_on=not n, ended_at=over
    )
    return [
        FloodWarning.objects.create(
            issuer=department,
            kind="rainstorm",
            colour=3,
            text="有强降雨。",
            valid_from=AT,
            valid_to=LATER,
            key=uuid4(),
            received_at=AT,
            received_by=user,
        ),
        order,
        RainAction.objects.create(order=order, measure=measure, unit=department, text="疏通"),
        replay,
        DrillReading.objects.create(
            replay=replay, station=station, observed_at=AT, value=Decimal(1), received_at=AT
        ),
        NetworkAccount.objects.create(user=user, network="水文站网", tied_at=AT),
    ]
