"""Lists above and below the average of a column, in exact decimals; pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Generic, TypeVar

Entry = TypeVar("Entry")
SHOWN = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Split(Generic[Entry]):
    """The entries of a column on both sides of its average; one that equals it stands above (以上含本数)."""

    average: Fraction
    above: tuple[tuple[Entry, Decimal], ...]
    below: tuple[tuple[Entry, Decimal], ...]

    @property
    def shown(self) -> Decimal:
        """The average to four places; the split itself was made before rounding."""
        exact = Decimal(self.average.numerator) / Decimal(self.average.denominator)
        return exact.quantize(SHOWN, ROUND_HALF_UP)

    @property
    def count(self) -> int:
        """How many entries have a value."""
        return len(self.above) + len(self.below)


def split_by_average(entries: Iterable[tuple[Entry, Decimal]]) -> Split[Entry] | None:
    """Largest first on each side; None where there is no value."""
    found: Sequence[tuple[Entry, Decimal]] = sorted(entries, key=lambda entry: -entry[1])
    if not found:
        return None
    average = sum((Fraction(value) for _, value in found), Fraction(0)) / len(found)
    above = tuple(entry for entry in found if Fraction(entry[1]) >= average)
    below = tuple(entry for entry in found if Fraction(entry[1]) < average)
    return Split(average, above, below)
