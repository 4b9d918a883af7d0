"""Which post stands beside a person among the filters of a month."""

from datetime import date

import pytest

from events.monthpage import posts_of
from events.reading import Entry, Official


def entry(day: int, post: str) -> Entry:
    official = Official(1, "白海", "白海", post)
    return Entry(day, date(2023, 5, day), date(2023, 5, day), day, "", "", "", "published", [official])


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        (("市长",), "市长"),
        (("市领导", "市领导", "市委书记"), "市委书记"),
        (("市领导",), ""),
        (("市长", "市委书记", "市委书记"), "市委书记"),
        (("市委书记", "市长"), "市长"),
        (("市长", "市委书记", "市长"), "市长"),
        (("市长", "市委书记", "市长", "市委书记"), "市委书记"),
        (("", "", "市长"), "市长"),
    ],
)
def test_the_post_most_often_printed_stands_there_of_equals_the_last(
    printed: tuple[str, ...], shown: str
) -> None:
    assert posts_of(entry(n, post) for n, post in enumerate(printed, 1)) == {1: shown}
