"""The day as of which a page is seen, as its address asks for it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone

from foundation.days import day_from
from foundation.errors import InvalidInput
from taskboard.pasttasks import moment_of
from taskboard.plausible import FIRST_YEAR, LAST_YEAR, is_plausible

LONGEST_SHOWN = 20
OUT_OF_SIGHT = f"这一天不能显示，只能看 {FIRST_YEAR} 年到 {LAST_YEAR} 年的日期"


@dataclass(frozen=True, slots=True)
class Look:
    """The day that is looked at; ``wrong`` says why it is today although the address named another."""

    day: date
    today: date
    wrong: str = ""

    @property
    def moment(self) -> datetime | None:
        """The end of the past day that is looked at; None for today."""
        return moment_of(self.day, self.today)

    @property
    def query(self) -> str:
        """What a link carries on so that the next page is seen as of the same day."""
        return "" if self.day == self.today else f"?as_of={self.day}"

    def context(self) -> dict[str, Any]:
        """What pages show of it."""
        return {
            "as_of": self.day,
            "today": self.today,
            "past": self.moment is not None,
            "as_of_wrong": self.wrong,
            "as_of_query": self.query,
        }


def check_shown(day: date) -> None:
    """The validator of a field ``as_of``: days at the ends of the calendar have no moment to look from."""
    if not is_plausible(day):
        raise ValidationError(f"{OUT_OF_SIGHT}。")


def look_of(request: HttpRequest) -> Look:
    """For a page: a day that cannot be read is today, and the page says so."""
    today, asked = timezone.localdate(), request.GET.get("as_of", "").strip()
    day = day_from(asked)
    if day is None and asked:
        shown = asked[:LONGEST_SHOWN]
        return Look(today, today, f"没有“{shown}”这个日期，下面是今天的情况。请写成 2022-08-31 这样的日期。")
    if day is not None and not is_plausible(day):
        return Look(today, today, f"{day} {OUT_OF_SIGHT}，下面是今天的情况。")
    return Look(day or today, today)


def strict_look_of(request: HttpRequest) -> Look:
    """For a file: a day that cannot be read is refused, since nothing in the file would say so."""
    look = look_of(request)
    if look.wrong:
        years = f"年份为 {FIRST_YEAR} 到 {LAST_YEAR}"
        raise InvalidInput(f"截至的日期不能识别，没有导出。请写成 2022-08-31 这样的日期，{years}。")
    return look
