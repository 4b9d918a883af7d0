"""How a due date came about, in words, and where its words stand in the sentence."""

from datetime import date

import pytest

from taskboard.duedates import mark_dates, reckon_inherited, reckon_own


def steps(reckoning) -> dict[str, str]:
    return {step.term: step.text for step in reckoning.steps}


@pytest.mark.parametrize(
    ("due", "printed", "term", "text"),
    [
        (date(2031, 10, 31), "至10月底", "月底", "10月最后一天，31日"),
        (date(2031, 2, 28), "2月末前", "月底", "2月最后一天，28日"),
        (date(2031, 8, 31), "8月份", "整月", "只写到月，取8月最后一天，31日"),
        (date(2031, 12, 31), "年底前", "年底", "12月最后一天，31日"),
    ],
)
def test_a_rounded_date_names_the_rule_that_rounded_it(due: date, printed: str, term: str, text: str) -> None:
    said = steps(reckon_own(due, printed, date(2031, 8, 3)))
    assert said["原文"] == f"“{printed}”"
    assert said[term] == text


def test_a_whole_date_needs_no_rounding() -> None:
    said = steps(reckon_own(date(2031, 7, 26), "7月26日前", date(2031, 8, 3)))
    assert set(said) == {"原文", "年份", "含当日", "临期"}


def test_the_year_comes_from_the_document_unless_it_is_printed() -> None:
    due, issued = date(2031, 10, 31), date(2031, 8, 3)
    assert "文件成文年份 2031" in steps(reckon_own(due, "10月底", issued))["年份"]
    assert "年份" not in steps(reckon_own(due, "2031年10月底", issued))
    assert "上下文" in steps(reckon_own(due, "10月底", None))["年份"]


def test_the_day_itself_is_on_time_and_yellow_begins_seven_days_before() -> None:
    reckoning = reckon_own(date(2031, 10, 31), "10月底", None)
    assert steps(reckoning)["含当日"] == "10月31日 24:00 前办结为按时"
    assert steps(reckoning)["临期"].endswith("10月24日")
    assert reckoning.soon_from == date(2031, 10, 24)
    assert reckoning.weekday == "周五"


def test_an_inherited_date_says_so_and_what_it_rests_on() -> None:
    reckoning = reckon_inherited(date(2031, 10, 31), "最后一个阶段的结束日期", provisional=True)
    assert reckoning.inherited
    assert "待确认" in steps(reckoning)["沿用"]
    assert steps(reckoning)["依据"] == "最后一个阶段的结束日期"


def test_without_any_date_no_clock_is_claimed() -> None:
    reckoning = reckon_inherited(None, "", provisional=False)
    assert reckoning.due is None and reckoning.soon_from is None and reckoning.weekday == ""
    assert "不计时" in steps(reckoning)["清单"]


def runs(text: str, due: str, *milestones: str) -> list[tuple[str, str]]:
    return [(run.text, run.mark) for run in mark_dates(text, due, milestones)]


def test_the_last_place_of_the_due_words_is_marked() -> None:
    assert runs("8月底摸清，8月底前完成。", "8月底") == [
        ("8月底摸清，", ""),
        ("8月底", "due"),
        ("前完成。", ""),
    ]


def test_earlier_dates_are_marked_apart() -> None:
    assert runs("7月开工，10月底完工。", "10月底", "7月") == [
        ("7月", "milestone"),
        ("开工，", ""),
        ("10月底", "due"),
        ("完工。", ""),
    ]


@pytest.mark.parametrize(("due", "milestones"), [("", ()), ("不在句中", ("也不在",)), ("10月底", ("月底",))])
def test_marking_never_changes_the_sentence(due: str, milestones: tuple[str, ...]) -> None:
    text = "各单位10月底前完成。"
    assert "".join(run.text for run in mark_dates(text, due, milestones)) == text


def test_an_empty_text_has_no_runs() -> None:
    assert mark_dates("", "10月底", ()) == ()
