"""The day of the week is that of Zalantun, also where it is still yesterday by the world's clock."""

from datetime import UTC, date, datetime

import pytest
from django.template import engines


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 11, 27, 15, 59, 59, tzinfo=UTC), "周五 星期五"),
        (datetime(2026, 11, 27, 16, 0, tzinfo=UTC), "周六 星期六"),
        (datetime(2026, 11, 27, 23, 59, tzinfo=UTC), "周六 星期六"),
        (date(2026, 11, 28), "周六 星期六"),
        (date(2026, 11, 29), "周日 星期日"),
    ],
)
def test_a_moment_after_midnight_belongs_to_the_new_day(moment, words):
    template = engines["django"].from_string(
        "{% load portal %}{{ moment|weekday }} {{ moment|long_weekday }}"
    )
    assert template.render({"moment": moment}) == words
