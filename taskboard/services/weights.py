"""Setting what each figure counts for in the ranking."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from foundation.errors import InvalidInput
from foundation.services.audit import record_change
from organizations.models import User
from organizations.permissions import require
from taskboard.models import AssessmentWeight
from taskboard.ranking.scoring import DEFAULTS, FIGURES, WHOLE
from taskboard.ranking.weights import current_weights

SET_WEIGHTS = "taskboard.set_weights"
LONGEST_BASIS = 200
TENTH = Decimal("0.1")


@transaction.atomic
def set_weights(
    *, actor: User | None, at: datetime, values: Mapping[str, Decimal], confirmed: bool, basis: str
) -> None:
    """Set all weights at once; the five figures make 100 points, a confirmation names its basis."""
    require(actor, SET_WEIGHTS, "设置考核分值")
    basis = basis.strip()
    _check(values, confirmed=confirmed, basis=basis)
    # Two people who save at once follow each other on the first row; the audit log keeps both, the second
    # with what the first has set.
    list(AssessmentWeight.objects.select_for_update().order_by("key"))
    before = current_weights()
    rows = [
        AssessmentWeight.objects.update_or_create(
            key=key,
            defaults={
                "value": values[key],
                "provisional": not confirmed,
                "basis": basis,
                "updated_by": actor,
                "updated_at": at,
            },
        )[0]
        for key in DEFAULTS
    ]
    record_change(
        actor=actor,
        action="assessment_weight.set",
        target=rows[0],
        at=at,
        before={key: str(value) for key, value in before.values.items()},
        after={**{key: str(values[key]) for key in DEFAULTS}, "confirmed": confirmed},
        reason=basis,
    )


def _check(values: Mapping[str, Decimal], *, confirmed: bool, basis: str) -> None:
    fields: dict[str, list[str]] = {}
    for key in DEFAULTS:
        value = values.get(key)
        fits = value is not None and value.is_finite() and 0 <= value <= WHOLE
        if value is None or not fits or value != value.quantize(TENTH):
            fields[key] = ["分值应为 0 到 100 的数，最多一位小数。"]
    if fields:
        raise InvalidInput("分值应为 0 到 100 的数，最多一位小数，请改正标出的内容。", fields=fields)
    if (total := sum((values[key] for key in FIGURES), Decimal(0))) != WHOLE:
        sentence = f"五项指标的分值合计应为 100 分，现在是 {total.normalize():f} 分。"
        raise InvalidInput(sentence, fields={FIGURES[-1]: [sentence]})
    if confirmed and not basis:
        sentence = "确认分值须写明依据，例如领导小组的文件。"
        raise InvalidInput(sentence, fields={"basis": [sentence]})
    if len(basis) > LONGEST_BASIS:
        sentence = f"依据最多 {LONGEST_BASIS} 字。"
        raise InvalidInput(sentence, fields={"basis": [sentence]})
