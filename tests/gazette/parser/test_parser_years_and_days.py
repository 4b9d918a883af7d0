"""The year of an issue is printed to say it; days printed one by one are days, not words."""

from datetime import date

import pytest

from gazette.parser import parse_gazette
from gazette.parser.errors import UnreadableGazette
from gazette.parser.records import Gazette, Vocabulary


def read(text: str) -> Gazette:
    return parse_gazette(text, Vocabulary())


def test_a_year_in_a_sentence_is_no_year_of_the_issue() -> None:
    with pytest.raises(UnreadableGazette, match="年份"):
        read("# 7月\n\n# 7月大事记\n\n3日 2016年以来累计植树千亩的青河林场通过验收。\n")


def test_a_year_in_the_body_of_a_document_is_no_year_of_the_issue() -> None:
    with pytest.raises(UnreadableGazette, match="年份"):
        read("# 青河市人民政府关于做好春耕工作的通知\n\n各乡镇：\n\n2019年以来旱情频发，请做好准备。\n")


@pytest.mark.parametrize(
    "above",
    [
        "# 2023年7月大事记\n\n",
        "青河市人民政府公报（2023年）\n\n# 7月大事记\n\n",
        "# 大事记\n\n## 2023年7月\n\n",
        "# 青河市人民政府关于做好2023年春耕工作的通知\n\n各乡镇：\n\n请落实。\n\n# 7月大事记\n\n",
        "# 青河市人民政府关于做好春耕工作的通知\n\n青政发〔2023〕6号\n\n请落实。\n\n# 7月大事记\n\n",
        "# 青河市人民政府关于做好春耕工作的通知\n\n请落实。\n\n2023年3月6日\n\n# 7月大事记\n\n",
        "# 青河市人民政府关于做好春耕工作的通知\n\n请落实。\n\n二〇二三年三月六日\n\n# 7月大事记\n\n",
    ],
    ids=["heading", "running head", "month", "title", "number", "date", "chinese date"],
)
def test_the_year_comes_from_what_is_printed_to_say_it(above: str) -> None:
    (event,) = read(above + "3日 2016年以来累计植树千亩的青河林场通过验收。\n").events
    assert event.start_date == date(2023, 7, 3)


def test_an_entry_under_the_heading_may_print_its_whole_date() -> None:
    first, second = read("# 大事记\n\n2023年7月3日 召开会议。\n\n7月5日 检查管网。\n").events
    assert (first.start_date, second.start_date) == (date(2023, 7, 3), date(2023, 7, 5))


@pytest.mark.parametrize(
    ("printed", "first", "last"),
    [
        ("5日、6日 ", (7, 5), (7, 6)),
        ("5、6日 ", (7, 5), (7, 6)),
        ("5日和6日，", (7, 5), (7, 6)),
        ("**5日、6日、7日** ", (7, 5), (7, 7)),
        ("7月31日、8月1日 ", (7, 31), (8, 1)),
        ("５日、６日 ", (7, 5), (7, 6)),
    ],
)
def test_days_that_follow_each_other_are_a_range(
    printed: str, first: tuple[int, int], last: tuple[int, int]
) -> None:
    gazette = read(f"# 2023年7月大事记\n\n{printed}青河市举办农民画展。\n")
    (event,) = gazette.events
    assert (event.start_date, event.end_date) == (date(2023, *first), date(2023, *last))
    assert event.text == "青河市举办农民画展。"
    assert gazette.warnings == ()


@pytest.mark.parametrize("printed", ["5日、8日", "5日、6日、9日", "5日和7日", "6日、5日"])
def test_days_apart_are_kept_in_the_text_and_told(printed: str) -> None:
    gazette = read(f"# 2023年7月大事记\n\n{printed} 青河市分两批举办农民画展。\n")
    (event,) = gazette.events
    assert event.start_date == event.end_date == date(2023, 7, int(printed[0]))
    assert event.text == f"{printed} 青河市分两批举办农民画展。"
    (warning,) = gazette.warnings
    assert (warning.line, warning.code) == (3, "days_apart")
    assert printed in warning.message


def test_a_sentence_wrapped_before_its_days_goes_on() -> None:
    gazette = read("# 2023年7月大事记\n\n3日 青河市定于\n5日、6日举办农民画展。\n")
    assert [event.text for event in gazette.events] == ["青河市定于5日、6日举办农民画展。"]


@pytest.mark.parametrize("line", ["5日前、6日前完成验收。", "5、6两项工程开工。"])
def test_a_line_that_lists_no_days_opens_no_entry(line: str) -> None:
    gazette = read(f"# 2023年7月大事记\n\n3日 召开会议。\n{line}\n")
    assert [event.start_date.day for event in gazette.events] == [3]


@pytest.mark.parametrize(
    "above",
    [
        "# 大事记\n\n（2023年9月）\n\n",
        "# 大事记\n(2023年9月)\n\n",
        "# 大事记\n\n〔二〇二三年九月〕\n\n",
        "# 大事记\n\n【2023年9月份】\n\n",
        "# 大事记（2023年9月）\n\n",
        "（2023年9月）\n\n# 大事记\n\n",
        "2023年第9期\n\n# 9月大事记\n\n",
        "（2023年）\n\n# 9月大事记\n\n",
    ],
)
def test_a_line_that_names_the_year_is_used_and_not_told_as_left_over(above: str) -> None:
    gazette = read(above + "5日 青河市召开例会。\n")
    assert [event.start_date for event in gazette.events] == [date(2023, 9, 5)]
    assert gazette.warnings == ()


@pytest.mark.parametrize("line", ["（2023年夏季）", "（2023年13月）", "青河市编印", "（见附件）"])
def test_a_line_that_names_no_month_or_year_is_still_told(line: str) -> None:
    gazette = read(f"{line}\n\n# 2023年9月大事记\n\n5日 青河市召开例会。\n")
    assert [(warning.code, line in warning.message) for warning in gazette.warnings] == [("unplaced", True)]


def test_the_month_of_one_chronicle_is_not_that_of_the_next() -> None:
    gazette = read("# 2023年9月大事记\n\n5日 青河市召开例会。\n\n# 大事记\n\n6日 检查管网。\n")
    assert [event.start_date for event in gazette.events] == [date(2023, 9, 5)]
    assert [warning.code for warning in gazette.warnings] == ["bad_date"]


@pytest.mark.parametrize(
    ("line", "named"), [("11月31日 青河市召开会议。", "“11月31日”"), ("31日 青河市召开会议。", "“31日”")]
)
def test_a_file_with_nothing_but_an_impossible_day_is_refused_with_its_line(line: str, named: str) -> None:
    with pytest.raises(UnreadableGazette) as refusal:
        read(f"# 2022年11月大事记\n\n{line}\n")
    assert refusal.value.line == 3
    assert str(refusal.value).startswith(f"第 3 行：{named}不是有效的日期")


def test_the_last_day_of_november_is_read() -> None:
    entries = read("# 2022年11月大事记\n\n30日 青河市召开会议。\n").events
    assert [entry.start_date for entry in entries] == [date(2022, 11, 30)]


def test_a_file_without_any_entry_is_still_refused_at_its_first_line() -> None:
    with pytest.raises(UnreadableGazette, match="请确认文件是公报的文字版") as refusal:
        read("2022年11月\n随便一段话。\n")
    assert refusal.value.line == 1
