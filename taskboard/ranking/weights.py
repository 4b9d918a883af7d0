"""The weights in force: as they were set, else the portal's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from taskboard.models import AssessmentWeight
from taskboard.ranking.scoring import DEFAULTS


@dataclass(frozen=True, slots=True)
class Weights:
    """The value of each figure; ``provisional`` while nobody has confirmed them."""

    values: Mapping[str, Decimal]
    provisional: bool
    basis: str = ""


def current_weights() -> Weights:
    """What counts now."""
    rows = {row.key: row for row in AssessmentWeight.objects.all()}
    values = {key: rows[key].value if key in rows else own for key, own in DEFAULTS.items()}
    provisional = any(key not in rows or rows[key].provisional for key in DEFAULTS)
    basis = next((row.basis for row in rows.values() if row.basis), "")
    return Weights(values, provisional, basis)
