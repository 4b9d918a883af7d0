"""Long titles in even lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from printing.titles import LINE_LENGTH, title_lines, width_of


def test_a_title_that_fits_stays_in_one_line() -> None:
    assert title_lines("青" * 20) == ["青" * 20]


def test_one_character_more_makes_two_even_lines() -> None:
    assert sorted(len(line) for line in title_lines("青" * 21)) == [10, 11]


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        (
            "青河市人民政府关于印发精细化管理工作方案的通知",
            ["青河市人民政府关于印发", "精细化管理工作方案的通知"],
        ),
        (
            "青河市人民政府办公室关于印发《青河市2023年防汛工作方案》的通知",
            ["青河市人民政府办公室关于印发", "《青河市2023年防汛工作方案》的通知"],
        ),
    ],
)
def test_words_and_quoted_titles_stay_whole(title: str, lines: list[str]) -> None:
    assert title_lines(title) == lines


def test_no_line_begins_with_a_closing_mark_and_none_ends_with_an_opening_one() -> None:
    lines = title_lines("青河市关于进一步加强“三清三建”、治理“脏乱差”的实施意见（试行）、责任分工的通知")
    assert len(lines) > 1
    assert not any(line[0] in "，、》）”的" for line in lines[1:])
    assert not any(line[-1] in "《（“" for line in lines[:-1])


def test_a_number_is_not_cut() -> None:
    assert all("2023" in line or "20" not in line for line in title_lines("青" * 18 + "2023" + "青" * 10))


def test_figures_are_narrower_than_characters() -> None:
    assert width_of("2023") < width_of("青河市政")
    assert len(title_lines("青" * 17 + "2023")) == 1


def test_no_title_is_no_line_of_words() -> None:
    assert title_lines("") == [""]


@given(st.text("青河的《》、，2A ", max_size=90))
def test_nothing_is_lost_and_no_line_is_too_long(title: str) -> None:
    lines = title_lines(title)
    assert "".join("".join(lines).split()) == "".join(title.split())
    assert all(width_of(line) <= LINE_LENGTH for line in lines)


def test_a_span_of_years_and_the_name_of_a_zone_stay_whole() -> None:
    season = title_lines("青河市人民政府办公室关于做好2022—2023年采暖期城镇供热工作的通知")
    assert any("2022—2023年" in line for line in season)
    zone = title_lines("青河市人民政府关于呼伦贝尔岭东农畜林产品开发区青河产业园申报化工集中区的审核意见")
    assert any("产业园" in line for line in zone) and any("呼伦贝尔" in line for line in zone)
    assert all(width_of(line) <= LINE_LENGTH for line in (*season, *zone))


def test_a_day_stays_whole() -> None:
    lines = title_lines("扎兰屯市人民政府办公室关于2026年11月1日至11月28日督查任务办理情况的通报")
    assert lines == ["扎兰屯市人民政府办公室关于2026年11月1日", "至11月28日督查任务办理情况的通报"]


def test_a_district_of_a_town_is_not_torn_apart() -> None:
    lines = title_lines("青河市人民政府关于申请城区排水管网改造补助资金的请示")
    assert len(lines) == 2 and not any(line.startswith(("区", "网", "金")) for line in lines)
